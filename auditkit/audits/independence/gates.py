"""What the other parts of an audit ask before somebody answers, judges or signs: independence is a gate, not a tick.

Reads only; the verbs that keep the records are in `service`, which hands these on. tests/slices/audits/
test_audit_independence.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from auditkit.accounts.queries import names as person_names
from auditkit.audits.independence import queries, rules
from auditkit.audits.independence.competence import uncovered
from auditkit.audits.independence.queries import ExceptionView
from auditkit.audits.independence.rules import Asked, Ground, Way
from auditkit.audits.rules import TeamRole
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import _, enumerated


@dataclass(frozen=True)
class Excepted:
    """Something a signature does not stand for, because it is the signer's own work: others answered or judged it."""

    what: str
    reason: str


def check_may_answer(tx: Session, audit_id: int, row_ids: Iterable[int], actor: Actor) -> None:
    """Whether this person may answer these questions. One statement for somebody who owns no process.

    Raises NotInTeam and RowBarred. The installation itself (`Actor.system`) is nobody's colleague and is not asked.
    """
    if actor.person_id is None:
        return
    place = queries.place(tx, audit_id, actor.person_id)
    if place.role not in rules.ANSWERING:
        raise rules.NotInTeam()
    barred = queries.bars(tx, audit_id, actor.person_id, place, set(row_ids))
    if barred:
        raise rules.RowBarred(positions=_positions(barred), reason=barred[0].reason)


def barred_rows(tx: Session, audit_id: int, person_id: int | None) -> dict[int, str]:
    """Why the person may not answer, by id of the question; empty for who may answer them all."""
    if person_id is None:
        return {}
    place = queries.place(tx, audit_id, person_id)
    return {one.row_id: one.reason for one in queries.bars(tx, audit_id, person_id, place)}


def check_may_judge(tx: Session, audit_id: int, complaint_id: int, actor: Actor) -> None:
    """Whether this person may judge a sampled complaint. Raises NotInTeam and ComplaintBarred."""
    if actor.person_id is None:
        return
    if queries.place(tx, audit_id, actor.person_id).role not in rules.ANSWERING:
        raise rules.NotInTeam()
    if queries.handled(tx, audit_id, actor.person_id, [complaint_id]):
        raise rules.ComplaintBarred()


def barred_complaints(tx: Session, audit_id: int, person_id: int | None) -> dict[int, str]:
    """Why the person may not judge them, by id of the sampled complaint."""
    if person_id is None:
        return {}
    found = queries.handled(tx, audit_id, person_id, list(queries.sampled(tx, audit_id)))
    return {one: _("handled this complaint") for one in sorted(found)}


def check_may_sign(tx: Session, audit_id: int, actor: Actor) -> tuple[Excepted, ...]:
    """Whether this person may sign the audit as its lead; returns what the signature does not stand for.

    Questions of the signer's own processes, and complaints the signer handled, are left to whoever answered and judged
    them. Raises NotLead, and SignatureBarred where the signer answered such a question.
    """
    if actor.person_id is None:
        return ()
    place = queries.place(tx, audit_id, actor.person_id)
    if place.role is not TeamRole.LEAD:
        raise rules.NotLead()
    barred = queries.bars(tx, audit_id, actor.person_id, place)
    own = [one for one in barred if one.answered_by == actor.person_id]
    if own:
        raise rules.SignatureBarred(positions=_positions(own), reason=own[0].reason)
    references = queries.sampled(tx, audit_id)
    complaints = queries.handled(tx, audit_id, actor.person_id, list(references))
    return (
        *(Excepted(_("Question %(position)s", position=one.position), one.reason) for one in barred),
        *(Excepted(references[one], _("handled this complaint")) for one in sorted(complaints)),
    )


Team = Iterable[tuple[int, TeamRole]]


def check_team(tx: Session, asked: Asked, team: Team, audit_id: int | None = None) -> None:
    """Whether everybody who is to answer is competent on the days of the audit. Raises NotCompetent."""
    for person, day in not_competent(tx, asked, team, audit_id).items():
        raise rules.NotCompetent(person=person_names(tx).get(person, ""), day=day)


def not_competent(tx: Session, asked: Asked, team: Team, audit_id: int | None = None) -> dict[int, date]:
    """Those of the team who answer, without a valid record for it and without an exception: the first such day."""
    answering = [person for person, role in team if role in rules.ANSWERING]
    lacking = uncovered(tx, asked, answering)
    return {
        person: day
        for person, day in lacking.items()
        if audit_id is None or (Ground.COMPETENCE, None) not in queries.excepted(tx, audit_id, person)
    }


def overrides_of(tx: Session, audit_id: int) -> list[ExceptionView]:
    """What was permitted with a reason, for the report."""
    return [one for one in queries.exceptions(tx, audit_id) if one.way is Way.OVERRIDE]


def mitigations_of(tx: Session, audit_id: int) -> list[ExceptionView]:
    """What is done instead where nobody else can audit, for the report."""
    return [one for one in queries.exceptions(tx, audit_id) if one.way is Way.MITIGATION]


def _positions(barred: Sequence[queries.Bar]) -> str:
    return enumerated(one.position for one in barred[:10]) + (" …" if len(barred) > 10 else "")
