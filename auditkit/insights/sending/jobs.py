"""The worker sends the dashboards that are due: each once, however long no worker was there.

The day of the next one is set in the transaction that asks for the work, so that nothing is sent twice; the work itself
is a job, because a PDF takes seconds.
"""

from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app
from sqlalchemy import select

from auditkit.accounts.queries import OrganisationView, organisations, today_of_house
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.charts import Chart
from auditkit.base.db import Session, db, reading, separate_scope, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, spoken
from auditkit.content.library import in_language, of_organisation
from auditkit.documents import pdf
from auditkit.documents.contexts.indicators import IndicatorReport
from auditkit.documents.own import making
from auditkit.documents.own.making import Made
from auditkit.documents.own.rules import Kind as DocumentKind
from auditkit.documents.problems import TemplateRefused
from auditkit.evidence.names import download_name
from auditkit.insights.rules import Span, selection_from
from auditkit.insights.sending import document, mailing, queries, service
from auditkit.insights.sending.models import DashboardSchedule
from auditkit.insights.sending.queries import Schedule
from auditkit.insights.sending.rules import AlreadySent, Every, Kind, PeriodStands, check_not_sent, next_on

SEND = "dashboards.send"
NO_PDF = N_("This machine has no LibreOffice to make a PDF with, so it comes as a Word file.")
PDF_FAILED = N_("The PDF could not be made, so it comes as a Word file.")
TEMPLATE_REFUSED = N_("The Word template of indicator reports cannot be filled in. Check it under Word templates")


@jobs.watch
def look() -> None:
    """Ask for every report that is due, and set the day of the next one."""
    session = db.session()
    now = clock.now()
    # One day later than the server's: somewhere it is tomorrow already; each house decides by its own day.
    houses = queries.houses_due(session, datetime.fromordinal(now.toordinal() + 1).date())
    session.rollback()
    for organisation_id in houses:
        with separate_scope():
            _ask(organisation_id, now)


def _ask(organisation_id: int, now: datetime) -> None:
    actor = Actor.system(organisation_id)
    today = today_of_house(reading(actor), now)
    if organisation_id not in queries.houses_due(reading(actor), today):
        return
    with transaction(actor) as tx:
        due = tx.execute(select(DashboardSchedule).where(DashboardSchedule.next_on <= today)).scalars().all()
        for row in due:
            row.next_on = next_on(Every(row.every), today)
            jobs.put(tx, SEND, {"schedule": row.id, "asked_at": now.isoformat()}, now=now, actor=actor)


@jobs.handler(SEND)
def send(asked: dict[str, Any], actor: Actor, _progress: Callable[[float], None]) -> dict[str, Any]:
    """Make a report and put it into the mail; nothing where a worker that was cut off had done so."""
    tx, now = reading(actor), clock.now()
    asked_at = datetime.fromisoformat(asked["asked_at"]) if "asked_at" in asked else None
    try:
        found = queries.schedule(tx, asked["schedule"])
        check_not_sent(found.sent_at, asked_at)
    except (NotFound, AlreadySent):
        return {"sent": 0}  # it was stopped meanwhile, or went out before
    if selection_from(parse_qsl(found.asked), today_of_house(tx, now)).span is Span.OWN:
        return _not_sent(found, PeriodStands.message, actor, now)
    house = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    with spoken(found.language):
        charts = document.charts(tx, found, now)
        context = filled(found, house, charts, tx, now)
        told = mailing.tell(found, context, charts, house.slug)
    try:
        made, kind, problem = _made(found, context, tx)
    except TemplateRefused:
        return _not_sent(found, TEMPLATE_REFUSED, actor, now)
    name = download_name(f"{found.name} {today_of_house(tx, now).isoformat()}.{kind.value}", (f".{kind.value}",))
    pictures = tuple(b64decode(one.picture) for one in context.charts)
    with transaction(actor) as open_tx, spoken(found.language):
        made.tell(open_tx, found.name, now, actor)
        command = service.SendReport(found.id, name, kind, made.content, problem, told, pictures, asked_at)
        return {"sent": service.send(open_tx, command, now, actor)}


def _not_sent(found: Schedule, problem: str, actor: Actor, now: datetime) -> dict[str, Any]:
    with transaction(actor) as tx:
        service.note_not_sent(tx, service.NoteNotSent(found.id, problem), now, actor)
    return {"sent": 0}


def filled(
    found: Schedule, house: OrganisationView, charts: Sequence[Chart], tx: Session, now: datetime
) -> IndicatorReport:
    """What the report is filled with, as counted now; callers open `spoken`."""
    own = of_organisation(current_app.extensions["auditkit.settings"].instance, house.slug).library
    language = found.language if found.language in own.languages else "en"
    return document.report(tx, found, house.name, in_language(own, language), now, charts)


def _made(found: Schedule, context: IndicatorReport, tx: Session) -> tuple[Made, Kind, str]:
    """The document as wanted; as Word, with the reason, where no PDF can be made."""
    if found.kind is Kind.PDF:
        try:
            made = making.make(tx, document.TEMPLATE, context, found.language, DocumentKind.PDF)
        except pdf.PdfUnavailable:
            return making.make(tx, document.TEMPLATE, context, found.language), Kind.WORD, NO_PDF
        except pdf.PdfFailed:
            return making.make(tx, document.TEMPLATE, context, found.language), Kind.WORD, PDF_FAILED
        return made, Kind.PDF, ""
    return making.make(tx, document.TEMPLATE, context, found.language), Kind.WORD, ""
