"""The pack of the first stage holds the programme of each year, the leaflets in force, the form of complainants."""

import io
import json
from datetime import date
from pathlib import Path

import docx
import pytest

from auditkit.accounts.queries import names
from auditkit.audits.programme import service as programmes
from auditkit.base.db import reading, transaction
from auditkit.content.library import shared
from auditkit.packs.verify import verify
from auditkit.policies import queries as policy_queries
from auditkit.policies import service as policies
from tests.conftest import House

from . import records
from .test_redacted import texts
from .test_service import built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]

TODAY = date(2026, 3, 2)
LEAFLET, FORM = "data/documents/leaflet-LEA-01-v1.docx", "data/documents/complainant-form.docx"


def _programme(house: House, year: int) -> None:
    actor = house.actor("quality-manager")
    plan = programmes.SaveProgramme(year, 2025, f"Every clause by the end of {year}", house.person("quality-manager"))
    with transaction(actor) as tx:
        programmes.save_programme(tx, plan, records.clock.now(), actor)


def _due(house: House) -> None:
    actor = house.actor("quality-manager")
    item = programmes.SaveItem(
        "Delivery", "See it kept", "Deliveries", records.CHECKLIST, house.person("internal-auditor"), date(2026, 9, 1)
    )
    with transaction(actor) as tx:
        programmes.save_item(tx, item, records.clock.now(), actor, library=shared())


def _reviewed(house: House, on: date) -> None:
    actor = house.actor("quality-manager")
    review = programmes.ReviewProgramme(2026, on, "Too many at once")
    with transaction(actor) as tx:
        programmes.review_programme(tx, review, records.clock.now(), actor)


def _leaflet(house: House, in_force_from: date | None = None) -> None:
    """The library's leaflet, approved and, where a day is given, in force from then."""
    editor, approver = house.actor("quality-manager"), house.actor("administrator")
    with transaction(editor) as tx:
        command = policies.Start("complaints-leaflet")
        leaflet = int(policies.start(tx, command, records.clock.now(), editor, library=shared()))
        answers = {one.question.name: one.example for one in policy_queries.policy(tx, leaflet).asked}
        policies.answer(tx, policies.AnswerQuestions(leaflet, answers), records.clock.now(), editor)
    with transaction(approver) as tx:
        number = policies.approve(tx, policies.Approve(leaflet, "First version"), records.clock.now(), approver)
        if in_force_from:
            command = policies.Publish(leaflet, number, in_force_from)
            policies.publish(tx, command, records.clock.now(), approver)


def _text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


def _stage(house: House, instance: Path, target: Path, **changed) -> dict[str, bytes]:
    file = built(house, instance, target, pack_id="stage-1", library=shared, **changed).sealed.file
    assert verify(file).good, list(map(str, verify(file).problems))
    return members(file)


def _gaps(pack: dict[str, bytes], kind: str) -> dict[str, str]:
    return {one["what"]: one["why"] for one in json.loads(pack["omissions.json"])[kind]}


def test_programme_leaflet_and_form_are_in(acme, year, instance, tmp_path) -> None:
    _programme(acme, 2025)
    _programme(acme, 2026)
    _programme(acme, 2027)
    _due(acme)
    _leaflet(acme, records.clock.now().date())
    pack = _stage(acme, instance, tmp_path / "pack.zip", start=date(2025, 7, 1))

    programmes_in = sorted(path for path in pack if "audit-programme" in path)
    assert programmes_in == [f"data/documents/audit-programme-{year}.docx" for year in (2025, 2026)]
    written = _text(pack[programmes_in[1]])
    assert "Every clause by the end of 2026" in written
    assert "1 September 2026" in written
    assert "Not made yet" in written
    leaflet = _text(pack[LEAFLET])
    assert "Where to complain" in leaflet
    assert "Scan to open the form" not in leaflet, "the public page's address is a setting of the installation"
    assert "Complaint form" in _text(pack[FORM])

    files = {one["path"]: one for one in json.loads(pack["pack.json"])["files"]}
    assert files[LEAFLET]["title"].endswith("LEA-01, version 1")
    index = {one["clause"]: [file["path"] for file in one["files"]] for one in json.loads(pack["clause-index.json"])}
    assert {LEAFLET, FORM} <= set(index["iso10002-2018:7.1"])
    assert set(programmes_in) <= set(index["iso10002-2018:8.5"])
    assert (
        not {"Audit programme", "Leaflets in force", "Complainant form"}
        & (_gaps(pack, "missing") | _gaps(pack, "not_required")).keys()
    )


def test_where_there_is_none_the_pack_says_why(acme, year, instance, tmp_path) -> None:
    _programme(acme, 2027)
    _leaflet(acme)
    pack = _stage(acme, instance, tmp_path / "pack.zip")

    assert not [path for path in pack if "audit-programme" in path or "leaflet" in path]
    missing = _gaps(pack, "missing")
    assert missing["Audit programme"] == "No year between 1 January 2026 and 31 December 2026 has an audit programme"
    assert _gaps(pack, "not_required")["Leaflets in force"] == "No leaflet was in force on 31 December 2026"
    assert FORM in pack


def test_a_programme_and_a_leaflet_are_as_of_the_last_day(acme, year, instance, tmp_path) -> None:
    last, today = TODAY, records.clock.now().date()
    assert last < today
    _programme(acme, 2026)
    _reviewed(acme, today)
    _leaflet(acme, today)
    earlier = _stage(acme, instance, tmp_path / "earlier.zip", end=last)
    later = _stage(acme, instance, tmp_path / "later.zip", end=today)

    path = "data/documents/audit-programme-2026.docx"
    assert ["Too many at once" in _text(pack[path]) for pack in (earlier, later)] == [False, True]
    assert [LEAFLET in pack for pack in (earlier, later)] == [False, True]


def test_the_redacted_form_holds_them_without_names_and_bytes_are_the_same(acme, year, instance, tmp_path) -> None:
    _programme(acme, 2026)
    _due(acme)
    _leaflet(acme, records.clock.now().date())
    made = {
        (form, time): built(acme, instance, tmp_path / f"{form}{time}.zip", pack_id="stage-1", form=form,
                            library=shared).sealed
        for form in ("whole", "redacted")
        for time in (1, 2)
    }  # fmt: skip
    for form in ("whole", "redacted"):
        assert made[form, 1].file.read_bytes() == made[form, 2].file.read_bytes()
    assert made["whole", 1].shared_root == made["redacted", 1].shared_root

    people = _people(acme)
    path = "data/documents/audit-programme-2026.docx/word/document.xml"
    whole, redacted = (texts(made[form, 1].file) for form in ("whole", "redacted"))
    assert any(name in whole[path] for name in people)
    assert LEAFLET in redacted
    assert not [(one, name) for one, text in redacted.items() for name in people if name in text]


def _people(house: House) -> list[str]:
    held = names(reading(house.system))
    return [held[house.person(role)] for role in ("quality-manager", "internal-auditor")]
