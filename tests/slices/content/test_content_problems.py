"""Wrong shapes: every fault is reported with its line and with what to write instead."""

from pathlib import Path

import pytest

from auditkit.content.checks import check
from auditkit.content.problems import Problem
from auditkit.content.shapes import KINDS
from tests.slices.content import writing
from tests.slices.content.writing import CHECKLIST, POLICY, SCALES, STANDARD

KNOWN = ", ".join(KINDS)


def problems(folder: Path, **changed: str | None) -> list[Problem]:
    return check([writing.write(folder, **changed)])


def test_the_files_the_others_are_made_from_are_good(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ("        question: Is it fair?\n", "", 12, "sections[1].items[1].question", "Add this field"),
        ("question: Is it fair?", "question:", 15, "sections[1].items[1].question", "Write a text here"),
        ("question: Is it fair?", "question: '  '", 15, "sections[1].items[1].question", "it is empty"),
        ("question: Is it fair?", "qestion: Is it fair?", 15, "sections[1].items[1].qestion", "mean `question`"),
        ("evidence: Files", "zzz: Files", 17, "sections[1].items[1].zzz", "Take it out"),
        ("methods: [R]\n      - id: t-2", "methods: [X]\n      - id: t-2", 18, "methods[1]", "'R' or 'T'"),
        ("methods: [R]\n      - id: t-2", "methods: R\n      - id: t-2", 18, "methods", "Write a list"),
        ("methods: [D, R]", "methods: [R, R]", 24, "methods", "Name `R` once"),
        ("methods: [D, R]", "methods: []", 24, "methods", "at least 1"),
        ("weight: 3", "weight: heavy", 32, "weight", "whole number"),
        ("weight: 3", "weight: 9", 32, "weight", "5 or less"),
        ("weight: 3", "weight: 0", 32, "weight", "1 or more"),
        ("id: t-2", "id: <script>alert(1)</script>", 19, "id", "is no id"),
        ("id: t-2", "id: ../../etc/passwd", 19, "id", "is no id"),
        ("id: t-2", "id: T-2", 19, "id", "small letters"),
        ('clauses: ["2.1"]', 'clauses: ["§2"]', 20, "clauses[1]", "is no clause"),
        ("principles: [FAI]", "principles: [fair]", 14, "principles[1]", "three capital letters"),
        ("    items:\n", "    itmes:\n", 11, "sections[1].itmes", "mean `items`"),
        ("demands: {evidence: [\"yes\"]}", "demands: yes", 25, "demands", "`name: value` lines"),
    ],
)  # fmt: skip
def test_a_fault_in_a_checklist(tmp_path: Path, old: str, new: str, line: int, field: str, words: str) -> None:
    assert old in CHECKLIST
    found = problems(tmp_path, checklist=CHECKLIST.replace(old, new, 1))
    matching = [one for one in found if one.field.endswith(field) and words in one.message]
    assert matching, found
    assert matching[0].line == line, found
    assert matching[0].file.endswith("checklist.yaml")
    assert f"checklist.yaml:{line}: " in str(matching[0])


@pytest.mark.parametrize(
    ("name", "text", "old", "new", "words"),
    [
        ("standard", STANDARD, "        code: FAI\n", "", "three-letter `code`"),
        ("standard", STANDARD, "title: Receipt", "title: Receipt\n        code: REC", "nothing else one"),
        ("standard", STANDARD, "strength: should", "strength: must", "'shall', 'should', 'law' or 'own'"),
        ("standard", STANDARD, "    auditable: false", "    auditable: perhaps", "true or false"),
        ("standard", STANDARD, "titles: practice", "titles: hearsay", "'published', 'practice' or 'inferred'"),
        ("scales", SCALES, "initial: open", "initial: yes", "silence must not count"),
        ("scales", SCALES, "conformity: 0, ", "", "Give `conformity`"),
        ("scales", SCALES, "state: open", "state: open, conformity: 5", "and to no other"),
        ("scales", SCALES, "id: open, label", 'id: "yes", label', "`yes` is used twice"),
        ("policy", POLICY, "{{organisation}}", "{{Organisation}}", "Write a blank as {{name}}"),
        ("policy", POLICY, "name: organisation", "name: Organisation", "name of a blank"),
        ("policy", POLICY, "    clauses: [\"2.1\"]\n", "", "Add this field"),
        ("policy", POLICY, "    text: We are {{organisation}}.", "    text: ' '", "it is empty"),
        ("checklist", CHECKLIST, "kind: checklist", "kind: list", KNOWN),
        ("checklist", CHECKLIST, "kind: checklist\n", "", KNOWN),
    ],
)  # fmt: skip
def test_a_fault_elsewhere(tmp_path: Path, name: str, text: str, old: str, new: str, words: str) -> None:
    assert old in text
    found = problems(tmp_path, **{name: text.replace(old, new, 1)})
    assert [one for one in found if words in one.message and one.line], found


def test_every_fault_of_a_file_is_reported_at_once_in_order(tmp_path: Path) -> None:
    broken = CHECKLIST.replace("weight: 3", "weight: x").replace("Is it fair?", "''").replace("title: Tiny audit\n", "")
    found = [one for one in problems(tmp_path, checklist=broken) if one.file.endswith("checklist.yaml")]
    assert [one.field.rpartition(".")[2] for one in found] == ["title", "question", "weight"]


def test_hostile_values_of_the_shared_case_are_refused_when_it_claims_to_be_a_checklist(tmp_path: Path) -> None:
    text = 'kind: checklist\nid: "<script>alert(1)</script>"\ntitle: "{{7*7}}"\nsections:\n  - id: "../../etc/passwd"\n'
    found = problems(tmp_path, checklist=text)
    assert {"id", "sections[1].id"} <= {one.field for one in found if "is no id" in one.message}
