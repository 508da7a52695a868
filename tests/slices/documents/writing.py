"""Small Word files for the tests, and what can be read back from them."""

import io
import zipfile
from pathlib import Path

from docx import Document
from lxml import etree

from auditkit.documents.render import Renderer

DOCUMENT = "word/document.xml"


def template(*paragraphs: str | list[list[str]], header: str = "", footer: str = "", title: str = "") -> bytes:
    """A Word file: a text makes a paragraph (`¦` begins a new run), a list of rows makes a table."""
    document = Document()
    for paragraph in paragraphs:
        if isinstance(paragraph, str):
            element = document.add_paragraph()
            for run in paragraph.split("¦"):
                element.add_run(run)
        else:
            table = document.add_table(rows=len(paragraph), cols=max(map(len, paragraph)))
            for row, texts in zip(table.rows, paragraph, strict=True):
                for cell, text in zip(row.cells, texts, strict=False):
                    cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    document.core_properties.title = title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rewritten(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The same zip with members changed, added, or (None) taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, new in changes.items():
            if new is not None:
                target.writestr(name, new)
    return out.getvalue()


def member(content: bytes, name: str = DOCUMENT) -> bytes:
    """A member of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def canonical(content: bytes, name: str = DOCUMENT) -> list[tuple[object, ...]]:
    """A part as what it says, whatever its prefixes: equal exactly when the documents are."""
    return [
        (element.tag, sorted(element.attrib.items()), element.text, element.tail)
        for element in etree.fromstring(member(content, name)).iter()
    ]


def texts(content: bytes) -> list[str]:
    """The texts of the paragraphs outside tables."""
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


def cells(content: bytes, table: int = 0) -> list[list[str]]:
    """The texts of a table's cells."""
    rows = Document(io.BytesIO(content)).tables[table].rows
    return [[cell.text for cell in row.cells] for row in rows]


def rendered(renderer: Renderer, source: bytes | Path, data: dict[str, object]) -> bytes:
    """Render into memory."""
    out = io.BytesIO()
    renderer.render(source, data, out)
    return out.getvalue()
