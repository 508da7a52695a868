"""When a dashboard is sent next, to whom it may go, and as what. Pure; tests/rules/test_sending_rules.py."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.insights.rules import Span

SCHEDULED = event("dashboard:scheduled", N_("Dashboard is sent on a schedule"), about_records=False)
STOPPED = event("dashboard:schedule-stopped", N_("Dashboard is sent no longer"), about_records=False)
SENT = event("dashboard:sent", N_("Dashboard sent"), about_records=False)
NOT_SENT = event("dashboard:not-sent", N_("Dashboard could not be sent"), about_records=False)

MOST_RECIPIENTS = 30
MOST_SCHEDULES = 30


class Every(StrEnum):
    """How often; always on the first day of the span."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


EVERY_TITLES = {
    Every.WEEK: N_("Every Monday"),
    Every.MONTH: N_("On the first day of each month"),
    Every.QUARTER: N_("On the first day of each quarter"),
}


class Kind(StrEnum):
    """What it is sent as."""

    WORD = "docx"
    PDF = "pdf"


KIND_TITLES = {Kind.WORD: N_("Word"), Kind.PDF: N_("PDF, where this machine can make one; else Word")}


class DashboardUnknown(BadInput):
    message = N_("Choose one of the dashboards you keep")


class PeriodStands(BadInput):
    message = N_("This dashboard is of fixed days and would say the same each time. Keep one of a period that moves on")


class RecipientsMissing(BadInput):
    message = N_("Choose who gets it")


class TooManyRecipients(BadInput):
    message = N_("Choose at most %(most)s people")


class RecipientMayNot(BadInput):
    message = N_("Choose members of this organisation who may read complaints")


class TooManySchedules(RuleBroken):
    message = N_("You send %(most)s dashboards already, which is all there is room for. Stop one first")


class AlreadySent(Conflict):
    message = N_("This report went out before")


def check_not_sent(sent_at: datetime | None, asked_at: datetime | None) -> None:
    """Whether what was asked for at a moment is still to be sent. Raises AlreadySent."""
    if sent_at is not None and asked_at is not None and sent_at >= asked_at:
        raise AlreadySent()


def next_on(every: Every, today: date) -> date:
    """The first day after `today` on which it is sent."""
    if every is Every.WEEK:
        return today + timedelta(days=7 - today.weekday())
    months = 1 if every is Every.MONTH else 3 - (today.month - 1) % 3
    number = today.year * 12 + today.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def check_schedule(
    *, span: Span, recipients: Sequence[int], readers: Collection[int], already: int, most: int = MOST_SCHEDULES
) -> None:
    """Raises PeriodStands, RecipientsMissing, TooManyRecipients, RecipientMayNot or TooManySchedules."""
    if span is Span.OWN:
        raise PeriodStands()
    if not recipients:
        raise RecipientsMissing()
    if len(recipients) > MOST_RECIPIENTS:
        raise TooManyRecipients(most=MOST_RECIPIENTS)
    if not set(recipients) <= set(readers):
        raise RecipientMayNot()
    if already >= most:
        raise TooManySchedules(most=most)
