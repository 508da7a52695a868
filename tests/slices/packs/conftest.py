"""What the pack tests share: a small pack with every kind of file, and ways to make a tampered copy of it."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from auditkit.base.clock import FrozenClock
from auditkit.packs import bag, signing
from auditkit.packs.verify import Report, verify
from auditkit.packs.zipping import Source
from tests.conftest import House

from . import records

BAG = "acme_internal-audit_2026-01-01_2026-06-30"
DATED = datetime(2026, 6, 30, 15, 4, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"a key that only these tests use!")


@pytest.fixture(scope="session")
def write(signing_key: Ed25519PrivateKey) -> Callable[..., bag.Sealed]:
    """Write a pack with sensible arguments; any of write_pack's may be given instead."""

    def write_it(target: Path, **changed: object) -> bag.Sealed:
        arguments: dict = {
            "bag": BAG,
            "dated": DATED,
            "about": {
                "title": "Internal audit",
                "organisation": "Acme & Söhne",
                "period": {"start": "2026-01-01", "end": "2026-06-30"},
            },
            "info": {"Source-Organization": "Acme & Söhne", "External-Description": "two\nlines: one value"},
            "tag_files": {
                "clause-index.json": bag.as_json([{"clause": "5.3", "files": ["data/documents/policy.docx"]}]),
                "omissions.json": bag.as_json([]),
                "journal-head.json": bag.as_json({"number": 12, "hash": "ab" * 32}),
            },
            "payload": [
                Source.of_bytes("data/documents/policy.docx", b"PK not really a Word file" * 40),
                Source.of_bytes("data/evidence/E-1 საჩივარი.txt", "შენიშვნა".encode()),
                Source.of_bytes("data/evidence/E-2 empty.txt", b""),
                Source.of_bytes("data/evidence/E-3.bin", bytes(range(256)) * 12),
            ],
            "signer": signing.signer_with(changed.pop("key", signing_key)),
        }
        return bag.write_pack(target, **(arguments | changed))

    return write_it


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory, write: Callable[..., bag.Sealed]) -> Path:
    """A good pack; read it only."""
    return write(tmp_path_factory.mktemp("pack") / "pack.zip").file


@pytest.fixture(scope="session")
def contents(pack: Path) -> dict[str, bytes]:
    """Member name -> content of the good pack."""
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def zipped() -> Callable[..., bytes]:
    """A ZIP file's bytes made by Python's own zipfile from (name, content) pairs, packed in the manner given."""

    def zip_them(members: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in members.items() if isinstance(members, dict) else members:
                archive.writestr(name, content)
        return out.getvalue()

    return zip_them


@pytest.fixture(scope="session")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Report]:
    """The report over a ZIP's bytes."""
    path = tmp_path_factory.mktemp("verdict") / "x.zip"

    def check(data: bytes, **options: object) -> Report:
        path.write_bytes(data)
        return verify(path, **options)

    return check


def named(report: Report) -> dict[str | None, set[str]]:
    """Member -> codes of its problems."""
    found: dict[str | None, set[str]] = {}
    for problem in report.problems:
        found.setdefault(problem.member, set()).add(problem.code)
    return found


@pytest.fixture(scope="session")
def judge(zipped, verdict) -> Callable[[dict[str, bytes]], dict[str | None, set[str]]]:
    """What is found in a ZIP of these members."""
    return lambda members: named(verdict(zipped(members)))


@pytest.fixture
def key(app: Flask) -> None:
    signing.make_key(app.extensions["auditkit.settings"].instance)


@pytest.fixture
def instance(app: Flask) -> Path:
    return app.extensions["auditkit.settings"].instance


@pytest.fixture
def year(acme: House, clock: FrozenClock) -> str:
    """A whole round: a complaint, an audit with two files and a finding, its action; the audit's number."""
    records.complaint(acme)
    clock.advance(days=8)
    number = records.planned_audit(acme)
    records.run_audit(acme, number, open_rows=2)
    row = records.rows_of(acme, number)[0]
    records.add_file(acme, b"minutes of the quality circle", "Protokoll: März.txt", ("audit-row", row.id))
    found = records.finding(acme, number)
    records.action_on(acme, found)
    records.report_audit(acme, number)
    clock.advance(days=1)
    return number
