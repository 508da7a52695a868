"""The QR codes on paper are read back from the finished picture: the right address, room around them, large enough."""

import io
import re
import zipfile

import pytest
import segno
from docx import Document
from docx.oxml.ns import qn
from markupsafe import Markup

from auditkit.complaints.intake.qr import drawn
from auditkit.papers.building.policies import qr_code
from tests.conftest import House
from tests.factories import qr_codes
from tests.slices.complaints.intake.filling import receipt_of, send

pytestmark = pytest.mark.sqlite_only
QUIET = 4
"""Modules of white around a symbol, which readers need (ISO/IEC 18004, 9.1)."""
SMALLEST_MM, MODULE_MM = 20, 0.4
"""On paper: the symbol without its quiet zone, and each module of it."""
EMU_A_MM = 36_000
TEXTS = (
    "https://example.org/",
    "https://complaints.example.org/p/borjomi/",
    "https://شکایت.example/پ/" + "long/" * 12,
    "https://example.org/track#C-2026-000123:" + "abcd-" * 40,
)


@pytest.mark.parametrize("text", TEXTS, ids=len)
@pytest.mark.parametrize("mask", [None, *range(8)])
def test_the_reader_of_these_tests_reads(text: str, mask: int | None) -> None:
    matrix = segno.make(text, error="m", micro=False, mask=mask).matrix
    assert qr_codes.read([[bool(one) for one in row] for row in matrix]) == text


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_a_code_in_a_page_says_the_address_and_has_its_quiet_zone(text: str) -> None:
    picture = drawn(text, "QR code that opens your page")
    modules, quiet = qr_codes.of_svg(picture)
    assert qr_codes.read(modules) == text
    assert quiet == QUIET
    assert isinstance(picture, Markup)
    assert 'fill="#fff" d="M0 0h' in picture, "a white ground of its own, for dark screens"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_code_of_the_leaflet_leads_to_the_public_page(app, acme: House, browser, language: str) -> None:
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/documents/public-leaflet")
    made = manager.post_form({"language": language}, action="/documents/public-leaflet").response.data

    ((content, (width, height)),) = _codes(made)
    modules, quiet = qr_codes.of_png(content)
    address = qr_codes.read(modules)
    assert address == f"{app.extensions['auditkit.settings'].public_url.rstrip('/')}/p/acme/"
    browser().get("/p/acme/")
    assert address in "".join(one.text or "" for one in Document(io.BytesIO(made)).element.iter(qn("w:t")))

    assert quiet >= QUIET
    assert width == height
    module = width / EMU_A_MM / (len(modules) + 2 * quiet)
    assert module >= MODULE_MM
    assert module * len(modules) >= SMALLEST_MM


def test_no_address_makes_no_code() -> None:
    assert qr_code("") == ""


def test_a_receipt_shows_the_code_of_its_own_page(acme: House, browser, clock) -> None:
    page = send(browser(), clock)
    modules, quiet = qr_codes.of_svg(re.search(r'<svg class="qr".*?</svg>', page.response.text, re.DOTALL)[0])
    address, _mark, opened = qr_codes.read(modules).partition("#")
    assert opened == ":".join(receipt_of(page))
    assert address.startswith("http")
    assert address.endswith("/p/acme/complaints/track")
    assert quiet == QUIET


def _codes(document: bytes) -> list[tuple[bytes, tuple[int, int]]]:
    """The pictures named after a QR code in a Word file: content, and sides on paper in English metric units."""
    word = Document(io.BytesIO(document))
    found = []
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        for shape in word.inline_shapes:
            if shape._inline.docPr.get("name", "").endswith("leaflet.qr"):
                member = word.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed].partname
                found.append((archive.read(str(member).lstrip("/")), (shape.width, shape.height)))
    return found
