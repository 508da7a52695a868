"""Packs from real records: what goes in, gaps that must be accepted, the same bytes from the same records."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import bagit
import docx
import pytest
import python_calamine
from bagit_utils import Bag
from obstore.store import MemoryStore

from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Forbidden, NotFound
from auditkit.base.text import translated_by
from auditkit.content import library
from auditkit.evidence import store
from auditkit.evidence.bucket import Bucket
from auditkit.journal import queries as journal
from auditkit.packs import queries, service, signing
from auditkit.packs.definitions import NoSuchPack
from auditkit.packs.reading import PreparePack
from auditkit.packs.rules import EvidenceLost, PackHasGaps, PeriodReversed
from auditkit.packs.service import BuildPack, DownloadPack, PackNotKept
from auditkit.packs.verify import verify
from auditkit.packs.zipping import SourcesChanged
from tests.conftest import House

from . import records

REASON = "The auditors come back in May"


pytestmark = pytest.mark.usefixtures("key")


def asked(house: House, **changed: Any) -> PreparePack:
    command = PreparePack(
        "internal-audit",
        records.organisation(house),
        library.shared(),
        records.START,
        records.END,
        reason=REASON,
        by="Quentin Quality",
    )
    return replace(command, **changed)


def built(house: House, instance: Path, target: Path | None = None, **changed: Any) -> service.Prepared:
    actor = house.actor("quality-manager")
    prepared = service.prepare(
        reading(actor), asked(house, **changed), actor, instance, signing.signer(instance), target
    )
    with transaction(actor) as tx:
        service.build(tx, BuildPack(prepared), clock_module.now(), actor)
    return prepared


def members(file: Path) -> dict[str, bytes]:
    """Path in the bag -> content."""
    with zipfile.ZipFile(file) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


class TestWhatIsIn:
    @pytest.fixture
    def pack(self, acme: House, year: str, instance: Path, tmp_path: Path) -> dict[str, bytes]:
        file = built(acme, instance, tmp_path / "pack.zip").sealed.file
        assert verify(file).good, list(map(str, verify(file).problems))
        return members(file)

    def test_documents_registers_evidence_and_what_the_pack_says_of_itself(self, pack, year: str) -> None:
        names = set(pack)
        assert {
            f"data/documents/audit-plan-{year}.docx",
            f"data/documents/audit-report-{year}.docx",
            "data/documents/findings-and-actions.docx",
            "data/documents/clause-index.docx",
            "data/documents/pack-cover.docx",
            "data/registers/complaints.xlsx",
            "data/registers/findings.xlsx",
            "data/registers/actions.xlsx",
            "data/registers/audit-answers.xlsx",
            "pack.json",
            "clause-index.json",
            "omissions.json",
            "journal-head.json",
            "HOW-TO-CHECK.txt",
            "public-key.pem",
        } <= names
        (evidence,) = [name for name in names if name.startswith("data/evidence/")]
        assert evidence.endswith("Protokoll_ März.txt")
        assert pack[evidence] == b"minutes of the quality circle"

    def test_word_files_open_and_hold_the_records(self, pack, year: str, tmp_path: Path) -> None:
        for name, content in pack.items():
            if name.endswith(".docx"):
                (tmp_path / "x.docx").write_bytes(content)
                text = _text(tmp_path / "x.docx")
                assert "Acme Ltd" in text, name
                assert not any(mark in text for mark in ("{{", "{%")), name
        (tmp_path / "x.docx").write_bytes(pack[f"data/documents/audit-report-{year}.docx"])
        report = _text(tmp_path / "x.docx")
        assert "Handled with care & slowly" in report
        assert "<7.4 & policy>" in report
        assert "Nobody of the night shift was there" in report

    def test_the_complaint_register_names_nobody(self, pack, tmp_path: Path) -> None:
        (tmp_path / "x.xlsx").write_bytes(pack["data/registers/complaints.xlsx"])
        with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "2026" in text
        assert not any(private in text for private in ("Tamar", "Rose Street", "example.org", "Fridge"))

    def test_the_clause_index_leads_both_ways(self, pack) -> None:
        index = json.loads(pack["clause-index.json"])
        clauses = {line["number"]: line for line in index}
        assert list(clauses)[:3] == ["4.1", "4.2", "4.3"]
        assert clauses["8.5"]["state"] == "gap"  # questions were left open
        assert clauses["8.4"]["files"] == []
        assert "No record of this pack is about this clause" in clauses["8.4"]["why"]
        listed = {file["path"] for line in index for file in line["files"]}
        assert listed <= set(pack)
        for line in index:
            for file in line["files"]:
                assert hashlib.sha256(pack[file["path"]]).hexdigest() == file["sha256"]

    def test_pack_json_lists_every_file_with_its_digest_and_its_uses(self, pack, year: str) -> None:
        about = json.loads(pack["pack.json"])
        assert {file["path"] for file in about["files"]} == {name for name in pack if name.startswith("data/")}
        (evidence,) = [file for file in about["files"] if "original_name" in file]
        assert evidence["original_name"] == "Protokoll: März.txt"
        assert any(year in use for use in evidence["shown_for"])

    def test_omissions_say_what_why_and_who_accepted_it(self, pack) -> None:
        omissions = json.loads(pack["omissions.json"])
        assert omissions["accepted"] == {"reason": REASON, "by": "Quentin Quality"}
        assert [one["part"] for one in omissions["missing"]] == ["policy", "questions-covered"]
        assert omissions["withheld"]

    def test_the_journal_head_is_that_of_the_newest_record_in_the_pack(self, pack, acme: House) -> None:
        head = json.loads(pack["journal-head.json"])
        page, _older = journal.page(reading(acme.system), acme.id)
        entry = next(one for one in page if one.seq == head["entry"])
        assert entry.hash == head["hash"]
        assert entry.event == "audit:reported"
        assert head["at"].startswith(json.loads(pack["pack.json"])["dated"][:19])


def _text(file: Path) -> str:
    document = docx.Document(str(file))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for section in document.sections:
        parts += [paragraph.text for paragraph in (*section.header.paragraphs, *section.footer.paragraphs)]
    return "\n".join(parts)


class TestStrangersAcceptIt:
    @pytest.fixture
    def unpacked(self, acme: House, year: str, instance: Path, tmp_path: Path) -> Path:
        file = built(acme, instance, tmp_path / "pack.zip").sealed.file
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / "unpacked")
        return next((tmp_path / "unpacked").glob("*/bagit.txt")).parent

    def test_bagit_py_and_bagit_utils(self, unpacked: Path) -> None:
        assert bagit.Bag(str(unpacked)).validate()
        report = Bag(unpacked, load=True).validate()
        assert (report.valid, report.issues) == (True, [])

    def test_docx_integrity_and_calamine(self, unpacked: Path) -> None:
        check = Path(sys.executable).with_name("docx-integrity")
        files = sorted((unpacked / "data" / "documents").glob("*.docx"))
        assert len(files) == 5
        for file in files:
            answer = subprocess.run([check, "check", file], capture_output=True, text=True, check=False)
            assert answer.returncode == 0, f"{file.name}: {answer.stdout}{answer.stderr}"
        books = {
            file.stem: python_calamine.load_workbook(file).get_sheet_by_index(0).to_python()
            for file in (unpacked / "data" / "registers").glob("*.xlsx")
        }
        assert len(books["complaints"]) == 2
        assert len(books["findings"]) == 2
        assert books["findings"][1][6].endswith("<7.4 & policy>")


class TestEvidenceInABucket:
    def test_gives_the_same_pack_as_evidence_on_disk(self, acme, year, instance, tmp_path, app, monkeypatch) -> None:
        on_disk = store.current()
        first = built(acme, instance, tmp_path / "1.zip").sealed
        bucket = store.Store(Bucket(MemoryStore()), tmp_path / "incoming")
        for path in on_disk.place.root.glob("*/*"):
            bucket.put(path.read_bytes())
        monkeypatch.setitem(app.extensions, "auditkit.evidence", bucket)
        assert built(acme, instance, tmp_path / "2.zip").sealed.root == first.root
        monkeypatch.setitem(app.extensions, "auditkit.evidence", store.Store(Bucket(MemoryStore()), tmp_path / "none"))
        with pytest.raises(EvidenceLost, match="missing"):
            built(acme, instance, tmp_path / "3.zip")


class TestGaps:
    def test_a_complete_year_needs_no_reason(
        self, acme: House, clock: FrozenClock, instance: Path, tmp_path: Path
    ) -> None:
        records.policy(acme)
        records.complaint(acme)
        clock.advance(days=8)
        number = records.planned_audit(acme)
        records.run_audit(acme, number)
        records.add_file(acme, b"minutes", "minutes.txt", ("audit-row", records.rows_of(acme, number)[0].id))
        records.action_on(acme, records.finding(acme, number))
        records.report_audit(acme, number)
        prepared = built(acme, instance, tmp_path / "x.zip", reason="")
        assert prepared.gaps == ()
        assert [gap.part for gap in prepared.left_out] == ["action-files"]
        found = members(tmp_path / "x.zip")
        assert json.loads(found["omissions.json"])["missing"] == []
        assert json.loads(found["omissions.json"])["accepted"] is None
        (tmp_path / "policy.docx").write_bytes(found["data/documents/complaints-policy-v1.docx"])
        text = _text(tmp_path / "policy.docx")
        assert "Complaints-handling policy" in text
        assert "administrator of acme" in text
        # The policy speaks of 8.4; that is a promise and no record.
        (line,) = [line for line in json.loads(found["clause-index.json"]) if line["number"] == "8.4"]
        assert "A document names this clause; no record of this pack is about it" in line["why"]
        assert [file["path"] for file in line["files"]] == ["data/documents/complaints-policy-v1.docx"]

    def test_a_pack_with_a_gap_is_refused_until_it_is_accepted_with_a_reason(
        self, acme, year, instance, tmp_path
    ) -> None:
        for reason in ("", "   "):
            with pytest.raises(PackHasGaps) as refused:
                built(acme, instance, tmp_path / "x.zip", reason=reason)
        assert [gap.part for gap in refused.value.gaps] == ["policy", "questions-covered"]
        assert year in str(refused.value)
        assert list(tmp_path.iterdir()) == []
        assert queries.page(reading(acme.system))[0] == []
        built(acme, instance, tmp_path / "x.zip")
        (row,) = queries.page(reading(acme.system))[0]
        assert (row.gap_count, row.reason, len(row.gaps)) == (2, REASON, 2)

    def test_an_organisation_without_records_has_every_gap_and_can_still_say_so_in_a_pack(
        self, acme, instance, tmp_path, clock
    ) -> None:
        found = service.draft(reading(acme.system), asked(acme), acme.system)
        assert {gap.part for gap in found.gaps} >= {"policy", "audit-plan", "audit-report", "complaints", "audit-files"}
        assert found.dated is None
        assert found.head is None
        file = built(acme, instance, tmp_path / "x.zip").sealed.file
        assert verify(file).good
        assert json.loads(members(file)["journal-head.json"])["entry"] is None

    def test_what_is_under_way_is_named(self, acme, clock, instance) -> None:
        planned = records.planned_audit(acme)
        running = records.planned_audit(acme, "Second")
        records.run_audit(acme, running, open_rows=120)
        found = records.finding(acme, running)
        gaps = service.draft(reading(acme.system), asked(acme), acme.system).gaps
        texts = [str(gap) for gap in gaps]
        assert any(planned in text and "has not started" in text for text in texts)
        assert any(running in text and "is running" in text for text in texts)
        assert any(found in text and "No action" in text for text in texts)
        (clauses,) = re.findall(rf"of audit {running}.*\(clauses (.+?)\)", "\n".join(texts))
        listed = [tuple(map(int, one.split("."))) for one in clauses.split(", ") if one[0].isdigit()]
        assert listed == sorted(listed), "in the order of the standard"
        assert len(listed) > 20

    def test_what_is_old_is_marked_stale(self, acme, year) -> None:
        late = asked(acme, end=date(2027, 12, 31))
        draft = service.draft(reading(acme.system), late, acme.system)
        assert all(draft.is_stale(item) for item in draft.items)
        now = service.draft(reading(acme.system), asked(acme), acme.system)
        assert not any(now.is_stale(item) for item in now.items)


class TestSameRecordsSameBytes:
    def test_two_builds_though_building_and_reading_left_journal_entries(
        self, acme, year, instance, tmp_path, clock
    ) -> None:
        first = built(acme, instance, tmp_path / "1.zip").sealed
        clock.advance(days=3)
        actor = acme.actor("internal-auditor")
        kept = built(acme, instance)
        assert kept.stored
        with transaction(actor) as tx:
            service.download(tx, DownloadPack(queries.page(tx)[0][0].id), clock_module.now(), actor)
        clock.advance(days=3)
        second = built(acme, instance, tmp_path / "2.zip").sealed
        assert first.root == second.root
        assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
        assert service.kept_file(instance, first.root).read_bytes() == (tmp_path / "1.zip").read_bytes()

    def test_records_that_are_not_in_the_pack_do_not_change_it(
        self, acme, globex, year, instance, tmp_path, clock
    ) -> None:
        first = built(acme, instance, tmp_path / "1.zip").sealed
        clock.advance(days=400)  # out of the period, so that the matrix does not count it either
        records.add_file(acme, b"something else", "else.txt")
        records.complaint(globex)
        assert built(acme, instance, tmp_path / "2.zip").sealed.root == first.root

    def test_a_new_record_changes_it(self, acme, year, instance, tmp_path, clock) -> None:
        first = built(acme, instance, tmp_path / "1.zip")
        records.complaint(acme, "Another")
        second = built(acme, instance, tmp_path / "2.zip")
        assert first.sealed.root != second.sealed.root
        assert first.dated < second.dated
        assert first.entry < second.entry

    def test_the_language_of_the_screen_does_not_change_it(self, acme, year, instance, tmp_path) -> None:
        first = built(acme, instance, tmp_path / "1.zip").sealed
        with translated_by(str.upper):
            assert built(acme, instance, tmp_path / "2.zip").sealed.root == first.root

    @pytest.mark.sqlite_only
    def test_in_another_process_time_zone_and_with_another_hash_seed(self, acme, year, instance, tmp_path, app) -> None:
        built(acme, instance, tmp_path / "1.zip", by="Acme Ltd")  # the command line has no person to name
        settings = app.extensions["auditkit.settings"]
        env = os.environ | {
            "AUDITKIT_INSTANCE": str(settings.instance),
            "AUDITKIT_DATABASE_URL": settings.url,
            "TZ": "Asia/Tehran",
            "PYTHONHASHSEED": "7",
            "LC_ALL": "C",
        }
        command = [sys.executable, "-m", "auditkit.cli", "pack", "build", "--org", "acme", "--pack", "internal-audit"]
        command += ["--from", "2026-01-01", "--to", "2026-12-31", "--out", str(tmp_path / "2.zip")]
        answer = subprocess.run(
            [*command, "--accept-omissions", REASON], env=env, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr
        assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


class TestEvidenceOnDisk:
    def _object(self, acme: House) -> Path:
        draft = service.draft(reading(acme.system), asked(acme), acme.system)
        (item,) = [item for item in draft.items if item.path.startswith("data/evidence/")]
        return store.current().local_path(item.content.file.digest)

    def test_missing_is_named_and_no_reason_can_stand_for_it(self, acme, year, instance, tmp_path) -> None:
        self._object(acme).unlink()
        with pytest.raises(EvidenceLost, match=r"Protokoll: März\.txt \(missing\)"):
            built(acme, instance, tmp_path / "x.zip")
        assert list(tmp_path.iterdir()) == []

    def test_altered_is_named(self, acme, year, instance, tmp_path) -> None:
        path = self._object(acme)
        path.chmod(0o600)
        path.write_bytes(b"MINUTES" + path.read_bytes()[7:])
        with pytest.raises(SourcesChanged, match=r"E-\d+ Protokoll_ März\.txt: the stored file was altered"):
            built(acme, instance, tmp_path / "x.zip")
        assert list(tmp_path.iterdir()) == []
        assert list((instance / "packs").iterdir()) == []

    def test_cut_short_is_named(self, acme, year, instance, tmp_path) -> None:
        path = self._object(acme)
        path.chmod(0o600)
        path.write_bytes(b"short")
        with pytest.raises(EvidenceLost, match="of another size"):
            built(acme, instance, tmp_path / "x.zip")


class TestWhoMay:
    def test_building_needs_its_permission(self, acme, instance, tmp_path) -> None:
        for role in ("complaint-handler", "internal-auditor", "staff", "external-reviewer"):
            actor = acme.actor(role)
            with pytest.raises(Forbidden):
                service.draft(reading(actor), asked(acme), actor)
            with pytest.raises(Forbidden):
                service.prepare(
                    reading(actor), asked(acme), actor, instance, signing.signer(instance), tmp_path / "x.zip"
                )

    def test_another_organisation_s_pack_is_not_there(self, acme, globex, year, instance) -> None:
        built(acme, instance)
        pack = queries.page(reading(acme.system))[0][0]
        actor = globex.actor("quality-manager")
        with pytest.raises(NotFound), transaction(actor) as tx:
            service.download(tx, DownloadPack(pack.id), clock_module.now(), actor)

    def test_a_pack_written_elsewhere_cannot_be_downloaded(self, acme, year, instance, tmp_path) -> None:
        built(acme, instance, tmp_path / "x.zip")
        actor = acme.actor("quality-manager")
        pack = queries.page(reading(actor))[0][0]
        assert not pack.stored
        with pytest.raises(PackNotKept), transaction(actor) as tx:
            service.download(tx, DownloadPack(pack.id), clock_module.now(), actor)

    def test_building_and_downloading_leave_entries_that_are_not_about_records(self, acme, year, instance) -> None:
        before = journal.head_about_records(reading(acme.system), acme.id)
        built(acme, instance)
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            service.download(tx, DownloadPack(queries.page(tx)[0][0].id), clock_module.now(), actor)
        page, _older = journal.page(reading(acme.system), acme.id)
        assert [one.event for one in page[:2]] == ["pack:downloaded", "pack:built"]
        assert journal.head_about_records(reading(acme.system), acme.id) == before

    def test_unknown_packs_and_reversed_periods_are_refused(self, acme) -> None:
        with pytest.raises(NoSuchPack, match="internal-audit"):
            service.draft(reading(acme.system), asked(acme, pack_id="no-such"), acme.system)
        with pytest.raises(PeriodReversed):
            service.draft(reading(acme.system), asked(acme, end=date(2025, 1, 1)), acme.system)

    def test_without_a_signing_key_it_says_how_to_get_one(self, tmp_path) -> None:
        with pytest.raises(BadInput, match="auditkit init"):
            signing.signer(tmp_path)


def test_what_a_killed_building_left_is_removed_a_day_later(acme, year, instance, tmp_path) -> None:
    left = service.packs_folder(instance) / ".making-abcd"
    left.mkdir()
    (left / "audit-report.docx").write_bytes(b"half")
    built(acme, instance, tmp_path / "1.zip")
    assert left.is_dir()  # another process may be at work on it
    os.utime(left, (0, 0))
    built(acme, instance, tmp_path / "2.zip")
    assert not left.exists()
