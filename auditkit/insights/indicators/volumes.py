"""Complaints per thousand orders, contracts or customers (indicator 1)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import false, func, or_, select

from auditkit.base.text import N_
from auditkit.complaints.models import Complaint
from auditkit.insights.indicators.frame import Conditions, Frame
from auditkit.insights.queries import DIMENSION_COLUMNS
from auditkit.insights.rules import FEWEST, TOO_FEW, Figure, Unit
from auditkit.insights.volumes import queries
from auditkit.insights.volumes.rules import Volume

NAME = "received-rate"
TITLE = N_("Complaints per 1,000")
Months = tuple[tuple[date, date, int], ...]
"""Whole months that are over and of which the number is known: (first, last, number)."""


def _months(frame: Frame, known: Sequence[Volume]) -> tuple[str, Months]:
    """What it is held against, that of which most months are known, and the months of the period that are."""
    counts, of = next(iter(queries.by_kind(known, frame.selection.sites).items()), ("", {}))
    today = frame.now.astimezone(frame.window.zone).date()
    return counts, tuple(
        (one.first, one.last, of[one.first])
        for one in frame.selection.period.months()
        if one.first in of and (one.last + timedelta(days=1)).day == 1 and one.last < today
    )


def behind(frame: Frame) -> Conditions:
    """Complaints received in the months of which the number of orders is known."""
    return _within(frame, _months(frame, queries.volumes(frame.tx, frame.now))[1])


def _within(frame: Frame, months: Months) -> Conditions:
    spans = [frame.within_days(Complaint.received_at, first, last) for first, last, _number in months]
    return [*frame.selected, or_(false(), *spans)]


def figure(frame: Frame) -> Figure:
    """The rate with its exact interval. Orders are known of the organisation and of sites, never of one product."""
    counts, months = _months(frame, queries.volumes(frame.tx, frame.now))
    query = select(func.count()).select_from(Complaint).where(*_within(frame, months))
    asked = months and not frame.selection.products
    return _figure(frame, counts, months, int(frame.tx.execute(query).scalar_one()) if asked else 0)


def _figure(frame: Frame, counts: str, months: Months, number: int) -> Figure:
    common: dict[str, Any] = {"name": NAME, "indicator": "received", "title": TITLE, "unit": Unit.RATE}
    if frame.selection.products:
        return Figure(**common, n=0, note=N_("not checked because orders of single products are not on record"))
    if not months and frame.selection.sites:
        note = N_("not checked because orders or customers of these sites are on record for no whole month")
        return Figure(**common, n=0, note=note)
    if not months:
        return Figure(**common, n=0, note=N_("not checked because orders or customers of no whole month are on record"))
    whole = sum(volume for _first, _last, volume in months)
    common |= {"n": number, "numerator": number, "denominator": whole}
    common["note_facts"] = {"months": len(months), "of": len(frame.selection.period.months()), "counts": counts}
    if number < FEWEST:
        return Figure(**common, note=TOO_FEW)
    low, high = exact(number)
    note = N_("per 1,000 of “%(counts)s”; of %(months)s of %(of)s months, of which the number is on record")
    return Figure(**common, value=1000 * number / whole, low=1000 * low / whole, high=1000 * high / whole, note=note)


def by_word(frame: Frame, dimension: str, most: int) -> list[tuple[str, Figure]]:
    """The rates of the words of a dimension, most complaints first: those of a site by the orders of that site.

    Categories, channels and severities are each held against all orders. Sites whose orders nobody entered are not
    among them.
    """
    known = queries.volumes(frame.tx, frame.now)
    parts = {"": frame}
    if dimension == "site":
        entered = {one.site for one in known} - {""}
        parts = {site: replace(frame, selection=frame.selection.only("site", site)) for site in entered}
        chosen = frame.selection.sites
        parts = {site: part for site, part in parts.items() if not chosen or site in chosen}
    held: dict[tuple[str, Months], list[str]] = defaultdict(list)
    for word, part in parts.items():
        held[_months(part, known)].append(word)
    found: list[tuple[str, Figure]] = []
    column = DIMENSION_COLUMNS[dimension]
    for (counts, months), words in held.items():
        query = select(column, func.count()).where(*_within(frame, months)).group_by(column)
        query = query.where(column.in_(words)) if dimension == "site" else query
        for word, number in frame.tx.execute(query) if months else ():
            found.append((word, _figure(frame, counts, months, int(number))))
    return sorted(found, key=lambda one: (-one[1].n, one[0]))[:most]


def exact(number: int) -> tuple[float, float]:
    """The exact 95% interval of a count (Garwood)."""
    from scipy.stats import chi2

    return float(chi2.ppf(0.025, 2 * number)) / 2, float(chi2.ppf(0.975, 2 * number + 2)) / 2
