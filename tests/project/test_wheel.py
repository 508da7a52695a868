"""The wheel ships what git tracks, nothing else, and works without the checkout, as README tells."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.source import PROJECT, tracked

FOLDERS = ("auditkit", "checklists", "policies", "doc_templates")
MOVED = ("checklists", "policies", "doc_templates")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    result = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


def shipped(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def expected() -> set[str]:
    return {
        f"auditkit/content/{name}" if name.split("/")[0] in MOVED else name
        for name in tracked(*FOLDERS)
        if (PROJECT / name).exists()
    }


def test_the_wheel_is_what_git_tracks(wheel):
    extra = {name for name in shipped(wheel) - expected() if (name.rsplit("/", 1)[0], name)}
    untracked = {
        name for name in extra if not _untracked_but_not_ignored(name)
    }  # a file being written is not a leak; an ignored one is
    assert not untracked
    assert not expected() - shipped(wheel)


def _untracked_but_not_ignored(name: str) -> bool:
    path = name.removeprefix("auditkit/content/") if name.split("/")[2:3] and name.split("/")[2] in MOVED else name
    return subprocess.run(["git", "check-ignore", "-q", path], cwd=PROJECT, check=False).returncode == 1


def test_an_ignored_file_is_not_shipped(wheel):
    assert not any(name.endswith((".env", ".sqlite", ".pyc")) for name in shipped(wheel))


TOUR = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def test_the_tour_works_as_written_on_the_wheel_alone(wheel, tmp_path):
    """README's tour is run as it stands, by a shell, away from the checkout: content is found and checked, an instance
    with the demo made, a pack built."""
    (tour,) = TOUR.findall((PROJECT / "README.md").read_text(encoding="utf-8"))
    site, place = tmp_path / "site", tmp_path / "place"
    place.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    where = "python -c 'import auditkit; print(auditkit.__file__)'\n"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["sh", "-e"],
        input=f"{where}{tour}\nauditkit content check\nauditkit org list --json\n",
        cwd=place,
        env={"PATH": path, "HOME": str(place), "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith(str(site)), "it was not the wheel that worked"
    assert "/account/link/" in result.stdout
    assert "the chain holds" in result.stdout
    assert "Checked and found right" in result.stdout
    assert '"slug": "demo"' in result.stdout
