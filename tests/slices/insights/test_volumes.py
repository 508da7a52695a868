"""Volumes entered, brought in from a file and taken out; and the chart of complaints per thousand of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import Flask

from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.insights.freezing import queries as frozen_figures
from auditkit.insights.freezing import service as freezing
from auditkit.insights.indicators import computing, listing
from auditkit.insights.rules import Period, Selection
from auditkit.insights.statistics import running
from auditkit.insights.volumes import queries, rules, service
from auditkit.insights.volumes.models import VolumeEntry
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import refuses
from tests.slices.insights.registers import written

MARCH = date(2026, 3, 1)


def bring_in(house: House, text: str | bytes) -> tuple[int, int]:
    manager = house.actor("quality-manager")
    content = text if isinstance(text, bytes) else text.encode()
    with transaction(manager) as tx:
        return service.bring_in(tx, service.BringIn(content), clocks.now(), manager)


def held(house: House) -> list[tuple[str, str, int]]:
    found = queries.volumes(reading(house.system), clocks.now())
    return [(f"{one.month:%Y-%m}", one.counts, one.number) for one in found]


def test_a_file_is_taken_over_whole_and_corrects(acme: House, globex: House) -> None:
    assert bring_in(acme, "month;what;how many\n2026-01;orders;1 400\n2026-01;customers;300\n2025-12;orders;900\n") == (
        3,
        0,
    )
    assert bring_in(acme, "2026-01,Orders,1450\n2025-12,orders,900\n") == (1, 1)
    assert held(acme) == [("2026-01", "customers", 300), ("2026-01", "orders", 1450), ("2025-12", "orders", 900)]
    assert queries.kinds(reading(acme.system), clocks.now()) == ["orders", "customers"]
    assert held(globex) == []


def test_a_wrong_row_keeps_the_whole_file_out(acme: House) -> None:
    with pytest.raises(rules.RowsRefused) as refused:
        bring_in(acme, "month,what,how many\n2026-01,orders,1400\n\n2026-02,orders,none\n2026-02,orders\n")
    assert [one.split(":")[0] for one in refused.value.faults] == ["Row 4", "Row 5"]
    assert held(acme) == []


def test_a_month_taken_out_counts_no_longer(acme: House) -> None:
    manager = acme.actor("quality-manager")
    bring_in(acme, "2026-01,orders,1400\n")
    with transaction(manager) as tx:
        service.take_out(tx, service.TakeOut("2026-01", "orders"), clocks.now(), manager)
    assert held(acme) == []
    with pytest.raises(NotFound), transaction(manager) as tx:
        service.take_out(tx, service.TakeOut("2026-01", "orders"), clocks.now(), manager)


def test_a_frozen_rate_comes_to_the_same_after_a_correction(acme: House, clock: FrozenClock) -> None:
    written(acme, [{"received_at": datetime(2026, 1, 1 + number % 28, tzinfo=UTC)} for number in range(30)])
    bring_in(acme, "2026-01,orders,1500\n")
    selection = Selection(Period(date(2026, 1, 1), date(2026, 1, 31)))
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        frozen_id = freezing.freeze(tx, freezing.Freeze("received-rate", selection), clocks.now(), manager)
    clock.advance(days=1)
    bring_in(acme, "2026-01,orders,3000\n")
    again = frozen_figures.again(reading(acme.system), frozen_id)
    assert again.same
    assert (again.frozen.figure.value, again.frozen.figure.note_facts["counts"]) == (20.0, "orders")


def test_the_u_chart_of_a_year_by_hand(app: Flask, acme: House) -> None:
    """Twelve months of 2025, ten complaints each but thirty in June; 1000 orders each but 4000 in December."""
    cases = {month: 30 if month == 6 else 10 for month in range(1, 13)}
    written(
        acme,
        [
            {"received_at": datetime(2025, month, 1 + number % 28, 12, tzinfo=UTC)}
            for month, cases_of in cases.items()
            for number in range(cases_of)
        ],
    )
    orders = {month: 4_000 if month == 12 else 1_000 for month in range(1, 13)}
    bring_in(acme, "".join(f"2025-{month:02},orders,{number}\n" for month, number in orders.items()))
    with app.test_request_context():
        asked = running.Asked(
            reading(acme.system),
            Selection(Period(date(2025, 1, 1), date(2025, 12, 31))),
            clocks.now().date(),
            clocks.now(),
        )
        shown = running.rate(asked, 1, "orders", lambda _part: "")
        assert shown is not None
        # 140 complaints of 15,000 orders: 9.333 in 1000; June 30; limits 9.333 ± 3 √(9.333 / (orders / 1000)).
        june, december = shown.chart.points[5], shown.chart.points[11]
        assert shown.chart.centre == pytest.approx(9.3333, abs=1e-3)
        assert (june.value, june.parts, june.mark) == (30.0, (30, 1_000), "beyond the limits")
        assert (june.lower, june.upper) == (pytest.approx(0.1683, abs=1e-3), pytest.approx(18.4985, abs=1e-3))
        assert (december.value, december.lower) == (2.5, pytest.approx(4.7507, abs=1e-3))
        assert [one.mark for one in shown.chart.points].count("beyond the limits") == 2
        for narrowed in ({"sites": ("north",)}, {"products": ("box",)}):
            part = running.Asked(asked.tx, Selection(asked.selection.period, **narrowed), asked.today, asked.now)
            assert running.rate(part, 1, "orders", lambda _part: "") is None


def test_orders_of_a_site_are_its_own(acme: House) -> None:
    lines = "2026-01,orders,900,\n2026-01,orders,600,NORTH\n2026-01,Orders,200,South\n2025-12,orders,500,North\n"
    bring_in(acme, "month,what,how many,site\n" + lines)
    tx, now = reading(acme.system), clocks.now()
    january, december = date(2026, 1, 1), date(2025, 12, 1)
    assert queries.of_kind(tx, "orders", now) == {january: 900}, "never the sum of the sites that happen to be entered"
    assert queries.of_kind(tx, "orders", now, ("NORTH",)) == {january: 600, december: 500}
    assert queries.of_kind(tx, "orders", now, ("NORTH", "South")) == {january: 800}
    assert queries.kinds(tx, now, ("NORTH", "")) == []
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        service.take_out(tx, service.TakeOut("2026-01", "orders", "NORTH"), now, manager)
        service.set_volume(tx, service.SetVolume("2026-01", "orders", 250, "south"), now, manager)
    assert held(acme) == [("2026-01", "orders", 900), ("2026-01", "orders", 250), ("2025-12", "orders", 500)]


def test_the_rate_of_a_site_is_held_against_its_own_orders(acme: House, browser: Callable[..., Browser]) -> None:
    rows = [{"received_at": datetime(2026, 1, 1 + number % 28, 12, tzinfo=UTC), "site": site}
            for site, cases in (("North", 30), ("South", 24), ("", 6)) for number in range(cases)]  # fmt: skip
    written(acme, rows)
    bring_in(acme, "2026-01,orders,3000,\n2026-01,orders,1000,north\n2025-12,orders,700,North\n")
    tx, now = reading(acme.system), clocks.now()
    january = Period(date(2026, 1, 1), date(2026, 1, 31))

    def rate(*sites: str) -> tuple[float | None, int | None]:
        [figure] = computing.compute_named(tx, "received-rate", Selection(january, sites=sites), now)
        return figure.value, figure.denominator

    assert (rate(), rate("North"), rate("South"), rate("North", "South")) == (
        (20.0, 3_000), (30.0, 1_000), (None, None), (None, None),
    )  # fmt: skip
    (by_site, by_category) = listing.by_words(tx, "received-rate", Selection(january), now, ("site", "category"))
    assert [(site, one.value, one.numerator) for site, one in by_site] == [("North", 30.0, 30)]
    assert sum(one.numerator or 0 for _word, one in by_category) == 60
    manager = browser(acme, "quality-manager")
    page = manager.get("/o/acme/insights/figures/received-rate?from=2026-01-01&to=2026-01-31")
    assert ["North", "30"] in [[cell.get_text(strip=True) for cell in row.select("th, td")][:2] for row in
                               page.soup.select("main tbody tr")]  # fmt: skip
    chart = manager.get("/o/acme/insights/statistics/?from=2026-01-01&to=2026-01-31&site=North")
    cells = [cell.get_text(strip=True) for cell in chart.soup.select("#rate-1-1 tbody tr > *")]
    assert cells[:4] == ["2026-01", "30", "30", "1,000"]


def test_the_page_takes_a_file_and_names_wrong_rows(acme: House, browser: Callable[..., Browser]) -> None:
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/insights/volumes/")
    upload = {"file": (BytesIO(b"2026-01,orders,many\n"), "orders.csv")}
    refused = manager.post_form(upload, action="/o/acme/insights/volumes/file")
    assert "Row 1: Enter a whole number" in refused.text
    upload = {"file": (BytesIO(b"2026-01,orders,1400\n"), "orders.csv")}
    manager.get("/o/acme/insights/volumes/")
    page = manager.post_form(upload, action="/o/acme/insights/volumes/file")
    assert "1 month was taken over" in page.text
    assert "orders 1400" in page.text
    page = manager.post_form({}, action="/o/acme/insights/volumes/take-out")
    assert "Nothing entered yet" in page.text
    bring_in(acme, "2026-02,=customers,70\n")
    file = manager.client.get("/o/acme/insights/volumes/file").get_data(as_text=True)
    assert "2026-02,'=customers,70" in file, "a spreadsheet runs nothing"
    assert bring_in(acme, file) == (0, 1), "and what comes back is what left"
    browser(acme, "complaint-handler").get("/o/acme/insights/volumes/", status=403)


def test_what_the_table_volume_entry_refuses(acme: House) -> None:
    row = {"organisation_id": acme.id, "month": MARCH, "counts": "orders", "number": 5, "entered_at": clocks.now()}
    refuses(VolumeEntry.__table__, "volume_says_of_what", {**row, "counts": ""})
    refuses(VolumeEntry.__table__, "volume_in_range", {**row, "number": 0})
