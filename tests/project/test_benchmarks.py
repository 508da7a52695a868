"""`make bench` runs every benchmark, whatever the one before found, and tells which missed."""

import subprocess
import sys
from pathlib import Path

from tests.project.source import PROJECT

RUNNER = PROJECT / "benchmarks" / "__main__.py"


def _run(folder: Path, *names: str) -> "subprocess.CompletedProcess[str]":
    (folder / "__main__.py").write_text(RUNNER.read_text(encoding="utf-8"), encoding="utf-8")
    for name, code in {"first": 1, "second": 0, "third": 3}.items():
        (folder / f"{name}.py").write_text(f"import sys; print('{name} ratio'); sys.exit({code})", encoding="utf-8")
    return subprocess.run([sys.executable, folder, *names], capture_output=True, text=True, check=False)


def test_all_are_run_and_those_that_missed_are_named(tmp_path: Path) -> None:
    told = _run(tmp_path)
    assert told.returncode == 1
    assert [line for line in told.stdout.splitlines() if "ratio" in line] == [
        "first ratio",
        "second ratio",
        "third ratio",
    ]
    assert told.stdout.splitlines()[-1] == "== missed a goal or failed: first, third"


def test_one_alone_that_meets_its_goal_is_good_news(tmp_path: Path) -> None:
    told = _run(tmp_path, "second")
    assert told.returncode == 0
    assert "first" not in told.stdout
    assert "no-such" in _run(tmp_path, "no-such").stderr


def test_make_bench_is_the_runner() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert "\nbench: " in makefile
    assert "$(BIN)/python benchmarks" in makefile
