"""Packages that offer what their modules hold, and load a module only when one of its names is asked for (PEP 562).

Who imports one table is spared the others, each of which takes 10 kB a column (decision 0007). A package says what it
offers once, for people, type checkers and `on_first_use` alike:

    if TYPE_CHECKING:
        from auditkit.audits.models.findings import Finding
    else:
        __getattr__ = on_first_use(__name__)

Reads that a pack shares with pages import by name what a pack asks for, and write `models.X` for the other tables.
Nothing that is offered may be called like a module of the package. Checked by tests/project/test_first_use.py.
"""

import ast
import inspect
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any


def on_first_use(package: str) -> Callable[[str], Any]:
    """The `__getattr__` of a package that offers names of its own modules, as its imports for type checkers say."""

    @cache
    def homes() -> dict[str, str]:
        return _homes(package)

    def first_use(name: str) -> Any:
        if name.startswith("__") or name not in homes():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(homes()[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return first_use


def _homes(package: str) -> dict[str, str]:
    """Each name that a package imports from modules of its own -> its module."""
    source = inspect.getsource(sys.modules[package])
    return {
        alias.name: node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}.")
        for alias in node.names
    }


def load_whole(package: ModuleType) -> None:
    """Load all that a package offers; a plain module is loaded already."""
    for name in getattr(package, "__all__", ()):
        getattr(package, name)
