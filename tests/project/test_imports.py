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


PLANTED = {
    ("complaints/rules/stages.py", "import flask"): (
        "Rules know no framework and no clock",
        "auditkit.complaints.rules.stages -> flask",
    ),
    ("complaints/rules/stages.py", "from auditkit.audits import queries as up"): (
        "Slices import downwards only; a new folder must be given its place here",
        "auditkit.complaints.rules.stages -> auditkit.audits.queries",
    ),
    ("complaints/models/register.py", "from auditkit.complaints import service"): (
        "Inside a slice: views, then forms, service, queries, models, rules",
        "auditkit.complaints.models.register -> auditkit.complaints.service",
    ),
    ("packs/verify/__init__.py", "import auditkit.base.errors"): (
        "The verifier stands alone: Python and cryptography",
        "auditkit.packs.verify -> auditkit.base.errors",
    ),
}
"""(file, line planted at its end) -> (the contract it breaks, the import that is named)."""


@pytest.fixture(scope="module")
def of_the_planted(tmp_path_factory) -> subprocess.CompletedProcess[str]:
    """What is said of a copy in which everything is planted; building the graph of imports takes its time."""
    root = tmp_path_factory.mktemp("planted")
    ignore = shutil.ignore_patterns("__pycache__", "templates", "static", "versions")
    shutil.copytree(PROJECT / "auditkit", root / "auditkit", ignore=ignore)
    shutil.copy(PROJECT / "pyproject.toml", root)
    for file, line in PLANTED:
        with (root / "auditkit" / file).open("a", encoding="utf-8") as target:
            target.write(f"\n{line}\n")
    new = root / "auditkit" / "novelties"
    new.mkdir()
    (new / "__init__.py").write_text("", encoding="utf-8")
    return lint(root)


@pytest.mark.skipif(not LINTER.exists(), reason="needs the extra [lint] (import-linter); `make lint` installs it")
class TestContracts:
    def test_hold(self):
        result = lint(PROJECT)
        assert result.returncode == 0, result.stdout + result.stderr

    @pytest.mark.parametrize(("file", "line"), PLANTED)
    def test_a_planted_import_breaks_them(self, of_the_planted, file, line):
        contract, found = PLANTED[file, line]
        assert of_the_planted.returncode == 1, of_the_planted.stdout + of_the_planted.stderr
        assert f"{contract} BROKEN" in " ".join(of_the_planted.stdout.split())
        assert found in " ".join(of_the_planted.stdout.split())

    def test_a_new_folder_without_a_place_breaks_them(self, of_the_planted):
        assert of_the_planted.returncode == 1
        assert "auditkit.novelties" in of_the_planted.stdout


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
