"""`auditkit content check`: what it prints and how it ends."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditkit.cli import auditkit, run
from tests.slices.content import writing


def test_good_content_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(auditkit.main, ["content", "check"]) == 0
    out = capsys.readouterr().out
    assert "No problem found" in out
    assert int(re.search(r"(\d+) questions", out)[1]) >= 184


def test_a_problem_ends_with_1_and_names_file_line_and_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = writing.write(tmp_path, checklist=writing.CHECKLIST.replace("weight: 3", "weight: x"))
    assert run(auditkit.main, ["content", "check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert f"{folder}/checklist.yaml:32: sections[1].items[3].weight: Write a whole number\n" in out
    assert "Problems: 1" in out


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_folder_that_does_not_exist_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    assert run(auditkit.main, ["content", "check", str(tmp_path / "nowhere"), *more]) == 2
    said = capsys.readouterr()
    assert f"{tmp_path / 'nowhere'}: There is no such file or folder" in said.err
    assert said.out == ""


def test_json_is_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = writing.write(tmp_path, policy=writing.POLICY.replace('["2.1"]', '["9"]'))
    (folder / "notes.txt").write_text("x")
    assert run(auditkit.main, ["content", "check", "--json", str(folder)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["files"] == 4
    assert told["found"]["questions"] == 3
    assert told["not_checked"] == [{"file": f"{folder}/notes.txt", "reason": "it is no .yaml file"}]
    assert told["problems"] == [
        {
            "file": f"{folder}/policy.yaml",
            "line": 11,
            "column": 15,
            "field": "sections[1].clauses[1]",
            "message": "tiny-2026 has no clause “9”. Correct the number",
        }
    ]


def test_a_hostile_file_cannot_write_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = writing.write(tmp_path, policy=writing.POLICY.replace("id: tiny-policy", 'id: "\\e[2J\\u202e"'))
    assert run(auditkit.main, ["content", "check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[2J" in out


def test_help_loads_neither_pydantic_nor_yaml() -> None:
    code = (
        "import sys; from auditkit.cli import auditkit, run; run(auditkit.main, ['content', '--help']);"
        "heavy = {'pydantic', 'yaml', 'rfc8785', 'flask', 'sqlalchemy'} & set(sys.modules); assert not heavy, heavy"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "check" in ran.stdout
