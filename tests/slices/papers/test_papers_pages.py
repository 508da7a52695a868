"""The page of documents: every document is made from an organisation's records, as Word, and says what is missing."""

import io
from datetime import date

import pytest
from docx import Document

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.content.library import shared
from auditkit.documents import pdf
from auditkit.documents.own import queries as own
from auditkit.papers.rules import PAPERS, Of
from auditkit.registers import service as registers
from tests.conftest import House

pytestmark = pytest.mark.sqlite_only
WITHOUT_SUBJECT = [one.id for one in PAPERS.values() if one.of is Of.NOTHING]


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    return "\n".join(one.text or "" for one in document.element.body.iter() if one.tag.endswith("}t"))


def made(browser, paper_id: str, **values: str) -> str:
    browser.get(f"/o/acme/documents/{paper_id}")
    answer = browser.post_form(values, action=f"/documents/{paper_id}")
    assert answer.response.mimetype.endswith("wordprocessingml.document"), answer.text[:500]
    return words(answer.response.data)


@pytest.fixture
def manager(app, acme: House, browser, clock):
    return browser(acme, "quality-manager")


@pytest.mark.parametrize("paper_id", WITHOUT_SUBJECT)
def test_a_new_organisation_gets_each_document_and_is_told_what_is_missing(manager, acme: House, paper_id: str) -> None:
    text = made(manager, paper_id)

    assert "Acme" in text
    if not paper_id.endswith("-form"):
        assert "What is missing, and why" in text
        assert "Nothing is missing" not in text
    (line,), _more = own.made(reading(acme.actor("quality-manager")))
    assert (line.template_id, line.origin, line.kind) == (paper_id, "shipped", "docx")


@pytest.mark.parametrize("paper_id", ["complaints-manual", "procedure", "role-description", "public-leaflet"])
def test_a_text_of_the_library_is_a_draft_with_lines_to_write_on(manager, paper_id: str) -> None:
    text = made(manager, paper_id)

    assert "…………" in text
    if paper_id != "public-leaflet":
        assert "Draft. This version has not been approved and does not apply." in text


def test_entries_of_registers_stand_in_their_document_and_a_changed_one_is_changed_there(manager, acme: House) -> None:
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        values = {
            "party": "Deaf customers",
            "kind": "complainants",
            "needs": "A way without telephone",
            "binding": "yes",
        }
        number = registers.write(
            tx, registers.WriteEntry(shared().register("interested-parties"), values), clock.now(), actor
        )

    text = made(manager, "scope-and-context")
    assert "Deaf customers" in text
    assert "A way without telephone" in text

    page = manager.get("/o/acme/documents/scope-and-context/sources?language=en")
    assert "parties[0].title" in page.text
    assert number in page.text


def test_without_libreoffice_the_page_says_so_and_offers_word(manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITKIT_SOFFICE", "no-such-program")
    assert not pdf.available()

    assert "Word files only" in manager.get("/o/acme/documents/").text
    page = manager.get("/o/acme/documents/objectives")
    assert "this machine has none" in page.text
    assert "Make a PDF" not in page.text


def test_what_cannot_be_made_says_why(manager) -> None:
    page = manager.get("/o/acme/documents/audit-programme")

    assert "There is nothing to make it of yet" in page.text
    manager.get("/o/acme/documents/nothing", status=404)


def test_a_role_sees_only_documents_whose_records_it_may_see(app, acme: House, browser) -> None:
    staff = browser(acme, "staff")

    text = staff.get("/o/acme/documents/").text
    assert "Complainant form" in text
    assert "Principle-to-control matrix" not in text
    staff.get("/o/acme/documents/objectives", status=403)


def test_the_day_is_written_for_the_language_of_the_document(manager) -> None:
    assert "2 March 2026" in made(manager, "objectives", language="en")
    assert date(2026, 3, 2) == clock.now().date()
