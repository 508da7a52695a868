"""The library's pages: every standard, clause, checklist, policy text and scale opens and shows what it holds."""

from collections.abc import Callable

import pytest

from auditkit.content import library
from tests.conftest import House
from tests.factories.http import Browser

OpenBrowser = Callable[..., Browser]
BASE = "/o/acme/library"
pytestmark = pytest.mark.sqlite_only  # no table is read; one database is enough


@pytest.fixture
def reader(acme: House, browser: OpenBrowser) -> Browser:
    return browser(acme, "internal-auditor")


def test_a_person_finds_a_clause_from_the_index(reader: Browser) -> None:
    # Given the library's first page
    page = reader.get(f"{BASE}/")
    assert page.title == "Library"
    assert "184" in page.text
    # When the auditor follows the current edition to clause 7.4
    page = reader.follow("ISO 10002:2018")
    assert page.title == "ISO 10002:2018"
    page = reader.follow("Acknowledgement of complaint")
    # Then its questions, strength and policy text are there, and the neighbours are one click away
    assert page.title == "7.4 Acknowledgement of complaint"
    assert "Is receipt acknowledged to the complainant immediately, on every channel?" in page.text
    assert "Guidance (should)" in page.text
    assert reader.follow("7.5 Initial assessment").title == "7.5 Initial assessment of complaint"
    reader.follow("7.4 Acknowledgement")
    assert reader.follow("Complaints-handling policy").title == "Complaints-handling policy"


def test_every_page_of_every_clause_is_sound(reader: Browser) -> None:
    for node in library.shared().nodes.values():
        assert reader.get(f"{BASE}/standards/{node.edition}/{node.id}").title == node.label


def test_a_principle_shows_where_else_it_is_tested(reader: Browser) -> None:
    page = reader.get(f"{BASE}/standards/iso10002-2018/4.15")
    assert "Guiding principle TIM" in page.text
    assert page.soup.select_one("#questions li[id='q18-4.15-1']") is not None
    assert page.soup.select_one("#testing li[id='q18-7.4-1']") is not None
    assert page.soup.select_one("#testing li[id='q18-4.15-1']") is None


def test_what_is_not_published_is_marked_on_screen(reader: Browser) -> None:
    assert "Inferred, not seen in print" in reader.get(f"{BASE}/standards/iso10002-2018/J").text
    assert "Practice, not confirmed in print" in reader.get(f"{BASE}/standards/iso10002-2018/5.4.2").text
    assert "not confirmed" not in reader.get(f"{BASE}/standards/iso10002-2018/7.4").text


def test_a_clause_without_questions_says_so(reader: Browser) -> None:
    assert "No question names this clause" in reader.get(f"{BASE}/standards/iso10002-2018/1").text


def test_a_checklist_shows_each_question_once_with_its_digest(reader: Browser) -> None:
    for checklist in library.shared().checklists.values():
        page = reader.get(f"{BASE}/checklists/{checklist.id}")
        assert page.title == checklist.title
        assert [li["id"] for li in page.soup.select("ol.questions > li")] == [item.id for item in checklist.items]
        assert checklist.digest in page.text


def test_a_policy_text_is_shown_filled_with_its_examples(reader: Browser) -> None:
    page = reader.get(f"{BASE}/policies/complaints-handling-policy")
    assert "A complaint gives Borjomi Home Appliances the chance" in page.text
    assert page.soup.select_one("#section-what-happens ol > li strong") is not None
    assert "{{" not in page.text


def test_the_scale_says_what_each_answer_counts_for(reader: Browser) -> None:
    page = reader.get(f"{BASE}/scales/conformity")
    assert "Not checked" in page.text
    assert "not counted" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "standards/iso1",
        "standards/iso10002-2018/99",
        "standards/iso1/4.1",
        "standards/iso10002-2018/%3Cscript%3E",
        "checklists/x",
        "policies/x",
        "scales/x",
    ],
)
def test_what_is_not_there_is_a_404(reader: Browser, path: str) -> None:
    reader.get(f"{BASE}/{path}", status=404)
