"""An audit's plan, with its timetable, as the data of the Word template `audit-plan`; for the download and for packs.

Texts that the records do not hold are named as such, never invented.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from auditkit.accounts.queries import zone_of_house
from auditkit.audits.agenda import queries, telling
from auditkit.audits.agenda.queries import LineView
from auditkit.audits.agenda.rules import Activity
from auditkit.audits.queries import plans
from auditkit.audits.queries.plans import AuditHead, Further, TeamMember
from auditkit.audits.rules import KIND_TITLES, METHOD_TITLES, TEAM_ROLE_TITLES, Method
from auditkit.audits.telling import NOT_STATED, criteria, guidelines, lines_of, method_told, places
from auditkit.audits.wording import Wording
from auditkit.base import jalali
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.base.long_day import day_of_month, long_day
from auditkit.base.text import SEMICOLON, _, enumerated
from auditkit.documents.contexts.audit_plan import AgendaItem, AuditPlan, PlannedAudit
from auditkit.documents.contexts.facts import DocumentFacts, Organisation, Person
from auditkit.documents.direction import RIGHT_TO_LEFT, figure, sided
from auditkit.web.languages import day_there

TEMPLATE = "audit-plan"


@dataclass(frozen=True)
class Stored:
    """What the records hold of an audit's plan beside its head."""

    further: Further
    lines: list[LineView]
    team: list[TeamMember]
    zone: ZoneInfo


def stored(tx: Session, audit_ids: Sequence[int]) -> dict[int, Stored]:
    """What the records hold of several plans, read together."""
    further, lines = plans.furthers(tx, audit_ids), queries.lines_of_audits(tx, audit_ids)
    teams, zone = plans.teams(tx, audit_ids), zone_of_house(tx)
    return {one: Stored(further[one], lines[one], teams.get(one, []), zone) for one in audit_ids}


def plan(
    tx: Session, head: AuditHead, organisation: str, names: Mapping[int, str], language: str = "en",
    words: Wording | None = None,
) -> AuditPlan:  # fmt: skip
    """What the plan is filled with. `names`: person id -> name; `language` writes the dates, `words` the sections.

    Call it inside `spoken` the same `language`: it also writes the figures.
    """
    return told(stored(tx, [head.id])[head.id], head, organisation, names, language, words)


def told(
    stored: Stored, head: AuditHead, organisation: str, names: Mapping[int, str], language: str, words: Wording | None
) -> AuditPlan:
    """The same from what was read before."""
    return sided(_plan(stored, head, organisation, names, language, words), language)


def _plan(
    stored: Stored, head: AuditHead, organisation: str, names: Mapping[int, str], language: str, words: Wording | None
) -> AuditPlan:
    further = stored.further
    agenda = telling.read(stored.lines, words, head.checklist_id)
    methods = [one.method for one in agenda if one.kind is not Activity.BREAK]
    return AuditPlan(
        organisation=Organisation(organisation),
        document=DocumentFacts(f"{head.number}/P", figure(head.version), _day(day_there(head.changed_at), language)),
        audit=_audit(head, further, organisation, methods, language),
        places=tuple(places(head)) or (_(NOT_STATED),),
        interviewees=lines_of(head.interviewees),
        objectives=lines_of(head.objectives),
        criteria=tuple(criteria(head, further)),
        team=tuple(Person(names.get(one.person_id, ""), _(TEAM_ROLE_TITLES[one.role])) for one in stored.team),
        agenda=_agenda(agenda, names, stored.zone, language),
        distribution=lines_of(head.distribution),
    )


def _audit(head: AuditHead, further: Further, organisation: str, methods: list[Method], language: str) -> PlannedAudit:
    kind = _(KIND_TITLES[head.kind])
    return PlannedAudit(
        reference=head.number,
        title=head.title,
        kind=_("%(kind)s: %(number)s", kind=kind, number=further.followed) if further.followed else kind,
        auditee=enumerated(lines_of(head.auditee), SEMICOLON) or organisation,
        method=method_told(head.method, methods, lines_of(head.virtual_places)),
        guidelines=guidelines(further),
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
    if language in RIGHT_TO_LEFT:
        return jalali.day_in_persian(value)
    return long_day(value, language)


def _day_of_year(value: date, language: str) -> str:
    """Day and month; the year stands above the timetable."""
    if language in RIGHT_TO_LEFT:
        return jalali.day_in_persian(value).rpartition(" ")[0]
    return day_of_month(value, language)


def _agenda(
    lines: Iterable[LineView], names: Mapping[int, str], zone: ZoneInfo, language: str
) -> tuple[AgendaItem, ...]:
    found = []
    for one in lines:
        start, end = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        place = [] if one.kind is Activity.BREAK else [_(METHOD_TITLES[one.method]), *lines_of(one.place)]
        found.append(
            AgendaItem(
                date=_day_of_year(day_of(start, zone), language),
                time=figure(f"{start:%H:%M}–{end:%H:%M}"),
                activity=one.activity,
                clauses=one.clauses,
                auditor=enumerated(names.get(person, "") for person in one.auditors),
                participants=enumerated([*(names.get(person, "") for person in one.auditees), *lines_of(one.whom)]),
                place=enumerated(place),
            )
        )
    return tuple(found)
