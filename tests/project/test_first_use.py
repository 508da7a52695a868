"""Packages that load a module when one of its names is asked for (base/first_use.py): all is there, no more loaded."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

import auditkit

ROOT = Path(auditkit.__file__).parent
OFFERING = sorted(
    ".".join(path.parent.relative_to(ROOT.parent).parts)
    for path in ROOT.rglob("__init__.py")
    if "= on_first_use(" in path.read_text()
)


def printed_by(script: str) -> list[str]:
    """What a script of its own prints, so that nothing of this process is loaded."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("name", OFFERING)
def test_what_is_offered_is_there_under_its_own_name(name: str) -> None:
    package = import_module(name)
    assert not {module.name for module in iter_modules(package.__path__)} & set(package.__all__)
    for offered in package.__all__:
        assert not isinstance(getattr(package, offered), ModuleType)
    with pytest.raises(AttributeError, match="'Nothing'"):
        _ = package.Nothing


def test_who_asks_for_one_table_loads_no_other() -> None:
    loaded = printed_by(
        "import sys; from auditkit.audits.models import Finding;"
        "print(*(name for name in sys.modules if name.startswith('auditkit.audits.models.')))"
    )
    assert "auditkit.audits.models.findings" in loaded
    assert "auditkit.audits.models.samples" not in loaded


def test_the_application_knows_every_table() -> None:
    """It writes: a row of a table whose neighbour is not loaded could not be put in order with it."""
    missing = printed_by(
        "import auditkit.app; from auditkit.base.db import Base; there = set(Base.metadata.tables);"
        "from auditkit import schema; print(*sorted(set(schema.metadata.tables) - there))"
    )
    assert not missing


def test_what_cases_declare_is_known_to_the_application() -> None:
    """The parts of a snapshot and what is asked first are declared when their reads are loaded."""
    found = printed_by(
        "import auditkit.app; from auditkit.complaints.queries import captured, presence;"
        "print(*sorted(captured._snapshot_parts)); print(*presence._asked)"
    )
    assert {"due_dates", "handling", "complaint_note", "complaint_link", "complaint_clock"} <= set(found)
