"""Figures of real registers, against what was counted of their files by other means (ground_truth_dev.json)."""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.insights.indicators import times
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import Period, Selection
from tests.conftest import House
from tests.slices.insights.registers import written

Shared = Callable[[str], Path]


def truth(shared: Shared, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("complaints/ground_truth_dev.json").read_text(encoding="utf-8"))
    return found[f"dev/{name}"]  # type: ignore[no-any-return]  # JSON


@pytest.mark.sqlite_only
def test_a_register_of_three_thousand_complaints(acme: House, clock: FrozenClock, shared: Shared) -> None:
    name = "cfpb_3186_noid_mdyyyy.csv"
    known = truth(shared, name)
    with shared(f"complaints/{name}").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {
                "received_at": datetime.strptime(row["Date received"], "%m/%d/%Y").replace(tzinfo=UTC),
                "category": row["Product"],
                "channel": row["Submitted via"],
            }
            for row in csv.DictReader(file)
        ]
    written(acme, rows)
    tx, now = reading(acme.system), clocks.now()
    for year, number in known["Date received"]["by_year"].items():
        period = Period(date(int(year), 1, 1), date(int(year), 12, 31))
        assert Board(tx, Selection(period), now).figures(("received",))[0].value == number
    first, last = (date.fromisoformat(known["Date received"][end]) for end in ("min", "max"))
    board = Board(tx, Selection(Period(first, last)), now)
    assert board.figures(("received",))[0].value == known["rows"]
    assert dict(board.words("category")) == known["counts"]["Product"]
    assert dict(board.words("channel")) == known["counts"]["Submitted via"]
    inside = Selection(Period(first + timedelta(days=1), last), categories=("Mortgage",), channels=("Phone",))
    by_hand = sum(
        row["category"] == "Mortgage" and row["channel"] == "Phone" and row["received_at"].date() > first
        for row in rows
    )
    assert Board(tx, inside, now).figures(("received",))[0].value == by_hand


def test_the_median_of_a_register_of_two_hundred_thousand(shared: Shared) -> None:
    """Cases that are closed before they were received, as the file says, are in it and are said."""
    name = "chicago_215781_iso_status_noaddr.csv.gz"
    known = truth(shared, name)
    ended: Counter[int] = Counter()
    still = 0
    with gzip.open(shared(f"complaints/{name}"), "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["closed_date"]:
                closed, received = (date.fromisoformat(row[name][:10]) for name in ("closed_date", "complaint_date"))
                ended[(closed - received).days] += 1
            else:
                still += 1
    assert still == known["closed_date"]["empty"]
    figure = times.figure_of(times.BY_NAME["time-to-close"], times.Waited(ended, Counter({7_500: still}), 0))
    assert figure.n == known["rows"]
    assert figure.parts["p50"] == known["median_days_open"]
    assert figure.parts["before-receipt"] == known["closed_before_complaint"]
    assert figure.value is None, "less than half of them are closed"
