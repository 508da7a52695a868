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
    "complaints.service.taking.check_not_erased": "reads",
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


NOBODYS_DAYS = {
    "base/calendar/": "is the way: `day_of`, `start_of`, working days",
    "base/limits.py": "the salt of a day, for the whole installation",
    "web/languages.py": "is the way: a moment was turned to a clock's face before",
    "base/text.py": "is the way: the day of a moment in its own zone",
    "registers/reminding.py": "finds the houses it may be the day in; each then decides by its own",
    "insights/sending/jobs.py": "finds the houses it may be the day in; each then decides by its own",
    "insights/queries.py": "bounds of a search for changes of the clocks; the days come from the zone",
    "packs/keys.py": "a key is the installation's",
    "packs/commands.py": "days that were typed",
    "packs/bag.py": "BagIt's own date, from the time stamp",
    "packs/verify/stamp.py": "the verifier knows no organisation; a stamp is in UTC",
    "packs/formats/oscal.py": "OSCAL wants a moment for a day",
    "packs/formats/room.py": "says UTC beside it",
    "packs/gathering/draft.py": "stands for the moment of a pack without records",
    "packs/gathering/papers.py": "stands for the moment of papers without records",
    "actions/timing.py": "midnight UTC, which stands for a day whose hour is not known",
    "actions/exchanging.py": "cells of a sheet, which know no zone",
    "registers/workbook.py": "cells of a sheet, which know no zone",
    "documents/tables.py": "cells of a sheet, which know no zone",
    "complaints/importing/": "what a foreign file says, as it says it",
    "complaints/commands.py": "what a foreign file says, as it says it",
    "complaints/rules/stages.py": "midnight UTC, which stands for a day whose hour is not known",
    "complaints/queries/captured.py": "midnight UTC, which stands for a day whose hour is not known",
    "complaints/forms/register.py": "midnight UTC, which stands for a day whose hour is not known",
    "complaints/checking/days.py": "bounds of a search, wider by days",
    "complaints/correspondence/running.py": "name of a file",
}
"""Where a day is no organisation's, or UTC is meant. A name that ends with a slash stands for a folder."""


def nobodys(name: str) -> bool:
    return name.startswith(("instance/demo/", "migrations/", *(one for one in NOBODYS_DAYS if one.endswith("/")))) or (
        name in NOBODYS_DAYS
    )


def by_the_server(node: ast.AST) -> bool:
    """Whether an expression takes the day of a moment, or the moment of a day, in UTC."""
    if isinstance(node, ast.FormattedValue):
        return "%d" in ast.unparse(node.format_spec or ast.Constant("")) and "astimezone" not in ast.unparse(node.value)
    if isinstance(node, ast.Subscript):
        return bool(re.search(r"\.isoformat\(\)\[:?10", ast.unparse(node).replace(" ", "")))
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    told, of = node.func.attr, ast.unparse(node.func.value)
    if told == "date":
        return ".astimezone(" not in of and of != "func"
    if told == "strftime":
        return "astimezone" not in of and of != "func" and "%d" in ast.unparse(node)
    return told == "combine" and any(ast.unparse(one) == "UTC" for one in node.args)


def days_of_the_server(path: Path, tree: ast.Module, name: str) -> Iterator[str]:
    """`at.date()`: the day in UTC, which in Tehran or Auckland is another one for hours. There are
    `accounts.queries.day_of_house`, `days_of_house` and `today_of_house`, `web.languages.day_there` on a page, and
    `base.calendar.spans.day_of` where the zone is known."""
    if not nobodys(name):
        yield from (place(path, node) for node in ast.walk(tree) if by_the_server(node))


@pytest.mark.parametrize(
    ("code", "is_by_the_server"),
    [
        ("row.changed_at.date()", True),
        ("clock.now().date()", True),
        ("at.isoformat()[:10]", True),
        ("f'{at:%Y-%m-%d}'", True),
        ("at.strftime('%Y-%m-%d')", True),
        ("datetime.combine(day, time(), UTC)", True),
        ("at.astimezone(zone).date()", False),
        ("f'{at.astimezone(zone):%Y-%m-%d}'", False),
        ("f'{at:%H:%M}'", False),
        ("datetime.combine(day, time(), zone)", False),
    ],
)
def test_what_takes_a_day_by_the_server(code: str, is_by_the_server: bool) -> None:
    assert any(by_the_server(node) for node in ast.walk(ast.parse(code))) is is_by_the_server


def test_every_place_that_may_take_days_in_utc_does() -> None:
    for named in NOBODYS_DAYS:
        found = PACKAGE / named
        places = found.rglob("*.py") if found.is_dir() else [found]
        nodes = (node for path in places for node in ast.walk(ast.parse(path.read_text("utf-8"))))
        assert any(by_the_server(node) for node in nodes), f"{named}: an exemption that is not needed any more"


def test_no_template_takes_the_day_of_a_moment_in_utc() -> None:
    """`at.date()` there; `at|day_there` is the day by the organisation's clocks."""
    found = [path for path in PACKAGE.rglob("*.html") if re.search(r"(?<!local)\.date\(\)", path.read_text("utf-8"))]
    assert not found


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
    if not {"views", "public_views"} & {path.stem, *path.parts}:
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
    days_of_the_server: ("home/queries.py", "def waiting(row):\n    return row.changed_at.date()\n"),
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
