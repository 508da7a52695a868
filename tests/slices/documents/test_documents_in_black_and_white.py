"""Printed without colours, every shipped document says the same: greys alone, and each text stands out from its ground.

The documents are rendered with their examples in every language they have; the charts are read as they are drawn.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath

import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from PIL import Image

from auditkit.actions.drawing import Rib, fishbone
from auditkit.actions.picture import framed
from auditkit.base.charts import ENGLISH, Bar, Bars
from auditkit.base.charts.drawing import LINES, PARTS
from auditkit.base.charts.pen import DARK_CELLS, LOOKS
from auditkit.base.charts.picture import png
from auditkit.documents import catalogue
from auditkit.documents.render import Renderer

READABLE = 4.5
"""Of text against its ground: WCAG 2.2, 1.4.3."""
APART = 1.4
"""Of one series of a chart against every other; steps of six between black and white can be no wider than 1.66."""
PAPER = "FFFFFF"
PARTS_WITH_TEXT = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")


def light(colour: str) -> float:
    """Relative luminance of `RRGGBB` (WCAG 2.2): what a printer without colours keeps of it."""
    of = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in of)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


class Looks:
    """What styles of a document make of a text. A colour of the theme is refused: another theme is another colour."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        root = parse_xml(archive.read("word/styles.xml"))
        self.styles = {one.get(qn("w:styleId")): one for one in root.iter(qn("w:style"))}
        self.default = next(
            name
            for name, one in self.styles.items()
            if one.get(qn("w:type")) == "paragraph" and one.get(qn("w:default"))
        )

    def along(self, name: str | None) -> Iterator:
        """A style and those it is based on."""
        while name is not None:
            style = self.styles[name]
            yield style
            based = style.find(qn("w:basedOn"))
            name = based.get(qn("w:val")) if based is not None else None

    def ink(self, run, paragraph, table) -> str:
        """The colour of a text; black where nothing says another."""
        for holder in (run, *self._named(run, "w:rPr/w:rStyle"), *self._of(paragraph), *self._named(table)):
            found = holder.find(f"{qn('w:rPr')}/{qn('w:color')}")
            if found is not None and found.get(qn("w:val")) != "auto":
                return plain(found, "w:val")
        return "000000"

    def grounds(self, run, paragraph, table) -> set[str]:
        """What a text may stand on."""
        for mark in run.iterfind(f"{qn('w:rPr')}/{qn('w:highlight')}"):
            raise AssertionError(f"highlighted: {mark.get(qn('w:val'))}")
        cell = next(paragraph.iterancestors(qn("w:tc")), None)
        own = (
            (run, "w:rPr"),
            *((one, "w:pPr") for one in (paragraph, *self._of(paragraph))),
            *(() if cell is None else ((cell, "w:tcPr"),)),
        )
        for holder, properties in own:
            found = holder.find(f"{qn(properties)}/{qn('w:shd')}")
            if found is not None and found.get(qn("w:fill")) != "auto":
                return {plain(found, "w:fill")}
        shades = (shade for style in self._named(table) for shade in style.iter(qn("w:shd")))
        return {PAPER, *(plain(one, "w:fill") for one in shades if one.get(qn("w:fill")) != "auto")}

    def _of(self, paragraph) -> Iterator:
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.along(named.get(qn("w:val")) if named is not None else self.default)

    def _named(self, holder, path: str = "w:tblPr/w:tblStyle") -> Iterator:
        named = holder.find("/".join(map(qn, path.split("/")))) if holder is not None else None
        return self.along(named.get(qn("w:val")) if named is not None else None)


def plain(element, attribute: str) -> str:
    assert not [name for name in element.attrib if "theme" in name], "a colour of the theme"
    return element.get(qn(attribute))


def texts(content: bytes) -> Iterator[tuple[str, str, set[str]]]:
    """Each text of a document with its colour and its grounds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        looks = Looks(archive)
        for name in filter(PARTS_WITH_TEXT.fullmatch, archive.namelist()):
            for run in parse_xml(archive.read(name)).iter(qn("w:r")):
                said = "".join(one.text or "" for one in run.iter(qn("w:t")))
                if not said.strip():
                    continue
                paragraph = next(run.iterancestors(qn("w:p")))
                table = next(run.iterancestors(qn("w:tbl")), None)
                yield said, looks.ink(run, paragraph, table), looks.grounds(run, paragraph, table)


def made(template_id: str, language: str, renderer: Renderer) -> bytes:
    entry, out = catalogue.entry(template_id, language), io.BytesIO()
    renderer.render(entry.file, catalogue.data_of(entry.context.example()), out)
    return out.getvalue()


@pytest.mark.parametrize("template_id", list(catalogue.CONTEXTS))
def test_every_text_is_a_grey_that_stands_out_from_its_ground(template_id: str, renderer: Renderer) -> None:
    """Greys alone, so that nothing is told by a colour: what a state is stands there in words."""
    for language in catalogue.languages_of(template_id):
        found = list(texts(made(template_id, language, renderer)))
        assert found
        for said, ink, grounds in found:
            for colour in (ink, *grounds):
                assert colour[:2] == colour[2:4] == colour[4:], (language, said, colour)
            weakest = min(contrast(ink, ground) for ground in grounds)
            assert weakest >= READABLE, (language, said, ink, grounds, weakest)


def test_a_pale_text_on_a_shade_would_be_found(renderer: Renderer) -> None:
    """So that the test above can fail."""
    whole, pale = io.BytesIO(made("audit-plan", "en", renderer)), io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(pale, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"E8E8E8", b"555555"))
    assert any(contrast(ink, ground) < READABLE for _said, ink, grounds in texts(pale.getvalue()) for ground in grounds)


@pytest.mark.parametrize("template_id", list(catalogue.CONTEXTS))
def test_the_pictures_of_templates_are_greys(template_id: str) -> None:
    with zipfile.ZipFile(catalogue.entry(template_id).file) as archive:
        held = [one for one in archive.namelist() if PurePosixPath(one).parent.name == "media"]
        for name in held:
            with Image.open(io.BytesIO(archive.read(name))) as picture:
                _count, colours = zip(*picture.convert("RGB").getcolors(1 << 20), strict=True)
            assert [one for one in colours if max(one) - min(one) > 2] == [], name


PART_LOOKS = [f"chart-part-{number}" for number in range(PARTS)]
LINE_LOOKS = [f"chart-line-{number}" for number in range(LINES)]


def fill(look: str) -> str:
    (colour,) = re.findall(r'fill="#([0-9a-f]{6})"', LOOKS[look])
    return colour


def test_series_of_bars_are_steps_of_lightness_and_what_stands_in_them_is_read() -> None:
    for one, other in combinations(PART_LOOKS, 2):
        assert contrast(fill(one), fill(other)) >= APART, (one, other)
    for look in PART_LOOKS:
        ink = fill("chart-inside" if look in DARK_CELLS else "chart-text")
        assert contrast(ink, fill(look)) >= READABLE, look


def test_lines_have_each_their_own_dashes() -> None:
    dashes = [re.findall(r'stroke-dasharray="([^"]*)"', LOOKS[look]) for look in LINE_LOOKS]
    assert len({str(one) for one in dashes}) == LINES
    for look, attributes in LOOKS.items():
        for stroke in re.findall(r'stroke="#([0-9a-f]{6})"', attributes) if look in LINE_LOOKS else ():
            assert contrast(stroke, PAPER) >= READABLE, look


def test_fields_of_a_heatmap_grow_darker_and_what_stands_in_them_is_read() -> None:
    fields = sorted(look for look in LOOKS if look.startswith("chart-heat-"))
    steps = [light(fill(look)) for look in fields]
    assert steps == sorted(steps, reverse=True)
    assert len(set(steps)) == len(fields) == 6
    for look in fields:
        ink = fill("chart-inside" if look in DARK_CELLS else "chart-text")
        assert contrast(ink, fill(look)) >= READABLE, look


def test_the_pixels_of_a_picture_in_a_document_keep_its_series_apart() -> None:
    """The picture turned to greys as a printer does: as many greys lie in its bars as there are series, well apart."""
    series = tuple(f"Series {number}" for number in range(PARTS))
    several = [Bar("One", (9.0,) * PARTS), Bar("Two", (7.0,) * PARTS)]
    chart = Bars(name="bars", title="Bars", measure="Complaints", of="Shop", series=series, bars=several)
    with Image.open(io.BytesIO(png(chart, ENGLISH))) as picture:
        counted = picture.convert("RGB").convert("L").getcolors(1 << 16)
    areas = [grey for count, grey in sorted(counted, reverse=True) if grey != 255][:PARTS]
    for one, other in combinations((f"{grey:02x}" * 3 for grey in areas), 2):
        assert contrast(one, other) >= APART, areas


def test_the_fishbone_of_a_document_is_greys_and_its_root_cause_is_told_by_weight() -> None:
    ribs = [Rib("Method", (("No second reader", 1, True), ("No list", 1, False)))]
    drawn = framed(fishbone(ribs, "Wrong letters", label="", more="{number}", mirrored=False))
    colours = {one * 2 if len(one) == 3 else one for one in re.findall(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", drawn)}
    assert len(colours) > 2
    assert [one for one in colours if not one[:2] == one[2:4] == one[4:]] == []
    for ink in re.findall(r"\.fish-(?:title|cause|root)\{fill:#([0-9a-f]{6})", drawn):
        assert contrast(ink, "f0f0f0") >= READABLE
    assert re.search(r"\.fish-root\{[^}]*font-weight:700", drawn)
