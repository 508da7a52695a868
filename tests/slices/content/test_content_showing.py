"""`auditkit content show`, `schema` and `coverage`: what they print and how they end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.content import coverage as covering
from auditkit.content import library
from auditkit.content.schemas import schema_of
from auditkit.content.shapes import KINDS

E2018 = "iso10002-2018"
Run = Callable[..., object]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    from auditkit.cli import auditkit
    from auditkit.cli import run as run_command

    def go(*arguments: str):
        code = run_command(auditkit.main, ["content", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_a_standard_is_shown_as_a_tree_with_strengths_and_marks(run) -> None:
    code, out, _err = run("show", E2018)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("ISO 10002:2018  ")
    assert len(lines) == 1 + len(library.shared().edition(E2018).nodes)
    assert any(line.startswith("    4.15 Timeliness [TIM]  (should, ") for line in lines)
    assert any(line.startswith("  J Audit") and "inferred" in line for line in lines)
    assert any("(shall" in line for line in run("show", "bs8543-2015")[1].splitlines())
    assert any("(law" in line for line in run("show", "fca-disp1")[1].splitlines())
    assert any("(own" in line for line in run("show", "certification-scheme")[1].splitlines())


def test_a_clause_is_shown_with_everything_that_belongs_to_it(run) -> None:
    code, out, _err = run("show", f"{E2018}:7.4")
    assert code == 0
    assert "q18-7.4-1  Is receipt acknowledged" in out
    assert "complaint-times  Dates and times" in out
    assert "ISO 10002:2014  same  7.4 Acknowledgement of complaint" in out
    assert "ISO 9001:2015  new  nothing" in out


def test_show_for_machines(run) -> None:
    code, out, _err = run("show", "--json", f"{E2018}:7.4")
    assert code == 0
    (node,) = json.loads(out)["nodes"]
    assert node["ref"] == f"{E2018}:7.4"
    assert "q18-7.4-1" in node["questions"]


@pytest.mark.parametrize("name", ["iso1", f"{E2018}:99", "iso1:4.1"])
def test_what_is_not_there_ends_with_2(run, name: str) -> None:
    code, out, err = run("show", name)
    assert (code, out) == (2, "")
    assert name.partition(":")[0] in err


def test_schemas_are_printed_and_written(run, tmp_path: Path) -> None:
    code, out, _err = run("schema", "crosswalk")
    assert code == 0
    assert json.loads(out)["properties"]["from"]
    code, out, _err = run("schema", "--out", str(tmp_path / "schemas"))
    assert code == 0
    names = {path.name for path in (tmp_path / "schemas").iterdir()}
    assert names == {f"{kind}.schema.json" for kind in KINDS}
    assert run("schema", "poem")[0] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_describes_its_fields_and_forbids_others(kind: str) -> None:
    schema = schema_of(kind)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["additionalProperties"] is False
    assert schema["properties"]["kind"]["const"] == kind
    assert "what was copied" in schema["properties"]["base"]["description"]


def test_descriptions_come_from_the_source() -> None:
    item = schema_of("checklist")["$defs"]["Item"]["properties"]
    assert item["good"]["description"] == "What good looks like."
    assert "The first is the one" in item["clauses"]["description"]
    assert "stands in place" in schema_of("checklist")["properties"]["base"]["description"]


def test_the_shipped_library_has_no_hole_without_explanation(run) -> None:
    code, out, _err = run("coverage")
    assert code == 0, out
    assert "Every hole is explained" in out
    assert "7.4 Acknowledgement of complaint" in out


def test_every_explanation_is_still_needed_or_says_open(run) -> None:
    rows = json.loads(run("coverage", "--json")[1])["rows"]
    stale = [(row["ref"], name) for row in rows for name in row["explained"] if row[name]]
    assert stale == [], "these are covered by now: take them out of coverage-iso10002-2018.yaml"


def test_a_hole_without_explanation_ends_with_1(run) -> None:
    code, out, _err = run("coverage", "iso9001-2015")  # no checklist is written for it
    assert code == 1
    assert "Holes without explanation" in out
    assert run("coverage", "iso1")[0] == 2


def test_a_planted_hole_is_seen() -> None:
    lib = library.shared()
    rows = {row.node.id: row for row in covering.table(lib, E2018, {"letter": {f"{E2018}:7.4"}})}
    assert rows["7.4"].templates == ("letter",)
    assert rows["7.4"].holes == ()
    assert rows["8.5"].holes == ("templates",)  # explained nowhere, because shipped templates cover it
