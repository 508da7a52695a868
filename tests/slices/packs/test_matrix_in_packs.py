"""The clause matrix and languages in packs, and packs about one audit or one complaint."""

import io
import json
import re
from datetime import date, datetime

import docx
import pytest
import python_calamine
from bs4 import BeautifulSoup
from sqlalchemy import select

from auditkit.accounts.models import Person
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.complaints.importing.running import run_import
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy.queries import cases
from auditkit.content.library import shared
from auditkit.journal import queries as journal
from auditkit.packs import rules, service, signing
from auditkit.packs.verify import verify
from auditkit.readiness import queries as readiness
from auditkit.readiness import service as assessing
from auditkit.readiness.rules import Column, Period, State

from . import records
from .test_redacted import texts
from .test_service import asked, built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]

REASON = "Quentin Quality saw the survey on paper"
LONG = date(2020, 1, 1)


@pytest.fixture
def overridden(acme, year, clock):
    """An assessor's word on clause 8.3, whose records are a gap."""
    actor = acme.actor("quality-manager")
    period = Period(records.START, records.END)
    view = readiness.cell(reading(actor), shared(), "iso10002-2018:8.3", Column.RECORDS, period, records.clock.now())
    with transaction(actor) as tx:
        command = assessing.OverrideCell(view.row.ref, view.cell, State.FOUND, REASON)
        assessing.override(tx, command, records.clock.now(), actor)
    return actor


def test_the_index_of_a_pack_is_the_matrix_of_readiness(acme, overridden, instance, tmp_path) -> None:
    pack = members(built(acme, instance, tmp_path / "pack.zip").sealed.file)
    told = json.loads(pack["pack.json"])["matrix"]
    as_of = datetime.fromisoformat(told["as_of"])
    made = readiness.matrix(reading(overridden), shared(), "iso10002-2018", Period(records.START, records.END), as_of)
    assert told["digest"] == made.digest
    assert told["clauses"]["gap"] == made.counts()[State.GAP]
    index = {line["clause"]: line for line in json.loads(pack["clause-index.json"])}
    names = {State.FOUND: "records-found", State.GAP: "gap", State.NOT_CHECKED: "not-checked"}
    for row in made.rows:
        assert [cell["state"] for cell in index[row.ref]["matrix"]] == [names[cell.state] for cell in row.cells], (
            row.ref
        )
    (cell,) = [one for one in index["iso10002-2018:8.3"]["matrix"] if one["column"] == "records"]
    assert (cell["state"], cell["computed"]) == ("records-found", "gap")
    assert cell["override"]["reason"] == REASON
    assert cell["override"]["by"].startswith("quality-manager")
    page = BeautifulSoup(pack["index.html"], "html.parser").get_text(" ", strip=True)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(pack["index.xlsx"]))
    sheet = book.get_sheet_by_name("Clause matrix").to_python()
    assert REASON in page
    assert any(REASON in row for row in sheet)
    assert {row[0] for row in sheet[1:]} == {line["number"] for line in index.values()}
    for state in ("Records found", "Gap", "Not checked"):
        assert state in page


def test_an_override_names_nobody_in_the_redacted_form(acme, overridden, instance, tmp_path) -> None:
    with transaction(overridden) as tx:
        tx.get(Person, acme.person("quality-manager")).name = "Quentin Quality"
    whole = built(acme, instance, tmp_path / "w.zip").sealed
    redacted = built(acme, instance, tmp_path / "r.zip", form="redacted").sealed
    assert whole.shared_root == redacted.shared_root
    assert verify(redacted.file).good
    assert any(REASON in text for text in texts(whole.file).values())
    assert not [path for path, text in texts(redacted.file).items() if "Quentin" in text]


def test_what_cannot_be_counted_is_said(acme, year, instance, tmp_path) -> None:
    pack = members(built(acme, instance, tmp_path / "pack.zip", start=LONG).sealed.file)
    told = json.loads(pack["pack.json"])["matrix"]
    assert told["counted"] is False
    assert "at most three years" in told["why"]
    assert "at most three years" in pack["index.html"].decode()


def test_a_pack_in_two_languages(acme, year, instance, tmp_path) -> None:
    file = built(acme, instance, tmp_path / "pack.zip", languages=("fa", "en")).sealed.file
    assert verify(file).good, list(map(str, verify(file).problems))
    pack = members(file)
    persian, english = (BeautifulSoup(pack[name], "html.parser") for name in ("index.html", "index.en.html"))
    assert (persian.html["lang"], persian.html["dir"]) == ("fa", "rtl")
    assert (english.html["lang"], english.html["dir"]) == ("en", "ltr")
    assert persian.find("a", href="index.en.html").get_text() == "English"
    assert "ماتریس بندها" in persian.get_text()
    days = [persian.select_one("p.lead"), *persian.select("h2#files + div tr > :nth-child(3)")]
    days += persian.select("h2#trail ~ div tr > :nth-child(2)")
    written = [one.get_text(" ", strip=True) for one in days]
    assert "فروردین" in "".join(written) or "اسفند" in "".join(written)
    assert not [
        one for one in written if re.search(r"\d{4}-\d\d", one) or (re.search("[0-9]", one) and "ISO" not in one)
    ]
    assert all(re.search("[۰-۹]", one.get_text()) for one in persian.select("main > dl > div:nth-of-type(3) dd"))
    assert "HOW TO CHECK" in pack["HOW-TO-CHECK.en.txt"].decode()
    assert "openssl pkeyutl" in pack["HOW-TO-CHECK.txt"].decode()
    files = {one["path"]: one for one in json.loads(pack["pack.json"])["files"]}
    for name in (f"audit-report-{year}.docx", "clause-index.docx", "pack-cover.docx"):
        assert files[f"data/documents/{name}"]["language"] == "fa"
        assert files[f"data/documents/en/{name}"]["language"] == "en"
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(pack["data/documents/pack-cover.docx"])).paragraphs)
    assert any("\u0600" < char < "\u06ff" for char in text)
    assert json.loads(pack["pack.json"])["languages"] == ["fa", "en"]


def test_documents_tell_their_template(acme, year, instance, tmp_path) -> None:
    pack = members(built(acme, instance, tmp_path / "pack.zip").sealed.file)
    files = {one["path"]: one for one in json.loads(pack["pack.json"])["files"]}
    documents = [one for path, one in files.items() if path.startswith("data/documents/")]
    assert documents
    for one in documents:
        assert one["template"]["origin"] == "shipped"
        assert len(one["template"]["sha256"]) == 64
    assert files["data/documents/pack-cover.docx"]["template"]["document"] == "pack-cover"


def test_a_pack_of_one_audit_holds_that_audit_alone(acme, year, instance, tmp_path) -> None:
    other = records.planned_audit(acme, "Another")
    records.run_audit(acme, other)
    found = records.finding(acme, other)
    file = built(acme, instance, tmp_path / "pack.zip", pack_id="single-audit", subject=year).sealed.file
    assert verify(file).good
    pack = members(file)
    assert f"data/documents/audit-report-{year}.docx" in pack
    assert not [path for path, text in texts(file).items() if (other in text or found in text) and "index" not in path]
    assert json.loads(pack["pack.json"])["about"] == {"kind": "audit", "subject": year}
    for wrong in ({"subject": ""}, {"pack_id": "internal-audit", "subject": year}):
        with pytest.raises(rules.SubjectUnfit):
            built(acme, instance, tmp_path / "x.zip", **{"pack_id": "single-audit", **wrong})


def test_a_pack_of_one_complaint_withholds_who_complained_when_redacted(acme, year, instance, tmp_path) -> None:
    reference = records.complaint(acme, "Door of Tamar Kldiashvili")
    actor = Actor.system(acme.id)
    how = {"pack_id": "single-complaint", "subject": reference}
    files = {}
    for form in ("whole", "redacted"):
        prepared = service.prepare(
            reading(actor), asked(acme, form=form, **how), actor, instance, signing.signer(instance),
            tmp_path / f"{form}.zip",
        )  # fmt: skip
        with transaction(actor) as tx:
            service.build(tx, service.BuildPack(prepared), records.clock.now(), actor)
        files[form] = prepared.sealed
    assert files["whole"].shared_root == files["redacted"].shared_root
    assert all(verify(one.file).good for one in files.values())
    fed = {form: _fed_by(members(one.file)) for form, one in files.items()}
    assert fed["whole"] == fed["redacted"], "both forms tell where the case file comes from"
    assert ("complaint", "", (reference,)) in fed["whole"]
    names = ("Kldiashvili", "tamar@example.org", "Rose Street")
    assert all(any(name in text for text in texts(files["whole"].file).values()) for name in names)
    assert not [name for name in names if any(name in text for text in texts(files["redacted"].file).values())]
    events = [entry.event for entry in _timeline(acme, reference)]
    assert {"complaint:identity-read", "complaint:file-exported"} <= set(events)
    with pytest.raises(Forbidden):
        service.draft(reading(acme.system), asked(acme, **how), acme.actor("internal-auditor"))


def _fed_by(pack: dict[str, bytes]) -> set[tuple[str, str, tuple[str, ...]]]:
    (told,) = [one["records"] for one in json.loads(pack["pack.json"])["files"] if "records" in one]
    return {(one["kind"], one["field"], tuple(one["names"])) for one in told}


def _timeline(acme, reference):
    case = cases.subject(reading(acme.system), reference)
    return journal.timeline(reading(acme.system), acme.id, ("complaint", case.id), 100)


def test_an_audits_and_a_cases_page_lead_to_their_packs(acme, year, browser) -> None:
    manager = browser(acme, "quality-manager")
    page = manager.get(f"/o/acme/audits/{year}")
    assert "/packs/draft/single-audit/" in str(page.soup)
    assert f"of={year}" in str(page.soup)
    reference = records.complaint(acme)
    page = manager.get(f"/o/acme/complaints/{reference}")
    assert f"of={reference}" in str(page.soup)
    draft = manager.get(f"/o/acme/packs/draft/single-complaint/2026-01-20/2026-12-31?of={reference}")
    assert reference in draft.text
    manager.get("/o/acme/packs/draft/single-complaint/2026-01-20/2026-12-31?of=none", status=404)


def test_a_pack_of_a_complaint_that_came_with_an_import(acme, year, instance, tmp_path) -> None:
    """The journal has an entry about the import and none about the complaint."""
    path = tmp_path / "complaints.csv"
    path.write_text("Reference,Received,Complainant,Channel,Subject,Description\nK-1,2026-01-05,Ann,web,Kettle,y\n")
    run_import(path, acme.system)
    reference = reading(acme.system).execute(select(Complaint.reference).where(Complaint.subject == "Kettle")).scalar()
    file = built(acme, instance, tmp_path / "pack.zip", pack_id="single-complaint", subject=reference).sealed.file
    assert verify(file).good
    assert any(name.startswith("data/documents/") and reference in name for name in members(file))
