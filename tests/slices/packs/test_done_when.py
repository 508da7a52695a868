"""A pack of the demo organisation for the second stage, whole and redacted, in English and Persian: what strangers'
tools say of it, and that every tampering is refused and named.

Each form is built once; every tool looks at the same two.
"""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import bagit
import pytest
from bagit_utils import Bag
from flask import Flask

from auditkit.accounts.queries import organisation_by_slug
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.content.library import of_organisation
from auditkit.documents import pdf
from auditkit.packs import service, signing
from auditkit.packs.reading import PreparePack
from auditkit.packs.verify import layout, verify
from auditkit.packs.verify.signature import read_public_key_file
from tests.factories import demo

from .conftest import named
from .test_formats import OSCAL, _without_patterns

pytestmark = pytest.mark.sqlite_only


@dataclass(frozen=True)
class Form:
    """A form of the pack: its file, the folder of its bag unpacked, its members."""

    file: Path
    folder: Path
    members: dict[str, bytes]


@pytest.fixture
def forms(app: Flask, tmp_path: Path) -> dict[str, Form]:
    """Both forms, each built once."""
    demo.tell(app)
    instance = app.extensions["auditkit.settings"].instance
    organisation = organisation_by_slug(reading(), demo.SLUG)
    actor = Actor.system(organisation.id)
    library = of_organisation(instance, organisation.slug).library
    found = {}
    for form in layout.FORMS:
        command = PreparePack(
            "stage-2", organisation, library, demo_start(), demo_end(), "The rest is shown on site", "Nino", form,
            library=lambda: library, languages=("en", "fa"),
        )  # fmt: skip
        file = tmp_path / f"{form}.zip"
        service.prepare(reading(actor), command, actor, instance, signing.signer(instance), file)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / form)
            members = {name: archive.read(name) for name in archive.namelist()}
        folder = next((tmp_path / form).glob("*/bagit.txt")).parent
        found[form] = Form(file, folder, members)
    return found


def demo_start() -> date:
    """The year of the demo's story."""
    return clock.now().date() - timedelta(days=365)


def demo_end() -> date:
    return clock.now().date()


def said(*command: str | Path, at: Path) -> str:
    """What a program says that must end well."""
    answer = subprocess.run([*map(str, command)], cwd=at, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, f"{command}: {answer.stdout}{answer.stderr}"
    return answer.stdout + answer.stderr


def tampered(members: dict[str, bytes], bag: str) -> dict[str, tuple[dict[str, bytes], str]]:
    """What somebody might do to a pack -> the members then, and the member that must be named."""
    evidence = next(name for name in members if "/data/evidence/" in name)
    document = next(name for name in members if "/data/documents/fa/" in name)
    index, signature = f"{bag}/clause-index.json", layout.SIGNATURE
    return {
        "evidence changed": (members | {evidence: members[evidence] + b"."}, evidence),
        "document changed": (members | {document: members[document][:-1] + b"!"}, document),
        "evidence taken out": ({k: v for k, v in members.items() if k != evidence}, evidence),
        "file added": (members | {f"{bag}/data/evidence/more.txt": b"x"}, f"{bag}/data/evidence/more.txt"),
        "gap made into records found": (members | {index: members[index].replace(b'"gap"', b'"records-found"')}, index),
        "room changed": (members | {f"{bag}/index.fa.html": b"<p>All well</p>"}, f"{bag}/index.fa.html"),
        "leaves changed": (
            members | {f"{bag}/leaves.json": members[f"{bag}/leaves.json"] + b" "}, f"{bag}/leaves.json",
        ),
        "signature changed": (members | {signature: bytes(64)}, signature),
        "signature of the leaves changed": (members | {layout.LEAVES_SIGNATURE: bytes(64)}, layout.LEAVES_SIGNATURE),
        "renamed": ({k.replace(bag, "other", 1): v for k, v in members.items()}, "other/pack.json"),
    }  # fmt: skip


def test_strangers_tools_accept_both_forms_and_every_tampering_is_named(
    forms: dict[str, Form], zipped: Callable, verdict: Callable, shared: Callable, tmp_path: Path
) -> None:
    pytest.importorskip("jsonschema", reason="comes with check-jsonschema")
    import jsonschema

    roots = set()
    for form, one in forms.items():
        report = verify(one.file, signing_key(one))
        assert report.good, (form, list(map(str, report.problems)))
        roots.add(report.pack["shared_root"])
        assert bagit.Bag(str(one.folder)).validate()
        checked = Bag(one.folder, load=True).validate()
        assert (checked.valid, checked.issues) == (True, [])
        for manifest in (layout.MANIFEST, layout.TAG_MANIFEST):
            said("sha256sum", "-c", "--quiet", "--strict", manifest, at=one.folder)
        told = said(
            "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", layout.PUBLIC_KEY,
            "-sigfile", f"../{layout.SIGNATURE}", "-in", layout.TAG_MANIFEST, at=one.folder,
        )  # fmt: skip
        assert "Signature Verified Successfully" in told
        for name, schema in OSCAL.items():
            path = one.folder / "oscal" / f"{name}.json"
            wanted = _without_patterns(json.loads(shared(f"lists/oscal-schemas/{schema}").read_text()))
            assert not list(jsonschema.Draft7Validator(wanted).iter_errors(json.loads(path.read_text()))), (form, name)
        documents = sorted((one.folder / "data" / "documents").glob("**/*.docx"))
        assert {path.parent.name for path in documents} == {"documents", "fa"}
        for path in documents:
            said(Path(sys.executable).with_name("docx-integrity"), "check", path, at=one.folder)
        bag = one.folder.name
        for what, (members, member) in tampered(one.members, bag).items():
            found = verdict(zipped(members))
            assert not found.good, (form, what)
            assert member in named(found), (form, what, named(found))
    assert len(roots) == 1, "the two forms are not of the same records"
    _libreoffice_makes_pages(forms)
    assert b"records-found" in forms["whole"].members[f"{forms['whole'].folder.name}/clause-index.json"]


def _libreoffice_makes_pages(forms: dict[str, Form]) -> None:
    """Of one document of each kind: the English of the whole form, the Persian of the redacted one."""
    if not pdf.available():
        return  # said by test_documents_pdf.py
    of_kind: dict[tuple[str, str], Path] = {}
    for form, folder in (("whole", ""), ("redacted", "fa")):
        for path in sorted((forms[form].folder / "data" / "documents" / folder).glob("*.docx")):
            of_kind.setdefault((folder, re.sub(r"-[A-Z]*-?\d.*", "", path.stem)), path)
    assert len(of_kind) > 20, sorted(of_kind)
    pages = pdf.convert_all([path.read_bytes() for path in of_kind.values()])
    assert [page[:5] for page in pages] == [b"%PDF-"] * len(of_kind)


def signing_key(form: Form) -> object:
    return read_public_key_file(form.folder / layout.PUBLIC_KEY)
