"""What the page of a case and the forms on it are made of, read once for both."""

from collections.abc import Callable
from dataclasses import replace

from flask import url_for

from auditkit.accounts.queries import carries, members
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import N_
from auditkit.complaints import queries, rules, service
from auditkit.complaints.forms.act import Given
from auditkit.complaints.privacy.queries import cases as privacy
from auditkit.complaints.queries import Case, History
from auditkit.evidence import subjects
from auditkit.library.here import library
from auditkit.web.access import current_actor
from auditkit.web.languages import day_there

CASE = "complaint"


def given_for(case: Case) -> Given:
    """The case with its history, the people, the settings and the words of this organisation."""
    tx, actor = reading(), current_actor()
    history, practice = queries.history(tx, case.id), queries.practice(tx)
    case = replace(case, there=history.there)
    proposed, people = rules.proposal(_signs(case, history)), members(tx)
    return Given(
        case=case,
        history=history,
        handlers={one.person_id: one.name for one in people if carries(one, "complaints.handle")},
        members={one.person_id: one.name for one in people},
        practice=practice,
        library=library(),
        today=day_there(clock.now()),
        me=actor.person_id,
        next_internal=service.next_internal(case.level),
        proposed_level=proposed.level if proposed else None,
        triggers=tuple(str(one) for one in proposed.triggers) if proposed else (),
    )


def _signs(case: Case, history: History) -> rules.Signs:
    last = history.assessments[0] if history.assessments else None
    waiting = history.proposed
    return rules.Signs(
        level=case.level,
        severity=case.severity,
        safety=case.standing.safety,
        facts=last.facts if last is not None else (),
        above_limit=waiting is not None,
        overdue=is_overdue(case),
        conflict=bool(history.named),
        refusals=history.refusals,
        repeats=sum(1 for one in history.links if one.relation == rules.Relation.REPEAT and one.is_earlier),
        asked=history.asked is not None,
    )


def is_erased(case: Case) -> bool:
    """Whether the personal data of the case was erased: nothing is written into it any more."""
    return case.has(privacy.ERASED) and privacy.tombstone(reading(), case.id) is not None


Says = Callable[[Case], bool]
_overdue: list[Says] = []


def overdue_by(says: Says) -> Says:
    """Declare who knows whether a case has missed a time limit: the clock, which stands above this."""
    _overdue.append(says)
    return says


def is_overdue(case: Case) -> bool:
    """Whether a time limit of the case was missed; False where nobody keeps its time."""
    return any(says(case) for says in _overdue)


def _address(complaint_id: int) -> str:
    return url_for("complaints.show", reference=queries.reference_of(reading(), complaint_id))


subjects.declare(CASE, N_("Complaint"), _address)
subjects.declare(
    service.INVESTIGATION,
    N_("Investigation of a complaint"),
    lambda number: _address(queries.complaint_of(reading(), "investigation", number)),
)
subjects.declare(
    service.REMEDY,
    N_("Remedy of a complaint"),
    lambda number: _address(queries.complaint_of(reading(), "decision", number)),
)
