"""`auditkit pack …`: exit codes, JSON, and that verifying loads no web framework and no database."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from auditkit.base.clock import FrozenClock
from auditkit.cli import auditkit, run
from auditkit.packs import signing
from auditkit.packs.verify import verify
from tests.conftest import House

from . import records

PERIOD = ["--from", "2026-01-01", "--to", "2026-12-31"]


@pytest.fixture
def call(
    app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """`call("build", "--org", ...)`: exit code, output, errors of `auditkit pack build --org ...`."""
    signing.make_key(app.extensions["auditkit.settings"].instance)
    # A second application would hold on to this test's database.
    monkeypatch.setattr("auditkit.cli._create_app", lambda: app)
    monkeypatch.setattr("auditkit.cli._create_pageless_app", lambda: app)

    def run_it(*arguments: object) -> tuple[int, str, str]:
        code = run(auditkit.main, ["pack", *(str(one) for one in arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_it


@pytest.fixture
def audit(acme: House, clock: FrozenClock) -> str:
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    records.report_audit(acme, number)
    return number


@pytest.mark.sqlite_only  # gaps on both: test_service.py
def test_gaps_are_listed_and_the_exit_code_is_1(call, audit: str, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    arguments = ["build", "--org", "acme", "--pack", "internal-audit", *PERIOD, "--out", target]
    code, out, err = call(*arguments)
    assert (code, out) == (1, "")
    assert "No complaints-handling policy was started" in err
    assert "--accept-omissions" in err
    code, out, _err = call(*arguments, "--json")
    told = json.loads(out)
    assert (code, told["built"]) == (1, False)
    assert {gap["part"] for gap in told["gaps"]} == {"policy", "complaints", "actions", "audit-files"}
    assert not target.exists()


def test_built_verified_and_listed(call, audit: str, tmp_path: Path) -> None:
    target, pem = tmp_path / "x.zip", tmp_path / "key.pem"
    arguments = ["build", "--org", "acme", "--pack", "internal-audit", *PERIOD, "--out", target]
    code, out, err = call(*arguments, "--accept-omissions", "First year", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["file"], told["reason"], len(told["gaps"])) == (str(target), "First year", 4)
    assert verify(target).good
    code, out, _err = call("public-key", "--out", pem)
    assert code == 0
    assert told["signing_key"] in out
    code, out, _err = call("verify", target, "--public-key", pem, "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "good")
    code, out, _err = call("list", "--org", "acme", "--json")
    assert [one["root"] for one in json.loads(out)["packs"]] == [told["root"]]
    code, out, _err = call(*arguments, "--accept-omissions", "First year")
    assert code == 0
    assert told["root"] in out


@pytest.mark.sqlite_only  # about the command line
@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"--org": "nobody"}, 2, "no organisation 'nobody'"),
        ({"--pack": "no-such"}, 2, "internal-audit"),
        ({"--from": "yesterday"}, 2, "yesterday"),
        ({"--to": "2025-01-01"}, 2, "not before the first day"),
        ({"--out": "/nowhere/at/all.zip"}, 2, "/nowhere/at/all.zip"),
    ],
)
def test_input_that_cannot_be_used_is_named(call, audit: str, tmp_path: Path, changed, code: int, said: str) -> None:
    options = {
        "--org": "acme",
        "--pack": "internal-audit",
        "--from": "2026-01-01",
        "--to": "2026-12-31",
        "--out": str(tmp_path / "x.zip"),
        "--accept-omissions": "Soon",
    } | changed
    found, _out, err = call("build", *(word for pair in options.items() for word in pair))
    assert found == code, err
    assert said in err


@pytest.mark.sqlite_only  # about files
def test_what_does_not_verify_is_1_and_what_is_no_pack_is_2(call, tmp_path: Path, pack: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(pack.read_bytes()[:-40])
    assert call("verify", bad)[0] == 1
    assert call("verify", tmp_path / "none.zip")[0] == 2


LOADED = """
import sys
from auditkit.cli import auditkit, run
code = run(auditkit.main, sys.argv[1:])
known = {"flask", "sqlalchemy", "pydantic", "yaml", "jinja2", "wtforms"}
print("heavy:", sorted({name.split(".")[0] for name in sys.modules} & known))
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [["pack", "verify"], ["pack", "--help"], ["pack", "build", "--help"]])
def test_verify_and_help_load_no_web_framework_and_no_database(
    pack: Path, tmp_path: Path, arguments: list[str]
) -> None:
    words = [*arguments, str(pack)] if arguments[-1] == "verify" else arguments
    env = os.environ | {"AUDITKIT_INSTANCE": str(tmp_path / "none")}
    answer = subprocess.run(
        [sys.executable, "-c", LOADED, *words], env=env, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1] == "heavy: []"
