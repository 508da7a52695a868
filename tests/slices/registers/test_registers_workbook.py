"""A register goes out as a workbook and comes back: unchanged it changes nothing, faults are named by cell."""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete

from auditkit.accounts.models import Membership
from auditkit.base import text
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.content import library
from auditkit.content.shapes import FieldKind, RegisterShape
from auditkit.documents.tables import Column, Sheet, write_xlsx
from auditkit.registers import bringing, queries, service, workbook
from tests.conftest import House
from tests.factories.http import Browser

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RISKS = library.shared().register("risks")
SPOKEN = {"en": RISKS}
ROW = {
    "title": "=cmd|'/c calc'!A1",
    "kind": "risk",
    "consequence": "Zeile eins\nZeile zwei",
    "likelihood": "likely",
    "impact": "serious",
    "treatment": "reduce",
    "what": "ویرایش می‌شود",
    "due": "2026-12-31",
}


@pytest.fixture
def names(acme: House) -> dict[int, str]:
    return {person: f"{role} of acme" for role, person in acme.people.items()}


@pytest.fixture
def risk(acme: House, clock: FrozenClock) -> str:
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        values = ROW | {"responsible": acme.person("complaint-handler")}
        return service.write(tx, service.WriteEntry(RISKS, values), NOW, actor)


def given_out(house: House, names: dict[int, str]) -> bytes:
    out = io.BytesIO()
    workbook.write(RISKS, queries.every(reading(house.system), "risks", NOW.date()), names, out, NOW)
    return out.getvalue()


def cells(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def changed(content: bytes, *edits: tuple[int, str, object], reverse: bool = False) -> bytes:
    """The workbook with cells (row, heading, value) written anew."""
    head, *rows = cells(content)
    for row, heading, value in edits:
        while row >= len(rows):
            rows.append([""] * len(head))
        rows[row][head.index(heading)] = value
    out = io.BytesIO()
    write_xlsx(out, [Sheet("x", [Column(str(one)) for one in head], rows[::-1] if reverse else rows)])
    return out.getvalue()


def brought(house: House, content: bytes, names: dict[int, str]) -> bringing.BroughtIn:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        return bringing.bring_in(tx, bringing.BringIn(SPOKEN, content, names, "risks.xlsx"), NOW, actor)


def test_unchanged_it_changes_nothing(acme: House, risk: str, names: dict[int, str]) -> None:
    content = given_out(acme, names)
    assert cells(content)[1][2] == ROW["title"], "a formula-like text is a text"
    assert brought(acme, content, names) == bringing.BroughtIn(0, 0, 1)
    assert queries.entry(reading(acme.system), "risks", risk, NOW.date()).version == 1


def test_cells_and_new_rows_are_taken_over_whatever_their_order(acme: House, risk: str, names: dict[int, str]) -> None:
    content = changed(
        given_out(acme, names),
        (0, "Treatment", "Accept it, with a reason"),
        (1, "Risk or opportunity", "New"), (1, "Kind", "opportunity"), (1, "What would follow", "Good"),
        (1, "Likelihood", "Rare"), (1, "Impact", "Grave"), (1, "Treatment", "Use the opportunity"),
        (1, "What is done, or why it is accepted", "We begin"), (1, "Who sees to it", "internal-auditor of acme"),
        reverse=True,
    )  # fmt: skip
    assert brought(acme, content, names) == bringing.BroughtIn(1, 1, 0)
    first, second = queries.every(reading(acme.system), "risks", NOW.date())
    assert (first.values["treatment"], first.version) == ("accept", 2)
    assert first.values["title"] == ROW["title"]
    assert (second.number, second.values["responsible"]) == ("RISK-002", acme.person("internal-auditor"))
    assert brought(acme, given_out(acme, names), names) == bringing.BroughtIn(0, 0, 2)


def test_the_day_of_the_next_review_is_taken_over(acme: House, risk: str, names: dict[int, str]) -> None:
    content = given_out(acme, names)
    assert brought(acme, changed(content, (0, "Next review on", "2026-07-01")), names).changed == 1
    assert queries.entry(reading(acme.system), "risks", risk, NOW.date()).review_on == date(2026, 7, 1)
    with pytest.raises(workbook.WorkbookRefused, match="Next review on"):
        brought(acme, changed(given_out(acme, names), (0, "Next review on", "in summer")), names)
    assert brought(acme, changed(given_out(acme, names), (0, "Next review on", "")), names).changed == 1
    assert queries.entry(reading(acme.system), "risks", risk, NOW.date()).review_on is None


def test_who_keeps_an_entry_is_taken_over(acme: House, risk: str, names: dict[int, str]) -> None:
    def keeper(number: str) -> int | None:
        return queries.entry(reading(acme.system), "risks", number, NOW.date()).keeper_id

    assert keeper(risk) == acme.person("quality-manager")
    fresh = [(1, head, value) for head, value in (
        ("Risk or opportunity", "New"), ("Kind", "risk"), ("What would follow", "Bad"), ("Likelihood", "Rare"),
        ("Impact", "Grave"), ("Treatment", "Accept it, with a reason"),
        ("What is done, or why it is accepted", "Nothing"), ("Who sees to it", "staff of acme"),
        ("Who keeps it", "staff of acme"),
    )]  # fmt: skip
    content = changed(given_out(acme, names), (0, "Who keeps it", "internal-auditor of acme"), *fresh)
    assert brought(acme, content, names) == bringing.BroughtIn(1, 1, 0)
    assert (keeper(risk), keeper("RISK-002")) == (acme.person("internal-auditor"), acme.person("staff"))
    # An empty cell leaves whoever keeps it; an unknown name is a fault
    assert brought(acme, changed(given_out(acme, names), (0, "Who keeps it", "")), names).changed == 0
    with pytest.raises(workbook.WorkbookRefused, match="there is no “Nobody” in this organisation"):
        brought(acme, changed(given_out(acme, names), (0, "Who keeps it", "Nobody")), names)


def test_one_fault_keeps_everything_out_and_every_cell_is_named(acme: House, risk: str, names: dict[int, str]) -> None:
    content = changed(
        given_out(acme, names),
        (0, "Likelihood", "sometimes"), (0, "Done by", "soon"), (0, "Who sees to it", "Nobody"),
        (1, "Number", "RISK-999"), (1, "Risk or opportunity", "x"),
    )  # fmt: skip
    with pytest.raises(workbook.WorkbookRefused) as refused:
        brought(acme, content, names)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["K2", "A3"]
    assert "Nobody" in refused.value.faults[0]
    content = changed(given_out(acme, names), (0, "Likelihood", "sometimes"), (0, "Done by", "soon"))
    with pytest.raises(workbook.WorkbookRefused) as refused:
        brought(acme, content, names)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["G2", "L2"]
    assert queries.entry(reading(acme.system), "risks", risk, NOW.date()).version == 1


def test_what_changed_meanwhile_is_not_overwritten(acme: House, risk: str, names: dict[int, str]) -> None:
    content = given_out(acme, names)
    assert brought(acme, changed(content, (0, "Kind", "Opportunity")), names).changed == 1
    with pytest.raises(workbook.WorkbookRefused, match="B2: RISK-001 was changed meanwhile"):
        brought(acme, changed(content, (0, "Impact", "Minor")), names)


def test_a_row_twice_is_refused(acme: House, risk: str, names: dict[int, str]) -> None:
    content = changed(given_out(acme, names), (0, "Impact", "Minor"))
    head, row = cells(content)
    out = io.BytesIO()
    write_xlsx(out, [Sheet("x", [Column(str(one)) for one in head], [row, row])])
    with pytest.raises(workbook.WorkbookRefused, match="RISK-001 stands in several rows"):
        brought(acme, out.getvalue(), names)


def test_what_is_no_such_workbook_is_said(acme: House, names: dict[int, str]) -> None:
    for content in (b"", b"PK\x03\x04 nothing", b"Number,Version\n1,2\n"):
        with pytest.raises(workbook.NoWorkbook):
            brought(acme, content, names)
    out = io.BytesIO()
    write_xlsx(out, [Sheet("x", [Column("Number"), Column("Kind")], [["", "risk"]])])
    with pytest.raises(workbook.ColumnsMissing, match="Version, Risk or opportunity"):
        brought(acme, out.getvalue(), names)
    with pytest.raises(workbook.WorkbookTooLarge):
        brought(acme, b"x" * (workbook.LARGEST + 1), names)


def test_faulty_files_of_all_kinds_are_refused(
    shared: Callable[[str], Path], browser: Callable[..., Browser], acme: House
) -> None:
    manager = browser(acme, "quality-manager")
    for folder in ("files", "zip", "images"):
        for path in sorted(shared(f"bad_inputs/{folder}").iterdir()):
            if path.is_file() and path.stat().st_size < workbook.LARGEST:
                manager.get("/o/acme/registers/risks/bring-in")
                page = manager.post_form({"file": (io.BytesIO(path.read_bytes()), "risks.xlsx")}, action="")
                assert page.path.endswith("/bring-in"), path.name
    assert queries.every(reading(acme.system), "risks", NOW.date()) == []


def test_by_its_pages(browser: Callable[..., Browser], acme: House, risk: str) -> None:
    manager = browser(acme, "quality-manager")
    content = manager.client.get("/o/acme/registers/risks/workbook.xlsx").data
    manager.get("/o/acme/registers/risks/bring-in")
    page = manager.post_form({"file": (io.BytesIO(changed(content, (0, "Impact", "huge"))), "r.xlsx")}, action="")
    assert "H2: “huge” is no choice of “Impact”" in page.text
    manager.get("/o/acme/registers/risks/bring-in")
    page = manager.post_form({"file": (io.BytesIO(changed(content, (0, "Impact", "Minor"))), "r.xlsx")}, action="")
    assert "0 new entries, 1 changed." in page.text
    # And the page for the next one tells who brought in which file, and how many rows of it said something new
    before = manager.get("/o/acme/registers/risks/bring-in").soup.find("table")
    (row,) = [[" ".join(cell.get_text(" ").split()) for cell in one("td")] for one in before.select("tbody tr")]
    digest = hashlib.sha256(changed(content, (0, "Impact", "Minor"))).hexdigest()
    assert row[1:] == ["quality-manager of acme", f"r.xlsx {digest[:12]}", "0", "1", "0"]
    assert manager.get("/o/acme/registers/objectives/bring-in").soup.find("table") is None, "each register has its own"


def test_out_in_one_language_back_in_another(acme: House, risk: str, names: dict[int, str]) -> None:
    fields = tuple(one.model_copy(update={"title": f"fa {one.title}"}) for one in RISKS.fields)
    persian, out = RISKS.model_copy(update={"fields": fields}), io.BytesIO()
    with text.spoken("fa"):
        workbook.write(persian, queries.every(reading(acme.system), "risks", NOW.date()), names, out, NOW)
    content, actor = out.getvalue(), acme.actor("quality-manager")
    assert cells(content)[0][2] == "fa Risk or opportunity"
    with transaction(actor) as tx:
        both = {"en": RISKS, "fa": persian}
        done = bringing.bring_in(tx, bringing.BringIn(both, content, names, "r.xlsx"), NOW, actor)
    assert done == bringing.BroughtIn(0, 0, 1)
    with pytest.raises(workbook.ColumnsMissing, match="Risk or opportunity"):
        brought(acme, content, names)


def filled(shape: RegisterShape, example: dict[str, str], acme: House, place: int) -> dict[str, Any]:
    """Every field of an entry: as the example says, else something of the field's kind."""
    given: dict[str, Any] = {}
    for one in shape.fields:
        said, own = example.get(one.id, ""), [choice.id for choice in one.choices]
        given[one.id] = {
            FieldKind.CHOICES: [word.strip() for word in said.split(",")] if said else own,
            FieldKind.CHOICE: said or (own[-1] if own else ""),
            FieldKind.PERSON: acme.person("staff"),
            FieldKind.DAY: said or date(2026, 4, 1 + place),
            FieldKind.NUMBER: said or "12.5",
            FieldKind.TEXT: said or "Zeile eins, mit Komma\nZeile zwei",
        }.get(one.kind, said or "007")
    return given


@pytest.mark.sqlite_only
def test_every_register_of_the_library_comes_back_unchanged_with_every_field_filled(
    acme: House, names: dict[int, str], clock: FrozenClock
) -> None:
    actor, today = acme.actor("quality-manager"), NOW.date()
    for shape in library.shared().registers.values():
        with transaction(actor) as tx:
            for place, example in enumerate(shape.examples):
                values = filled(shape, dict(example.values), acme, place)
                service.write(tx, service.WriteEntry(shape, values), NOW, actor)
        before, out = queries.every(reading(acme.system), shape.id, today), io.BytesIO()
        assert len(before) == len(shape.examples) > 0, shape.id
        assert all(one.values.keys() == {field.id for field in shape.fields} for one in before), shape.id
        workbook.write(shape, before, names, out, NOW)
        with transaction(actor) as tx:
            command = bringing.BringIn({"en": shape}, out.getvalue(), names, "all.xlsx")
            done = bringing.bring_in(tx, command, NOW, actor)
        assert done == bringing.BroughtIn(0, 0, len(before)), shape.id
        assert queries.every(reading(acme.system), shape.id, today) == before, shape.id


def test_an_entry_naming_somebody_who_left_comes_back_unchanged_and_can_be_changed(
    acme: House, risk: str, names: dict[int, str]
) -> None:
    gone = acme.person("complaint-handler")
    here = {one: name for one, name in names.items() if one != gone}
    with transaction(acme.system) as tx:
        tx.execute(delete(Membership).where(Membership.person_id == gone))
    content = given_out(acme, here)
    assert "somebody who left" in cells(content)[1]
    assert brought(acme, content, here) == bringing.BroughtIn(0, 0, 1)
    # A change beside the name leaves it; nobody new is named so
    assert brought(acme, changed(content, (0, "Impact", "Minor")), here).changed == 1
    assert queries.entry(reading(acme.system), "risks", risk, NOW.date()).values["responsible"] == gone
    fresh = changed(given_out(acme, here), (1, "Risk or opportunity", "x"), (1, "Who sees to it", "somebody who left"))
    with pytest.raises(workbook.WorkbookRefused, match="there is no “somebody who left” in this organisation"):
        brought(acme, fresh, here)
