"""A stranger takes the files of a pack and draws its samples again, with nothing but Python."""

import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from auditkit.audits.sampling import Method, Stratify
from auditkit.audits.service.sampling import DrawSample, draw_sample
from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.content import library
from auditkit.packs import service, signing
from auditkit.packs.reading import PreparePack
from auditkit.packs.verify import verify
from tests.conftest import House
from tests.slices.complaints.recording import registered

from . import records


def _pack(house: House, app: Flask, folder: Path) -> Path:
    """The files of a pack, taken out of its ZIP; the bag's folder."""
    instance = app.extensions["auditkit.settings"].instance
    signing.make_key(instance)
    actor = house.actor("quality-manager")
    command = PreparePack(
        "internal-audit", records.organisation(house), library.shared(), records.START, records.END,
        reason="They come in May", by="Quentin Quality",
    )  # fmt: skip
    signer = signing.signer(instance)
    sealed = service.prepare(reading(actor), command, actor, instance, signer, folder / "pack.zip").sealed
    assert verify(sealed.file).good, list(map(str, verify(sealed.file).problems))
    with zipfile.ZipFile(sealed.file) as archive:
        archive.extractall(folder)
    return folder / sealed.bag


def _draw(house: House, number: str, **how: Any) -> None:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        command = DrawSample(number, date(2025, 1, 1), date(2026, 12, 31), **how)
        draw_sample(tx, command, clock_module.now(), actor)


def test_the_pack_redraws_its_samples_by_itself(acme: House, app: Flask, clock: FrozenClock, tmp_path: Path) -> None:
    for place in range(12):
        registered(acme.actor("complaint-handler"), site=("North", "South", "")[place % 3])
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    _draw(acme, number)
    _draw(acme, number, method=Method.STRATIFIED, by=Stratify.SITE, size=6, reason="Each site")
    records.report_audit(acme, number)
    bag = _pack(acme, app, tmp_path)
    samples = sorted(bag.glob("data/evidence/*/*-S?.json"))
    assert len(samples) == 2
    for sample in samples:
        script = sample.with_name("redraw.py")
        command = [sys.executable, "-I", "-X", "utf8", str(script), str(sample)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout.count(": agrees"), done.stderr) == (0, 3, "")
        told = (bag / "HOW-TO-CHECK.txt").read_text(encoding="utf-8")
        assert f"in {script.parent.relative_to(bag).as_posix()}: python redraw.py SAMPLE.json" in told


@pytest.mark.sqlite_only
def test_a_pack_without_samples_holds_no_script(acme: House, app: Flask, clock: FrozenClock, tmp_path: Path) -> None:
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    records.report_audit(acme, number)
    bag = _pack(acme, app, tmp_path)
    assert not list(bag.rglob("redraw.py"))
    assert "redraw.py" not in (bag / "HOW-TO-CHECK.txt").read_text(encoding="utf-8")
