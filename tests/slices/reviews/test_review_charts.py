"""Charts of a review are drawn of what was frozen: the same on the page, as a file and in the minutes."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import docx
import pytest

from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.reviews import queries
from auditkit.reviews.inputs import content
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only
BASE = "/o/acme/reviews"


def received(acme: House, month: int, number: int, category: str) -> None:
    for _one in range(number):
        registered(
            acme.actor("complaint-handler"), received_at=datetime(2026, month, 1, 9, tzinfo=UTC), category=category
        )


def frozen(manager: Browser, acme: House) -> str:
    manager.get(f"{BASE}/new")
    given = {"title": "Spring", "chair_id": str(acme.person("quality-manager")), "period_from": "2025-12-01"}
    number = manager.post_form(given, action="").path.rpartition("/")[2]
    manager.post_form({}, action=f"{BASE}/{number}/freeze")
    return number


def test_page_file_and_minutes_show_what_was_frozen(
    browser: Callable[..., Browser], acme: House, clock: FrozenClock
) -> None:
    received(acme, 1, 12, "delivery")
    received(acme, 2, 9, "service")
    manager = browser(acme, "quality-manager")
    number = frozen(manager, acme)
    kept = queries.inputs(reading(acme.system), queries.by_number(reading(acme.system), number).id)["complaints"]
    tables = {one.name: one.rows for one in content.read(kept.content).tables}
    assert tables == {
        "received-by-month": (("2025-12", "0"), ("2026-01", "12"), ("2026-02", "9"), ("2026-03", "0")),
        "received-by-category": (("delivery", "12"), ("service", "9")),
    }

    # What comes later changes neither
    received(acme, 2, 5, "service")
    page = manager.get(f"{BASE}/{number}/inputs/complaints")
    assert len(page.soup.select("svg.chart-picture")) == 2
    assert len(manager.get(f"{BASE}/{number}").soup.select("svg.chart-picture")) == 2
    file = manager.get(f"{BASE}/{number}/inputs/complaints?chart=received-by-month&as=csv", unchecked="CSV").response
    assert file.data.decode("utf-8-sig").splitlines()[1:] == [
        "2025-12,0.0",
        "2026-01,12.0",
        "2026-02,9.0",
        "2026-03,0.0",
    ]
    made = manager.get(f"{BASE}/{number}/minutes.docx", unchecked="Word").response.data
    document = docx.Document(io.BytesIO(made))
    described = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert len(described) == 2
    assert described[0] == "Complaints received by month. 2025-12: 0; 2026-01: 12; 2026-02: 9; 2026-03: 0"
    assert described[1].startswith(
        "Complaints by category. Delivery: Complaints 12, Share 57.1%, Share up to here 57.1%; "
    )
    # Each month and category opens its complaints as they are in the register now
    rows = {link.text.strip(): link["href"] for link in page.soup.select("figure.chart tbody th a")}
    assert [len(manager.get(rows[name]).soup.select("main tbody tr")) for name in ("2026-01", "Delivery")] == [12, 12]
    again = manager.get(f"{BASE}/{number}/inputs/complaints?again=1").text
    assert "Computed again, it says something else" in again


def test_of_too_few_there_is_no_chart_and_the_numbers_stand_in_words(
    browser: Callable[..., Browser], acme: House, clock: FrozenClock
) -> None:
    received(acme, 2, 3, "delivery")
    manager = browser(acme, "quality-manager")
    number = frozen(manager, acme)
    assert manager.get(f"{BASE}/{number}/inputs/complaints").soup.select("figure.chart") == []
    document = docx.Document(io.BytesIO(manager.get(f"{BASE}/{number}/minutes.docx", unchecked="Word").response.data))
    assert len(document.inline_shapes) == 0
    assert "2026-02 · 3" in [one.text for one in document.paragraphs]
