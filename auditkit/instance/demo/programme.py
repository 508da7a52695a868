"""The demo's audit programme: who owns what and is competent, what recurs, a timetable, a body's audit from outside."""

from datetime import date, timedelta

from auditkit.audits import service as audits
from auditkit.audits.agenda import service as agenda
from auditkit.audits.independence import service as independence
from auditkit.audits.independence.rules import Ground, Way
from auditkit.audits.outside import service as outside
from auditkit.audits.outside.rules import Accredited
from auditkit.audits.programme import making
from auditkit.audits.programme import service as programme
from auditkit.audits.rules import AuditKind, Grade, Method, TeamRole
from auditkit.instance.demo.story import DAYS, Story

CLAUSE = "iso10002-2018:"

PROCESSES = (
    ("Receipt and acknowledgement", ("7.1", "7.2", "7.3", "7.4"), "hana"),
    ("Investigation and response", ("7.5", "7.6", "7.7", "7.8", "7.9"), "maya"),
    ("Analysis and improvement", ("8.1", "8.2", "8.3", "8.4", "8.7"), "quentin"),
    ("Internal audits", ("8.5",), "ivan"),
)
RISKS = """\
- only one trained internal auditor -> the administrator is trained as the second one
- the call centre stores recordings elsewhere -> access is tried two weeks before each remote audit
+ weekend complaints are rising -> receipt by telephone is audited first\
"""


def prepare(story: Story) -> None:
    """Before the first audit: processes with owners, competence, the programme of the year."""
    for name, clauses, owner in PROCESSES:
        _process(story, name, clauses, owner)
    _competence(story, "ivan", "Leads audits of complaints handling", "Auditor course of five days; 6 audits led", 900)
    _competence(story, "ada", "Audits complaints handling in a team", "Course of two days; 2 audits under Ivan", 400)
    year = _day(story, 0).year
    command = programme.SaveProgramme(
        year=year,
        cycle_from=year - 1,
        objectives="Every clause once in three years; receipt and tracking of complaints each year.\n"
        "Be ready for the certification body by the end of the year.",
        responsible_id=story.person("quentin"),
        scope="All channels, shops, service centre North, the call centre as outsourced handling.",
        methods="On site in shops and service centre; the call centre remotely. Samples by published random rule.",
        resources="Two auditors, 12 days a year; an outside reviewer for what the auditors own themselves.",
        risks=RISKS,
    )
    story.tell("quentin", lambda tx, actor: programme.save_programme(tx, command, story.at(60), actor))


def permit(story: Story, number: str, days_ago: int) -> None:
    """Ivan owns the process of audits; Quentin permits him its questions in one audit, with a reason."""
    command = independence.Except(
        number=number,
        person_id=story.person("ivan"),
        way=Way.OVERRIDE,
        ground=Ground.PROCESS,
        process_id=story.processes["Internal audits"],
        reason="Ada, the second auditor, was ill. Quentin reads the answers to clause 8.5 before the report.",
    )
    when = story.at(days_ago)
    story.tell("quentin", lambda tx, actor: independence.make_exception(tx, command, when, actor))


def tell(story: Story, planned: str) -> None:
    """After the audits: what recurs, the timetable of the one that is planned, a certification body's audit."""
    _items(story)
    library = story.library
    wish = agenda.Suggest(planned)
    story.tell("ivan", lambda tx, actor: agenda.suggest(tx, wish, story.at(3), actor, library=library))
    invite = agenda.Invite(planned, "auditkit@demo.example", "Lakeside Appliances (demo)")
    story.tell("ivan", lambda tx, actor: agenda.invite(tx, invite, story.at(3, 1), actor))
    review = programme.ReviewProgramme(
        year=_day(story, 0).year,
        held_on=_day(story, 1),
        participants="Quentin Quality, Ivan Auditor, Maya Manager",
        conclusions="The first audit found what the figures had suggested. The second auditor was missing once.",
        changes="The call centre is audited each quarter by the short check, not once a year.",
    )
    story.tell("quentin", lambda tx, actor: programme.review_programme(tx, review, story.at(1, 2), actor))
    _from_outside(story)


def _day(story: Story, days_ago: int) -> date:
    return (story.today - timedelta(days=days_ago)).date()


def _process(story: Story, name: str, clauses: tuple[str, ...], owner: str) -> None:
    command = independence.SaveProcess(name, tuple(CLAUSE + one for one in clauses))
    when = story.at(DAYS - 2)
    process = story.tell("quentin", lambda tx, actor: independence.save_process(tx, command, when, actor))
    named = independence.NameOwner(process, story.person(owner), _day(story, DAYS - 2))
    story.tell("quentin", lambda tx, actor: independence.name_owner(tx, named, when, actor))
    story.processes[name] = process


def _competence(story: Story, who: str, what: str, shown: str, days_left: int) -> None:
    command = independence.RecordCompetence(
        person_id=story.person(who),
        what=what,
        evidence=shown,
        valid_from=_day(story, DAYS - 3),
        valid_until=_day(story, -days_left),
        standard="iso10002",
    )
    when = story.at(DAYS - 3)
    story.tell("quentin", lambda tx, actor: independence.record_competence(tx, command, when, actor))


def _items(story: Story) -> None:
    """What recurs; the audits that are due by now are made as the worker would."""
    for command in (
        programme.SaveItem(
            title="Complaints handling, whole process",
            objectives="Find out whether complaints are handled as the policy promises.",
            scope="All channels and sites; complaints of the last twelve months.",
            checklist_id="internal-audit-2018",
            lead_id=story.person("ivan"),
            first_on=_day(story, -320),
            every_months=12,
            days=2,
        ),
        programme.SaveItem(
            title="Call centre, short check",
            objectives="See whether the call centre records and passes on every complaint.",
            scope="Calls of the last quarter.",
            auditee="Call centre Ringwell Ltd",
            checklist_id="supplier-check",
            lead_id=story.person("ivan"),
            first_on=_day(story, -12),
            every_months=3,
            kind=AuditKind.SUPPLIER,
            method=Method.REMOTE,
        ),
        programme.SaveItem(
            title="Mock stage 1",
            objectives="Find what a certification body would miss in the documents.",
            scope="Documented information; readiness of the audit and of the review.",
            checklist_id="stage1-readiness",
            lead_id=story.person("ivan"),
            first_on=_day(story, -90),
            kind=AuditKind.STAGE_1,
        ),
    ):
        _save(story, command)


def _save(story: Story, command: programme.SaveItem) -> None:
    when, library = story.at(2), story.library
    item = story.tell("quentin", lambda tx, actor: programme.save_item(tx, command, when, actor, library=library))
    story.tell("quentin", lambda tx, actor: making.make_due(tx, item, when, actor, library=library))


def _from_outside(story: Story) -> None:
    """A certification body looked at the documents; its findings keep its numbers and dates."""
    plan = audits.PlanAudit(
        title="Stage 1 by the certification body",
        objectives="Readiness for stage 2, as the body judges it.",
        scope="Documented information of complaints handling.",
        checklist_id="stage1-readiness",
        planned_from=_day(story, 20),
        planned_to=_day(story, 20),
        team=((story.person("ivan"), TeamRole.LEAD),),
        kind=AuditKind.OUTSIDE,
    )
    library = story.library
    number = story.tell("ivan", lambda tx, actor: audits.plan(tx, plan, story.at(22), actor, library=library))
    body = outside.RecordBody(number, "Northern Certification", "NC-10002-4711", "P. Lead", Accredited.UNKNOWN)
    story.tell("ivan", lambda tx, actor: outside.record_body(tx, body, story.at(19), actor))
    for theirs, grade, statement, clause, due in (
        ("NC-1", Grade.MINOR, "The procedure for escalation names no time limits.", "7.6", -4),
        ("NC-2", Grade.MINOR, "Objectives have no figures for the third quarter.", "6.2", 2),
        ("OBS-1", Grade.OBSERVATION, "The leaflet could name the external body.", "7.1", 0),
    ):
        command = outside.RecordFinding(
            number=number,
            their_number=theirs,
            grade=grade,
            statement=statement,
            criterion=f"ISO 10002:2018, {clause}",
            evidence="Documents as sent; talk with the representative",
            clause=CLAUSE + clause,
            response_due=_day(story, due) if due else None,
        )
        _record(story, command)


def _record(story: Story, command: outside.RecordFinding) -> None:
    when = story.at(18)
    library = story.library
    story.tell("ivan", lambda tx, actor: outside.record_finding(tx, command, when, actor, library=library))
