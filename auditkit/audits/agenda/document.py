"""An audit's plan, with its timetable, as the data of the Word template `audit-plan`; for the download and for packs.

Texts that the records do not hold are named as such, never invented.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date

from auditkit.audits.agenda import queries
from auditkit.audits.agenda.queries import LineView
from auditkit.audits.agenda.rules import Activity
from auditkit.audits.queries import house, plans
from auditkit.audits.queries.plans import AuditHead, Further
from auditkit.audits.rules import KIND_TITLES, METHOD_TITLES, TEAM_ROLE_TITLES
from auditkit.base import jalali
from auditkit.base.db import Session
from auditkit.base.text import N_, SEMICOLON, _, enumerated
from auditkit.documents.contexts.audit import AgendaItem, AuditPlan, PlannedAudit
from auditkit.documents.contexts.facts import Criterion, DocumentFacts, Organisation, Person

TEMPLATE = "audit-plan"
NOT_STATED = N_("Not stated in the records")


def plan(tx: Session, head: AuditHead, organisation: str, names: Mapping[int, str], language: str = "en") -> AuditPlan:
    """What the plan is filled with. `names`: person id -> name; `language` writes the dates."""
    further = plans.further(tx, head.id)
    return AuditPlan(
        organisation=Organisation(organisation),
        document=DocumentFacts(f"{head.number}/P", str(head.version), _day(head.changed_at.date(), language)),
        audit=_audit(head, further, organisation, language),
        places=_places(head),
        interviewees=_lines(head.interviewees),
        objectives=_lines(head.objectives),
        criteria=_criteria(head, further),
        team=tuple(
            Person(names.get(one.person_id, ""), _(TEAM_ROLE_TITLES[one.role])) for one in plans.team(tx, head.id)
        ),
        agenda=_agenda(queries.lines(tx, head.id), names, house.zone_of(tx), language),
        distribution=_lines(head.distribution),
    )


def _audit(head: AuditHead, further: Further, organisation: str, language: str) -> PlannedAudit:
    kind = _(KIND_TITLES[head.kind])
    return PlannedAudit(
        reference=head.number,
        title=head.title,
        kind=_("%(kind)s: %(number)s", kind=kind, number=further.followed) if further.followed else kind,
        auditee=enumerated(_lines(head.auditee), SEMICOLON) or organisation,
        method=_(METHOD_TITLES[head.method]),
        start=_day(head.planned_from, language),
        end=_day(head.planned_to, language),
        scope=head.scope,
        sampling=head.sampling or _(NOT_STATED),
        language=head.language or _(NOT_STATED),
        confidentiality=head.confidentiality or _(NOT_STATED),
        follow_up=head.follow_up or _(NOT_STATED),
        technology=head.remote_risk,
        logistics=head.logistics,
    )


def _day(value: date, language: str) -> str:
    if language == "fa":
        return jalali.day_in_persian(value)
    return format_date(value, "d MMMM y", locale=language)


def _lines(text: str) -> tuple[str, ...]:
    """The lines that say something, list marks taken off: the template sets its own."""
    return tuple(line.strip().lstrip("-*•").strip() for line in text.splitlines() if line.strip(" -*•\t"))


def _places(head: AuditHead) -> tuple[str, ...]:
    virtual = [_("%(place)s (virtual)", place=one) for one in _lines(head.virtual_places)]
    return (*_lines(head.places), *virtual) or (_(NOT_STATED),)


def _criteria(head: AuditHead, further: Further) -> tuple[Criterion, ...]:
    first = Criterion(head.edition_name, "")
    return (first, *(Criterion(one.title, "") for one in further.criteria),
            *(Criterion(line, "") for line in _lines(head.criteria)))  # fmt: skip


def _agenda(
    lines: Iterable[LineView], names: Mapping[int, str], zone: ZoneInfo, language: str
) -> tuple[AgendaItem, ...]:
    found = []
    for one in lines:
        start, end = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        place = [] if one.kind is Activity.BREAK else [_(METHOD_TITLES[one.method]), *_lines(one.place)]
        found.append(
            AgendaItem(
                date=format_date(start.date(), "d MMMM", locale=language),
                time=f"{start:%H:%M}–{end:%H:%M}",
                activity=one.activity,
                clauses=one.clauses,
                auditor=enumerated(names.get(person, "") for person in one.auditors),
                participants=enumerated([*(names.get(person, "") for person in one.auditees), *_lines(one.whom)]),
                place=enumerated(place),
            )
        )
    return tuple(found)
