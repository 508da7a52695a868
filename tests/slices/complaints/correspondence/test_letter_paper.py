"""A letter on paper: from right to left and in Persian digits in Persian, its form and pages named in its language."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from auditkit.base.text import spoken
from auditkit.complaints.correspondence import document
from auditkit.complaints.correspondence.queries import Facts, MessageView
from auditkit.documents import catalogue, render
from auditkit.documents.contexts.letter import Letter
from auditkit.web.languages import LANGUAGES

pytestmark = pytest.mark.sqlite_only
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KNOWN = ("C-2026-000001", "Kettle", NOON.date(), "decided", "", "", "")
FACTS = Facts(1, *KNOWN, "Ann Smith", "", "", "12 Mill Lane", "0105", "Tbilisi", "", "Georgia", 1)


def _letter(language: str, kind: str = "decision") -> Letter:
    message = MessageView(1, 1, "out", "post", kind, "", 1, False, language, "Kettle", "One\n\nTwo", NOON, NOON, None)
    with spoken(language):
        return document.letter(message, FACTS, "Acme", "0.1.0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_foot_names_reference_form_version_and_pages(app, language: str) -> None:
    letter = _letter(language)
    out = io.BytesIO()
    entry = catalogue.entry(document.template_of("decision"), language)
    render.render(entry.file, catalogue.data_of(letter), out, language)
    with zipfile.ZipFile(out) as word:
        feet = [word.read(name).decode() for name in word.namelist() if name.startswith("word/footer")]
        body = word.read("word/document.xml").decode()
    assert len(feet) >= 2
    for foot in feet:
        assert letter.letter.reference in foot
        assert letter.foot.form in foot
        before, rest = foot.split(" PAGE ")
        between, after = rest.split(" NUMPAGES ")
        assert letter.foot.before.strip() in before
        assert letter.foot.between in between
        assert letter.foot.after in after
    assert ("<w:bidi/>" in body) == (language == "fa")


def test_a_persian_letter_is_persian_throughout(app) -> None:
    letter = _letter("fa")

    assert letter.foot.form == "نامهٔ تصمیم، نسخهٔ ۰.۱.۰"
    assert letter.letter.date == "۱۱ اسفند ۱۴۰۴"
    assert letter.letter.direction == "rtl"
    assert letter.recipient.lines[0] == "\u200e12 Mill Lane\u200e", "a number at its beginning stays there"


def test_each_letter_names_its_own_form(app) -> None:
    assert _letter("en").foot.form == "Decision letter, version 0.1.0"
    assert _letter("en", "closing").foot.form == "Closing letter, version 0.1.0"
    assert _letter("en", "reply").foot.form == "Letter to a complainant, version 0.1.0"
