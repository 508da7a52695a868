"""A picture that is named after a field shows the field's picture; everything else of the file stays."""

import base64
import io
import zipfile

import pytest

from auditkit.documents import catalogue, linting
from auditkit.documents.problems import TemplateRefused
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import rendered, template

LEAFLET = catalogue.entry("public-leaflet")
PNG = b"\x89PNG\r\n\x1a\n" + b"any"


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
