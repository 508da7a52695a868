"""Building in a process of its own: what it answers, what it weighs, how it ends."""

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.documents.own import service as own
from auditkit.packs import building, service, signing
from auditkit.packs.building import Asked, BuildingDied, BuildingRefused, build_apart
from auditkit.packs.jobs import build_pack, payload
from auditkit.packs.rooms import service as rooms
from auditkit.packs.signer import NotStamped
from auditkit.packs.verify import verify
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.documents.writing import template

from . import records

SIGNER = signing.signer_with(Ed25519PrivateKey.from_private_bytes(b"a key that the child never sees."))
YEAR = Asked("internal-audit", date(2026, 1, 1), date(2026, 12, 31), "Soon", "Quentin")


def nobody(_share: float) -> None:
    """Whom progress does not interest."""


@pytest.fixture
def year(acme: House, app: Flask) -> House:
    signing.make_key(app.extensions["auditkit.settings"].instance)
    records.complaint(acme)
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    records.report_audit(acme, number)
    return acme


def test_the_child_writes_what_this_process_would_write(year: House, app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["auditkit.settings"]
    prepared = build_apart(settings, YEAR, year.actor("quality-manager"), SIGNER, nobody)
    assert prepared.stored
    assert prepared.title
    assert prepared.reason == "Soon"
    assert [gap.part for gap in prepared.gaps]
    assert prepared.sealed.file.parent.parent == (settings.instance / "packs").resolve()
    verdict = verify(settings.instance / "packs" / f"{prepared.sealed.root}.zip")
    assert verdict.good
    assert verdict.pack["signing_key"] == SIGNER.fingerprint == prepared.sealed.signing_key


@pytest.mark.sqlite_only
def test_a_pack_about_one_complaint_has_all_its_tables_in_a_process_that_loads_few(year: House, app: Flask) -> None:
    asked = replace(YEAR, pack_id="single-complaint", subject=records.complaint(year))
    prepared = build_apart(app.extensions["auditkit.settings"], asked, year.actor("quality-manager"), SIGNER, nobody)
    assert prepared.stored


@pytest.mark.sqlite_only
def test_a_refusal_comes_in_the_language_of_the_person(year: House, app: Flask) -> None:
    backwards = Asked("internal-audit", date(2026, 12, 31), date(2026, 1, 1), "", "Quentin", locale="en_XA")
    with pytest.raises(BuildingRefused) as refused:
        build_apart(app.extensions["auditkit.settings"], backwards, year.actor("quality-manager"), SIGNER, nobody)
    assert str(refused.value).startswith("⟦")


def test_who_may_not_build_is_refused_in_the_child_too(year: House, app: Flask) -> None:
    with pytest.raises(BuildingRefused):
        build_apart(app.extensions["auditkit.settings"], YEAR, year.actor("complaint-handler"), SIGNER, nobody)


def test_a_child_that_dies_leaves_its_last_words(year: House, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = app.extensions["auditkit.settings"].model_copy(
        update={"database_url": "sqlite:////nowhere/at/all.sqlite"}
    )
    with pytest.raises(BuildingDied, match="unable to open database file"):
        build_apart(nowhere, YEAR, year.actor("quality-manager"), SIGNER, nobody)


TWO_AT_ONCE = """
import os, sys
sys.stdin.readline()
os.write(1, b'{"share": 0.5}\\n{"sign": "bWU="}\\n{"sha')
signature = sys.stdin.readline().strip()
os.write(1, b're": 0.6}\\n{"refused": "' + signature.encode() + b'", "code": 1, "gaps": []}\\n')
"""


@pytest.mark.sqlite_only
def test_every_line_is_heard_although_they_come_together_and_in_pieces(
    app: Flask, acme: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a line that came with another waited for the next, and the child for its answer: for ever, both."""
    run = subprocess.Popen
    monkeypatch.setattr(
        building.subprocess, "Popen", lambda _command, **more: run([sys.executable, "-c", TWO_AT_ONCE], **more)
    )
    told: list[float] = []
    began = time.monotonic()

    def note(share: float) -> None:
        told.append(share)
        assert time.monotonic() - began < 60

    signer = replace(SIGNER, sign=lambda message: message + b" too")
    with pytest.raises(BuildingRefused, match="bWUgdG9v"):  # "me too"
        build_apart(app.extensions["auditkit.settings"], YEAR, acme.actor("quality-manager"), signer, note)
    assert told[-1] == 0.6


@pytest.mark.sqlite_only
def test_the_child_ends_when_nobody_waits_any_more(year: House, app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["auditkit.settings"]
    script = f"""
        import sys
        from datetime import date
        from pathlib import Path
        from auditkit.base.actor import Actor
        from auditkit.base.settings import Settings
        from auditkit.packs import building
        run = building.subprocess.Popen
        def told(*arguments, **more):
            child = run(*arguments, **more)
            print(child.pid, flush=True)
            return child
        building.subprocess.Popen = told
        settings = Settings(
            _env_file=None, instance=Path({str(settings.instance)!r}), database_url={settings.database_url!r},
        )
        asked = building.Asked("internal-audit", date(2026, 1, 1), date(2026, 12, 31), "Soon", "Quentin")
        signer = building.Signer(bytes(32), bytes)
        building.build_apart(settings, asked, Actor.system({year.id}), signer, lambda share: None)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert _gone(child), "it went on building for nobody"


def _gone(pid: int, within: float = 60.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # dead, and nobody has looked yet
            return True
        time.sleep(0.1)
    return False


CHILD = """
import sys
from auditkit.packs import child
code = child.main()
with open(sys.argv[1], "w") as file:
    file.write("\\n".join(sys.modules))
sys.exit(code)
"""


def test_the_child_loads_no_pages_keys_questions_or_holidays_of_the_world(
    year: House, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What made a building weigh 142 MB. Looked at when the pack is written: nothing of it was loaded on the way."""
    run, report = subprocess.Popen, tmp_path / "loaded"

    def looked_at(_command: list[str], **more: Any) -> "subprocess.Popen[bytes]":
        return run([sys.executable, "-c", CHILD, str(report)], **more)

    monkeypatch.setattr(building.subprocess, "Popen", looked_at)
    asked = year.actor("quality-manager")
    assert build_apart(app.extensions["auditkit.settings"], YEAR, asked, SIGNER, nobody).stored
    loaded = set(report.read_text().split())
    assert {"auditkit.packs.service", "auditkit.packs.verify.layout"} <= loaded
    packages = {name.partition(".")[0] for name in loaded}
    assert not {"cryptography", "flask_security", "holidays", "obstore", "passlib", "segno", "wtforms"} & packages
    assert not {"auditkit.app", "auditkit.complaints.exporting.service"} & loaded
    # What only its forks read with:
    assert not {name for name in loaded if name.startswith(("auditkit.complaints.models", "auditkit.readiness"))}
    tables = {"actions.models.path", "audits.agenda.models.sending", "reviews.models.parts"}
    assert not {f"auditkit.{name}" for name in tables} & loaded
    assert not {name for name in loaded if name.startswith("auditkit.") and name.endswith((".views", ".public_views"))}


STAMP = "signature/tagmanifest-sha256.txt.sig.tsr"


def _refused(_signature: bytes) -> bytes:
    raise NotStamped(reason="the clock is being repaired")


@pytest.mark.sqlite_only
def test_the_child_has_its_signature_stamped_by_the_process_with_the_key(year: House, app: Flask) -> None:
    settings, asked = app.extensions["auditkit.settings"], []

    def stamp(signature: bytes) -> bytes:
        asked.append(signature)
        return b"a token"

    sealed = build_apart(settings, YEAR, year.actor("quality-manager"), replace(SIGNER, stamp=stamp), nobody).sealed
    with zipfile.ZipFile(settings.instance / "packs" / f"{sealed.root}.zip") as pack:
        assert pack.read(STAMP) == b"a token"
        assert [pack.read("signature/tagmanifest-sha256.txt.sig")] == asked


@pytest.mark.sqlite_only
def test_without_a_stamp_the_childs_pack_says_why_also_on_its_cover_and_in_the_room(
    year: House, app: Flask, browser: Callable[..., Browser]
) -> None:
    settings, actor = app.extensions["auditkit.settings"], year.actor("quality-manager")
    asked = replace(YEAR, languages=("fa",))
    prepared = build_apart(settings, asked, actor, replace(SIGNER, stamp=_refused), nobody)
    file = settings.instance / "packs" / f"{prepared.sealed.root}.zip"
    assert verify(file).good
    with zipfile.ZipFile(file) as pack:
        names = {name.rpartition("/")[2]: name for name in pack.namelist()}
        assert STAMP not in pack.namelist()
        (omitted,) = json.loads(pack.read(names["omissions.json"]))["omitted"]
        cover = docx.Document(io.BytesIO(pack.read(names["pack-cover.docx"])))
    assert "the clock is being repaired" in omitted["why"]
    assert STAMP in " ".join(cell.text for table in cover.tables for row in table.rows for cell in row.cells)
    # And whoever reviews it is told, and reads clauses marked with the language of the pack
    with transaction(actor) as tx:
        pack_id = service.build(tx, service.BuildPack(prepared), clock.now(), actor)
        wish = rooms.OpenRoom(pack_id, "Body One", "Rita", clock.now().date() + timedelta(days=30))
        _room, secret = rooms.open_room(tx, wish, clock.now(), actor)
    visitor = browser()
    visitor.get(f"/p/{year.slug}/room/enter/{secret}")
    visitor.post_form({})
    room = visitor.get(f"/p/{year.slug}/room/")
    assert "the clock is being repaired" in room.text
    assert room.soup.select("#clauses th [lang=fa]")
    assert not room.soup.select("#clauses th [lang=en]")


@pytest.mark.sqlite_only
def test_a_pack_built_from_a_page_is_stamped_where_an_authority_is_configured(
    year: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["auditkit.settings"]
    monkeypatch.setattr(settings, "timestamp_url", "https://clock.example/")
    monkeypatch.setattr(signing, "stamper", lambda address: lambda _signature: f"from {address}".encode())
    wanted = payload("internal-audit", YEAR.start, YEAR.end, "Soon")
    build_pack(wanted, year.actor("quality-manager"), nobody)
    (file,) = (settings.instance / "packs").glob("*.zip")
    with zipfile.ZipFile(file) as pack:
        assert pack.read(STAMP) == b"from https://clock.example/"


@pytest.mark.sqlite_only  # about documents
def test_documents_of_a_pack_are_made_with_the_organisations_own_templates(
    year: House, app: Flask, tmp_path: Path
) -> None:
    """Also in the child; a template in use that fails stops the pack, and no other is put in its place."""
    settings, actor = app.extensions["auditkit.settings"], year.actor("quality-manager")

    def use(text: str) -> None:
        content = template(text, "{{ organisation.name }} {{ document.version }}")
        with transaction(actor) as tx:
            number = own.add(tx, own.Add("pack-cover", "en", "cover.docx", content), clock.now(), actor)
            own.take(tx, own.Take("pack-cover", "en", number), clock.now(), actor)

    use("In the house style")
    prepared = build_apart(settings, YEAR, actor, SIGNER, nobody)
    with zipfile.ZipFile(settings.instance / "packs" / f"{prepared.sealed.root}.zip") as pack:
        (name,) = [one for one in pack.namelist() if one.endswith("pack-cover.docx")]
        assert "In the house style" in docx.Document(io.BytesIO(pack.read(name))).paragraphs[0].text

    use("{{ pack.gone }}")
    with pytest.raises(BuildingRefused, match=r"cover\.docx \(pack-cover en 2\)"):
        build_apart(settings, YEAR, actor, SIGNER, nobody)
