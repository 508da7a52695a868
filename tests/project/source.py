"""Reading the project's own code for the guards; each guard can also be pointed at a planted tree."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
PACKAGE = PROJECT / "auditkit"


def modules(root: Path = PACKAGE) -> Iterator[tuple[Path, ast.Module]]:
    """Every one of the `files` with its syntax tree."""
    for path in files(root):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def files(root: Path = PACKAGE) -> Iterator[Path]:
    """Every Python file below `root`, migrations' revisions aside."""
    return (path for path in sorted(root.rglob("*.py")) if "versions" not in path.parts)


def name_of(node: ast.AST) -> str:
    """The dotted name of a call's target or decorator, without its arguments."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def place(path: Path, node: ast.AST) -> str:
    """`file:line` of a node, for messages."""
    return f"{path.name}:{getattr(node, 'lineno', 0)}"


@cache
def layers() -> list[list[str]]:
    """The import order of the packages, uppermost first, as `pyproject.toml` states it."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    stated = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return [[name.strip(" ()") for name in layer.split("|")] for layer in stated]


def height(package: str) -> int:
    """How high a package lies: larger is higher. Raises LookupError for a package without a place."""
    order = layers()
    for index, names in enumerate(order):
        if package in names:
            return len(order) - index
    raise LookupError(f"{package} has no place in the import order")


def slices() -> list[str]:
    """The packages that are slices: those with models, services or views."""
    files = {"models.py", "service.py", "views.py", "service"}
    return sorted(
        folder.name
        for folder in PACKAGE.iterdir()
        if folder.is_dir() and files.intersection(child.name for child in folder.iterdir())
    )


def tracked(*patterns: str) -> list[str]:
    """The files git tracks, relative to the project."""
    found = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return found.stdout.split("\n")[:-1]
