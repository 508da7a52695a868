"""A quality manager restyles the shipped file, is told what is wrong with it, and takes a good one into use."""

import io

import pytest
from docx import Document

from auditkit.documents import catalogue
from tests.conftest import House
from tests.slices.documents.writing import template

pytestmark = pytest.mark.sqlite_only
PAGE = "/o/acme/templates/complaint-letter"
NEEDED = "{{ organisation.name }} {{ letter.date }}{% for p in paragraphs %}{{ p }}{% endfor %}"


def upload(browser, content: bytes, language: str = "en"):
    browser.get(PAGE)
    file = (io.BytesIO(content), "house.docx")
    return browser.post_form({"file": file, "language": language, "note": "logo"}, action=PAGE)


def test_from_the_shipped_file_to_documents_in_the_house_style(app, acme: House, browser) -> None:
    person = browser(acme, "quality-manager")
    person.get("/o/acme/templates/")
    assert "letter.reference" in person.get(PAGE).text
    shipped = person.get(f"{PAGE}/en/shipped.docx").response.data
    assert shipped == catalogue.entry("complaint-letter").file.read_bytes()

    refused = upload(person, template("House {{ letter.dat }}", NEEDED))
    assert "There is no field letter.dat. Did you mean letter.date?" in refused.text
    assert "text, paragraph 1, {{ letter.dat }}" in refused.text
    assert "Take into use" not in refused.text

    assert "Take into use" in upload(person, template("House style", NEEDED)).text
    example = person.get(f"{PAGE}/en/1/awkward.docx").response.data
    assert Document(io.BytesIO(example)).paragraphs[0].text == "House style"
    person.get(PAGE)
    page = person.post_form({}, action=f"{PAGE}/en/1/use")
    assert "in use" in page.text
    shipped = [one["href"] for one in page.soup.find_all("a", href=True) if one["href"].endswith("/shipped.docx")]
    assert shipped == [f"{PAGE}/en/shipped.docx", f"{PAGE}/fa/shipped.docx"], "each language to start from again"
    assert "Shipped template" in person.post_form({}, action=f"{PAGE}/en/leave").text
    person.get("/o/acme/templates/made")


def test_a_file_that_is_none_is_refused_on_the_page(app, acme: House, browser) -> None:
    page = upload(browser(acme, "quality-manager"), b"%PDF-1.4")

    assert "This is not a Word file (.docx), whatever its name says" in page.text


def test_who_may_not_manage_sees_no_templates(app, acme: House, browser) -> None:
    browser(acme, "complaint-handler").get("/o/acme/templates/", status=403)
