"""The content is found in a checkout, in an unpacked wheel and in a zipped one, and a stranger's folder is not."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from auditkit.content import locate

PROJECT = Path(locate.__file__).parent.parent.parent
CODE = """
import importlib.resources, sys
from auditkit.content.locate import folder, walk
for name in ("checklists", "policies"):
    for found in walk(folder(name), name):
        print(found.name, len(found.file.read_bytes()))
from auditkit.content.checks import examine
report = examine()
assert not report.problems, report.problems
assert report.found["questions"] >= 184
"""


def laid_out_as_wheel(folder: Path) -> Path:
    """The package as the wheel carries it: the content folders inside `auditkit/content/`."""
    for source in sorted((PROJECT / "auditkit").rglob("*.py")):
        part = source.relative_to(PROJECT / "auditkit").parts[0]
        if part in ("base", "content", "__init__.py"):
            target = folder / source.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    for name in ("checklists", "policies"):
        origin = Path(str(locate.folder(name)))
        for source in sorted(origin.rglob("*.yaml")):
            target = folder / "auditkit" / "content" / name / source.relative_to(origin)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def run(path: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(path)!r}); {CODE}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=path.parent)


@pytest.fixture
def here() -> list[str]:
    return [
        f"{found.name} {len(found.file.read_bytes())}"
        for name in ("checklists", "policies")
        for found in locate.walk(locate.folder(name), name)
        if found.is_yaml
    ]


def test_in_this_installation(here: list[str]) -> None:
    assert any(line.startswith("checklists/standards/iso10002-2018.yaml ") for line in here)
    assert any(line.startswith("policies/complaints-handling-policy.yaml ") for line in here)


def test_in_an_unpacked_wheel(tmp_path: Path, here: list[str]) -> None:
    ran = run(laid_out_as_wheel(tmp_path / "site"))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == here


def test_in_a_zipped_wheel(tmp_path: Path, here: list[str]) -> None:
    unpacked = laid_out_as_wheel(tmp_path / "unpacked")
    wheel = tmp_path / "auditkit-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as zipped:
        for file in sorted(unpacked.rglob("*")):
            zipped.write(file, file.relative_to(unpacked))
    ran = run(wheel)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == here


def test_a_strangers_folder_beside_an_installed_package_is_not_taken(tmp_path: Path) -> None:
    site = laid_out_as_wheel(tmp_path / "site")
    (site / "auditkit" / "content" / "policies").rename(site / "policies")
    ran = run(site)
    assert "The folder policies of this installation is missing" in ran.stderr


def test_only_content_folders_have_a_place() -> None:
    with pytest.raises(ValueError, match="secrets"):
        locate.folder("secrets")
