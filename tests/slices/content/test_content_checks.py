"""Checks between files: each with a planted violation that must be caught, and the shipped content without any."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from auditkit.content import locate
from auditkit.content.checks import check, examine
from auditkit.content.problems import Problem
from auditkit.content.reading import Kind, ReadFile
from auditkit.content.shapes import Id, Shape
from tests.slices.content import writing
from tests.slices.content.writing import CHECKLIST, POLICY, SCALES, STANDARD

SELECTION = """\
kind: checklist
id: tiny-short
title: Short
purpose: To try selections.
edition: tiny-2026
scale: tiny-scale
sections:
  - id: some
    title: Some
    select: [t-1, t-3]
"""
SAME_CODE = "      - {id: '1.2', title: T, kind: principle, code: FAI}"
SAME_BLANK = "  - {name: organisation, question: Who?, example: B}"


def test_the_shipped_content_has_no_problem_and_was_found() -> None:
    report = examine()
    assert report.problems == []
    assert report.not_checked == []
    assert report.found["standards"] >= 2
    assert report.found["clauses"] >= 120
    assert report.found["checklists"] >= 2
    assert report.found["questions"] >= 184
    assert report.found["policies"] >= 1


def test_good_files_have_no_problem(tmp_path: Path) -> None:
    report = examine([writing.write(tmp_path, short=SELECTION)])
    assert report.problems == []
    assert report.found == {
        "standards": 1, "clauses": 5, "crosswalks": 0, "checklists": 2, "questions": 3, "scales": 1, "policies": 1,
        "presets": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("checklist", "clauses: [2.10]", "clauses: [2.1, 2.2]", 27, "tiny-2026 has no clause “2.2”"),
        ("checklist", "clauses: [2.10]", "clauses: ['2.10', 'iso10002-2018:9.9']", 27, "2018 has no clause “9.9”"),
        ("checklist", "clauses: [2.10]", "clauses: ['2.10', 'iso77-2018:9']", 27, "iso77-2018 has no clause “9”"),
        ("checklist", "    typical", "    clauses: ['7']\n    typical", 10, "has no clause “7”"),
        ("checklist", "principles: [FAI]", "principles: [FAI, ABC]", 14, "no principle ABC. Write one of: FAI"),
        ("checklist", "    typical", "    principles: [ABC]\n    typical", 10, "no principle ABC"),
        ("checklist", "id: t-2", "id: t-1", 19, "`t-1` is taken"),
        ("checklist", "id: t-2", "id: q18-4.1-1", 19, "`q18-4.1-1` is taken (checklists/internal-audit-2018.yaml:"),
        ("checklist", "id: tiny-audit", "id: tiny-short", 2, None),
        ("checklist", "scale: tiny-scale", "scale: other", 6, "`other`. Write one of: conformity, maturity, ok-nc, tiny-scale"),
        ("checklist", "edition: tiny-2026", "edition: tiny-1999", 5, "no edition `tiny-1999`"),
        ("checklist", '{evidence: ["yes"]}', "{evidence: [perhaps]}", 25, "`perhaps`. Write one of: yes, no, open"),
        ("standard", 'id: "2.10"', 'id: "2.1"', 28, "`tiny-2026:2.1` is taken"),
        ("standard", "        code: FAI", f"        code: FAI\n{SAME_CODE}", 22, "FAI is taken"),
        ("scales", "id: tiny-scale\n", "id: conformity\n", 4, "`conformity` is taken (checklists/scales.yaml:"),
        ("policy", 'clauses: ["2.1"]', 'clauses: ["2.3"]', 11, "has no clause “2.3”"),
        ("policy", "We are {{organisation}}.", "We are {{organisation}}, {{other}}.", 12, "asked for {{other}}"),
        ("policy", "We are {{organisation}}.", "We are we.", 7, "No section uses {{organisation}}"),
        ("policy", "fields:\n", f"fields:\n{SAME_BLANK}\n", 8, "asked for twice"),
        ("policy", "id: tiny-policy", "id: complaints-handling-policy", None, None),
    ],
)  # fmt: skip
def test_a_planted_violation_is_caught(
    tmp_path: Path, name: str, old: str, new: str, line: int | None, words: str | None
) -> None:
    text = {"standard": STANDARD, "checklist": CHECKLIST, "scales": SCALES, "policy": POLICY}[name]
    assert old in text
    found = check([writing.write(tmp_path, **{name: text.replace(old, new, 1), "short": SELECTION})])
    here = [one for one in found if words is None or words in one.message]
    if line is None:  # a shipped policy's id is taken on purpose: the own one stands in its place
        assert found == []
    elif words is None:  # the second checklist with an id: reported where it is read second
        assert [one.line for one in found] == [2]
    else:
        assert here, found
        assert here[0].line == line, here


def test_a_selected_question_must_exist_and_is_asked_once(tmp_path: Path) -> None:
    dangling = SELECTION.replace("[t-1, t-3]", "[t-1, t-9]")
    (one,) = check([writing.write(tmp_path / "a", short=dangling)])
    assert (one.field, one.line) == ("sections[1].select[2]", 10)
    assert "`t-9`" in one.message
    twice = SELECTION + "  - id: more\n    title: More\n    select: [t-1]\n"
    (one,) = check([writing.write(tmp_path / "b", short=twice)])
    assert "asks `t-1` already" in one.message


def test_a_clause_without_question_and_a_principle_without_test_are_named(tmp_path: Path) -> None:
    text = CHECKLIST.replace("        principles: [FAI]\n", "")[: CHECKLIST.index("      - id: t-3") - 26]
    found = check([writing.write(tmp_path, checklist=text)])
    assert {one.message.partition(".")[0] for one in found} == {
        "No question tests the principle FAI (Fairness)",
        "No question covers “2",
    }
    assert {one.line for one in found} == {21, 28}


def test_a_question_on_a_subclause_covers_the_clause_and_unaudited_headings_need_none(tmp_path: Path) -> None:
    deeper = STANDARD.replace(
        "        title: Closing\n",
        "        title: Closing\n        children:\n          - {id: 2.10.1, title: Letter}\n",
    )
    folder = writing.write(tmp_path, standard=deeper, checklist=CHECKLIST.replace("[2.10]", "[2.10.1]"))
    assert check([folder]) == []


def test_a_standard_that_no_checklist_is_written_for_needs_no_questions(tmp_path: Path) -> None:
    assert check([writing.write(tmp_path, checklist=None)]) == []


def test_own_checklists_may_use_shipped_standards_scales_and_questions(tmp_path: Path) -> None:
    own = SELECTION.replace("tiny-2026", "iso10002-2018").replace("tiny-scale", "conformity")
    (tmp_path / "own.yaml").write_text(own.replace("[t-1, t-3]", "[q18-4.1-1]"))
    assert check([tmp_path]) == []


def test_a_copy_of_shipped_content_stands_in_its_place(tmp_path: Path) -> None:
    for found in locate.walk(locate.folder("checklists")):
        (tmp_path / found.file.name).write_bytes(found.file.read_bytes())
    assert check([tmp_path]) == []
    name = tmp_path / "internal-audit-2018.yaml"
    name.write_text(name.read_text().replace('clauses: ["7.4"]', 'clauses: ["7.3"]'))
    assert [one.message for one in check([tmp_path])] == [
        "No question covers “7.4 Acknowledgement of complaint”. Write one, or set `auditable: false`"
    ]


@pytest.mark.parametrize(("name", "text"), [(".gitkeep", ""), ("README.md", "x"), ("pack.yaml", "kind: pack\n")])
def test_finding_nothing_is_a_problem(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (one,) = check([tmp_path])
    assert "Nothing was checked here" in one.message


def test_what_was_not_looked_into_is_said(tmp_path: Path) -> None:
    folder = writing.write(tmp_path)
    (folder / "notes.txt").write_text("x")
    (folder / ".hidden.yaml").write_text("a: [")
    (folder / "pack.yaml").write_text("kind: pack\nid: x\n")
    told = {one.file.rpartition("/")[2]: one.reason for one in examine([folder]).not_checked}
    assert told == {
        "notes.txt": "it is no .yaml file",
        "pack.yaml": "pack definitions are checked where packs are built",
    }


def test_a_slice_above_can_bring_its_own_kind(tmp_path: Path) -> None:
    class PackShape(Shape):
        kind: Literal["pack"]
        id: Id

    def check_id(file: ReadFile) -> Iterator[Problem]:
        if file.document["id"] == "wrong":
            yield file.problem(("id",), "Write another id")

    more = {"pack": Kind(PackShape, check_id)}
    (tmp_path / "pack.yaml").write_text("kind: pack\nid: x\ncolour: red\n")
    (one,) = examine([tmp_path], more).problems
    assert (one.line, one.field) == (3, "colour")
    (tmp_path / "pack.yaml").write_text("kind: pack\nid: wrong\n")
    (one,) = examine([tmp_path], more).problems
    assert (one.line, one.field, one.message) == (2, "id", "Write another id")
    (tmp_path / "pack.yaml").write_text("kind: pack\nid: x\n")
    assert examine([tmp_path], more).problems == []


def test_linked_folders_are_not_followed_in_circles(tmp_path: Path) -> None:
    folder = writing.write(tmp_path)
    (folder / "a").symlink_to(folder)
    (folder / "b").symlink_to(folder)
    assert check([folder]) == []


def test_a_single_file_may_be_named(tmp_path: Path) -> None:
    folder = writing.write(tmp_path)
    assert check([folder / "scales.yaml"]) == []


def test_a_path_that_does_not_exist_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        check([tmp_path / "nowhere"])
