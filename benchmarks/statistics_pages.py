"""The pages of statistics over fifty thousand complaints, each against one pass over the same complaints.

The floor of every page is one and the same statement, run straight through sqlite3 in the same run: the complaints of
the period counted by month, category and outcome. A page that counted more often than it shows charts, or that worked
on single complaints in Python, would leave it far behind. All fifty thousand lie in the period that is asked for, five
years; each has two due dates, an intake and, where it was decided, a decision, one in eight with a cost, and a cause.
`--rows` takes another number. Exits with 1 when a goal is missed.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboard
import register_page as base
from _databases import Sqlite

from auditkit.base import clock
from auditkit.base.db import db
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint, ComplaintDecision, ComplaintInvestigation
from auditkit.complaints.rules import Severity

ROWS, YEARS = 50_000, 5
PASS = (
    "SELECT substr(received_at, 1, 7), category, outcome, count(*) FROM complaint "
    "WHERE organisation_id = ? AND received_at >= ? GROUP BY 1, 2, 3"
)
PAGES = {
    "run charts": ("statistics/", "Complaints received", 14.0),
    "Pareto of products": ("statistics/pareto?by=product", "Pareto: Product", 5.0),
    "Pareto of causes by cost": ("statistics/pareto?by=cause&weight=cost", "Granted, EUR", 8.0),
    "times and log-rank": ("statistics/times?wait=time-to-close&by=category", "Log-rank test", 12.0),
    "category by site": ("statistics/crossed", "Category by Site", 5.0),
    "outcomes by group": ("statistics/outcomes", "exact test; chances", 10.0),
    "repeats": ("figures/repeated", "Repeats of an earlier complaint", 14.0),
    "signals": ("signals/?by=category", "How sure is that?", 12.0),
}
"""What is shown where, a text that the page has only if it found what it shows, and how many passes it may cost: the
run charts are five and a remark about seasons, times are six counts of the page and three of each group compared;
repeats sort all complaints with a cause twice, for the figure and for its parts by words of the register.
"""


def complaints(organisation_id: int, rows: int) -> Iterator[dict[str, Any]]:
    """Those of the dashboard's benchmark, over YEARS, with a severity and one of two hundred products."""
    dice = random.Random(3)
    severities, products = [one.value for one in Severity], [f"Product {number}" for number in range(200)]
    for row in dashboard.complaints(organisation_id, rows, days=YEARS * 365):
        words = {"severity": dice.choices(severities, (40, 30, 20, 1))[0], "product": dice.choice(products)}
        yield {**row, **words}


def fill(folder: Path, organisation_id: int, rows: int) -> None:
    """Write the register past all rules."""

    def numbered() -> Iterator[tuple[int, dict[str, Any]]]:
        return enumerate(complaints(organisation_id, rows), start=1)

    def of(number: int) -> dict[str, Any]:
        return {"organisation_id": organisation_id, "complaint_id": number}

    Sqlite(folder).fill(
        [
            (Complaint.__table__, complaints(organisation_id, rows)),
            (
                ComplaintDue.__table__,
                (due for number, row in numbered() for due in dashboard.dues(organisation_id, number, row)),
            ),
            (
                ComplaintIntake.__table__,
                (
                    of(number)
                    | {
                        "source": "staff",
                        "language": ("en", "fa", "")[number % 3],
                        "segment": ("retail", "trade", "")[number % 7 % 3],
                    }
                    for number in range(1, rows + 1)
                ),
            ),
            (
                ComplaintDecision.__table__,
                (
                    of(number)
                    | {
                        "number": 1,
                        "state": "decided",
                        "from_stage": "assessed",
                        "outcome": row["outcome"],
                        "reasons": "x",
                        "settled_at": row["decided_at"],
                        "others": "no",
                        "remedies": "[]",
                        "amount": 100 * number % 9_000 + 100 if number % 8 == 0 else None,
                        "currency": "EUR" if number % 8 == 0 else "",
                    }
                    for number, row in numbered()
                    if row.get("outcome")
                ),
            ),
            (
                ComplaintInvestigation.__table__,
                (
                    of(number) | {"cause": f"cause-{number % 31 % 9}", "begun_at": row["received_at"]}
                    for number, row in numbered()
                    if row.get("outcome")
                ),
            ),
        ]
    )


def main() -> int:
    """Print every ratio with its goal; exit code 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    missed = 0
    base.ROUNDS, base.CALLS = 5, 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, client, organisation_id = base.application(folder)
        with made.app_context():
            db.session.remove()
            db.engine.dispose()  # nobody else may have the file open while it is filled without its own journal
        subprocess.run([sys.executable, __file__, "fill", str(folder), str(organisation_id), str(rows)], check=True)
        print(f"{rows:,} complaints of {YEARS} years, all in the period")
        today = clock.now().date()
        first = today.replace(year=today.year - YEARS, day=1)
        period = f"from={first.isoformat()}&to={today.isoformat()}"
        floor = Sqlite(folder).straight([(PASS, (organisation_id, first.isoformat()))])
        capture = base.Capture(made)
        for what, (page, shows, goal) in PAGES.items():
            address = f"/o/{base.SLUG}/insights/{page}{'&' if '?' in page else '?'}{period}"
            capture.statements.clear()
            if shows not in client.get(address).get_data(as_text=True):
                raise SystemExit(f"{what}: the page does not show “{shows}”")
            number = len(capture.statements)
            ratio, ours, other = base.paired(lambda address=address: client.get(address).data, floor)
            missed += ratio > goal
            print(
                f"{what:<28} {ratio:6.2f} (goal {goal})   {ours * 1000:7.2f} ms against {other * 1000:7.2f} ms, "
                f"{number} statements",
                flush=True,
            )
        with made.app_context():
            db.engine.dispose()
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main())
