"""What `auditkit complaints import` weighs: it runs without the pages, and its memory is held to a bound.

benchmarks/import_complaints.py measures a whole register; here a few hundred rows show what the program itself weighs.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from auditkit.base.db import db
from auditkit.journal.queries import verify
from tests.conftest import House

from .test_importing_commands import how_many

STATUS = Path("/proc/self/status")
MOST_MB = 125
"""Measured: 93; with the pages it was 155. The goal for 215,781 rows is 200; rows and database take some 45 of it."""
ROWS = 600

PROBE = """
import json, sys
from pathlib import Path
from auditkit.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
status = Path("/proc/self/status").read_text() if Path("/proc/self/status").exists() else ""
peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
print("\\x00" + json.dumps({"code": code, "peak": peak / 1024, "modules": sorted(sys.modules)}))
"""


@pytest.mark.sqlite_only
def test_an_import_runs_without_the_pages_and_weighs_accordingly(acme: House, app: Flask, tmp_path: Path) -> None:
    """In a process of its own, as a person starts it: what the tests have loaded must not help it."""
    table = tmp_path / "in.csv"
    rows = (f"C-{number},2026-01-05,Parcel {number} came late,received" for number in range(ROWS))
    table.write_text("\n".join(["Reference,Received,Subject,Status", *rows]), encoding="utf-8")
    settings = app.extensions["auditkit.settings"]
    db.session.rollback()
    environment = os.environ | {
        "AUDITKIT_INSTANCE": str(settings.instance),
        "AUDITKIT_DATABASE_URL": settings.url,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    told = subprocess.run(
        [sys.executable, "-c", PROBE, "complaints", "import", str(table), "--org", acme.slug, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said, _nul, seen = told.stdout.partition("\x00")
    assert seen, told.stderr
    probe = json.loads(seen)
    assert (probe["code"], json.loads(said)["imported"]) == (0, ROWS), told.stderr
    assert how_many(acme) == ROWS
    assert verify(db.session(), acme.id).bad is None
    pages = {name for name in probe["modules"] if name.endswith((".views", ".public_views")) or name == "auditkit.app"}
    assert not pages
    if not STATUS.exists():
        pytest.skip("this system does not tell what a process weighed at most")
    assert probe["peak"] < MOST_MB
