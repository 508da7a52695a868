"""README's tour is run as it stands, by a shell, away from the checkout."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.project.source import PROJECT

TOUR = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def test_the_tour_works_as_written(tmp_path):
    blocks = TOUR.findall((PROJECT / "README.md").read_text(encoding="utf-8"))
    assert len(blocks) == 1
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["sh", "-e"],
        input=blocks[0],
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "/account/link/" in result.stdout
    assert "the chain holds" in result.stdout
    assert "Checked and found right" in result.stdout


def test_every_link_of_the_readme_leads_somewhere():
    pages = [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md"), PROJECT / "CONTRIBUTING.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
