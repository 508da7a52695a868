"""`auditkit content copy`, `export` and `import`: round trips, faults by cell, other people's lists, NIST's schema."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from auditkit.cli import _write_workbook, auditkit
from auditkit.cli import run as run_command
from auditkit.content import library
from auditkit.content.checks import check, read_shipped
from auditkit.content.digests import canonical
from auditkit.content.exchange.workbook import Table, read_workbook, tables_of
from auditkit.content.library import of_organisation
from auditkit.content.reading import read_folders
from auditkit.content.shapes import ChecklistShape, EditionShape, NodeShape

TOKEN = re.compile(r"^[^\W\d][\w.\-]*$")
CHECKLISTS = [file.shape for file in read_shipped().files if isinstance(file.shape, ChecklistShape)]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*arguments: object) -> tuple[int, str, str]:
        code = run_command(auditkit.main, ["content", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def read_one(path: Path) -> Any:
    (file,) = read_folders([("x", path)]).files
    return file.shape


# --- workbooks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", CHECKLISTS, ids=lambda shape: shape.id)
def test_a_checklist_comes_back_from_a_workbook_as_it_was(tmp_path: Path, shape: ChecklistShape) -> None:
    _write_workbook(tmp_path / "x.xlsx", tables_of(shape))
    read, problems = read_workbook(tmp_path / "x.xlsx")
    assert problems == []
    assert read is not None
    assert canonical(read.shape) == canonical(shape)


def test_export_and_import_by_command(run: Run, tmp_path: Path) -> None:
    assert run("export", "internal-audit-2018", "--out", tmp_path / "a.xlsx")[0] == 0
    code, out, _err = run("import", tmp_path / "a.xlsx", "--out", tmp_path / "own")
    assert code == 0
    assert out.strip() == str(tmp_path / "own" / "internal-audit-2018.yaml")
    shape = next(one for one in CHECKLISTS if one.id == "internal-audit-2018")
    assert canonical(read_one(tmp_path / "own" / "internal-audit-2018.yaml")) == canonical(shape)
    assert check([tmp_path / "own"]) == []


def changed(tables: list[Table], sheet: str, row: int, column: str, value: Any) -> list[Table]:
    """The tables with one cell replaced; rows count from 1 as in a spreadsheet, headings included."""
    out = []
    for table in tables:
        if table.title == sheet:
            cells = [list(one) for one in table.rows]
            cells[row - 2][table.headings.index(column)] = value
            table = Table(table.title, table.headings, tuple(map(tuple, cells)))
        out.append(table)
    return out


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "cell", "words"),
    [
        ("Questions", 2, "weight", "heavy", "Questions!I2", "whole number"),
        ("Questions", 3, "methods", "D, X", "Questions!H3", "Write one of"),
        ("Questions", 4, "question", "", "Questions!B4", "Add this field"),
        ("Questions", 2, "clauses", "4.99", "Questions!F2", "has no clause “4.99”"),
        ("Questions", 2, "clauses", 4.1, "Questions!F2", "Format this cell as text"),
        ("Questions", 3, "id", "q18-4.1-1", "Questions!B3", "is taken"),
        ("Questions", 2, "principles", "XYZ", "Questions!G2", "no principle XYZ"),
        ("About", 8, "value", "colours", "About!B8", "no answer scale `colours`"),
        ("Sections", 2, "title", "", "Sections!A2", "Add this field"),
    ],
)
def test_a_fault_names_the_sheet_and_the_cell(
    run: Run, tmp_path: Path, sheet: str, row: int, column: str, value: Any, cell: str, words: str
) -> None:
    shape = next(one for one in CHECKLISTS if one.id == "internal-audit-2018")
    tables = tables_of(shape)
    if sheet == "About":
        row = 2 + [name for name, _value in tables[0].rows].index("scale")
        cell = f"About!B{row}"
    _write_workbook(tmp_path / "x.xlsx", changed(tables, sheet, row, column, value))
    code, out, _err = run("import", tmp_path / "x.xlsx", "--out", tmp_path / "own")
    assert code == 1
    told = [line for line in out.splitlines() if words in line]
    assert told, out
    assert told[0].startswith(f"x.xlsx: {cell}: ")
    assert not (tmp_path / "own").exists()


def test_a_workbook_without_the_sheets_is_refused(run: Run, tmp_path: Path) -> None:
    _write_workbook(tmp_path / "x.xlsx", [Table("Sheet", ("a",), (("1",),))])
    code, _out, err = run("import", tmp_path / "x.xlsx", "--out", tmp_path)
    assert code == 2
    assert "sheet About has no column field" in err
    (tmp_path / "y.xlsx").write_bytes(b"not a workbook")
    assert run("import", tmp_path / "y.xlsx", "--out", tmp_path)[0] == 2
    assert run("import", tmp_path / "z.xlsx", "--out", tmp_path)[0] == 2
    assert run("export", "no-such", "--out", tmp_path / "x")[0] == 2


# --- OSCAL and CISO Assistant --------------------------------------------------------------------------------------


def controls(holder: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(holder.get("controls", []))
    for one in (*holder.get("groups", []), *holder.get("controls", [])):
        found += controls(one)
    return found


@pytest.mark.parametrize("edition_id", library.shared().editions)
def test_a_standard_becomes_an_oscal_catalog(run: Run, tmp_path: Path, edition_id: str) -> None:
    path = tmp_path / "o.json"
    assert run("export", edition_id, "--as", "oscal", "--out", path)[0] == 0
    catalog = json.loads(path.read_text())["catalog"]
    lib = library.shared()
    found = controls(catalog)
    assert len(found) >= sum(node.auditable for node in lib.edition(edition_id).nodes)
    asked = [part["id"] for one in found for part in one.get("parts", ())]
    counted = {item.id for item in lib.items.values() if item.clauses[0].startswith(f"{edition_id}:")}
    auditable = {ref for ref, node in lib.nodes.items() if node.auditable}
    assert len(asked) == len(set(asked)) >= len([one for one in counted if lib.items[one].clauses[0] in auditable])
    assert all(TOKEN.match(name) for name in (*asked, *(one["id"] for one in found)))
    assert catalog["metadata"]["oscal-version"].startswith("1.2")


def test_nist_accepts_the_catalog(run: Run, tmp_path: Path, shared: Callable[[str], Path]) -> None:
    text = shared("lists/oscal-schemas/oscal_catalog_schema.json").read_text(encoding="utf-8")
    # Python's `re` has no \\p{…}; these classes mean the same for the ids in question.
    schema = json.loads(text.replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for edition_id in library.shared().editions:
        path = tmp_path / f"{edition_id}.json"
        assert run("export", edition_id, "--as", "oscal", "--out", path)[0] == 0
        assert [error.message for error in validator.iter_errors(json.loads(path.read_text()))] == []
    broken = json.loads(path.read_text())
    broken["catalog"]["groups"][0]["id"] = "no id"
    assert list(validator.iter_errors(broken))


def test_nists_sample_catalog_becomes_a_standard_with_a_checklist(
    run: Run, tmp_path: Path, shared: Callable[[str], Path]
) -> None:
    sample = shared("checklists/oscal/basic-catalog.json")
    assert run("import", sample, "--id", "basic", "--out", tmp_path)[0] == 0
    assert check([tmp_path]) == []
    edition = read_one(tmp_path / "basic.yaml")
    assert isinstance(edition, EditionShape)
    controls_there = controls(json.loads(sample.read_text())["catalog"])
    leaves = [node for node in every(edition.nodes) if node.auditable]
    assert [node.title for node in leaves] == [one["title"] for one in controls_there]
    assert "insert: param" not in (tmp_path / "basic.yaml").read_text()
    assert "[a choice from a selection]" in str(leaves[0].text)


def every(nodes: tuple[NodeShape, ...]) -> list[NodeShape]:
    return [one for node in nodes for one in (node, *every(node.children))]


def test_a_profile_and_other_json_are_refused(run: Run, tmp_path: Path, shared: Callable[[str], Path]) -> None:
    profile = shared("checklists/oscal/NIST_SP-800-53_rev5_PRIVACY-baseline_profile.json")
    code, _out, err = run("import", profile, "--id", "x", "--out", tmp_path / "x")
    assert (code, (tmp_path / "x").exists()) == (2, False)
    assert "put NIST_SP-800-53_rev5_catalog.json beside it" in err
    for text in ("{", "[" * 100_000, "[]", '{"catalog": 7}'):
        (tmp_path / "bad.json").write_text(text)
        assert run("import", tmp_path / "bad.json", "--id", "x", "--out", tmp_path / "x")[0] == 2
    assert "Give the new standard an id" in run("import", profile, "--out", tmp_path)[2]


def test_ciso_assistant_gets_a_tree_whose_parents_exist(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    assert run("export", "iso10002-2018", "--as", "ciso-assistant", "--out", path)[0] == 0
    nodes = yaml.safe_load(path.read_text())["objects"]["framework"]["requirement_nodes"]
    urns = [one["urn"] for one in nodes]
    assert len(set(urns)) == len(urns) == len(library.shared().edition("iso10002-2018").nodes)
    for number, one in enumerate(nodes):
        assert one.get("parent_urn") in (None, *urns[:number])
        assert re.fullmatch(r"urn:[a-z0-9_-]+:[a-z0-9_-]+:[a-z0-9_-]+:[a-z0-9_-]+:.+", one["urn"])
    (one,) = [one for one in nodes if one["ref_id"] == "7.4"]
    assert "Is receipt acknowledged" in one["annotation"]


# --- flat lists ----------------------------------------------------------------------------------------------------


def test_a_flat_list_becomes_a_standard_with_groups(run: Run, tmp_path: Path, shared: Callable[[str], Path]) -> None:
    listed = shared("lists/ASVS_5.0.0_en.csv")
    maps = ("id=req_id", "text=req_description", "group=section_id", "group-title=section_name")
    arguments = [one for pair in maps for one in ("--map", pair)]
    assert run("import", listed, "--id", "asvs", "--out", tmp_path, *arguments)[0] == 0
    assert check([tmp_path]) == []
    nodes = every(read_one(tmp_path / "asvs.yaml").nodes)
    assert sum(node.auditable for node in nodes) == 345
    assert next(node.id for node in nodes if node.auditable) == "V1.1.1"


def test_a_flat_workbook_is_read_as_well(run: Run, tmp_path: Path) -> None:
    table = Table("List", ("no", "what"), (("1.1", "Be kind"), ("1.10", "Be quick")))
    _write_workbook(tmp_path / "l.xlsx", [table])
    arguments = ("--map", "id=no", "--map", "title=what", "--strength", "own")
    assert run("import", tmp_path / "l.xlsx", "--id", "own-list", "--out", tmp_path / "own", *arguments)[0] == 0
    edition = read_one(tmp_path / "own" / "own-list.yaml")
    assert [(node.id, node.title) for node in edition.nodes] == [("1.1", "Be kind"), ("1.10", "Be quick")]
    assert edition.strength == "own"


@pytest.mark.parametrize(
    ("text", "maps", "words"),
    [
        ("no,what\n1,a\n", ("id=nr", "title=what"), "no column “nr”. There are: no, what"),
        ("no,what\n1,a\n", ("id=no",), "which columns hold"),
        ("no,what\n1,a\n", ("id=no", "colour=what"), "a list has no colour"),
        ("no,what\n1,a\n1,b\n", ("id=no", "title=what"), "l.csv:3: `1` is here a second time"),
        ("no,what\n,a\n", ("id=no", "title=what"), "l.csv:2: this row has no id"),
        ("no,what\n", ("id=no", "title=what"), "no requirement"),
        ("", ("id=no", "title=what"), "empty"),
        ("no,what\n1,\x00\n", ("id=no", "title=what"), "NUL"),
    ],
)
def test_a_faulty_list_is_refused_with_its_place(
    run: Run, tmp_path: Path, text: str, maps: tuple[str, ...], words: str
) -> None:
    (tmp_path / "l.csv").write_text(text)
    arguments = [one for pair in maps for one in ("--map", pair)]
    code, _out, err = run("import", tmp_path / "l.csv", "--id", "x", "--out", tmp_path / "own", *arguments)
    assert code == 2
    assert words in err
    assert not (tmp_path / "own").exists()


# --- copies --------------------------------------------------------------------------------------------------------


def test_a_copied_question_is_used_and_not_suspect(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "content" / "acme"
    code, out, _err = run("copy", "q18-7.4-1", "--out", folder)
    assert code == 0
    path = folder / "q18-7.4-1.yaml"
    assert str(path) in out
    assert check([path]) == []
    found = of_organisation(tmp_path, "acme")
    assert [(one.id, one.suspect, one.differences) for one in found.own] == [("q18-7.4-1", False, ())]
    path.write_text(path.read_text().replace("Is receipt acknowledged", "Is receipt never acknowledged"))
    own = of_organisation(tmp_path, "acme")
    assert "never" in own.library.items["q18-7.4-1"].question
    assert run("copy", "q18-7.4-1", "--out", folder)[0] == 1  # a copy is there: nothing is overwritten
    assert "never" in path.read_text()


@pytest.mark.parametrize("name", ["principles-2018", "policy:complaints-handling-policy", "channels"])
def test_a_copied_file_stands_in_place_and_is_not_suspect(run: Run, tmp_path: Path, name: str) -> None:
    assert run("copy", name, "--out", tmp_path / "content")[0] == 0
    assert check([tmp_path / "content"]) == []
    found = of_organisation(tmp_path, None)
    assert [(one.id, one.change, one.suspect) for one in found.own] == [(name.rpartition(":")[2], "replaced", False)]


def test_a_copy_goes_into_the_instance(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITKIT_INSTANCE", str(tmp_path))
    assert run("copy", "channels", "--org", "acme")[0] == 0
    assert (tmp_path / "content" / "acme" / "channels.yaml").is_file()
    assert run("copy", "no-such")[0] == 2
