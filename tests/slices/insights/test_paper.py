"""A page of charts as Word: the pictures of the page, and what has too few cases named with its reason."""

import io
import zipfile
from typing import Any

import pytest

from tests.conftest import House
from tests.slices.insights.registers import closed, day, written

DAYS = "from=2026-03-01&to=2026-03-31"


def document_of(page: Any, address: str) -> tuple[str, list[bytes]]:
    """The text of the document and the pictures in it."""
    answer = page.client.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        text = file.read("word/document.xml").decode()
        return text, [file.read(name) for name in file.namelist() if name.startswith("word/media/")]


@pytest.mark.sqlite_only
def test_the_picture_in_word_is_the_one_of_the_page(acme: House, browser: Any, clock: Any) -> None:
    clock.advance(days=60)
    written(acme, [closed(day(number % 20), 3, category=("delivery", "service")[number % 2]) for number in range(30)])
    manager = browser(acme, "quality-manager")
    page = manager.get(f"/o/acme/insights/statistics/pareto?{DAYS}")
    assert "As Word" in [link.get_text(strip=True) for link in page.soup.select("main a")]
    text, pictures = document_of(manager, f"/o/acme/insights/statistics/pareto?{DAYS}&as=docx")
    assert manager.client.get(f"/o/acme/insights/statistics/pareto?{DAYS}&chart=pareto&as=png").data in pictures
    assert "Pareto: Category" in text
    assert "Complaints received in the period by Category" in text, "the formula"
    assert "How each figure is made" not in text, "there are no figures"


@pytest.mark.sqlite_only
def test_what_has_too_few_cases_is_named(acme: House, browser: Any, clock: Any) -> None:
    clock.advance(days=60)
    written(acme, [closed(day(1), 3)])
    text, _pictures = document_of(
        browser(acme, "quality-manager"), f"/o/acme/insights/statistics/crossed?{DAYS}&as=docx"
    )
    assert "Category by Site" in text
    assert "Too few: 1 case." in text


@pytest.mark.sqlite_only
def test_audit_statistics_leave_as_word_in_persian_too(acme: House, browser: Any) -> None:
    manager = browser(acme, "quality-manager")
    manager.post("/preferences", {"locale": "fa", "next": "/account"})
    text, _pictures = document_of(manager, "/o/acme/insights/audits/?as=docx")
    assert "w:bidi" in text
