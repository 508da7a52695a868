"""The command line answers at once: what `--help` and `pack verify` may load."""

import json
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
import json, sys
sys.argv = ["auditkit", *{arguments!r}]
from auditkit.cli import main
try:
    main()
except SystemExit:
    pass
print("\\x00" + json.dumps(sorted(sys.modules)))
"""


def loaded(*arguments: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", PROBE.format(arguments=arguments)], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(result.stdout.split("\x00")[1])}


def test_help_loads_nothing_heavy():
    assert not loaded("--help") & HEAVY


def test_the_probe_sees_what_is_loaded():
    assert "flask" in loaded("org", "list")


@pytest.mark.parametrize("command", [("pack", "verify", "--help"), ("journal", "verify", "--help"), ("org", "--help")])
def test_help_of_a_command_needs_no_application(command):
    assert not loaded(*command) & {"flask", "sqlalchemy"}


def test_verifying_needs_no_application():
    assert not loaded("pack", "verify", "no-such-file.zip") & {"flask", "sqlalchemy", "pydantic", "yaml"}
