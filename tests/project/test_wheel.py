"""The wheel ships what git tracks, nothing else, and works without the checkout."""

import subprocess
import sys
import zipfile

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


def test_the_wheel_works_alone(wheel, tmp_path):
    """Content is found, checked and an instance made from the unpacked wheel, away from the checkout."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    for arguments in (["content", "check"], ["init", "--demo"], ["org", "list", "--json"]):
        result = subprocess.run(
            [sys.executable, "-m", "auditkit.cli", *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(site), "AUDITKIT_INSTANCE": str(tmp_path / "instance"), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{arguments}: {result.stdout}{result.stderr}"
    assert '"slug": "demo"' in result.stdout
