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
    assert report.found["registers"] >= 15


def test_good_files_have_no_problem(tmp_path: Path) -> None:
    report = examine([writing.write(tmp_path, short=SELECTION)])
    assert report.problems == []
    assert report.found == {
        "standards": 1, "clauses": 5, "crosswalks": 0, "checklists": 2, "questions": 3, "scales": 1, "policies": 1,
        "presets": 0, "registers": 0,
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
        ("checklist", "scale: tiny-scale", "scale: other", 6, "`other`. Write one of: conformity, maturity, ok-nc"),
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
    name.write_text(name.read_text().replace('clauses: ["7.4"]', 'clauses: ["7.44"]', 1))
    assert [one.message for one in check([tmp_path])] == ["iso10002-2018 has no clause “7.44”. Correct the number"]


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


PROFILE = """\
kind: checklist
id: tiny-profile
title: Profile
purpose: To try profiles.
use: gap-analysis
edition: tiny-2026
scale: tiny-scale
covers: part
based_on: tiny-audit
exclude:
  - {items: [t-2], because: Nothing is received here.}
add:
  - section: all
    items:
      - id: p-1
        clauses: ["2.1"]
        question: Is it received elsewhere?
        good: Yes
        evidence: Contracts
        methods: [D]
        record: complaint-times
        recomputed: From the two times.
        leads_to: [{step: ask}]
weights: {t-1: 5}
steps:
  - {id: ask, title: Ask, text: Ask them.}
"""


def test_a_profile_has_no_problem(tmp_path: Path) -> None:
    assert check([writing.write(tmp_path, profile=PROFILE)]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("based_on: tiny-audit", "based_on: tiny-other", 9, "`tiny-other` is no checklist to build on"),
        ("based_on: tiny-audit", "based_on: tiny-profile", 9, "`tiny-profile` is no checklist to build on"),
        ("items: [t-2]", "items: [t-9]", 11, "does not ask `t-9`"),
        ("items: [t-2]", "items: [t-2]", None, None),
        ("section: all", "section: some", 13, "has no section `some`. Write one of: all"),
        ("section: all", "section: all\n    select: [t-3]", 14, "asks `t-3` already"),
        ("section: all", "section: all\n    select: [t-8]", 14, "No checklist has a question `t-8`"),
        ("weights: {t-1: 5}", "weights: {t-2: 5}", 24, "does not ask `t-2`"),
        ("weights: {t-1: 5}", "weights: {t-1: 6}", 24, "Write 5 or less"),
        ("step: ask", "step: beg", 23, "There is no step `beg`. Write one of: ask"),
        ("{step: ask}", "{step: ask, answers: [maybe]}", 23, "no answer `maybe`"),
        ("        leads_to: [{step: ask}]\n", "", 25, "No answer leads to this step"),
        ("text: Ask them.", "text: Ask them., after: [beg]", 26, "no earlier step"),
        ("text: Ask them.", "text: Ask them., policies: [beg]", 26, "no policy text `beg`"),
        ("record: complaint-times", "record: memory", 21, "There is no record `memory`"),
        ("        record: complaint-times\n", "", 15, "Name the `record:`"),
        ("based_on: tiny-audit\n", "", 1, "Write `sections:`"),
    ],
)
def test_a_planted_violation_in_a_profile_is_caught(
    tmp_path: Path, old: str, new: str, line: int | None, words: str | None
) -> None:
    assert old in PROFILE
    found = check([writing.write(tmp_path, profile=PROFILE.replace(old, new, 1))])
    if words is None:
        assert found == []
        return
    here = [one for one in found if words in one.message]
    assert here, found
    assert here[0].line == line, here


CROSSWALK = """\
kind: crosswalk
id: tiny-to-2018
title: Tiny to tiny
purpose: To try crosswalks.
from: tiny-2026
to: tiny-2026
source: practice
links:
  - {from: ["1.1"], to: ["1.1"], relation: same, reason: It is the same.}
  - {from: ["2.1"], relation: dropped, reason: Nobody receives.}
  - {to: ["2.1"], relation: new, reason: Somebody receives.}
  - {from: ["2.10"], to: ["2.10"], relation: partial, reason: In part.}
"""


def test_a_crosswalk_has_no_problem(tmp_path: Path) -> None:
    assert check([writing.write(tmp_path, crosswalk=CROSSWALK)]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('from: ["2.10"]', 'from: ["2.11"]', 12, "tiny-2026 has no clause “2.11”"),
        ('from: ["2.10"]', 'from: ["2.11"]', 8, "No row names “2.10 Closing” of tiny-2026"),
        ('  - {to: ["2.1"], relation: new, reason: Somebody receives.}\n', "", 8, "No row names “2.1 Receipt”"),
        ("from: tiny-2026", "from: tiny-1", 5, "no edition `tiny-1`"),
        (", reason: In part.", "", 12, "Add this field; it is required"),
        ("relation: new", "relation: same", 11, "leave out `from:` only with `new`"),
        ("relation: partial", "relation: dropped", 12, "`to:` only with `dropped`"),
        ("relation: partial", "relation: similar", 12, "Write one of"),
    ],
)
def test_a_planted_violation_in_a_crosswalk_is_caught(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in CROSSWALK
    found = check([writing.write(tmp_path, crosswalk=CROSSWALK.replace(old, new, 1))])
    assert [one.line for one in found if words in one.message] == [line], found


PRESETS = {
    "words": """\
kind: values
id: tiny-words
title: Words
purpose: To try.
edition: tiny-2026
clauses: ["2.1"]
source: practice
values:
  - {id: low, label: Low, meaning: Not bad}
  - {id: high, label: High, meaning: Bad}
""",
    "matrix": """\
kind: matrix
id: tiny-matrix
title: Matrix
purpose: To try.
edition: tiny-2026
clauses: ["2.1"]
source: practice
severities: tiny-words
reaches: [{id: one, label: One, meaning: One}, {id: many, label: Many, meaning: Many}]
priorities: [{id: p1, label: Now, meaning: Now}, {id: p2, label: Later, meaning: Later}]
cells:
  - {severity: low, reach: one, priority: p2}
  - {severity: low, reach: many, priority: p2}
  - {severity: high, reach: one, priority: p1}
  - {severity: high, reach: many, priority: p1}
""",
    "limits": """\
kind: time-limits
id: tiny-limits
title: Limits
purpose: To try.
edition: tiny-2026
clauses: ["2.1"]
severities: tiny-words
limits:
  - {id: a, stage: decide, severities: [low], amount: 5, unit: days, days: working, rule: Soon., source: practice}
  - {id: b, stage: decide, severities: [high], amount: 1, unit: days, rule: At once., source: practice}
""",
    "indicators": """\
kind: indicators
id: tiny-indicators
title: Indicators
purpose: To try.
edition: tiny-2026
indicators:
  - id: tiny-count
    number: 1
    title: Count
    answers: How many?
    formula: All.
    unit: pieces
    better: neither
    clauses: ["2.1"]
    record: complaint-times
    pitfalls: [A count is no rate.]
    source: practice
""",
}


def test_presets_have_no_problem(tmp_path: Path) -> None:
    assert check([writing.write(tmp_path, **PRESETS)]) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("words", 'clauses: ["2.1"]', 'clauses: ["7"]', 6, "has no clause “7”"),
        ("words", "id: high", "id: low", 8, "`low` is used twice"),
        ("words", "edition: tiny-2026", "edition: tiny-1", 5, "no edition `tiny-1`"),
        ("matrix", "severities: tiny-words", "severities: no-words", 8, "There is no list of words `no-words`"),
        ("matrix", "reach: many, priority: p1", "reach: one, priority: p1", 15, "given twice"),
        ("matrix", "{severity: high, reach: many", "{severity: high, reach: one", 11, "cell for high and many"),
        ("matrix", "reach: many, priority: p1", "reach: many, priority: p9", 15, "no `p9` here. Write one of: p1, p2"),
        ("limits", "severities: [high]", "severities: [higher]", 10, "no `higher` here"),
        ("limits", "severities: [high]", "severities: [low, high]", 10, "`a` gives a limit for this stage"),
        ("limits", "unit: days, days: working", "unit: weeks, days: working", 9, "Write working time in `unit: days`"),
        ("limits", "severities: tiny-words", "severities: no-words", 7, "There is no list of words `no-words`"),
        ("limits", "severities: tiny-words", "framework: no-law\nseverities: tiny-words", 7, "no edition `no-law`"),
        ("limits", "amount: 5", "amount: 0", 9, "Write 1 or more"),
        ("indicators", "record: complaint-times", "record: memory", 15, "There is no record `memory`"),
        ("indicators", 'clauses: ["2.1"]', 'clauses: ["7"]', 14, "has no clause “7”"),
        ("indicators", "pitfalls: [A count is no rate.]", "pitfalls: []", 16, "at least 1"),
    ],
)  # fmt: skip
def test_a_planted_violation_in_a_preset_is_caught(
    tmp_path: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    assert old in PRESETS[name]
    found = check([writing.write(tmp_path, **{**PRESETS, name: PRESETS[name].replace(old, new, 1)})])
    assert line in [one.line for one in found if words in one.message], found


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


OTHER = """\
kind: checklist
id: other
title: Other
purpose: To try the checks.
edition: tiny-2026
scale: conformity
covers: part
"""


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("sections:\n  - {id: a, title: A, select: [t-3, t-2]}\n", "sections[1].select[2]"),
        ("based_on: tiny-audit\n", "based_on"),
        ("sections:\n  - {id: a, title: A, select: [t-3]}\n", None),
    ],
)
def test_a_selected_question_demands_nothing_for_answers_of_another_scale(
    tmp_path: Path, more: str, field: str | None
) -> None:
    folder = writing.write(tmp_path, other=OTHER + more)
    found = [(one.field, one.message) for one in check([folder])]
    if field is None:
        assert found == []
    else:
        ((where, message),) = found
        assert where == field
        assert "`t-2` demands something for the answers yes, which the scale conformity has not" in message


def test_a_replaced_question_demands_answers_of_the_scale_it_is_asked_with(tmp_path: Path) -> None:
    text = """\
kind: override
id: ours
edition: iso10002-2018
replace:
  - item:
      id: q18-7.4-1
      clauses: ["7.4"]
      question: Do we ring back?
      good: Yes
      evidence: The telephone system
      methods: [R]
      demands: {evidence: [conforms, nc]}
"""
    (tmp_path / "ours.yaml").write_text(text)
    (one,) = check([tmp_path])
    assert one.field == "replace[1].item.demands.evidence[2]"
    assert "The scale has no answer `nc`" in one.message
