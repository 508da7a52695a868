"""Signals of a register: planted shifts are found, open to their records, and what is too few is not watched."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from auditkit.base import clock as clocks
from auditkit.base.db import reading
from auditkit.insights.rules import Period, Selection
from auditkit.insights.signals import finding
from tests.conftest import House
from tests.slices.complaints.recording import many, raw

MONDAY = datetime(2024, 9, 2, 9, tzinfo=UTC)
PERIOD = Period(date(2025, 9, 1), date(2026, 3, 2))
TODAY = date(2026, 3, 2)
SHIFT = 60  # week in which deliveries treble


@pytest.fixture
def register(acme: House) -> list[dict[str, Any]]:
    """78 weeks: four complaints about delivery and three about staff each, from week 60 on twelve about delivery."""
    rows: list[dict[str, Any]] = []
    for week in range(78):
        words = ["delivery"] * (12 if week >= SHIFT else 4) + ["staff"] * 3 + (["rare"] if week % 26 == 0 else [])
        for number, word in enumerate(words):
            at = MONDAY + timedelta(weeks=week, hours=7 * number)
            rows.append(raw(acme.id, len(rows) + 1, received_at=at, recorded_at=at, changed_at=at, category=word))
    many(acme.id, rows)
    return rows


def test_a_planted_shift_is_found_in_its_week(acme: House, register: list[dict[str, Any]]) -> None:
    found = finding.watch(reading(acme.system), Selection(PERIOD), TODAY, clocks.now(), "category")
    began = (MONDAY + timedelta(weeks=SHIFT)).date()
    assert [(one.series.word, one.began.first) for one in found.signals] == [("", began), ("delivery", began)]
    assert [one.word for one in found.series] == ["", "delivery", "staff"]
    assert found.few == 1
    assert found.period_weeks == 26
    assert found.false_expected == pytest.approx(3 * 26 / 1000)
    assert (found.signals[1].shift.before, found.signals[1].shift.after) == (4, 12)
    assert found.signals[1].ratio.value == 3


def test_only_signals_of_the_period_are_shown(acme: House, register: list[dict[str, Any]]) -> None:
    before = Selection(Period(date(2025, 3, 1), date(2025, 8, 31)))
    assert finding.watch(reading(acme.system), before, TODAY, clocks.now(), "category").signals == ()


@pytest.mark.sqlite_only
def test_a_signal_opens_to_its_records(acme: House, register: list[dict[str, Any]], browser: Any) -> None:
    manager = browser(acme, "quality-manager")
    shown = manager.get("/o/acme/insights/signals/?from=2025-09-01&to=2026-03-02")
    assert "2025-W44" in shown.text
    assert "at most 0.1 are to be expected" in shown.text
    listed = [link["href"] for link in shown.soup.select("main table a") if "category=delivery" in link["href"]]
    records = manager.get(listed[0])
    assert "from=2025-10-27" in listed[0]
    assert "delivery" in records.text.lower()
    series = manager.get(shown.soup.select_one("main table th a")["href"])
    assert "shift begins" in series.text
    assert len(series.soup.select(".chart-picture")) == 1


@pytest.mark.sqlite_only
def test_an_empty_register_has_too_few_to_watch(acme: House, browser: Any) -> None:
    manager = browser(acme, "quality-manager")
    assert "Too few complaints to watch" in manager.get("/o/acme/insights/signals/").text
    assert "Too few complaints to watch" in manager.get("/o/acme/insights/signals/series?of=site&word=x").text
    assert manager.get("/o/acme/insights/signals/series?of=subject&word=x", status=404)
