"""What goes wrong while a pack is built: it is said with what to do, nothing is lost, no half pack is left behind."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput
from auditkit.documents.own import service as own
from auditkit.packs import building, queries, service, signing
from auditkit.packs.building import BuildingKilled, build_apart
from auditkit.packs.making import DocumentFailed
from auditkit.packs.output import DiskFull
from auditkit.packs.verify import verify
from tests.conftest import House
from tests.slices.documents.writing import template

from .test_building import SIGNER, YEAR, nobody
from .test_service import asked, built

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """A limit on the size of files plays the full disk, for the writes of packs alone."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


@pytest.mark.parametrize("size", [2_000, 30_000])
def test_a_full_disk_is_said_at_the_documents_and_at_the_zip(acme: House, year, instance: Path, size) -> None:
    actor = acme.actor("quality-manager")
    tx = reading(actor)
    tx.connection()
    with files_at_most(size), pytest.raises(DiskFull, match="Make room, then build it again"):
        service.prepare(tx, asked(acme), actor, instance, signing.signer(instance))
    assert list(service.packs_folder(instance).iterdir()) == []
    assert queries.page(reading(actor))[0] == []
    assert built(acme, instance).stored


def test_a_template_of_its_own_that_fails_is_named_and_the_shipped_one_is_not_put_in_its_place(
    acme: House, year, instance: Path
) -> None:
    """It got past the examination, say of an older version of the program."""
    actor = acme.actor("quality-manager")
    content = template("{{ organisation.name }}", "{{ audit.gone }}")
    with transaction(actor) as tx:
        number = own.add(tx, own.Add("audit-report", "en", "house.docx", content), clock.now(), actor)
        own.take(tx, own.Take("audit-report", "en", number), clock.now(), actor)
    with pytest.raises(DocumentFailed) as failed:
        service.prepare(reading(actor), asked(acme), actor, instance, signing.signer(instance))
    told = str(failed.value)
    assert "Audit report" in told
    assert "house.docx (audit-report en 1), text, paragraph 2, {{ audit.gone }}" in told
    assert list(service.packs_folder(instance).iterdir()) == []
    with transaction(actor) as tx:
        own.leave(tx, own.Leave("audit-report", "en"), clock.now(), actor)
    assert built(acme, instance).stored


KILLED = """
import os, signal, sys
from pathlib import Path
from auditkit.packs import output, service, working

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

step = sys.argv[1]
if step in ("documents", "writing"):
    prepare = service.prepare
    at = 0.2 if step == "documents" else 0.7
    service.prepare = lambda *a, on_progress, **more: prepare(
        *a, on_progress=lambda share: die() if share > at else None, **more
    )
elif step == "before it is on the disk":
    output.os.fsync = die
elif step == "before it has its name":
    output._sync_folder = die
sys.exit(working.main())
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and flock")
@pytest.mark.parametrize("step", ["documents", "writing", "before it is on the disk", "before it has its name"])
def test_a_killed_build_leaves_no_pack_and_the_next_starts_clean(
    acme: House, year, app: Flask, monkeypatch: pytest.MonkeyPatch, step
) -> None:
    settings = app.extensions["auditkit.settings"]
    run = building.subprocess.Popen

    def killed(_command: list[str], **more: Any) -> Any:
        return run([sys.executable, "-c", KILLED, step], **more)

    monkeypatch.setattr(building.subprocess, "Popen", killed)
    with pytest.raises(BuildingKilled, match="nothing was lost"):
        build_apart(settings, YEAR, acme.actor("quality-manager"), SIGNER, nobody)
    folder = service.packs_folder(settings.instance)
    assert list(folder.glob("*.zip")) == []  # nothing that a page or a person would take for a pack
    assert [path.name[:8] for path in folder.iterdir()] == [".making-"]
    prepared = built(acme, settings.instance)
    (only,) = folder.iterdir()
    assert only.name == f"{prepared.sealed.root}.zip"
    assert verify(only).good


def test_what_another_build_is_at_work_on_is_left_alone(acme: House, year, instance: Path) -> None:
    folder = service.packs_folder(instance)
    with service._work_folder(folder) as work:
        (work / "half.docx").write_bytes(b"half")
        built(acme, instance)
        assert (work / "half.docx").exists()
    assert not work.exists()


@pytest.mark.parametrize("how", ["missing", "unreadable", "damaged"])
def test_without_the_signing_key_packs_are_still_there_and_it_says_what_to_do(
    acme: House, browser, year, instance: Path, how
) -> None:
    built(acme, instance)
    key = signing.key_path(instance)
    key.rename(key.with_suffix(".away"))
    if how == "unreadable":
        key.mkdir()
    elif how == "damaged":
        key.write_bytes(b"not a key")
    try:
        manager = browser(acme, "quality-manager")
        page = manager.get(f"/o/{acme.slug}/packs/")
        assert "Internal audit" in page.text
        assert "key back" in page.text
        assert str(instance) not in page.text  # a path is the operator's business
        number = queries.page(reading(acme.system))[0][0].id
        assert manager.get(f"/o/{acme.slug}/packs/{number}/download").response.data[:2] == b"PK"
        with pytest.raises(BadInput, match=r"key back"):
            signing.signer(instance)
    finally:
        if key.is_dir():
            key.rmdir()
        key.with_suffix(".away").replace(key)
