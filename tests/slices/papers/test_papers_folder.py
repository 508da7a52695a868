"""All documents at once: a job that tells how far it is, one ZIP, what was not made named in it."""

import io
import zipfile

import pytest

from auditkit.base.db import reading
from auditkit.documents import pdf
from auditkit.documents.own import queries as own
from auditkit.papers.rules import PAPERS, Of
from tests.conftest import House

pytestmark = pytest.mark.sqlite_only
EACH = [one.id for one in PAPERS.values() if one.of is Of.NOTHING]


def test_all_documents_come_as_one_zip(app, acme: House, browser, work) -> None:
    person = browser(acme, "quality-manager")
    person.get("/o/acme/documents/")
    page = person.post_form({}, action="/documents/folder")
    assert work() == 1

    ready = person.get(page.path)
    assert "Principle-to-control matrix.docx" in ready.text
    content = person.follow("Fetch the ZIP").response.data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == len(EACH)
        assert all(archive.read(name).startswith(b"PK") for name in archive.namelist())
    made, _more = own.made(reading(acme.actor("quality-manager")))
    assert {one.template_id for one in made} == set(EACH)


def test_a_zip_is_its_organisations_alone(app, acme: House, globex: House, browser, work) -> None:
    person = browser(acme, "quality-manager")
    person.get("/o/acme/documents/")
    page = person.post_form({}, action="/documents/folder")
    work()
    name = person.get(page.path).path.rpartition("/")[2]

    browser(globex, "quality-manager").get(f"/o/globex/documents/folder/{name}.zip", status=404)
    person.get("/o/acme/documents/folder/..%2F..%2Fsecret-key.zip", status=404)


def test_as_pdf_by_one_process(app, acme: House, browser, work, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def convert(documents, on_progress=None, limits=None):
        asked.append(len(documents))
        return [b"%PDF-" + bytes(200) for _ in documents]

    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "convert_all", convert)
    person = browser(acme, "quality-manager")
    person.get("/o/acme/documents/")
    page = person.post_form({"as": "pdf"}, action="/documents/folder")
    work()

    assert asked == [len(EACH)]
    assert "Objectives and targets.pdf" in person.get(page.path).text
