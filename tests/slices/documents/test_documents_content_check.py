"""`auditkit content check` looks into Word templates and pack definitions, and says what is wrong with them."""

import shutil
from pathlib import Path

import pytest

from auditkit.cli import _content_kinds
from auditkit.content.checks import examine
from tests.project.source import PROJECT

SHIPPED = PROJECT / "doc_templates"


def problems(folder: Path) -> list[str]:
    return [str(one).removeprefix(f"{folder}/") for one in examine([folder], _content_kinds()).problems]


@pytest.fixture
def copy(tmp_path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "own"))


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_shipped_templates_and_packs_are_good_and_were_found(copy):
    report = examine([copy], _content_kinds())
    assert not report.problems
    assert report.files > 6


def test_a_variable_that_is_not_in_the_word_file_is_named(copy):
    spoil(copy / "audit-plan" / "template.yaml", 'name: "organisation.name"', 'name: "organisation.nmae"')
    found = problems(copy)
    assert any("organisation.nmae is described and not in the template" in one for one in found)


def test_a_required_field_that_is_not_described_is_named(copy):
    spoil(copy / "audit-plan" / "template.yaml", "required: [organisation.name", "required: [organisation.nmae")
    assert any("organisation.nmae is required and not described" in one for one in problems(copy))


def test_a_broken_word_file_is_named(copy):
    (copy / "audit-plan" / "template.docx").write_bytes(b"no zip")
    assert any(one.startswith("audit-plan/template.docx") for one in problems(copy))


def test_a_missing_word_file_is_named(copy):
    (copy / "audit-plan" / "template.docx").unlink()
    assert any("Put the Word file template.docx beside this file" in one for one in problems(copy))


def test_a_pack_that_names_an_unknown_template_is_named_with_its_line(copy):
    (pack,) = (copy / "packs").glob("internal-audit.yaml")
    spoil(pack, "template: audit-report", "template: audit-reprot")
    assert any("packs/internal-audit.yaml:" in one and "audit-reprot" in one for one in problems(copy))


def test_the_command_checks_them_too(command):
    good = command("content", "check")
    assert good.code == 0
    assert "template.yaml: not checked" not in good.out
