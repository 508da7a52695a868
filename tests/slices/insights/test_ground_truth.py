"""Figures of real registers, against what was counted of their files by other means (ground_truth_dev.json)."""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.complaints.models import Complaint
from auditkit.insights.rollups import keeping
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import Period, Selection
from tests.conftest import House
from tests.slices.insights.registers import closed, written

START = datetime(2000, 1, 1, tzinfo=UTC)
Shared = Callable[[str], Path]


def truth(shared: Shared, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("complaints/ground_truth_dev.json").read_text(encoding="utf-8"))
    return found[f"dev/{name}"]  # type: ignore[no-any-return]  # JSON


FILES: dict[str, tuple[str, str, dict[str, str]]] = {
    "cfpb_3186_noid_mdyyyy.csv": (
        "Date received", "%m/%d/%Y",
        {"category": "Product", "channel": "Submitted via", "site": "Consumer disputed?"},
    ),
    "cfpb_2827_full18_mmddyy.csv": (
        "Date received", "%m/%d/%y",
        {"category": "Timely response?", "channel": "Submitted via", "site": "Company response to consumer"},
    ),
    "cfpb_148_snakecase_iso.csv": (
        "date_received", "%Y-%m-%d", {"category": "product", "site": "timely_response"}
    ),
}  # fmt: skip
"""The column of the day of receipt, how it is written, and which column stands for which word of the register."""


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", FILES)
def test_a_register_of_a_few_thousand_complaints(acme: House, clock: FrozenClock, shared: Shared, name: str) -> None:
    known, (day, written_as, columns) = truth(shared, name), FILES[name]
    with shared(f"complaints/{name}").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {
                "received_at": datetime.strptime(row[day], written_as).replace(tzinfo=UTC),
                **{word: row[column] for word, column in columns.items()},
            }
            for row in csv.DictReader(file)
        ]
    written(acme, rows)
    first, last = (date.fromisoformat(known[day][end]) for end in ("min", "max"))
    tx, now = reading(acme.system), clocks.now()
    stands_as_known(tx, known, day, {word: known["counts"][column] for word, column in columns.items()})
    for shorter in (Period(first + timedelta(days=1), last), Period(first, last - timedelta(days=1))):
        assert (received(tx, Selection(shorter)) or 0) < known["rows"]
    inside = Selection(Period(first + timedelta(days=1), last), categories=("Mortgage",), channels=("Phone",))
    by_hand = sum(
        row["category"] == "Mortgage" and row.get("channel") == "Phone" and row["received_at"].date() > first
        for row in rows
    )
    assert received(tx, inside) == by_hand
    with transaction(acme.system) as summing:  # and the same once more from the sums that dashboards read
        while keeping.refresh(summing, now):
            pass
    stands_as_known(tx, known, day, {word: known["counts"][column] for word, column in columns.items()})


def received(tx: Any, selection: Selection) -> float | None:
    return Board(tx, selection, clocks.now()).figures(("received",))[0].value


def stands_as_known(tx: Any, known: dict[str, Any], day: str, counts: dict[str, dict[str, int]]) -> None:
    """Every year, the whole and each word come to what is known of the file."""
    first, last = (date.fromisoformat(known[day][end]) for end in ("min", "max"))
    whole = Board(tx, Selection(Period(first, last)), clocks.now())
    assert by_year(whole, "received") == known[day]["by_year"]
    assert whole.figures(("received",))[0].value == known["rows"]
    for word, numbers in counts.items():
        assert dict(whole.words(word)[: len(numbers)]) == numbers, "the most frequent words, as many as are known"


def by_year(board: Board, figure: str) -> dict[str, int]:
    found = Counter[str]()
    for month, number, _counted in board.months(figure):
        found[month[:4]] += number
    return {year: number for year, number in found.items() if number}


@pytest.mark.sqlite_only
def test_a_register_of_two_hundred_thousand(acme: House, shared: Shared) -> None:
    """Also of those that are closed before they were received, as the file says: they are counted, and said."""
    name = "chicago_215781_iso_status_noaddr.csv.gz"
    known = truth(shared, name)
    columns = {"category": "current_status", "site": "complainant_type"}
    with gzip.open(shared(f"complaints/{name}"), "rt", encoding="utf-8", newline="") as file:
        poured(
            acme,
            (
                (
                    moment(row["complaint_date"]),
                    moment(row["closed_date"]),
                    *(row[column] for column in columns.values()),
                )
                for row in csv.DictReader(file)
            ),
            tuple(columns),
        )
    tx, now = reading(acme.system), clocks.now()
    counts = {word: known["counts"][column] for word, column in columns.items()}
    stands_as_known(tx, known, "complaint_date", counts)
    first, last = (date.fromisoformat(known["complaint_date"][end]) for end in ("min", "max"))
    board = Board(tx, Selection(Period(first, last)), now)
    [figure] = board.figures(("time-to-close",))
    assert (figure.n, figure.numerator) == (known["rows"], known["rows"] - known["closed_date"]["empty"])
    assert figure.parts["p50"] == known["median_days_open"]
    assert figure.parts["before-receipt"] == known["closed_before_complaint"]
    assert figure.value is None, "less than half of them are closed"
    assert (
        Board(tx, Selection(Period(first, now.date())), now).figures(("backlog",))[0].value
        == (known["closed_date"]["empty"])
    )
    ended = Board(tx, Selection(Period(date(1999, 1, 1), last)), now)
    assert by_year(ended, "upheld") == known["closed_date"]["by_year"]


def moment(day: str) -> str | None:
    """A day as SQLite keeps it."""
    return f"{day[:10]}T00:00:00.000000Z" if day else None


def poured(house: House, rows: Iterable[tuple[str | None, ...]], words: tuple[str, ...]) -> None:
    """Many complaints at once: (received, closed, words ...), all else as in one that is closed or one that is not."""
    written(house, [{"received_at": START}, closed(START, 0, number=2)])
    names = ", ".join(("received", "closed", *words))
    own = {"reference": "'P-' || p.rowid", "received_at": "p.received", **{word: f"p.{word}" for word in words}}
    own |= dict.fromkeys(("decided_at", "closed_at"), "p.closed")
    own["closes_before_received"] = "coalesce(p.closed < p.received, 0)"
    table = Complaint.__table__
    columns = [column.name for column in table.c if column.name != "id"]
    taken = ", ".join(own.get(name, f"t.{name}") for name in columns)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TEMP TABLE poured ({names})")
        places = ", ".join("?" * (2 + len(words)))
        connection.connection.cursor().executemany(f"INSERT INTO poured VALUES ({places})", rows)
        connection.exec_driver_sql(
            f"INSERT INTO complaint ({', '.join(columns)}) SELECT {taken} FROM poured p "
            "JOIN complaint t ON t.id = CASE WHEN p.closed IS NULL THEN 1 ELSE 2 END"
        )
        connection.exec_driver_sql("DELETE FROM complaint WHERE id < 3")
