"""What the statistics count, against a register whose counts are known, and the pages that show it."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from auditkit.base import clock as clocks
from auditkit.base.db import reading, transaction
from auditkit.complaints import service as complaints
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint, ComplaintDecision
from auditkit.insights.indicators.frame import ACKNOWLEDGE
from auditkit.insights.rules import Period, Selection
from auditkit.insights.statistics import queries, running
from auditkit.insights.statistics.queries import Event, Ranked, Share
from tests.conftest import House
from tests.slices.complaints.recording import do, many, raw, run_added
from tests.slices.complaints_clock.timing import LONDON, adopt, keep, registered

YEAR = Period(date(2025, 3, 1), date(2026, 2, 28))
ALL = Selection(YEAR)
START = datetime(2025, 3, 3, 9, tzinfo=UTC)
HERE = "/o/acme/insights/statistics/"


@pytest.fixture
def register(acme: House, globex: House) -> list[dict[str, Any]]:
    """Three hundred complaints over a year: some critical, two of three decided, half of these upheld."""
    run = run_added(acme.id)
    rows = []
    for number in range(300):
        at = START + timedelta(hours=29 * number)
        ended = number % 3 > 0
        rows.append(
            raw(
                acme.id,
                number + 1,
                received_at=at,
                recorded_at=at,
                changed_at=at,
                category=("delivery", "service", "price", "=cmd()<b>x</b>")[number % 4],
                site=("Athens", "Baku", "")[number % 3],
                channel=("web", "phone")[number // 150],
                severity="critical" if number % 50 == 0 else ("low", "high")[number % 2],
                stage="closed" if ended else "received",
                decided_at=at + timedelta(days=number % 11) if ended else None,
                closed_at=at + timedelta(days=number % 11) if ended else None,
                outcome=("upheld" if number % 2 else "rejected") if ended else "",
                import_run_id=run,
            )
        )
    many(acme.id, rows)
    many(globex.id, [raw(globex.id, number, received_at=START) for number in range(1, 40)])
    return rows


def there(moment: datetime) -> date:
    """The day in London, where Acme is; midnight to the second stands for its day."""
    return moment.date() if moment.time() == time() else moment.astimezone(ZoneInfo("Europe/London")).date()


def tx_of(house: House) -> Any:
    return reading(house.system)


def test_what_came_in_is_counted_by_week_and_word(acme: House, register: list[dict[str, Any]]) -> None:
    parts, weeks = running.parts_of(YEAR, date(2026, 3, 2))
    assert (weeks, len(parts), parts[0].first) == (True, 51, date(2025, 3, 3))
    found = queries.received(tx_of(acme), ALL, parts, clocks.now(), "category")
    by_hand = Counter((row["category"], (there(row["received_at"]) - parts[0].first).days // 7) for row in register)
    assert {(word, week): number for word, counts in found.items() for week, number in enumerate(counts) if number} == {
        key: number for key, number in by_hand.items() if key[1] < 51
    }
    together = queries.received(tx_of(acme), ALL, parts, clocks.now())[""]
    assert together == [sum(counts[week] for counts in found.values()) for week in range(51)]


def test_long_periods_are_counted_by_whole_months(acme: House, register: list[dict[str, Any]]) -> None:
    parts, weeks = running.parts_of(Period(date(2025, 1, 15), date(2026, 3, 2)), date(2026, 3, 2))
    assert (weeks, parts[0].first, parts[-1].last) == (False, date(2025, 2, 1), date(2026, 2, 28))
    found = queries.received(tx_of(acme), ALL, parts, clocks.now())[""]
    assert found[2] == sum(row["received_at"].month == 4 for row in register)


def test_words_and_weights_and_pairs(acme: House, register: list[dict[str, Any]]) -> None:
    tx, now = tx_of(acme), clocks.now()
    assert dict(queries.words(tx, ALL, now, "site").rows) == {"Athens": 100, "Baku": 100, "": 100}
    assert (queries.words(tx, ALL, now, "site").whole, queries.words(tx, ALL, now, "site").number) == (300, 3)
    points = {"low": 1, "high": 7, "critical": 15}
    by_hand: Counter[str] = Counter()
    for row in register:
        by_hand[row["category"]] += points[row["severity"]]
    by_weight = queries.weighed(tx, ALL, now, "category")
    assert by_weight.rows == sorted(by_hand.items(), key=lambda one: (-one[1], one[0]))
    assert by_weight.whole == by_hand.total()
    assert queries.crossed(tx, ALL, now, "category", "site") == Counter(
        (row["category"], row["site"]) for row in register
    )
    athens = Selection(YEAR, sites=("Athens",))
    assert sum(queries.crossed(tx, athens, now, "category", "site").values()) == 100


def test_outcomes_by_channel_and_severe_ones_by_day(acme: House, register: list[dict[str, Any]]) -> None:
    tx, now = tx_of(acme), clocks.now()
    decided = [row for row in register if row["outcome"] and there(row["decided_at"]) <= YEAR.last]
    assert queries.outcomes(tx, ALL, now, "channel") == {
        channel: (
            sum(row["outcome"] == "upheld" for row in decided if row["channel"] == channel),
            sum(row["channel"] == channel for row in decided),
        )
        for channel in ("web", "phone")
    }
    assert queries.outcomes(tx, ALL, now, queries.LANGUAGE) == {
        "": (sum(row["outcome"] == "upheld" for row in decided), len(decided))
    }
    with transaction(acme.system) as writing:
        for complaint in writing.execute(select(Complaint).where(Complaint.outcome != "")).scalars():
            words = {"language": ("fa", "en")[complaint.id % 2], "segment": ("", "retail")[complaint.id % 3 == 0]}
            writing.add(ComplaintIntake(complaint_id=complaint.id, source="staff", **words))
    ids = dict(tx.execute(_ids()).all())
    for by, word, here in (
        (queries.LANGUAGE, "fa", lambda key: key % 2 == 0),
        (queries.SEGMENT, "retail", lambda key: key % 3 == 0),
        (queries.SEGMENT, "", lambda key: key % 3 != 0),
    ):
        group = [row for row in decided if here(ids[row["reference"]])]
        assert group
        hits = sum(row["outcome"] == "upheld" for row in group)
        assert queries.outcomes(tx, ALL, now, by)[word] == (hits, len(group))
    severe = [Event(row["reference"], there(row["received_at"])) for row in register if row["severity"] == "critical"]
    assert queries.severe(tx, ALL, now) == severe


def test_upheld_by_period(acme: House, register: list[dict[str, Any]]) -> None:
    parts, _weeks = running.parts_of(YEAR, date(2026, 3, 2))
    found = queries.upheld(tx_of(acme), ALL, parts, clocks.now())
    cases, hits = Counter[int](), Counter[int]()
    for row in register:
        if row["outcome"]:
            week = (there(row["decided_at"]) - parts[0].first).days // 7
            cases[week] += 1
            hits[week] += row["outcome"] == "upheld"
    assert found == [Share(hits[week], cases[week]) for week in range(51)]
    assert queries.upheld(tx_of(acme), ALL, [], clocks.now()) == []


def test_promises_are_counted_when_they_fall_due(acme: House, clock: Any) -> None:
    handler = acme.actor("complaint-handler")
    keep(acme, LONDON)
    adopt(acme)
    in_time, late, _open = (registered(handler) for _ in range(3))
    do(handler, complaints.acknowledge, complaints.Acknowledge, in_time)
    clock.advance(days=20)
    do(handler, complaints.acknowledge, complaints.Acknowledge, late)
    registered(handler)  # not due yet
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    days = [Period(date(2026, 2, 1), date(2026, 2, 28)), march]
    assert queries.missed(tx_of(acme), Selection(march), days, clocks.now(), ACKNOWLEDGE) == [Share(0, 0), Share(2, 3)]
    assert queries.missed(tx_of(acme), Selection(march), [], clocks.now(), ACKNOWLEDGE) == []


def test_costs_stay_in_their_currency(acme: House, register: list[dict[str, Any]]) -> None:
    with transaction(acme.system) as tx:
        ids = {row.reference: row.id for row in tx.execute(_ids()).all()}
        for number, (amount, currency) in enumerate([(5000, "EUR"), (2500, "EUR"), (900, "USD")]):
            tx.add(
                ComplaintDecision(
                    complaint_id=ids[register[number]["reference"]], number=1, state="decided", from_stage="assessed",
                    outcome="upheld", reasons="x", amount=amount, currency=currency, settled_at=START, others="no",
                    remedies=["refund"], remedy="Refund",
                )
            )  # fmt: skip
    assert queries.cost(tx_of(acme), ALL, clocks.now(), "category") == {
        "EUR": Ranked([("delivery", 5000), ("service", 2500)], 7500, 2),
        "USD": Ranked([("price", 900)], 900, 1),
    }


def _ids() -> Any:
    return select(Complaint.reference, Complaint.id)


PAGES = {"": 3, "pareto": 1, "pareto?weight=severity": 1, "pareto?weight=cost": 0, "times?by=channel": 3,
         "times?wait=time-to-acknowledge": 2, "crossed": 2, "outcomes": 0}  # fmt: skip


@pytest.mark.sqlite_only
def test_every_page_draws_what_there_is_enough_of(acme: House, register: list[dict[str, Any]], browser: Any) -> None:
    manager = browser(acme, "quality-manager")
    for page, pictures in PAGES.items():
        shown = manager.get(f"{HERE}{page}{'&' if '?' in page else '?'}from=2025-03-01&to=2026-02-28")
        assert len(shown.soup.select(".chart-picture")) == pictures, page
        assert not shown.soup.select(".chart b")
        for chart in shown.soup.select("figure.chart"):
            assert [term.get_text() for term in chart.select("dl.chart-about dt")] == ["Formula", "Source"], page
            assert [link.get_text(" ", strip=True).split()[0] for link in chart.select(".chart-files a")] == [
                "CSV", "XLSX", "PNG",
            ]  # fmt: skip
            assert chart.select("table tbody tr")
        assert ("Log-rank test" in shown.text) == page.startswith("times")
        assert ("chi-square" in shown.text) == ("by=channel" in page or page == "outcomes")
    assert "Fisher's exact test" in shown.text
    assert "Web form" in shown.text


@pytest.mark.sqlite_only
def test_an_empty_register_says_too_few_and_draws_nothing(acme: House, browser: Any) -> None:
    for page in ("", "pareto", "times", "crossed"):
        shown = browser(acme, "quality-manager").get(HERE + page)
        assert "Too few: 0 cases" in shown.text
        assert "chart-picture" not in shown.text


@pytest.mark.sqlite_only
def test_of_a_handful_there_is_a_list_and_no_picture(acme: House, browser: Any) -> None:
    many(acme.id, [raw(acme.id, number, received_at=START, category="delivery", site="Baku") for number in range(1, 6)])
    for page in ("", "pareto", "crossed"):
        shown = browser(acme, "quality-manager").get(f"{HERE}{page}?from=2025-03-01&to=2025-12-31")
        assert "Too few: 5 cases" in shown.text
        assert "5" in [cell.get_text(strip=True) for cell in shown.soup.select("main tbody td")]
        assert not shown.soup.select(".chart-picture")


@pytest.mark.sqlite_only
def test_charts_leave_as_files(acme: House, register: list[dict[str, Any]], browser: Any) -> None:
    manager = browser(acme, "quality-manager")
    days = "from=2025-03-01&to=2026-02-28"
    table = manager.client.get(f"{HERE}pareto?{days}&chart=pareto&as=csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert table.get_data(as_text=True).splitlines()[0].lstrip("\ufeff") == "Category,Complaints,Share,Share up to here"
    assert "'=cmd()<b>x</b>,75" in table.get_data(as_text=True)
    assert manager.client.get(f"{HERE}?{days}&chart=received&as=png").data.startswith(b"\x89PNG")
    assert manager.client.get(f"{HERE}?{days}&chart=received&as=xlsx").data.startswith(b"PK")
    assert manager.client.get(f"{HERE}?{days}&chart=received&as=exe").status_code == 404
    assert manager.client.get(f"{HERE}?{days}&chart=nothing&as=csv").status_code == 404


@pytest.mark.sqlite_only
def test_a_day_that_cannot_be_read_says_what_to_enter(acme: House, browser: Any) -> None:
    shown = browser(acme, "quality-manager").get(HERE + "?from=spring&to=2026-01-01", status=400)
    assert "Enter the first and the last day of the period" in shown.text
