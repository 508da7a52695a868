"""Guards over the code: one committer, one clock, private models, verbs that journal, file names, short views.

Every guard is pointed at a planted violation too, so that it has been seen to fail.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.project.source import PACKAGE, files, height, modules, name_of, place, slices

ONLY_COMMITTER = "base/db.py"
ONLY_CLOCK = "base/clock.py"
SLICE_FILES = {
    "__init__", "rules", "models", "queries", "service", "forms", "views", "public_views", "commands",
}  # fmt: skip
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}

# Functions of services that take a session and are not verbs, each with its reason.
NOT_VERBS = {
    "accounts.service.add_organisation": "there is no organisation to act in before it; it opens the journal itself",
    "accounts.service.spend_link": "the person is nowhere yet; entering an organisation is journalled",
    "accounts.service.note_password_change": "journals in every organisation of the person",
    "journal.service.record": "is the journal",
    "insights.freezing.service.keep": "freezes for the verbs of reports and reviews; journals",
    "audits.service.taking.taken": "reads a row for the verbs beside it",
    "audits.service.sampling.captured": "captures for the verbs that draw and pick",
    "audits.service.taking.note": "writes the verbs' journal entries",
    "complaints.correspondence.service.acknowledging.acknowledge_automatically": "decides; the verb behind it writes",
    "complaints.service.recording.open_identity": "reads and journals for verbs that asked whether one may see it",
    "complaints.service.taking.found": "reads a row for the verbs beside it",
    "complaints.service.taking.for_change": "reads a row for the verbs beside it",
    "complaints.service.taking.for_judging": "reads a row for the verbs beside it",
    "complaints.service.taking.standing": "reads",
    "complaints.service.taking.named": "reads",
    "complaints.service.taking.newest": "reads",
    "complaints.service.taking.newest_assessment": "reads",
    "complaints.service.taking.open_investigation": "reads",
    "complaints.service.taking.standing_decision": "reads; makes the row of a decision that a file brought in",
    "complaints.service.taking.check_handler": "reads",
    "complaints.service.taking.check_member": "reads",
    "complaints.service.taking.changed": "writes the verbs' journal entries",
    "complaints.service.taking.note": "writes the verbs' journal entries",
    "complaints.service.linking.joined": "what linking and closing a duplicate have in common; journals",
    "packs.service.draft": "reads",
    "packs.service.prepare": "writes a file, before the verb that records it",
    "reviews.service.taking.taken": "reads a row for the verbs beside it",
    "reviews.service.taking.note_down": "writes the verbs' journal entries",
}


def relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def other_committers(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    if name != ONLY_COMMITTER:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                yield place(path, node)


def other_clocks(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    told = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "datetime.datetime.now", "time.time"}
    if name != ONLY_CLOCK:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in told:
                yield place(path, node)


NO_ORGANISATION = {
    "base/limits.py": "the salt of a day, for the whole installation",
    "registers/reminding.py": "finds the houses it may be the day in; each then decides by its own",
    "packs/keys.py": "a key is the installation's",
    "insights/rollups/summing.py": "stands for any day: the frame counts them all",
}
"""Where a day is nobody's, so that the server's (UTC) is taken."""


def days_of_the_server(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    """`now.date()`: the day in UTC, which in Tehran or Auckland is another one for hours. There is
    `accounts.queries.today_of_house` for it, and `web.languages.day_there` on a page."""
    if name in NO_ORGANISATION or name.startswith("instance/demo/"):
        return
    for node in ast.walk(tree):
        told = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date"
        if told and ast.unparse(node.func.value) in ("now", "self.now", "clock.now()"):
            yield place(path, node)


COUNTS_EVERYTHING = "insights"
"""Figures are counted by the database over the tables of every slice; a function for each condition would only hide
that. It writes no table but its own (docs/decisions/0014)."""


def foreign_models(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    """Imports of another slice's models or forms; `schema.py` alone collects the tables."""
    own = name.split("/")[0]
    if own in ("schema.py", "migrations"):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("auditkit."):
            continue
        imported = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in imported:
            pieces = str(module).split(".")
            if own == COUNTS_EVERYTHING and pieces[-1] == "models":
                continue
            if len(pieces) == 3 and pieces[2] in ("models", "forms") and pieces[1] not in (own, "web"):
                yield f"{place(path, node)} {module}"


def verbless(_path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    """Public functions of services that take a session but are not `@verb`s."""
    parts = name.removesuffix(".py").split("/")
    if "service" not in parts[1:]:
        return
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.args.args:
            continue
        decorated = any(name_of(one).split(".")[-1] == "verb" for one in node.decorator_list)
        if node.args.args[0].arg == "tx" and not decorated:
            yield f"{'.'.join(parts)}.{node.name}"


def unknown_file_names(path: Path, _tree: ast.Module, _name: str) -> Iterator[str]:
    if path.stem in FORBIDDEN_NAMES:
        yield path.name


def hidden_imports(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    """Imports of a higher or equal package inside a function: a cycle in disguise."""
    own = name.split("/")[0].removesuffix(".py")
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("auditkit."):
                continue
            other = str(node.module).split(".")[1]
            if other != own and height(other) >= height(own):
                yield f"{place(path, node)} {node.module}"


def long_views(path: Path, tree: ast.Module, _name: str, limit: int = 20) -> Iterator[str]:
    """Route functions of more than `limit` lines, docstring and decorators not counted."""
    if path.stem not in ("views", "public_views") and "views" not in path.parts:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        if not any(name_of(one).split(".")[-1] == "access" for one in node.decorator_list):
            continue
        body = node.body[1:] if ast.get_docstring(node) else node.body
        lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
        if lines > limit:
            yield f"{place(path, node)} {node.name}: {lines} lines"


WRITE_CSV = {
    "documents/tables.py": "neutralises what a spreadsheet would run",
    "complaints/importing/rejects.py": "row by row while the file is read; neutralises each cell",
    "instance/demo/workshop.py": "a file of the demo's own, to be read and not to be handed out",
}


def other_csv(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    """CSV written elsewhere: a text that begins with `=` would run in a spreadsheet."""
    if name in WRITE_CSV:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in ("csv.writer", "csv.DictWriter"):
            yield place(path, node)


Guard = Callable[[Path, ast.Module, str], Iterator[str]]
"""What breaks the rule in one file: its path, its tree, its name below the root."""
PLANTED: dict[Guard, tuple[str, str]] = {
    other_csv: ("audits/views.py", "import csv\n\ncsv.writer(out).writerows(rows)\n"),
    other_committers: ("complaints/service.py", "def close(tx):\n    tx.commit()\n"),
    other_clocks: ("complaints/rules/stages.py", "from datetime import datetime\nwhen = datetime.now()\n"),
    days_of_the_server: ("home/queries.py", "def waiting(now):\n    return now.date()\n"),
    foreign_models: ("audits/service.py", "from auditkit.complaints.models import Complaint\n"),
    verbless: ("complaints/service.py", "def close(tx, command, now, actor):\n    pass\n"),
    unknown_file_names: ("complaints/utils.py", "pass\n"),
    hidden_imports: (
        "actions/service.py",
        "def open(tx):\n    from auditkit.audits.queries import finding\n    return finding\n",
    ),
    long_views: (
        "complaints/views.py",
        "@access('complaints.read')\ndef show():\n" + "    work()\n" * 21,
    ),
}


def seen(root: Path) -> dict[Guard, list[str]]:
    """What each guard finds below `root`; every file is read once."""
    found: dict[Guard, list[str]] = {guard: [] for guard in PLANTED}
    for path, tree in modules(root):
        for guard, places in found.items():
            places.extend(guard(path, tree, relative(path, root)))
    return found


@pytest.fixture(scope="module")
def of_the_package() -> dict[Guard, list[str]]:
    return seen(PACKAGE)


@pytest.mark.parametrize("guard", PLANTED, ids=lambda guard: guard.__name__)
def test_the_code_keeps_to_it(guard, of_the_package):
    found = of_the_package[guard]
    if guard is verbless:
        assert set(NOT_VERBS) <= set(found), "an exemption that is not needed any more"
        found = [name for name in found if name not in NOT_VERBS]
    assert not found


@pytest.mark.parametrize("guard", PLANTED, ids=lambda guard: guard.__name__)
def test_a_planted_violation_is_found(guard, tmp_path):
    name, code = PLANTED[guard]
    target = tmp_path / name
    target.parent.mkdir(parents=True)
    target.write_text(code, encoding="utf-8")
    assert seen(tmp_path)[guard]


def test_there_is_something_to_guard():
    assert len(list(files())) > 40
    assert {"accounts", "journal"} <= set(slices())


def promised_tests(root: Path) -> list[str]:
    """Test files named in modules under `root` that are not there: nothing holds what they promise."""
    return [
        f"{relative(path, root)}:{line}: {name}"
        for path in sorted(root.rglob("*.py"))
        for line, text in enumerate(path.read_text("utf-8").splitlines(), start=1)
        for name in re.findall(r"tests/[\w/]+\.py", text)
        if not (PACKAGE.parent / name).is_file()
    ]


def test_test_files_named_in_docstrings_are_there(tmp_path: Path) -> None:
    assert promised_tests(PACKAGE) == []
    (tmp_path / "x.py").write_text('"""Held by\ntests/rules/test_no_such.py."""\n', "utf-8")
    assert promised_tests(tmp_path) == ["x.py:2: tests/rules/test_no_such.py"]
