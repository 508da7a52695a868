"""The organisation's logo in the documents that are made for it, in the template's own or the organisation's."""

import base64
import io
import zipfile

import pytest

from auditkit.accounts.look import service
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.documents import catalogue
from auditkit.documents.own.making import make
from auditkit.evidence.logos.drawing import cleaned
from tests.factories.pictures import jpeg, png

pytestmark = pytest.mark.sqlite_only

CONTEXT = catalogue.entry("letter-decision").context.example()


def pictures(content: bytes) -> list[bytes]:
    """What the data put into a document."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist() if "/media/of-data" in name]


@pytest.mark.parametrize("logo", [cleaned(png()), cleaned(jpeg())], ids=["png", "jpeg"])
def test_it_stands_in_what_is_made_for_the_organisation_and_in_nobody_elses(app, acme, globex, logo) -> None:
    assert pictures(make(reading(acme.system), "letter-decision", CONTEXT).content) == []
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        service.set_logo(tx, service.SetLogo(logo), clock.now(), actor)
    made = make(reading(acme.system), "letter-decision", CONTEXT)
    assert pictures(made.content) == [logo.content]
    assert made.content == make(reading(acme.system), "letter-decision", CONTEXT).content
    assert pictures(make(reading(globex.system), "letter-decision", CONTEXT).content) == []


def test_the_example_shows_one_so_that_a_template_can_be_tried() -> None:
    assert base64.b64decode(CONTEXT.organisation.logo).startswith(b"\x89PNG")
    assert cleaned(base64.b64decode(CONTEXT.organisation.logo)).kind == "png"
