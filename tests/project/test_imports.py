"""Imports and foreign keys point downwards; the contracts of `pyproject.toml` hold and can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auditkit import schema
from auditkit.base.db import Base
from tests.project.source import PROJECT, height, layers

LINTER = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-logo", "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)},
        check=False,
    )


@pytest.mark.skipif(not LINTER.exists(), reason="needs the extra [lint] (import-linter); `make lint` installs it")
class TestContracts:
    def test_hold(self):
        result = lint(PROJECT)
        assert result.returncode == 0, result.stdout + result.stderr

    @pytest.mark.parametrize(
        ("file", "line"),
        [
            ("complaints/rules/stages.py", "import flask"),
            ("complaints/rules/stages.py", "from auditkit.audits import queries as up"),
            ("complaints/models/register.py", "from auditkit.complaints import service"),
            ("packs/verify/__init__.py", "import auditkit.base.errors"),
        ],
    )
    def test_a_planted_import_breaks_them(self, tmp_path, file, line):
        self.copy(tmp_path)
        target = tmp_path / "auditkit" / file
        target.write_text(target.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
        result = lint(tmp_path)
        assert result.returncode == 1, result.stdout + result.stderr
        assert "BROKEN" in result.stdout

    def test_a_new_folder_without_a_place_breaks_them(self, tmp_path):
        self.copy(tmp_path)
        new = tmp_path / "auditkit" / "novelties"
        new.mkdir()
        (new / "__init__.py").write_text("", encoding="utf-8")
        assert lint(tmp_path).returncode == 1

    def copy(self, tmp_path):
        ignore = shutil.ignore_patterns("__pycache__", "templates", "static")
        shutil.copytree(PROJECT / "auditkit", tmp_path / "auditkit", ignore=ignore)
        shutil.copy(PROJECT / "pyproject.toml", tmp_path)


def package_of(table) -> str:
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            return mapper.class_.__module__.split(".")[1]
    raise LookupError(table.name)


def upward_keys(owner_of, tables) -> list[str]:
    return [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in tables
        for key in table.foreign_keys
        if height(owner_of(table)) < height(owner_of(key.column.table))
        # The mixin of every organisation's record points at the organisation, also from base's own tables.
        and not (owner_of(table) == "base" and key.parent.name == "organisation_id")
    ]


def test_foreign_keys_point_downwards():
    assert not upward_keys(package_of, schema.metadata.sorted_tables)


def test_an_upward_key_is_found():
    flipped = {"organisation": "audits"}
    owner = lambda table: flipped.get(table.name) or package_of(table)  # noqa: E731 - a one-line stand-in
    found = upward_keys(owner, schema.metadata.sorted_tables)
    assert any(name.startswith("membership.organisation_id") for name in found)


def test_the_order_names_every_package():
    packages = {path.parent.name for path in (PROJECT / "auditkit").glob("*/__init__.py")}
    packages |= {path.stem for path in (PROJECT / "auditkit").glob("*.py")} - {"__init__"}
    assert packages == {name for layer in layers() for name in layer}
