"""Times and scores counted from the records: what each case took or said, and one figure over all of them.

tests/slices/complaints_checking/test_measures.py counts small registers by hand.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.text import N_
from auditkit.complaints.checking.counting import Counted
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey

_SIX = Decimal("0.000001")
DAY_NOT_KNOWN = N_("closed on a day that is not known")
BEFORE_RECEIPT = N_("ended before it was received, says the record")

Count = Callable[[Session, datetime, datetime], Counted]


def median(spans: Iterable[tuple[timedelta, bool]]) -> timedelta | None:
    """The time within which half come to an end, after Kaplan and Meier; None where fewer than half do.

    `spans`: (how long, whether it ended; else it was still going on when last looked at).
    """
    ordered: list[tuple[timedelta, bool]] = sorted(spans)
    at_risk, stays = len(ordered), 1.0
    for span, group in groupby(ordered, key=itemgetter(0)):
        same = [ended for _span, ended in group]
        stays *= 1 - sum(same) / at_risk
        if stays <= 0.5 + 1e-12:
            half: timedelta = span
            return half
        at_risk -= len(same)
    return None


def time_to(column: Any) -> Count:
    """From receipt to the moment in `column`, in days: the median over the complaints received in the period."""

    def count_them(tx: Session, begins: datetime, ends: datetime) -> Counted:
        query = select(
            Complaint.reference,
            Complaint.received_at,
            column.label("happened_at"),
            Complaint.closed_at,
            Complaint.closed_date_unknown,
        ).where(Complaint.received_at >= begins, Complaint.received_at < ends)
        counted, spans = Counted(), list[tuple[timedelta, bool]]()
        for row in tx.execute(query):
            ended = row.happened_at is not None and row.happened_at < ends
            if not ended and row.closed_date_unknown:
                counted.leave_out(DAY_NOT_KNOWN, row.reference)
                continue
            # a case that was closed without it is no longer waited for
            until = row.happened_at if ended else min(row.closed_at or ends, ends)
            span = until - row.received_at
            if span < timedelta(0):
                counted.leave_out(BEFORE_RECEIPT, row.reference)
                continue
            spans.append((span, ended))
            counted.take(row.reference, good=ended, value=f"{_days(span)}{'' if ended else '+'}")
        found = median(spans)
        counted.value = None if found is None else _days(found)
        return counted

    return count_them


def _days(span: timedelta) -> Decimal:
    seconds = Decimal(span.days * 86_400 + span.seconds) + Decimal(span.microseconds) / 1_000_000
    return (seconds / 86_400).quantize(_SIX, ROUND_HALF_UP)


def mean_score(column: Any) -> Count:
    """The mean of a question of the survey over the answers that came in within the period."""

    def count_them(tx: Session, begins: datetime, ends: datetime) -> Counted:
        query = (
            select(Complaint.reference, column.label("score"))
            .join(ComplaintSurvey, ComplaintSurvey.complaint_id == Complaint.id)
            .where(ComplaintSurvey.answered_at >= begins, ComplaintSurvey.answered_at < ends)
        )
        counted, total = Counted(), 0
        for row in tx.execute(query):
            counted.take(row.reference, good=True, value=str(row.score))
            total += row.score
        if counted.denominator:
            counted.value = (Decimal(total) / len(counted.denominator)).quantize(_SIX, ROUND_HALF_UP)
        return counted

    return count_them


def responded(tx: Session, begins: datetime, ends: datetime) -> Counted:
    """Those asked by the survey within the period, and who of them answered until its end."""
    query = (
        select(Complaint.reference, ComplaintSurvey.answered_at)
        .join(ComplaintSurvey, ComplaintSurvey.complaint_id == Complaint.id)
        .where(ComplaintSurvey.sent_at >= begins, ComplaintSurvey.sent_at < ends)
    )
    counted = Counted()
    for row in tx.execute(query):
        counted.take(row.reference, good=row.answered_at is not None and row.answered_at < ends)
    return counted
