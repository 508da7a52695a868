"""Small registers for tests of figures, written straight into the tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

from auditkit.insights.rules import Period, Selection
from tests.conftest import House
from tests.slices.complaints.recording import many, raw, run_added

MARCH_1 = datetime(2026, 3, 1, tzinfo=UTC)
MARCH = Selection(Period(MARCH_1.date(), datetime(2026, 3, 31, tzinfo=UTC).date()))


def day(number: int) -> datetime:
    """So many days after the first of March, at nine."""
    return MARCH_1 + timedelta(days=number, hours=9)


def written(house: House, rows: list[dict[str, Any]]) -> None:
    """Complaints of a file, each with the columns given; numbered 1, 2, ... from `number` where one is given."""
    run = run_added(house.id)
    whole = [
        raw(
            house.id,
            **{
                "number": place,
                "import_run_id": run,
                "acknowledged_at": None,
                "decided_at": None,
                "outcome": "",
                "closed_at": None,
                "site": "",
                "reopened": 0,
                "level": 0,
                **row,
            },
        )
        for place, row in enumerate(rows, start=1)
    ]
    many(house.id, whole)


def closed(received: datetime, days: int, outcome: str = "upheld", **more: Any) -> dict[str, Any]:
    """A case that was decided and closed so many days after its receipt."""
    at = received + timedelta(days=days)
    return {
        "received_at": received,
        "acknowledged_at": received,
        "stage": "closed",
        "decided_at": at,
        "outcome": outcome,
        "closed_at": at,
        **more,
    }
