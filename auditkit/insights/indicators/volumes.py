"""Complaints per thousand orders, contracts or customers (indicator 1)."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import false, func, or_, select

from auditkit.base.text import N_
from auditkit.complaints.models import Complaint
from auditkit.insights.indicators.frame import Conditions, Frame
from auditkit.insights.rules import FEWEST, TOO_FEW, Figure, Unit
from auditkit.insights.volumes import queries

TITLE = N_("Complaints per 1,000")


def _months(frame: Frame, counts: str) -> list[tuple[date, date, int]]:
    """The whole months of the period of which the number is known and that are over: (first, last, number)."""
    known = queries.of_kind(frame.tx, counts, frame.now)
    today = frame.now.astimezone(frame.window.zone).date()
    return [
        (one.first, one.last, known[one.first])
        for one in frame.selection.period.months()
        if one.first in known and (one.last + timedelta(days=1)).day == 1 and one.last < today
    ]


def _kind(frame: Frame) -> str:
    """What it is held against: that of which most months are known."""
    return next(iter(queries.kinds(frame.tx, frame.now)), "")


def behind(frame: Frame) -> Conditions:
    """Complaints received in the months of which the number of orders is known."""
    spans = [
        frame.within_days(Complaint.received_at, first, last) for first, last, _number in _months(frame, _kind(frame))
    ]
    return [*frame.selected, or_(false(), *spans)]


def figure(frame: Frame) -> Figure:
    """The rate with its exact interval. Orders are known for the whole organisation, so not of one site or product."""
    common: dict[str, Any] = {"name": "received-rate", "indicator": "received", "title": TITLE, "unit": Unit.RATE}
    if frame.selection.sites or frame.selection.products:
        return Figure(**common, n=0, note=N_("not checked because orders are known for the whole organisation only"))
    counts = _kind(frame)
    months = _months(frame, counts)
    if not months:
        return Figure(**common, n=0, note=N_("not checked because orders or customers of no whole month are on record"))
    query = select(func.count()).select_from(Complaint).where(*behind(frame))
    number = int(frame.tx.execute(query).scalar_one())
    whole = sum(volume for _first, _last, volume in months)
    common |= {"n": number, "numerator": number, "denominator": whole}
    common["note_facts"] = {"months": len(months), "of": len(frame.selection.period.months()), "counts": counts}
    if number < FEWEST:
        return Figure(**common, note=TOO_FEW)
    low, high = exact(number)
    note = N_("per 1,000 of “%(counts)s”; of %(months)s of %(of)s months, of which the number is on record")
    return Figure(**common, value=1000 * number / whole, low=1000 * low / whole, high=1000 * high / whole, note=note)


def exact(number: int) -> tuple[float, float]:
    """The exact 95% interval of a count (Garwood)."""
    from scipy.stats import chi2

    return float(chi2.ppf(0.025, 2 * number)) / 2, float(chi2.ppf(0.975, 2 * number + 2)) / 2
