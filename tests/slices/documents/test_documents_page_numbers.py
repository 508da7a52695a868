"""Page numbers of Persian documents stand in Persian digits: Word has no format for them, a font in the file has."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from auditkit.content.locate import folder
from auditkit.documents import catalogue
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import rendered

TEMPLATES = sorted(Path(str(folder("doc_templates"))).glob("*/template.fa.docx"))
NAME = "Persian Page Numbers"
FIELD = re.compile(
    r'<w:fldSimple w:instr="[^"]*\b(?:PAGE|NUMPAGES)\b[^"]*">.*?</w:fldSimple>'
    r'|<w:instrText[^>]*> PAGEREF .*?w:fldCharType="end"/>',
    re.DOTALL,
)


def embedded(package: zipfile.ZipFile) -> TTFont:
    """The font as it is embedded, its first 32 bytes made readable with the key beside it (ECMA-376, 17.8.1)."""
    table = package.read("word/fontTable.xml").decode()
    own = rf'w:name="{NAME}".*?<w:embedRegular r:id="(\w+)" w:fontKey="{{([^}}]+)}}"'
    [(relation, key)] = re.findall(own, table, re.DOTALL)
    relations = package.read("word/_rels/fontTable.xml.rels").decode()
    target = re.search(rf'(?=[^>]*Id="{relation}")[^>]*Target="([^"]+)"', relations)
    assert target is not None
    hidden = package.read(f"word/{target[1]}")
    mask = bytes.fromhex(key.replace("-", ""))[::-1] * 2
    return TTFont(io.BytesIO(bytes(one ^ other for one, other in zip(hidden, mask, strict=False)) + hidden[32:]))


def fields(package: zipfile.ZipFile) -> list[str]:
    parts = [name for name in package.namelist() if re.fullmatch(r"word/(document|footer\d*|header\d*)\.xml", name)]
    return [one for name in parts for one in FIELD.findall(package.read(name).decode())]


def test_the_font_shows_persian_digits_for_latin_ones() -> None:
    with zipfile.ZipFile(TEMPLATES[0]) as package:
        font = embedded(package)
    shown = font.getBestCmap()
    assert [shown[ord(digit)] for digit in "0123456789"] == [shown[ord(digit)] for digit in "۰۱۲۳۴۵۶۷۸۹"]
    assert len({shown[ord(digit)] for digit in "0123456789"}) == 10
    assert font["name"].getDebugName(1) == NAME
    assert font["OS/2"].fsType == 0, "may be embedded, for good"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.parent.name)
def test_every_page_number_of_a_persian_template_stands_in_it(file: Path) -> None:
    with zipfile.ZipFile(file) as package:
        assert embedded(package)["name"].getDebugName(1) == NAME
        found = fields(package)
    assert found
    for one in found:
        results = re.findall(r"<w:r>(?:(?!</w:r>).)*<w:t(?:/>|[ >])", one, re.DOTALL)
        assert results, one
        assert all(f'w:cs="{NAME}"' in result and f'w:ascii="{NAME}"' in result for result in results), one


def test_a_document_made_of_it_keeps_the_font(renderer: Renderer) -> None:
    file = next(one for one in TEMPLATES if one.parent.name == "review-minutes")
    data = catalogue.data_of(catalogue.entry("review-minutes").context.example())
    made = rendered(renderer, file, data)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert embedded(package)["name"].getDebugName(1) == NAME
        assert len(fields(package)) > 4
