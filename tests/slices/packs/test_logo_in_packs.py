"""The organisation's logo in the documents and the room of packs, whole and redacted."""

import base64
import io
import zipfile

import pytest
from bs4 import BeautifulSoup

from auditkit.accounts.look import service
from auditkit.accounts.look.rules import Logo
from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.evidence.logos.drawing import cleaned
from auditkit.packs.verify import verify
from tests.conftest import House
from tests.factories.pictures import jpeg, png

from .test_service import built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


def _shown(house: House, logo: Logo) -> None:
    actor = house.actor("administrator")
    with transaction(actor) as tx:
        service.set_logo(tx, service.SetLogo(logo), clock.now(), actor)


@pytest.mark.parametrize("form", ["whole", "redacted"])
def test_every_document_shows_it_and_the_same_records_give_the_same_bytes(acme, year, instance, tmp_path, form) -> None:
    logo = cleaned(png())
    _shown(acme, logo)
    first, second = (built(acme, instance, tmp_path / f"{number}.zip", form=form).sealed.file for number in (1, 2))
    assert first.read_bytes() == second.read_bytes()
    assert verify(first).good
    documents = {path: content for path, content in members(first).items() if path.endswith(".docx")}
    assert len(documents) > 3
    for path, content in documents.items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            shown = [archive.read(name) for name in archive.namelist() if "/media/of-data" in name]
        assert logo.content in shown, path


@pytest.mark.parametrize("form", ["whole", "redacted"])
@pytest.mark.parametrize(("kind", "picture"), [("png", png), ("jpeg", jpeg)])
def test_the_room_shows_it_and_its_policy_lets_nothing_else_in(
    acme, year, instance, tmp_path, form, kind, picture
) -> None:
    logo = cleaned(picture())
    _shown(acme, logo)
    page = members(built(acme, instance, tmp_path / "pack.zip", form=form).sealed.file)["index.html"]
    soup = BeautifulSoup(page, "html.parser")
    (shown,) = soup.find_all("img")
    assert shown["src"] == f"data:image/{kind};base64,{base64.b64encode(logo.content).decode()}"
    assert "Acme" in shown["alt"]
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "img-src data:;" in policy
    assert policy.startswith("default-src 'none';")


def test_a_room_without_a_logo_lets_no_picture_in(acme, year, instance, tmp_path) -> None:
    page = members(built(acme, instance, tmp_path / "pack.zip").sealed.file)["index.html"].decode()
    assert "<img" not in page
    assert "img-src" not in page
