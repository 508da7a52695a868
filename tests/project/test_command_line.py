"""The command line answers at once: what `--help` and `pack verify` may load."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {
    "flask",
    "sqlalchemy",
    "pydantic",
    "docxtpl",
    "docx",
    "lxml",
    "xlsxwriter",
    "python_calamine",
    "yaml",
    "cryptography",
}

PROBE = """
import gc, json, sys
sys.argv = ["auditkit", *{arguments!r}]
from auditkit.cli import main
try:
    main()
except SystemExit:
    pass
print("\\x00" + json.dumps([sorted(sys.modules), gc.get_freeze_count(), gc.isenabled()]))
"""


def probed(*arguments: str, **environment: str) -> tuple[set[str], int, bool]:
    command = [sys.executable, "-c", PROBE.format(arguments=arguments)]
    result = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    modules, frozen, collecting = json.loads(result.stdout.split("\x00")[1])
    return {name.split(".")[0] for name in modules}, frozen, collecting


def loaded(*arguments: str) -> set[str]:
    return probed(*arguments)[0]


def test_help_loads_nothing_heavy():
    assert not loaded("--help") & HEAVY


def test_the_probe_sees_what_is_loaded_and_none_of_it_is_looked_through_for_garbage():
    modules, frozen, collecting = probed("org", "list")
    assert "flask" in modules
    assert frozen > 100_000
    assert collecting, "what is made later is"


def test_what_a_start_loads_is_not_looked_through_for_garbage_either(tmp_path):
    _modules, frozen, collecting = probed("init", AUDITKIT_INSTANCE=str(tmp_path / "instance"))
    assert frozen > 300_000, "the whole application stays, its pages among it"
    assert collecting


@pytest.mark.parametrize("command", [("pack", "verify", "--help"), ("journal", "verify", "--help"), ("org", "--help")])
def test_help_of_a_command_needs_no_application(command):
    assert not loaded(*command) & {"flask", "sqlalchemy"}


def test_verifying_needs_no_application():
    assert not loaded("pack", "verify", "no-such-file.zip") & {"flask", "sqlalchemy", "pydantic", "yaml"}


@pytest.mark.parametrize("command", [("org", "list"), ("key", "list"), ("pack", "list", "--org", "nobody")])
def test_a_command_that_shows_no_page_loads_none(command):
    assert not loaded(*command) & {"flask_security", "flask_wtf", "wtforms"}
