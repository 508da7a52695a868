"""Verbs of sending dashboards: put on a schedule, stop, and the two ends of a sending.

tests/slices/insights_sending/ holds them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy import delete, select

from auditkit.accounts.queries import members_with, today_of_house
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.delivery import Attachment
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.base.verbs import verb
from auditkit.insights.dashboards.models import SavedDashboard
from auditkit.insights.rules import selection_from
from auditkit.insights.sending import queries, rules
from auditkit.insights.sending.mailing import Told, content_id
from auditkit.insights.sending.models import DashboardFollowed, DashboardReport, DashboardSchedule, ReportPicture
from auditkit.insights.sending.rules import Every, Kind
from auditkit.journal.service import record

NOTHING_TOLD = Told((), "")
READ = "complaints.read"
SUBJECT = "dashboard-schedule"
REPORT = "dashboard-report"
MEDIA_TYPES = {
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
}


@dataclass(frozen=True)
class ScheduleDashboard:
    """Send a kept dashboard of the person's own; `recipients` by id, `language` of the report."""

    dashboard_id: int
    every: Every
    kind: Kind
    recipients: tuple[int, ...]
    language: str


@dataclass(frozen=True)
class StopSending:
    schedule_id: int


@dataclass(frozen=True)
class SendReport:
    """A report that was made: its bytes, and a message id where it is not as wanted.

    `told` is what its mail says, `pictures` the PNGs that the mail's page shows, in the order of their charts.
    `asked_at`: the moment the report was asked for, of which one goes out however often a worker begins anew.
    """

    schedule_id: int
    file_name: str
    kind: Kind
    content: bytes
    problem: str = ""
    told: Told = NOTHING_TOLD
    pictures: tuple[bytes, ...] = ()
    asked_at: datetime | None = None


@dataclass(frozen=True)
class NoteNotSent:
    """`problem` is a message id."""

    schedule_id: int
    problem: str


@verb(READ, leaves=rules.SCHEDULED)
def schedule(tx: Session, command: ScheduleDashboard, now: datetime, actor: Actor) -> int:
    """Send a dashboard from its next day on; the key of the schedule.

    Raises DashboardUnknown, PeriodStands, RecipientsMissing, TooManyRecipients, RecipientMayNot, TooManySchedules.
    """
    found = tx.execute(
        select(SavedDashboard).where(
            SavedDashboard.id == command.dashboard_id, SavedDashboard.person_id == actor.person_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise rules.DashboardUnknown()
    today = today_of_house(tx, now)
    rules.check_schedule(
        span=selection_from(parse_qsl(found.asked), today).span,
        recipients=command.recipients,
        readers=[one.person_id for one in members_with(tx, READ)],
        already=queries.count(tx, actor.person_id),
    )
    row = DashboardSchedule(
        person_id=actor.person_id,
        name=found.name,
        asked=found.asked,
        figures=list(found.figures),
        every=command.every,
        kind=command.kind,
        language=command.language,
        recipients=list(command.recipients),
        next_on=rules.next_on(command.every, today),
        made_at=now,
        problem="",
    )
    tx.add(row)
    tx.flush()
    tx.add(DashboardFollowed(schedule_id=row.id, dashboard_id=found.id))
    facts = {"every": command.every.value, "kind": command.kind.value, "recipients": list(command.recipients)}
    record(tx, rules.SCHEDULED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)
    return row.id


@verb(READ, leaves=rules.STOPPED)
def stop(tx: Session, command: StopSending, now: datetime, actor: Actor) -> None:
    """Send it no longer; the reports that were sent go with it. Raises NotFound, also for somebody else's."""
    found = queries.schedule(tx, command.schedule_id)
    if found.person_id != actor.person_id:
        raise NotFound()
    reports = select(DashboardReport.id).where(DashboardReport.schedule_id == found.id)
    tx.execute(delete(ReportPicture).where(ReportPicture.report_id.in_(reports)))
    tx.execute(delete(DashboardReport).where(DashboardReport.schedule_id == found.id))
    tx.execute(delete(DashboardFollowed).where(DashboardFollowed.schedule_id == found.id))
    tx.execute(delete(DashboardSchedule).where(DashboardSchedule.id == found.id))
    record(tx, rules.STOPPED, now=now, actor=actor, subject=(SUBJECT, found.id), facts={"every": found.every.value})


@verb(READ, leaves=(rules.SENT, rules.NOT_SENT))
def send(tx: Session, command: SendReport, now: datetime, actor: Actor) -> int:
    """Keep a report and put it into the mail to each recipient who may still read; how many that are.

    Raises NotFound where nobody wants it any more, AlreadySent where a worker that was cut off had sent it.
    """
    row = _taken(tx, command.schedule_id)
    rules.check_not_sent(row.sent_at, command.asked_at)
    readers = {one.person_id: one for one in members_with(tx, READ)}
    if row.person_id not in readers:
        _not_sent(tx, row, NOBODY_SENDS, now, actor)
        return 0
    people = [readers[one] for one in row.recipients if one in readers]
    digest = hashlib.sha256(command.content).hexdigest()
    made = DashboardReport(
        schedule_id=row.id,
        file_name=command.file_name,
        kind=command.kind,
        content=command.content,
        digest=digest,
        made_at=now,
        page=command.told.page,
    )
    tx.add(made)
    tx.flush()
    tx.add_all(
        ReportPicture(report_id=made.id, serial=serial, content=content)
        for serial, content in enumerate(command.pictures, start=1)
    )
    for person in people:
        outbox.put(
            tx,
            to=person.email,
            subject=row.name,
            body=_mail(row.name, digest, command),
            now=now,
            about=outbox.About(actor.organisation_id, REPORT, made.id),
        )
    row.sent_at, row.problem = now, command.problem
    facts = {"people": len(people), "kind": command.kind.value, "digest": digest}
    record(tx, rules.SENT, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)
    return len(people)


@verb(READ, leaves=rules.NOT_SENT)
def note_not_sent(tx: Session, command: NoteNotSent, now: datetime, actor: Actor) -> None:
    """Keep why a report could not be made, where its owner sees it. Raises NotFound."""
    _not_sent(tx, _taken(tx, command.schedule_id), command.problem, now, actor)


NOBODY_SENDS = N_("Whoever put it on the schedule may no longer read complaints here")


def _not_sent(tx: Session, row: DashboardSchedule, problem: str, now: datetime, actor: Actor) -> None:
    row.problem = problem
    record(tx, rules.NOT_SENT, now=now, actor=actor, subject=(SUBJECT, row.id), facts={"problem": problem})


def _taken(tx: Session, schedule_id: int) -> DashboardSchedule:
    asked = select(DashboardSchedule).where(DashboardSchedule.id == schedule_id)
    row = tx.execute(asked.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


def _mail(name: str, digest: str, command: SendReport) -> str:
    lines = [_("The report “%(name)s” is attached to this mail.", name=name)]
    if command.problem:
        lines.append(_(command.problem))
    if command.told.lines:
        lines.append("\n".join(command.told.lines))
    lines.append(_("SHA-256 of the file: %(digest)s", digest=digest))
    return "\n\n".join(lines) + "\n"


@outbox.attaches(REPORT)
def _attached(tx: Session, report_id: int) -> list[Attachment]:
    """The report, byte for byte, and the pictures of its charts, which stand within the mail's page."""
    found = queries.report(tx, report_id)
    shown = [
        Attachment(f"{content_id(serial)}.png", "image/png", content, content_id(serial))
        for serial, content in queries.pictures(tx, report_id)
    ]
    return [*shown, Attachment(found.file_name, MEDIA_TYPES[found.kind], found.content)]


@outbox.shows(REPORT)
def _shown(tx: Session, report_id: int) -> str:
    """The report as a page; nothing of those that were sent before mails had one."""
    return queries.report(tx, report_id).page
