"""The documentation names every command, setting, permission and event, and only those that exist."""

import re

import click
import pytest

from auditkit.accounts.rules import PERMISSIONS, Role
from auditkit.app import create_app  # every slice declares its events on import
from auditkit.base.events import registered
from auditkit.base.settings import Settings
from auditkit.cli import COMMANDS, auditkit
from tests.project.source import PROJECT

DOCS = PROJECT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def command_names() -> set[str]:
    context = click.Context(auditkit)
    names = set()
    for name in COMMANDS:
        command = auditkit.get_command(context, name)
        if isinstance(command, click.Group):
            names |= {f"auditkit {name} {sub}" for sub in command.commands}
        else:
            names.add(f"auditkit {name}")
    return names


def missing(names, text: str) -> list[str]:
    return sorted(name for name in names if f"`{name}" not in text)


def test_every_command_is_documented():
    assert not missing(command_names(), read("operator-guide.md"))


def test_no_command_is_documented_that_does_not_exist():
    for page in (*DOCS.rglob("*.md"), PROJECT / "README.md"):
        text = page.read_text(encoding="utf-8")
        for group, sub in re.findall(r"`auditkit ([a-z]+)(?: ([a-z]+))?", text):
            known = command_names()
            assert f"auditkit {group} {sub}".strip() in known or f"auditkit {group}" in {
                " ".join(name.split()[:2]) for name in known
            }, f"{page.name}: auditkit {group} {sub}"


def test_every_setting_is_documented():
    assert not missing({f"AUDITKIT_{name.upper()}" for name in Settings.model_fields}, read("operator-guide.md"))


def test_every_permission_and_role_is_documented():
    text = read("operator-guide.md")
    assert not missing(PERMISSIONS, text)
    assert not missing([role.value for role in Role], text)


def test_every_event_is_documented():
    assert create_app
    text = read("events.md")
    assert not missing(registered(), text)
    written = set(re.findall(r"^\| `([a-z-]+:[a-z-]+)`", text, re.MULTILINE))
    assert written == set(registered())


@pytest.mark.parametrize("names", [{"auditkit conjure"}, {"AUDITKIT_MAGIC"}, {"magic.do"}])
def test_an_undocumented_name_is_found(names):
    assert missing(names, read("operator-guide.md")) == sorted(names)


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_role_table_is_the_real_one():
    text = read("operator-guide.md")
    for permission, roles in PERMISSIONS.items():
        cells = " | ".join("yes" if role in roles else "" for role in Role)
        assert f"| `{permission}` | {cells} |" in text, permission
