"""The table of actions leaves and comes back: unchanged it changes nothing; only open actions' own columns change."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from auditkit.actions import exchanging, queries
from auditkit.actions.exchanging import CSV, XLSX
from auditkit.base.db import reading
from auditkit.base.errors import BadInput
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.actions.doing import Doing, opened, view

Opener = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("clock")
URL = "/o/acme/actions/"
AWKWARD = '=HYPERLINK("http://x";"y")'


def some(acme: House) -> tuple[str, str, str]:
    """An open action with an awkward text, one with lines and marks, one that is done."""
    first = opened(acme, title=AWKWARD, correction="+1 done\n-2 left", plan="'quoted")
    second = opened(acme, title="Über “Türe” در", cause='@cause;, "x"\r\nline two')
    done = Doing(acme, opened(acme, title="Done one"))
    done.done()
    return first, second, done.number


def left(acme: House, kind: str) -> bytes:
    out = io.BytesIO()
    exchanging.write(
        queries.table(reading(acme.system), queries.Wanted()), kind, out, view(acme, "AC-2026-001").opened_at
    )
    return out.getvalue()


def compared(acme: House, data: bytes) -> exchanging.Compared:
    rows = exchanging.read(data)
    return exchanging.compare(rows, queries.table_of(reading(acme.system), [row["number"] for row in rows]))


def rewritten(data: bytes, **cells: str) -> bytes:
    """The CSV with cells of its first row changed."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for name, text in cells.items():
        rows[1][list(exchanging.COLUMNS).index(name)] = text
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_what_comes_back_as_it_left_changes_nothing(acme: House, kind: str) -> None:
    some(acme)
    found = compared(acme, left(acme, kind))
    assert (found.rows, found.changes, found.problems, found.commands) == (3, (), (), ())


def test_no_text_runs_in_a_spreadsheet(acme: House) -> None:
    some(acme)
    rows = list(csv.reader(io.StringIO(left(acme, CSV).decode("utf-8-sig"), newline="")))
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@")), cell
    with zipfile.ZipFile(io.BytesIO(left(acme, XLSX))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_changes_in_their_own_columns_are_found(acme: House) -> None:
    first, *_others = some(acme)
    data = rewritten(left(acme, CSV), title="Change both locks", due_on="2026-05-01")
    found = compared(acme, data)
    assert found.problems == ()
    assert [(one.number, one.column, one.after) for one in found.changes] == [
        (first, "title", "Change both locks"), (first, "due_on", "2026-05-01")
    ]  # fmt: skip
    (command,) = found.commands
    assert (command.title, command.due_on, command.plan) == ("Change both locks", date(2026, 5, 1), "'quoted")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"owner": "Somebody"}, "Row 2, Owner: this cannot be changed in the table"),
        ({"state": "Closed"}, "Row 2, State: this cannot be changed in the table"),
        ({"title": " "}, "Row 2, What is to be done: say what is to be done"),
        ({"due_on": "tomorrow"}, "Row 2, Due on: enter a day such as 2026-03-31"),
        ({"title": "x", "version": "9"}, "Row 2: AC-2026-001 was changed since the export. Export anew"),
        ({"number": "AC-2026-999"}, "Row 2: there is no action AC-2026-999"),
        ({"number": "AC-2026-002"}, "Row 3: AC-2026-002 stands in the table twice"),
    ],
)
def test_what_cannot_be_taken_over_is_told_by_row_and_column(acme: House, cells: dict[str, str], told: str) -> None:
    some(acme)
    assert told in compared(acme, rewritten(left(acme, CSV), **cells)).problems


def test_an_action_that_is_done_does_not_change(acme: House) -> None:
    Doing(acme, opened(acme)).done()
    found = compared(acme, rewritten(left(acme, CSV), title="Something else"))
    assert found.problems == ("Row 2: AC-2026-001 is no longer open",)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 nothing", b"\xff\xfe\x00", b"a,b\r\n1,2\r\n", b"x" * (exchanging.MOST_BYTES + 1)],
    ids=["empty", "no workbook", "no text", "other columns", "too large"],
)
def test_what_is_no_table_of_ours_is_refused(app: object, data: bytes) -> None:
    with pytest.raises(BadInput):
        exchanging.read(data)


def test_the_page_looks_first_and_takes_over_all_or_nothing(browser: Opener, acme: House) -> None:
    first, second, _done = some(acme)
    quality = browser(acme, "quality-manager")
    data = quality.get(URL + "export.csv").response.data
    page = quality.get(URL + "import")
    page = quality.post_form({"table": (io.BytesIO(rewritten(data, plan="Both locks")), "actions.csv")})
    assert "Changes: 1, in actions: 1" in page.text
    assert view(acme, first).plan == "'quoted"
    page = quality.post_form(
        {"table": (io.BytesIO(rewritten(data, plan="Both locks", owner="x")), "actions.csv"), "apply": "y"}
    )
    assert "Nothing can be taken over before this is mended" in page.text
    assert view(acme, first).plan == "'quoted"
    page = quality.post_form({"table": (io.BytesIO(rewritten(data, plan="Both locks")), "actions.csv"), "apply": "y"})
    assert "Actions changed: 1" in page.text
    assert (view(acme, first).plan, view(acme, second).plan) == ("Both locks", "")
    page = quality.get(URL + "import")
    page = quality.post_form({"table": (io.BytesIO(b""), "")})
    assert "This is no table that can be read" in page.text
    browser(acme, "staff").get(URL + "import", status=403)
    assert browser(acme, "staff").get(URL + "export.xlsx?text=Done").response.data[:2] == b"PK"
    browser(acme, "staff").get(URL + "export.pdf", status=404)
