"""The redacted form of a pack: it names nobody, holds no file that nobody looked at, and shares its root."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from auditkit.accounts.queries import names
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.content.library import of_organisation
from auditkit.evidence import intake
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.evidence.sharing import queries as sharing
from auditkit.evidence.sharing.models import EvidenceSharing
from auditkit.evidence.sharing.rules import CopyIsTheFile, CopyMissing, ReasonMissing, Sharing
from auditkit.evidence.sharing.service import Decide, decide
from auditkit.packs import bag, signing
from auditkit.packs.definitions import definitions
from auditkit.packs.verify import verify
from auditkit.packs.verify.history import compare
from auditkit.registers import service as registers
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

from . import records
from .test_service import built, members

pytestmark = pytest.mark.usefixtures("key")

LETTER = b"Dear Tamar Kldiashvili of 5 Rose Street"


def decided(house: House, file_id: int, choice: Sharing, copy_id: int | None = None) -> None:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        from_now = records.clock.now()
        decide(tx, Decide(file_id, choice, "Looked at by two", copy_id), from_now, actor)


@pytest.fixture
def letters(acme: House, year: str) -> dict[str, int]:
    """Three more files of the audit: one to be shown, one with a redacted copy, one that nobody looked at."""
    row = records.rows_of(acme, year)[1]
    auditor = names(reading(acme.system))[acme.person("internal-auditor")]
    ids = {
        name: records.add_file(acme, LETTER + name.encode(), f"{name} of {auditor}.txt", ("audit-row", row.id))
        for name in ("shown", "copied", "unseen")
    }
    ids["copy"] = records.add_file(acme, b"Dear XXXXX", "black.txt")
    decided(acme, ids["shown"], Sharing.AS_IT_IS)
    decided(acme, ids["copied"], Sharing.COPY, ids["copy"])
    return ids


def both(house: House, instance: Path, tmp_path: Path) -> tuple[Path, Path]:
    whole = built(house, instance, tmp_path / "whole.zip").sealed
    redacted = built(house, instance, tmp_path / "redacted.zip", form="redacted").sealed
    assert whole.shared_root == redacted.shared_root != ""
    assert whole.root != redacted.root
    return whole.file, redacted.file


def texts(file: Path) -> dict[str, str]:
    """Everything that stands in a pack, what lies in its documents and workbooks unpacked."""
    found = {}
    for path, content in members(file).items():
        if path.endswith((".docx", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(content)) as inner:
                found |= {f"{path}/{name}": inner.read(name).decode("utf-8", "replace") for name in inner.namelist()}
        found[path] = content.decode("utf-8", "replace")
    return found


def test_both_forms_verify_under_one_root(acme, letters, instance, tmp_path) -> None:
    whole, redacted = (verify(file) for file in both(acme, instance, tmp_path))
    assert whole.good, list(map(str, whole.problems))
    assert redacted.good, list(map(str, redacted.problems))
    assert whole.pack["shared_root"] == redacted.pack["shared_root"]
    assert (whole.pack["form"], redacted.pack["form"]) == ("whole", "redacted")
    assert any("fit their salted leaves" in str(one) for one in whole.checked)
    assert any("What is withheld: not checked" in str(one) for one in redacted.not_checked)


def test_the_redacted_form_names_nobody(acme, letters, instance, tmp_path) -> None:
    whole, redacted = both(acme, instance, tmp_path)
    people = names(reading(acme.system)).values()
    named = {name for name in people if any(name in text for text in texts(whole).values())}
    assert named, "nobody is named in the whole form, so this would prove nothing"
    for path, text in {**texts(redacted), "": " ".join(texts(redacted))}.items():
        if "shown" not in path:
            assert not [name for name in named if name in text], path
    assert "[V-0001]" in "".join(texts(redacted).values())


def test_files_go_out_as_was_decided(acme, letters, instance, tmp_path) -> None:
    held = {path.rpartition("/")[2]: content for path, content in members(both(acme, instance, tmp_path)[1]).items()}
    by_id = {name: content for name, content in held.items() if name.startswith("E-")}
    contents = set(by_id.values())
    assert LETTER + b"shown" in contents
    assert b"Dear XXXXX" in contents
    assert not {LETTER + b"copied", LETTER + b"unseen"} & contents
    omitted = {one.get("original_sha256"): one for one in json.loads(held["omissions.json"])["withheld"]}
    unseen = evidence.file(reading(acme.system), letters["unseen"])
    assert "Nobody has decided" in omitted[unseen.digest]["why"]
    assert "unseen of [V-" in omitted[unseen.digest]["path"]


def test_a_decision_taken_back_counts(acme, letters, instance, tmp_path) -> None:
    decided(acme, letters["shown"], Sharing.WITHHELD)
    file = built(acme, instance, tmp_path / "pack.zip", form="redacted").sealed.file
    assert LETTER + b"shown" not in members(file).values()
    assert verify(file).good


@pytest.mark.sqlite_only  # the sources have their own tests; here it is what the definitions make of them
def test_every_pack_that_is_offered_can_be_built_and_verifies(acme, letters, instance, tmp_path) -> None:
    kept = of_organisation(instance, acme.slug).library
    lesson = {"lesson": "No dates", "happened": "Eleven complaints", "understood": "The date was the supplier's"}
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        registers.write(tx, registers.WriteEntry(kept.register("lessons"), lesson), records.clock.now(), actor)
    ours = [name for name, one in definitions().items() if one.about == "organisation"]
    assert len(ours) >= 6
    for name in ours:
        for form in ("whole", "redacted"):
            target = tmp_path / f"{name}-{form}.zip"
            asked = {"pack_id": name, "form": form, "library": lambda: kept}
            report = verify(built(acme, instance, target, **asked).sealed.file)
            assert report.good, (name, form, list(map(str, report.problems)))
    held = members(tmp_path / "stage-1-whole.zip")
    assert "data/registers/register-lessons.xlsx" in held
    missing = {one["what"]: one["why"] for one in json.loads(held["omissions.json"])["missing"]}
    assert missing["Register: Objectives and targets"] == "Nothing is written in it"
    assert "No management review was held or planned" in missing["Management review"]


@pytest.mark.parametrize("form", ["whole", "redacted"])
def test_two_builds_are_the_same_bytes(acme, letters, instance, tmp_path, form) -> None:
    first, second = (
        built(acme, instance, tmp_path / f"{number}.zip", form=form).sealed.file.read_bytes() for number in (1, 2)
    )
    assert first == second


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("leaves.json", lambda told: told["values"].pop()),
        ("leaves.json", lambda told: told["files"].pop()),
        ("personal-values.json", lambda told: told["values"][0].update(value="Somebody Else")),
        ("personal-values.json", lambda told: told["values"].pop()),
        ("personal-values.json", lambda told: told["files"][0].update(sha256="0" * 64)),
        ("pack.json", lambda told: told.update(form="redacted")),
    ],
)
def test_leaves_that_do_not_fit_are_refused_though_the_bag_is_sealed_anew(
    acme, letters, instance, tmp_path, path, change
) -> None:
    """Even the holder of the key cannot pass off another opening: everything but the leaves' own hashes is redone."""
    file = built(acme, instance, tmp_path / "pack.zip").sealed.file
    forged = _sealed_anew(file, tmp_path / "forged.zip", path, change, instance)
    problems = [str(one) for one in verify(forged).problems]
    assert problems
    assert all("leaves" in one or "personal-values" in one for one in problems), problems


def _sealed_anew(file: Path, target: Path, path: str, change, instance: Path) -> Path:
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    root = next(name.split("/")[0] for name in content if name.endswith("/bagit.txt"))
    told = json.loads(content[f"{root}/{path}"])
    change(told)
    content[f"{root}/{path}"] = bag.as_json(told)
    manifest = f"{root}/tagmanifest-sha256.txt"
    lines = [line.split("  ", 1)[1] for line in content[manifest].decode().splitlines()]
    content[manifest] = "".join(f"{bag.digest(content[f'{root}/{one}'])}  {one}\n" for one in lines).encode()
    content["signature/tagmanifest-sha256.txt.sig"] = signing.load_key(instance).sign(content[manifest])
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return target


class TestHistory:
    def test_a_later_pack_proves_that_its_journal_begins_with_the_earlier_one(
        self, acme, year, instance, tmp_path, clock: FrozenClock
    ) -> None:
        first = built(acme, instance, tmp_path / "first.zip").sealed.file
        clock.advance(days=1)
        records.add_file(acme, b"later", "later.txt", ("audit-row", records.rows_of(acme, year)[2].id))
        second = built(acme, instance, tmp_path / "second.zip").sealed.file
        later, earlier = verify(second), verify(first)
        compare(later, earlier)
        assert later.good, list(map(str, later.problems))
        assert any("begins with the one that" in str(one) for one in later.checked)
        backwards = verify(first)
        compare(backwards, verify(second))
        assert [one.code for one in backwards.problems] == ["history"]

    def test_a_pack_of_another_organisation_is_no_earlier_one(
        self, acme, globex, year, instance, tmp_path, clock: FrozenClock
    ) -> None:
        records.complaint(globex)
        foreign = built(globex, instance, tmp_path / "foreign.zip").sealed.file
        report = verify(built(acme, instance, tmp_path / "own.zip").sealed.file)
        compare(report, verify(foreign))
        assert [one.code for one in report.problems] == ["history"]


class TestDeciding:
    def test_the_newest_decision_counts_and_is_journalled(self, acme, year) -> None:
        (file_id,) = [records.add_file(acme, b"one", "one.txt")]
        assert sharing.decision(reading(acme.system), file_id) is None
        decided(acme, file_id, Sharing.AS_IT_IS)
        decided(acme, file_id, Sharing.WITHHELD)
        now = sharing.decision(reading(acme.system), file_id)
        assert (now.sharing, now.copy, now.note) == (Sharing.WITHHELD, None, "Looked at by two")

    @pytest.mark.parametrize(
        ("choice", "note", "copy", "refusal"),
        [
            (Sharing.AS_IT_IS, " ", None, ReasonMissing),
            (Sharing.COPY, "Seen", None, CopyMissing),
            (Sharing.COPY, "Seen", "itself", CopyIsTheFile),
        ],
    )
    def test_what_is_refused(self, acme, choice, note, copy, refusal) -> None:
        file_id = records.add_file(acme, b"one", "one.txt")
        actor = acme.actor("internal-auditor")
        command = Decide(file_id, choice, note, file_id if copy else None)
        with pytest.raises(refusal), transaction(actor) as tx:
            decide(tx, command, records.clock.now(), actor)

    def test_a_copy_is_sent_with_the_decision(self, acme, browser, year) -> None:
        file_id = records.add_file(acme, LETTER, "letter.txt")
        digest = evidence.file(reading(acme.system), file_id).digest
        page = browser(acme, "internal-auditor")
        page.get(f"/o/{acme.slug}/evidence/{digest}")
        answer = {"sharing": "copy", "reason": "Name blacked out", "files": (io.BytesIO(b"Dear XXXX"), "black.txt")}
        page.post_form(answer, action=f"/o/{acme.slug}/evidence/{digest}/sharing")
        now = sharing.decision(reading(acme.system), file_id)
        assert now.copy.name == "black.txt"
        page.get(f"/o/{acme.slug}/evidence/{digest}")
        page.post_form({"sharing": "copy", "reason": "No file"}, action=f"/o/{acme.slug}/evidence/{digest}/sharing")
        assert sharing.decision(reading(acme.system), file_id).note == "Name blacked out"


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("sharing_known", {"sharing": "sold"}),
        ("copy_where_chosen", {"sharing": "copy"}),
        ("copy_is_another", {"sharing": "copy", "copy_id": "self"}),
        ("sharing_has_reason", {"note": ""}),
    ],
)
def test_checks_of_a_decision(acme, constraint, values) -> None:
    file_id = records.add_file(acme, b"one", "one.txt")
    good = {
        "organisation_id": acme.id,
        "file_id": file_id,
        "sharing": "withheld",
        "note": "Seen",
        "decided_at": records.clock.now(),
    }
    accepts(EvidenceSharing.__table__, good)
    changed = {name: file_id if value == "self" else value for name, value in values.items()}
    refuses(EvidenceSharing.__table__, constraint, good | changed)


def test_what_is_taken_in_is_needed_for_a_copy(acme) -> None:
    received = intake.receive([(io.BytesIO(b"x"), "x.txt")])
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        (file_id,) = evidence_service.add(tx, evidence_service.Add(received), records.clock.now(), actor)
    assert evidence.files(reading(acme.system), [file_id, 99_999]).keys() == {file_id}
