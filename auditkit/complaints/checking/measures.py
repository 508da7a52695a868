"""Times and scores counted from the records: what each case took or said, and one figure over all of them.

tests/slices/complaints_checking/test_measures.py counts small registers by hand.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.text import N_
from auditkit.complaints.checking.counting import Counted
from auditkit.complaints.checking.days import Days
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import NO_DECISION_DUE
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.complaints.survey.rules import State

_SIX = Decimal("0.000001")
DAY_NOT_KNOWN = N_("when it happened is not on record")
COMPLAINTS = Complaint.kind.not_in(tuple(kind.value for kind in NO_DECISION_DUE))
"""Complaints, disputes and concerns; suggestions, requests and compliments are other feedback."""

Count = Callable[[Session, Days], Counted]


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


def time_to(column: Any, over: Callable[[Any], bool]) -> Count:
    """From receipt to the moment in `column`, in days: the median over the complaints received in the period.

    `over`: whether a case without that moment waits for it no longer. Nobody knows when that was.
    """

    def count_them(tx: Session, of: Days) -> Counted:
        query = select(
            Complaint.reference, Complaint.received_at, column.label("happened_at"), Complaint.stage, Complaint.outcome
        ).where(COMPLAINTS, of.near(Complaint.received_at))
        counted, spans = Counted(), list[tuple[timedelta, bool]]()
        for row in tx.execute(query):
            if not of.hold(row.received_at):
                continue
            ended = row.happened_at is not None and row.happened_at < of.now
            if row.happened_at is None and over(row):
                counted.leave_out(DAY_NOT_KNOWN, row.reference)
                continue
            # what ended before it was received, as its file says, took no time
            span = max((row.happened_at if ended else of.now) - row.received_at, timedelta(0))
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
    """The mean of a question of the survey over those whose complaint was closed in the period."""

    def count_them(tx: Session, of: Days) -> Counted:
        counted, total = Counted(), 0
        for row in _surveyed(tx, of, column.label("score")):
            if row.score is not None:
                counted.take(row.reference, good=True, value=str(row.score))
                total += row.score
        if counted.denominator:
            counted.value = (Decimal(total) / len(counted.denominator)).quantize(_SIX, ROUND_HALF_UP)
        return counted

    return count_them


def responded(tx: Session, of: Days) -> Counted:
    """Those asked by the survey whose complaint was closed in the period, and who of them answered."""
    counted = Counted()
    for row in _surveyed(tx, of, ComplaintSurvey.state):
        if row.state in _ASKED:
            counted.take(row.reference, good=row.state == State.ANSWERED.value)
    return counted


_ASKED = (State.SENT.value, State.ANSWERED.value)


def _surveyed(tx: Session, of: Days, column: Any) -> list[Any]:
    query = (
        select(Complaint.reference, Complaint.closed_at, column)
        .join(ComplaintSurvey, ComplaintSurvey.complaint_id == Complaint.id)
        .where(COMPLAINTS, of.near(Complaint.closed_at))
    )
    return [row for row in tx.execute(query) if of.hold(row.closed_at)]
