"""Every bar, point and cell of a chart opens the complaints it counts: exactly as many as it says."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select

from auditkit.base.db import transaction
from auditkit.base.text import spoken
from auditkit.complaints import service as complaints
from auditkit.complaints.models import Complaint, ComplaintDecision, ComplaintInvestigation
from auditkit.insights.rules import Period
from auditkit.insights.statistics.shown import labels
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.complaints.recording import do
from tests.slices.complaints_clock.timing import LONDON, adopt, keep, registered
from tests.slices.insights.registers import closed, written

pytestmark = pytest.mark.sqlite_only
PERIOD = "from=2025-11-03&to=2026-03-01"
BASE = "/o/acme/insights"
AT = datetime(2025, 11, 3, 9, tzinfo=UTC)
SITES = ("North", "South", "")
CATEGORIES = ("delivery", "service", "contract")
OTHERS = [f"Product {number:02}" for number in range(40)]
"""More than a Pareto has bars and a selection takes words."""


@pytest.fixture
def opened(acme: House, browser: Any, clock: Any) -> Browser:
    """A register in which each word stands differently often, and a few cases decided through the program."""
    rows = [
        closed(
            AT + timedelta(days=number % 117),
            number % 45,
            "upheld" if number % 3 else "rejected",
            site=SITES[number % 7 % 3],
            category=CATEGORIES[number % 11 % 3],
            product=OTHERS[number % 53 % 40],
        )
        for number in range(140)
    ]
    written(acme, rows)
    found: Browser = browser(acme, "quality-manager")
    return found


def behind(page: Browser, url: str) -> int:
    """How many complaints an address lists, counted over all its pages."""
    rows = 0
    while url:
        found = page.get(url)
        rows += len(found.soup.select("main table tbody tr"))
        following = found.soup.select_one('a[rel="next"]')
        url = str(following["href"]) if following else ""
    return rows


def number(cell: Tag) -> int:
    return int(float(cell.get_text(strip=True).replace(",", "")))


def linked(page: Browser, url: str, column: int = 1) -> Iterator[tuple[str, int, str]]:
    """(what, number, address) of each row of the tables of a page's charts that leads somewhere."""
    for figure in page.get(url).soup.select("figure.chart"):
        for row in figure.select("tbody tr"):
            cells = row.find_all(["th", "td"])
            link = cells[0].a
            if link is not None:
                yield f"{figure['id']}: {cells[0].get_text(strip=True)}", number(cells[column]), str(link["href"])


@pytest.mark.parametrize(
    ("url", "at_least"),
    [
        (f"{BASE}/?view=top-management&{PERIOD}", 10),
        (f"{BASE}/statistics/pareto?by=category&{PERIOD}", 3),
        (f"{BASE}/statistics/pareto?by=product&{PERIOD}", 12),
        (f"{BASE}/statistics/pareto?by=product&weight=severity&{PERIOD}", 12),
        (f"{BASE}/signals/series?{PERIOD}", 10),
    ],
)
def test_each_bar_and_point_opens_as_many_as_it_counts(opened: Browser, url: str, at_least: int) -> None:
    found = list(linked(opened, url))
    assert len(found) >= at_least
    told = {what: count for what, count, _address in found}
    assert {what: behind(opened, address) for what, _count, address in found} == told
    assert any(told.values())


def test_the_cost_of_remedies_opens_the_cases_it_was_granted_in(acme: House, opened: Browser) -> None:
    """Of forty products thirty cost something, in one currency or the other; the rarest stand together."""
    with transaction(acme.system) as tx:
        cases = tx.execute(select(Complaint).order_by(Complaint.id)).scalars().all()
        granted = [case for case in cases if case.product < "Product 30"]
        for place, case in enumerate(granted):
            currency = "EUR" if place % 4 else "USD"
            tx.add(
                ComplaintDecision(
                    complaint_id=case.id, number=1, state="decided", from_stage="assessed", outcome="upheld",
                    reasons="x", amount=100 + place, currency=currency, settled_at=AT, others="no", remedies=["refund"],
                    remedy="Refund",
                )
            )  # fmt: skip
        by_hand = Counter((("USD", "EUR")[place % 4 > 0], case.product) for place, case in enumerate(granted))
    page = opened.get(f"{BASE}/statistics/pareto?by=product&weight=cost&{PERIOD}")
    for currency in ("EUR", "USD"):
        rows = page.soup.select(f"#pareto-{currency.lower()}-1 tbody tr")
        found = {row.th.get_text(strip=True): behind(opened, str(row.th.a["href"])) for row in rows}
        told = {product: number for (of, product), number in by_hand.items() if of == currency and product in found}
        others = sum(number for (of, product), number in by_hand.items() if of == currency and product not in found)
        assert len(rows) == 12
        assert {what: number for what, number in found.items() if not what.endswith("others")} == told
        assert [number for what, number in found.items() if what.endswith("others")] == [others]


def test_bins_of_times_open_those_that_took_so_long(opened: Browser) -> None:
    found = list(linked(opened, f"{BASE}/statistics/times?wait=time-to-close&{PERIOD}", column=2))
    assert sum(count for _what, count, _address in found) == 120, "those that ended by today"
    assert [behind(opened, address) for _what, _count, address in found] == [count for _what, count, _address in found]


def test_shares_over_time_open_the_cases_they_count(opened: Browser) -> None:
    found = list(linked(opened, f"{BASE}/statistics/?{PERIOD}", column=2))
    upheld = [one for one in found if one[0].startswith("upheld")]
    assert len(upheld) > 3
    assert [behind(opened, address) for _what, _count, address in upheld] == [count for _what, count, _at in upheld]


def test_cells_of_the_heatmap_open_their_own_complaints(opened: Browser) -> None:
    figures = opened.get(f"{BASE}/statistics/crossed?{PERIOD}").soup.select("figure.chart")
    assert len(figures) == 2
    for figure, number_of_cells in zip(figures, (9, 2), strict=True):
        cells = [(number(cell), str(cell.a["href"])) for cell in figure.select("tbody td") if cell.a is not None]
        assert len(cells) == number_of_cells
        assert sum(count for count, _address in cells) == 140
        assert [behind(opened, address) for _count, address in cells] == [count for count, _address in cells]
        assert not figure.select(".chart-warning"), "nothing is left out"


def test_cases_left_out_of_a_heatmap_have_a_list_of_their_own(acme: House, opened: Browser) -> None:
    rare = [closed(AT, 3, site=f"Kiosk {place}", category="price", number=500 + place) for place in range(9)]
    written(acme, rare)
    figure = opened.get(f"{BASE}/statistics/crossed?{PERIOD}").soup.select_one("figure.chart")
    assert figure is not None
    left = figure.select_one(".chart-warning a")
    assert left is not None
    assert left.get_text(strip=True) == "4 rarer cases are left out", "eight columns: three sites, five kiosks of nine"
    assert behind(opened, str(left["href"])) == 4


def test_missed_promises_open_the_cases_they_were_made_in(acme: House, browser: Any, clock: Any) -> None:
    handler = acme.actor("complaint-handler")
    keep(acme, LONDON)
    adopt(acme)
    for place in range(24):
        reference = registered(handler)
        clock.advance(days=8 if place % 3 else 1)
        do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    page = browser(acme, "quality-manager")
    found = [
        one
        for one in linked(page, f"{BASE}/statistics/?from=2026-03-01&to=2026-07-31", column=2)
        if one[0].startswith("missed")
    ]
    late = [count for what, count, _address in found if what.startswith("missed-acknowledgements")]
    assert sum(late) == 14, "two of the sixteen are of the month that still runs"
    for what, count, address in found:
        told = page.get(address).soup.find(id="promises")
        assert count == (int(str(told["data-number"])) if told else behind(page, address)), what
        assert behind(page, address) <= count


def test_root_causes_open_the_cases_they_were_found_in(acme: House, opened: Browser) -> None:
    with transaction(acme.system) as tx:
        cases = tx.execute(select(Complaint.id).order_by(Complaint.id).limit(60)).scalars().all()
        for place, case in enumerate(cases):
            cause = "training" if place % 3 else "process"
            tx.add(ComplaintInvestigation(complaint_id=case, cause=cause, begun_at=AT))
    found = list(linked(opened, f"{BASE}/statistics/pareto?by=cause&{PERIOD}"))
    assert [count for _what, count, _address in found] == [40, 20]
    assert [behind(opened, address) for _what, _count, address in found] == [40, 20]


def test_a_list_that_there_is_not_is_not_found(opened: Browser) -> None:
    opened.get(f"{BASE}/statistics/records?of=nothing", status=404)
    opened.get(f"{BASE}/statistics/records")  # the first list, where none is named
    opened.get(f"{BASE}/statistics/records?of=took&wait=nothing", status=404)


def test_a_persian_axis_says_the_day_on_which_a_span_begins(app: Flask) -> None:
    with spoken("fa"):
        assert labels([Period(date(2026, 3, 21), date(2026, 3, 27))], weeks=True) == ["۱۴۰۵/۰۱/۰۱"]
        assert labels([Period(date(2026, 3, 1), date(2026, 3, 31))], weeks=False) == ["۱۴۰۴/۱۲/۱۰"]
    with spoken("en"):
        assert labels([Period(date(2026, 3, 1), date(2026, 3, 31))], weeks=False) == ["2026-03"]
