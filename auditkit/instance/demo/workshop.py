"""The workshop kept a list of its own and moved over last week: a year and a half of complaints from its file.

Enough for figures, limits and signals; complaints about the guarantee have trebled nine weeks ago.
"""

import csv
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from auditkit.base import clock
from auditkit.complaints.importing.profiles import ColumnShape, ProfileShape
from auditkit.complaints.importing.running import run_import
from auditkit.instance.demo.story import Story

WEEKS, LAST_DAYS_AGO, IMPORTED_DAYS_AGO = 78, 9, 8
SHIFT_WEEKS_AGO = 9
COLUMNS = ("No", "Received", "Type", "Machine", "Branch", "How", "Matter", "Decided", "Result", "Closed", "Status")
WEEKLY = {"guarantee": 2.0, "service": 1.6, "delivery": 1.0, "price-billing": 0.6}
MATTERS = {
    "guarantee": "Repair refused under the guarantee",
    "service": "The technician did not come on the day agreed",
    "delivery": "Spare part came late",
    "price-billing": "The estimate was exceeded",
}
BRANCHES = ("Workshop North", "Workshop Harbour")
MACHINES = tuple(
    f"{maker} {kind}"
    for kind in (
        "washing machine", "dryer", "dishwasher", "fridge", "freezer", "oven", "hob", "hood", "vacuum cleaner",
        "kettle", "coffee machine", "microwave oven",
    )
    for maker in ("Alder", "Birch", "Cedar", "Hazel", "Rowan")
)  # fmt: skip
HOW = ("phone", "phone", "e-mail", "in-person")

PROFILE = ProfileShape(
    id="workshop-list",
    title="List of the workshop",
    fields={
        "reference": ColumnShape(column="No"),
        "received": ColumnShape(column="Received", format="iso"),
        "category": ColumnShape(column="Type"),
        "product": ColumnShape(column="Machine"),
        "site": ColumnShape(column="Branch"),
        "channel": ColumnShape(column="How"),
        "subject": ColumnShape(column="Matter"),
        "decided": ColumnShape(column="Decided", format="iso"),
        "outcome": ColumnShape(column="Result", values={"yes": "upheld", "partly": "partly-upheld", "no": "rejected"}),
        "closed": ColumnShape(column="Closed", format="iso"),
        "status": ColumnShape(column="Status", values={"open": "received", "done": "closed"}),
    },
)


def tell(story: Story) -> None:
    """Bring the workshop's list in, as the quality manager did."""
    when = story.at(IMPORTED_DAYS_AGO)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "workshop.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(_rows(story.at(LAST_DAYS_AGO)))
        with clock.frozen(when):
            run_import(path, story.cast["quentin"], profile=PROFILE)


def _rows(last: datetime) -> Iterator[tuple[str, ...]]:
    """The list, oldest first; the same each time but for its days."""
    draw, numbers = Random(10_002), count(1)  # noqa: S311 - invented complaints, the same each time
    machines = Random(10_004)  # noqa: S311 - apart, so that what was drawn before stays
    for week in range(WEEKS, 0, -1):
        for category, usual in WEEKLY.items():
            rate = usual * 3 if category == "guarantee" and week <= SHIFT_WEEKS_AGO else usual
            for _ in range(_some(draw, rate)):
                received = last - timedelta(days=7 * week - draw.randint(0, 6))
                took = timedelta(days=round(draw.expovariate(1 / 9)))
                ended = received + took
                row = (
                    f"W-{next(numbers):03}",
                    f"{received:%Y-%m-%d}",
                    category,
                    machines.choice(MACHINES),
                    draw.choice(BRANCHES),
                    draw.choice(HOW),
                )
                result = draw.choice(("yes", "yes", "partly", "no", "no"))
                if ended > last:
                    yield *row, MATTERS[category], "", "", "", "open"
                else:
                    yield *row, MATTERS[category], f"{ended:%Y-%m-%d}", result, f"{ended:%Y-%m-%d}", "done"


def _some(draw: Random, mean: float) -> int:
    """A number that varies by chance about `mean` (Poisson)."""
    number, passed = 0, draw.expovariate(1)
    while passed < mean:
        number, passed = number + 1, passed + draw.expovariate(1)
    return number
