"""A pack says of each of its documents which records fed it, to machines (pack.json) and to people (index.xlsx)."""

import io
import json
from dataclasses import replace

import pytest
import python_calamine

from auditkit.base.db import reading
from auditkit.documents import catalogue, render
from auditkit.documents.own.choosing import Chosen
from auditkit.documents.own.rules import Origin
from auditkit.packs import service
from auditkit.packs.contents import Acceptance, Contents
from auditkit.packs.gathering import Document
from auditkit.packs.verify import layout

from .test_service import asked, built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


def _records(pack: dict[str, bytes]) -> dict[str, dict[tuple[str, str], list[str]]]:
    files = json.loads(pack["pack.json"])["files"]
    return {
        one["path"]: {(told["kind"], told["field"]): told["names"] for told in one["records"]}
        for one in files
        if "records" in one
    }


def test_each_document_names_the_records_that_fed_it(acme, year, instance, tmp_path, monkeypatch) -> None:
    def traces(*_given: object) -> None:
        raise AssertionError("a second render")

    monkeypatch.setattr(render.Renderer, "trace", traces)
    pack = members(built(acme, instance, tmp_path / "whole.zip").sealed.file)
    told = _records(pack)

    (report,) = (one for path, one in told.items() if "report" in path)
    assert report["audit", ""] == [year]
    assert report["finding", "findings[]"] == [f"{year}-F1"]
    documents = {path for path in pack if path.startswith("data/documents/") and path.endswith(".docx")}
    own = {path for path in documents if path.rpartition("/")[2] in ("pack-cover.docx", "clause-index.docx")}
    assert told.keys() == documents - own, "the pack's own pages are drawn from the pack"
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(pack["index.xlsx"])).get_sheet_by_name("Records")
    lines = {tuple(row) for row in rows.to_python()[1:]}
    assert {(path, field) for path, field, _kind, _name in lines} == {
        (path, field) for path, one in told.items() for _kind, field in one
    }
    assert len(lines) == sum(len(names) for one in told.values() for names in one.values())


def test_a_redacted_pack_tells_them_with_marks_in_place_of_people(acme, year) -> None:
    draft = service.draft(reading(acme.system), asked(acme), acme.system)
    shipped = {(one, "en"): Chosen(catalogue.entry(one), Origin.SHIPPED, None, "en") for one in catalogue.CONTEXTS}
    draft = replace(draft, templates=shipped)
    contents = Contents(draft, {}, Acceptance(), layout.REDACTED, lambda text: text.replace(f"{year}-F1", "[V-1]"), [])
    named = {name for item in draft.of(Document) for one in contents.fed(item) for name in one.names}

    assert "[V-1]" in named
    assert f"{year}-F1" not in named
    assert not any(contents.fed(item) for item in draft.items if not isinstance(item.content, Document))
