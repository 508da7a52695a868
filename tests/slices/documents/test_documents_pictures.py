"""A picture that is named after a field shows the field's picture; everything else of the file stays."""

import base64
import io
import zipfile

import docx
import pytest
from docx.shape import InlineShape

from auditkit.documents import catalogue, linting, pictures
from auditkit.documents.problems import TemplateRefused
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import rendered, template

LEAFLET = catalogue.entry("public-leaflet")
PNG = b"\x89PNG\r\n\x1a\n" + b"any"
LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A whole picture of one dot."""


def data(qr: str) -> dict:
    found = catalogue.data_of(LEAFLET.context.example())
    found["leaflet"]["qr"] = qr
    return found


def picture(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = [one for one in archive.namelist() if one.startswith("word/media/")]
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
