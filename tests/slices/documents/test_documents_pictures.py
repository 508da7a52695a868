"""A picture that is named after a field shows the field's picture; everything else of the file stays."""

import base64
import io
import re
import zipfile

import docx
import pytest
from docx.shape import InlineShape

from auditkit.documents import catalogue, linting, pictures
from auditkit.documents.problems import TemplateRefused
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import member, rendered, rewritten, template

LEAFLET = catalogue.entry("public-leaflet")
PNG = b"\x89PNG\r\n\x1a\n" + b"any"
LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A whole picture of one dot."""


def data(qr: str) -> dict:
    found = catalogue.data_of(LEAFLET.context.example())
    found["leaflet"]["qr"] = qr
    found["organisation"]["logo"] = ""
    return found


def picture(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = [one for one in archive.namelist() if one.startswith("word/media/") and "logo" not in one]
        return archive.read(name)


def test_the_picture_of_the_data_stands_in_the_document(renderer: Renderer) -> None:
    source = LEAFLET.file.read_bytes()

    assert picture(rendered(renderer, source, data(base64.b64encode(PNG).decode()))) == PNG
    assert picture(source) != PNG


def test_without_one_the_templates_own_stays(renderer: Renderer) -> None:
    source = LEAFLET.file.read_bytes()

    assert picture(rendered(renderer, source, data(""))) == picture(source)


REPORT = catalogue.entry("indicator-report")


def chart(width: int, height: int) -> str:
    """A picture of that size, as far as anybody looks."""
    sizes = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIHDR" + sizes).decode()


def test_every_turn_of_a_loop_shows_its_own_picture(renderer: Renderer) -> None:
    given = catalogue.data_of(REPORT.context.example())
    (one,) = given["charts"]
    given["charts"] = [
        one | {"title": "Months", "alt": 'Months: "9" & 12', "picture": chart(200, 100)},
        one | {"title": "Tower", "alt": "Tower", "picture": chart(100, 1000)},
        one | {"title": "None", "alt": "", "picture": ""},
    ]
    made = docx.Document(io.BytesIO(rendered(renderer, REPORT.file.read_bytes(), given)))
    first, second, third = made.inline_shapes

    def held(shape: InlineShape) -> bytes:
        found = made.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed].blob
        assert isinstance(found, bytes)
        return found

    assert [base64.b64encode(held(one)).decode() for one in (first, second)] == [chart(200, 100), chart(100, 1000)]
    assert first._inline.docPr.get("descr") == 'Months: "9" & 12'
    assert first._inline.docPr.get("title") is None
    assert first.width == 2 * first.height
    assert second.height == 10 * second.width == pictures.HIGHEST
    assert held(third).startswith(b"\x89PNG")
    assert len({one._inline.docPr.id for one in made.inline_shapes}) == 3


def test_a_picture_of_a_loop_is_a_field_like_others(renderer: Renderer) -> None:
    assert "charts[].picture" in renderer.fields(REPORT.file.read_bytes())
    given = catalogue.data_of(REPORT.context.example())
    given["charts"][0]["picture"] = "not base64!"
    with pytest.raises(TemplateRefused, match="each picture"):
        rendered(renderer, REPORT.file.read_bytes(), given)


@pytest.mark.parametrize("value", ["not base64!", base64.b64encode(b"GIF89a").decode(), "="])
def test_what_is_no_picture_is_refused(renderer: Renderer, value: str) -> None:
    with pytest.raises(TemplateRefused, match=r"picture: leaflet\.qr"):
        rendered(renderer, LEAFLET.file.read_bytes(), data(value))


def test_a_picture_is_a_field_like_others(renderer: Renderer) -> None:
    assert "leaflet.qr" in renderer.fields(LEAFLET.file.read_bytes())
    letter = catalogue.entry("complaint-letter")
    wrong = linting.examine(LEAFLET.file.read_bytes(), letter, "en", renderer)
    assert "picture: leaflet.qr" in {one.where.tag for one in wrong.errors if one.where}
    printed = linting.examine(template("{{ leaflet.qr }} {{ organisation.name }}"), LEAFLET, "en", renderer)
    assert "prints-picture" in {one.code for one in printed.errors}


def test_a_logo_in_the_head_of_ones_own_template_stands_in_every_document(renderer: Renderer) -> None:
    entry = catalogue.entry("audit-plan")
    source = docx.Document(io.BytesIO(entry.file.read_bytes()))
    for head in (source.sections[0].header, source.sections[0].first_page_header):
        head.paragraphs[0].add_run().add_picture(io.BytesIO(LOGO))
    own = io.BytesIO()
    source.save(own)

    examined = linting.examine(own.getvalue(), entry, "en", renderer)
    assert examined.usable, [str(one) for one in examined.errors]
    document = docx.Document(io.BytesIO(rendered(renderer, own.getvalue(), catalogue.data_of(entry.context.example()))))
    for head in (document.sections[0].header, document.sections[0].first_page_header):
        shown = [part.blob for part in head.part.related_parts.values() if part.blob == LOGO]
        assert shown == [LOGO]


PLAN = catalogue.entry("audit-plan")
FIRST_HEADER = "word/header2.xml"
# A box of 42 by 12 millimetres, in English metric units.
BOX = (42 * 36_000, 12 * 36_000)


def of_plan(renderer: Renderer, logo: bytes) -> bytes:
    given = catalogue.data_of(PLAN.context.example())
    given["organisation"]["logo"] = base64.b64encode(logo).decode()
    return rendered(renderer, PLAN.file.read_bytes(), given)


def jpeg(width: int, height: int) -> bytes:
    """The beginning of a JPEG picture of that size, as far as anybody looks."""
    frame = b"\xff\xc0\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x03" + bytes(9)
    return b"\xff\xd8\xff\xe0\x00\x04\x00\x00" + frame + b"\xff\xd9"


class TestAFittedPicture:
    """The logo in the header of a first page."""

    @pytest.mark.parametrize(
        ("logo", "shape"),
        [
            (base64.b64decode(chart(600, 100)), (BOX[0], BOX[0] // 6)),
            (base64.b64decode(chart(100, 100)), (BOX[1], BOX[1])),
            (jpeg(50, 100), (BOX[1] // 2, BOX[1])),
        ],
    )
    def test_keeps_its_shape_within_the_box_whatever_its_kind(self, renderer, logo, shape) -> None:
        made = of_plan(renderer, logo)
        header = member(made, FIRST_HEADER).decode()
        assert re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', header) == [tuple(map(str, shape))]
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            (name,) = [one for one in archive.namelist() if one.startswith("word/media/of-data")]
            assert archive.read(name) == logo
            assert f"media/{name.rpartition('/')[2]}" in archive.read("word/_rels/header2.xml.rels").decode()
            assert f'Extension="{name.rpartition(".")[2]}"' in archive.read("[Content_Types].xml").decode()
        docx.Document(io.BytesIO(made))

    def test_its_alternative_text_names_the_organisation(self, renderer: Renderer) -> None:
        header = member(of_plan(renderer, LOGO), FIRST_HEADER).decode()
        assert 'descr="Borjomi Home Appliances"' in header
        assert "title=" not in header

    def test_is_not_there_where_there_is_none(self, renderer: Renderer) -> None:
        header = member(of_plan(renderer, b""), FIRST_HEADER).decode()
        assert "<w:drawing" not in header
        assert header.count("<w:p>") == member(PLAN.file.read_bytes(), FIRST_HEADER).decode().count("<w:p>")

    def test_that_is_no_picture_is_refused(self, renderer: Renderer) -> None:
        with pytest.raises(TemplateRefused, match="fitted picture"):
            of_plan(renderer, b"GIF89a no picture that Word takes")

    def test_shown_twice_lies_in_the_file_once(self, renderer: Renderer) -> None:
        source = PLAN.file.read_bytes()
        header = member(source, FIRST_HEADER).decode()
        drawing = re.search(r"<w:r><w:drawing>.*?</w:drawing></w:r>", header).group()
        twice = rewritten(source, {FIRST_HEADER: header.replace(drawing, drawing * 2).encode()})
        given = catalogue.data_of(PLAN.context.example())
        with zipfile.ZipFile(io.BytesIO(rendered(renderer, twice, given))) as archive:
            assert len([one for one in archive.namelist() if one.startswith("word/media/of-data")]) == 1
            assert "ofData2" in archive.read(FIRST_HEADER).decode()

    def test_stands_in_every_shipped_template(self) -> None:
        for entry in catalogue.entries():
            for language in catalogue.languages_of(entry.id):
                header = member(catalogue.entry(entry.id, language).file.read_bytes(), FIRST_HEADER).decode()
                assert "fitted picture: organisation.logo" in header, (entry.id, language)
