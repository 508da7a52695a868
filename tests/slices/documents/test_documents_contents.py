"""Cover page and table of contents: every heading in it once, in order, leading to its place, with the right page."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from auditkit.documents import catalogue, linting, pdf
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import rendered

SHEETS = {
    "complainant-form": "a form is filled in from its first page",
    "follow-up-form": "the same",
    "public-leaflet": "one page, put up or handed out",
    "register-entry": "one record",
    "pack-cover": "is a cover itself",
}
"""What has neither, and why; letters have none either."""
LONG = [one for one in catalogue.CONTEXTS if "letter" not in one and one not in SHEETS]
SECOND_LEVEL = ("audit-checklist", "objectives", "self-assessment")
CASES = [(one, language) for one in LONG for language in ("en", "fa")]


def styled(paragraph: Any) -> str:
    return paragraph._p.pPr.pStyle.val if paragraph._p.pPr is not None and paragraph._p.pPr.pStyle is not None else ""


def plain(element: Any) -> str:
    """The text of a paragraph without what its fields hold."""
    return "".join(node.text or "" for node in element.iter(qn("w:t"))).strip()


def filled(template_id: str, language: str, kind: str, renderer: Renderer) -> Any:
    entry = catalogue.entry(template_id, language)
    return Document(io.BytesIO(rendered(renderer, entry.file.read_bytes(), linting.trial_data(entry, kind))))


def check_contents(document: Any, levels: tuple[str, ...], kind: str) -> None:
    """Every heading of these levels has its line, in order, and the line leads there."""
    headings = [one for one in document.paragraphs if styled(one) in levels]
    # LibreOffice keeps the table in a frame of its own, where `document.paragraphs` does not look.
    told = [Paragraph(one, document) for one in document.element.body.iter(qn("w:p"))]
    entries = [one for one in told if re.fullmatch(r"(TOC|Contents)\d", styled(one))]

    assert [plain(one._p) for one in entries] == [plain(one._p) for one in headings], kind
    named = {mark.get(qn("w:name")): mark.getparent() for mark in document.element.iter(qn("w:bookmarkStart"))}
    targets = [one._p.find(qn("w:hyperlink")).get(qn("w:anchor")) for one in entries]
    assert [named[target] for target in targets] == [one._p for one in headings], kind
    for entry, target in zip(entries, targets, strict=True):
        assert f" PAGEREF {target} \\h " in [one.text for one in entry._p.iter(qn("w:instrText"))]
    ids = [mark.get(qn("w:id")) for mark in document.element.iter(qn("w:bookmarkStart"))]
    assert len(set(ids)) == len(ids), kind
    assert all(one.isdigit() for one in ids)
    fields = [one.text for one in document.element.iter(qn("w:instrText")) if one.text.strip().startswith("TOC ")]
    assert len(fields) == 1, "Word has no table of contents to bring up to date"


@pytest.mark.parametrize(("template_id", "language"), CASES)
def test_the_contents_name_every_heading_once_in_order_and_lead_there(
    template_id: str, language: str, renderer: Renderer
) -> None:
    for kind in ("example", "empty", "many"):
        document = filled(template_id, language, kind, renderer)
        levels = ("Heading1", "Heading2") if template_id in SECOND_LEVEL else ("Heading1",)
        check_contents(document, levels, kind)


@pytest.mark.parametrize(("template_id", "language"), CASES)
def test_the_text_begins_on_a_page_after_the_cover(template_id: str, language: str, renderer: Renderer) -> None:
    document = filled(template_id, language, "example", renderer)
    body = list(document.element.body)
    styles = [one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if one.tag == qn("w:p") else None for one in body]
    names = [one.get(qn("w:val")) if one is not None else "" for one in styles]
    first = next(place for place, name in enumerate(names) if name == "Heading1" or name == "Heading2")

    assert names.index("DocumentTitle") < names.index("TOCHeading") < first
    assert any(one.get(qn("w:type")) == "page" for one in body[first - 1].iter(qn("w:br")))


@pytest.mark.parametrize("template_id", [one for one in catalogue.CONTEXTS if one not in LONG])
def test_what_has_no_contents_has_a_reason(template_id: str, renderer: Renderer) -> None:
    assert "letter" in template_id or SHEETS[template_id]
    document = Document(catalogue.entry(template_id).file)

    assert "TOCHeading" not in [styled(one) for one in document.paragraphs]


def test_pages_are_counted_where_libreoffice_makes_the_pdf(renderer: Renderer, tmp_path: Path) -> None:
    if not pdf.available() or shutil.which("pdftotext") is None:
        pytest.skip("install LibreOffice and poppler to see page numbers (Debian: libreoffice-writer-nogui)")
    entry = catalogue.entry("audit-report")
    content = rendered(renderer, entry.file.read_bytes(), catalogue.data_of(entry.context.example()))
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.convert(content))
    said = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, timeout=60)
    pages = said.stdout.decode().split("\f")

    told = re.findall(r"^(\S.*?)\s*\.{3,}\s*(\d+)$", pages[1], re.MULTILINE)
    assert len(told) > 15
    for heading, page in told:
        assert re.search(rf"^\s*{re.escape(heading)}\s*$", pages[int(page) - 1], re.MULTILINE), (heading, page)


def test_what_is_no_word_file_is_handed_on_as_it_is() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    for content in (b"", b"no zip", other.getvalue()):
        assert pdf.with_page_numbers(content) == content
