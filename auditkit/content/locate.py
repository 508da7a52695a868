"""Where the shipped content lies: in a checkout, an editable install, a wheel or a zipped wheel.

A wheel carries the three folders inside `auditkit/content/` (see `tool.hatch.build.targets.wheel.sources`); in a
checkout they stand beside the package. tests/slices/content/test_content_locate.py builds each of the layouts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

FOLDERS = ("checklists", "policies", "doc_templates")
YAML_ENDINGS = (".yaml", ".yml")
LOCALE = r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_[A-Z]{2})?"
_SIDECAR = re.compile(rf"\.({LOCALE})\.ya?ml$")


@dataclass(frozen=True)
class Found:
    """A file of a content folder: how it is named in messages (relative, `/`), and where its bytes are."""

    name: str
    file: Traversable

    @property
    def is_yaml(self) -> bool:
        """Whether its name says that it is YAML."""
        return self.file.name.lower().endswith(YAML_ENDINGS)


def folder(name: str) -> Traversable:
    """One of the shipped folders (`checklists`, `policies`, `doc_templates`).

    In a zipped wheel the answer has no path on disk: use `read_bytes`, or `importlib.resources.as_file`.
    Raises BadInput where it was not shipped, ValueError for a name that is not a content folder.
    """
    if name not in FOLDERS:
        raise ValueError(f"{name} is not a content folder; there are {', '.join(FOLDERS)}")
    package = files("auditkit.content")
    shipped = package / name
    if shipped.is_dir():
        return shipped
    if isinstance(package, Path):
        project = package.parent.parent
        # Without this sign a stranger's `site-packages/policies` would be taken for ours.
        if (project / "pyproject.toml").is_file() and (project / name).is_dir():
            return project / name
    raise BadInput(
        N_("The folder %(name)s of this installation is missing. Install auditkit again"), place=name, name=name
    )


def locale_in(name: str) -> str | None:
    """`fa` for `scales.fa.yaml`, the name of a translation; None for the name of any other file."""
    match = _SIDECAR.search(name)
    return match[1] if match else None


def walk(root: Traversable, name: str = "") -> Iterator[Found]:
    """Every file below `root` in a fixed order; hidden files and linked folders are not content."""
    for entry in sorted(root.iterdir(), key=lambda one: one.name):
        if entry.name.startswith((".", "__pycache__")):
            continue
        below = f"{name}/{entry.name}" if name else entry.name
        if entry.is_dir():
            if not (isinstance(entry, Path) and entry.is_symlink()):  # two links to `.` would never end
                yield from walk(entry, below)
        elif entry.is_file():
            yield Found(below, entry)
