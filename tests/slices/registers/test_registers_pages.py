"""Registers as people use them: from an example to a second review, through pages only."""

from collections.abc import Callable

import pytest

from auditkit.base.clock import FrozenClock
from auditkit.content import library
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.documents.test_documents_catalogue import whole_text

BASE = "/o/acme/registers"
RISK = {
    "f-title": "Spoken complaints get lost",
    "f-kind": "risk",
    "f-consequence": "Patterns stay hidden",
    "f-likelihood": "likely",
    "f-impact": "serious",
    "f-treatment": "reduce",
    "f-what": "Three fields by keyboard",
}


@pytest.fixture
def manager(browser: Callable[..., Browser], acme: House) -> Browser:
    return browser(acme, "quality-manager")


def test_every_register_of_the_library_opens_and_takes_its_examples(manager: Browser) -> None:
    index = manager.get(f"{BASE}/")
    for shape in library.shared().registers.values():
        assert index.soup.select_one(f"a[href='{BASE}/{shape.id}']") is not None
        assert manager.get(f"{BASE}/{shape.id}").title == shape.title
        for example in shape.examples:
            form = manager.get(f"{BASE}/{shape.id}/new?example={example.id}")
            first = form.soup.select_one(f"[name='f-{shape.fields[0].id}']")
            assert first["value"] == example.values[shape.fields[0].id]


def test_a_risk_through_two_reviews(manager: Browser, clock: FrozenClock) -> None:
    # Given a risk that is written
    manager.get(f"{BASE}/risks/new")
    page = manager.post_form(RISK, action="")
    assert page.path == f"{BASE}/risks/RISK-001"
    assert "Level: High" in page.text
    assert "Current" in page.text
    # When half a year has passed, its review is overdue
    clock.advance(days=190)
    assert "1 to be reviewed" in manager.get(f"{BASE}/").text
    # And a first review finds it reduced
    manager.get(f"{BASE}/risks/RISK-001/review")
    page = manager.post_form(
        {"outcome": "Twelve calls recorded", "f-likelihood-after": "unlikely", "f-impact-after": "serious",
         "f-effect": "Counted against visits"}, action=""
    )  # fmt: skip
    assert "Twelve calls recorded" in page.text
    assert "Level after treatment: Medium" in page.text
    assert "Version 1" in page.text
    # And a second one finds nothing new
    clock.advance(days=190)
    manager.get(f"{BASE}/risks/RISK-001/review")
    page = manager.post_form({"outcome": "Nothing has changed"}, action="")
    reviews = [one.get_text(" ", strip=True) for one in page.soup.select("#reviews ~ * li, section:has(#reviews) li")]
    text = page.text
    assert text.index("Nothing has changed") < text.index("Twelve calls recorded"), reviews
    assert "Current" in page.text


def test_what_is_missing_is_said_beside_its_field(manager: Browser) -> None:
    manager.get(f"{BASE}/risks/new")
    page = manager.post_form({**RISK, "f-likelihood": "", "f-what": ""}, action="")
    assert "Enter “Likelihood”" in page.text
    assert "Enter “What is done, or why it is accepted”" in page.text
    assert page.soup.select_one("[name='f-title']")["value"] == RISK["f-title"], "nothing typed is lost"


def test_two_who_change_one_entry(manager: Browser, browser: Callable[..., Browser], acme: House) -> None:
    manager.get(f"{BASE}/risks/new")
    manager.post_form(RISK, action="")
    other = browser(acme, "administrator")
    manager.get(f"{BASE}/risks/RISK-001/edit")
    other.get(f"{BASE}/risks/RISK-001/edit")
    manager.post_form({"f-title": "Mine"}, action="")
    refused = other.post_form({"f-title": "Theirs"}, action="")
    assert "Somebody else changed this entry meanwhile" in refused.text
    assert "Mine" in manager.get(f"{BASE}/risks/RISK-001").text


def test_an_objective_is_measured(manager: Browser, clock: FrozenClock) -> None:
    manager.get(f"{BASE}/objectives/new?example=on-time")
    manager.post_form({}, action="")
    page = manager.get(f"{BASE}/objectives/OBJ-001")
    assert "Not measured yet" in page.text
    measure = f"{BASE}/objectives/OBJ-001/measure"
    page = manager.post_form({"on": "2026-02-01", "value": "91.5"}, action=measure)
    assert "91.5 %" in page.text
    assert "not reached" in page.text
    page = manager.post_form({"on": "2026-03-01", "value": "96"}, action=measure)
    assert "96 %" in page.text
    refused = manager.post_form({"on": "2026-03-03", "value": "96"}, action=measure)
    assert "Enter a day that is not in the future" in refused.text


def test_taken_out_of_use_with_a_reason_and_back(manager: Browser) -> None:
    manager.get(f"{BASE}/risks/new")
    manager.post_form(RISK, action="")
    page = manager.post_form({"reason": "The branch was closed"}, action=f"{BASE}/risks/RISK-001/retire")
    assert "The branch was closed" in page.text
    assert "RISK-001" not in manager.get(f"{BASE}/risks").text
    assert "RISK-001" in manager.get(f"{BASE}/risks?standing=retired").text
    manager.get(f"{BASE}/risks/RISK-001")
    page = manager.post_form({}, action=f"{BASE}/risks/RISK-001/restore")
    assert "The branch was closed" not in page.text


def test_lists_are_narrowed_by_words_choices_and_standing(manager: Browser) -> None:
    for title, kind in (("Öl läuft aus", "risk"), ("Neue Filiale", "opportunity")):
        manager.get(f"{BASE}/risks/new")
        manager.post_form({**RISK, "f-title": title, "f-kind": kind}, action="")
    found = manager.get(f"{BASE}/risks?q=ol").text
    assert "RISK-001" in found
    assert "RISK-002" not in found
    found = manager.get(f"{BASE}/risks?f-kind=opportunity").text
    assert "RISK-001" not in found
    assert "Nothing fits" in manager.get(f"{BASE}/risks?standing=overdue").text


def test_an_auditor_reads_and_writes_nothing(browser: Callable[..., Browser], acme: House, manager: Browser) -> None:
    manager.get(f"{BASE}/risks/new")
    manager.post_form(RISK, action="")
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"{BASE}/risks/RISK-001")
    assert "Take it out of use" not in page.text
    auditor.get(f"{BASE}/risks/new", status=403)


def test_nobody_sees_another_organisation_s_entries(
    manager: Browser, browser: Callable[..., Browser], globex: House
) -> None:
    manager.get(f"{BASE}/risks/new")
    manager.post_form(RISK, action="")
    stranger = browser(globex, "quality-manager")
    stranger.get("/o/globex/registers/risks/RISK-001", status=404)
    assert "RISK-001" not in stranger.get("/o/globex/registers/risks").text


def word(browser: Browser, url: str) -> str:
    return whole_text(browser.get(url).response.data)


@pytest.mark.sqlite_only
def test_a_register_and_an_entry_as_word_in_english_and_persian(manager: Browser, clock: FrozenClock) -> None:
    # Given an objective that is measured and tied to nothing, a second one out of use, and a risk after a review
    for example in library.shared().register("objectives").examples:
        manager.get(f"{BASE}/objectives/new?example={example.id}")
        manager.post_form(action="")
    number = "OBJ-001"
    manager.get(f"{BASE}/objectives/{number}")
    manager.post_form({"on": "2026-02-28", "value": "97.5", "note": "Counted by hand"}, action="measure")
    manager.get(f"{BASE}/objectives/OBJ-002")
    manager.post_form({"reason": "Merged with the first"}, action="retire")
    manager.get(f"{BASE}/objectives/{number}/review")
    manager.post_form({"outcome": "Raised by two", "f-target": "97"}, action="")
    # Then the register lists what is in use, every field with its label, and says what is left out
    text = word(manager, f"{BASE}/objectives/register.docx")
    shape = library.shared().register("objectives")
    assert shape.examples[0].values[shape.fields[0].id] in text
    assert shape.field("target").title in text
    assert "Entries taken out of use: 1" in text
    assert shape.examples[1].values[shape.fields[0].id] not in text
    # And the entry has its measurements, reviews and history
    text = word(manager, f"{BASE}/objectives/{number}/entry.docx")
    for told in ("Raised by two", "97.5", "Counted by hand", "28 February 2026", shape.field("target").title):
        assert told in text
    # And in Persian the form, the days and the words of the program are Persian
    manager.get("/account")
    manager.post("/preferences", {"locale": "fa"})
    persian = word(manager, f"{BASE}/objectives/{number}/entry.docx")
    assert "بازنگری‌ها" in persian
    assert "Reviews" not in persian
    assert "Raised by two" in persian
