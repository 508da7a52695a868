"""The organisation's logo in the documents of packs, whole and redacted."""

import io
import zipfile

import pytest

from auditkit.accounts.look import service
from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.evidence.logos.drawing import cleaned
from auditkit.packs.verify import verify
from tests.factories.pictures import png

from .test_service import built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


@pytest.mark.parametrize("form", ["whole", "redacted"])
def test_every_document_shows_it_and_the_same_records_give_the_same_bytes(acme, year, instance, tmp_path, form) -> None:
    actor = acme.actor("administrator")
    logo = cleaned(png())
    with transaction(actor) as tx:
        service.set_logo(tx, service.SetLogo(logo), clock.now(), actor)
    first, second = (built(acme, instance, tmp_path / f"{number}.zip", form=form).sealed.file for number in (1, 2))
    assert first.read_bytes() == second.read_bytes()
    assert verify(first).good
    documents = {path: content for path, content in members(first).items() if path.endswith(".docx")}
    assert len(documents) > 3
    for path, content in documents.items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            shown = [archive.read(name) for name in archive.namelist() if "/media/of-data" in name]
        assert logo.content in shown, path
