"""Own content over the shipped: replaced, added, retired; a changed base is suspect; a fault leaves a folder out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditkit.content import library
from auditkit.content.checks import check
from auditkit.content.digests import base_digest
from auditkit.content.exchange.workbook import read_workbook
from auditkit.content.library import Layered, of_organisation, standards_of
from auditkit.content.locate import folder
from auditkit.content.reading import read_folders
from auditkit.content.shapes import ChecklistShape

AUDIT = "internal-audit-2018"
QUESTION = """\
kind: override
id: our-questions
edition: iso10002-2018
replace:
  - base: {base}
    item:
      id: q18-7.4-1
      clauses: ["7.4"]
      question: Do we ring back within the hour?
      good: Yes
      evidence: The telephone system
      methods: [R]
"""
ADDED = """\
kind: override
id: our-additions
edition: iso10002-2018
add:
  - checklist: internal-audit-2018
    section: "7.4"
    items:
      - id: own-1
        clauses: ["7.4"]
        question: Is the mascot polite?
        good: Always
        evidence: The mascot
        methods: [O]
"""
RETIRED = """\
kind: override
id: our-retirements
edition: iso10002-2018
retire:
  - {id: q18-7.4-2, because: We have no such thing.}
"""


def base_of(item_id: str) -> str:
    files = read_folders([("checklists", folder("checklists"))]).files
    for file in files:
        if isinstance(file.shape, ChecklistShape):
            for section in file.shape.sections:
                for item in section.items:
                    if item.id == item_id:
                        return base_digest(item)
    raise AssertionError(item_id)


def put(instance: Path, name: str, text: str) -> Path:
    path = instance / "content" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_own_content_the_shared_library_is_used(tmp_path: Path) -> None:
    assert of_organisation(tmp_path, "acme") == Layered(library.shared())
    assert of_organisation(tmp_path, "acme").library is library.shared()


def test_a_replaced_question_is_asked_everywhere_and_the_shipped_library_stays(tmp_path: Path) -> None:
    put(tmp_path, "acme/ours.yaml", QUESTION.format(base=base_of("q18-7.4-1")))
    found = of_organisation(tmp_path, "acme")
    assert found.problems == ()
    for checklist in found.library.checklists_with("q18-7.4-1"):
        assert checklist.item("q18-7.4-1").question == "Do we ring back within the hour?"
        assert checklist.digest != library.shared().checklist(checklist.id).digest
    assert "immediately" in library.shared().items["q18-7.4-1"].question
    assert of_organisation(tmp_path, "globex").library is library.shared()
    assert standards_of(tmp_path, "acme") is found.library
    assert standards_of(tmp_path, "globex") == library.standards()
    (own,) = found.own
    assert (own.kind, own.id, own.change, own.suspect) == ("question", "q18-7.4-1", "replaced", False)
    assert found.own_of("question", "q18-7.4-1") is own
    assert found.own_of("question", "q18-7.4-2") is None
    changed = {one.field: one for one in own.differences}
    assert changed["question"].own == "Do we ring back within the hour?"
    assert "immediately" in changed["question"].shipped
    assert "clauses" not in changed


@pytest.mark.parametrize("base", ["0" * 64, "~"])
def test_a_changed_or_unknown_base_is_suspect(tmp_path: Path, base: str) -> None:
    path = put(tmp_path, "ours.yaml", QUESTION.format(base=base))
    found = of_organisation(tmp_path, None)
    assert [one.id for one in found.suspects] == ["q18-7.4-1"]
    problems = check([path])
    if base == "~":  # nothing was noted, so nothing can be said to have changed
        assert problems == []
    else:
        (one,) = problems
        assert (one.line, one.field) == (5, "replace[1].base")
        assert "question" in one.message
        assert base_of("q18-7.4-1") in one.message


def test_a_question_is_added_to_a_section(tmp_path: Path) -> None:
    put(tmp_path, "acme/ours.yaml", ADDED)
    found = of_organisation(tmp_path, "acme")
    section = next(one for one in found.library.checklist(AUDIT).sections if one.id == "7.4")
    assert section.items[-1].id == "own-1"
    assert section.items[-1].clauses == ("iso10002-2018:7.4",)
    assert [one.change for one in found.own] == ["added"]


def test_a_retired_question_is_asked_nowhere(tmp_path: Path) -> None:
    put(tmp_path, "acme/ours.yaml", RETIRED)
    found = of_organisation(tmp_path, "acme")
    assert found.problems == ()
    assert found.library.checklists_with("q18-7.4-2") == ()
    assert [(one.change, one.because) for one in found.own] == [("retired", "We have no such thing.")]


def test_a_retired_checklist_or_policy_is_not_offered(tmp_path: Path) -> None:
    text = RETIRED.replace("id: q18-7.4-2", "id: principles-2018, kind: checklist")
    put(tmp_path, "acme/ours.yaml", text + "  - {id: complaints-handling-policy, kind: policy, because: Ours.}\n")
    found = of_organisation(tmp_path, "acme").library
    assert "principles-2018" not in found.checklists
    assert "complaints-handling-policy" not in found.policies


def test_an_organisation_builds_on_the_installation(tmp_path: Path) -> None:
    put(tmp_path, "ours.yaml", ADDED)
    put(tmp_path, "acme/ours.yaml", RETIRED.replace("q18-7.4-2", "own-1"))
    assert "own-1" in of_organisation(tmp_path, "globex").library.items
    assert "own-1" not in of_organisation(tmp_path, "acme").library.items


def test_a_whole_file_stands_in_place_of_a_shipped_one(tmp_path: Path) -> None:
    shipped = (folder("checklists") / "presets" / "channels.yaml").read_text()
    base = base_digest(library.shared().value_list("channels"))
    own = shipped.replace("id: channels\n", f"id: channels\nbase: {base}\n").replace("label: Post,", "label: Letter,")
    path = put(tmp_path, "acme/channels.yaml", own)
    found = of_organisation(tmp_path, "acme")
    assert next(one.label for one in found.library.value_list("channels").values if one.id == "post") == "Letter"
    assert [(one.kind, one.id, one.suspect) for one in found.own] == [("values", "channels", False)]
    assert check([path]) == []
    path.write_text(own.replace(base, "1" * 64))
    (one,) = check([path])
    assert "differs in: values" in one.message
    assert of_organisation(tmp_path, "acme").suspects[0].id == "channels"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, "acme/ours.yaml", ADDED)
    assert "own-1" in of_organisation(tmp_path, "acme").library.items
    path.write_text(ADDED.replace("own-1", "own-22"))
    assert "own-22" in of_organisation(tmp_path, "acme").library.items
    path.unlink()
    assert of_organisation(tmp_path, "acme").library is library.shared()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (QUESTION.format(base="~").replace("q18-7.4-1", "q18-0"), "No checklist has a question `q18-0`"),
        (QUESTION.format(base="~").replace('["7.4"]', '["99"]'), "has no clause “99”"),
        (QUESTION.format(base="xyz"), "digest"),
        (ADDED.replace('section: "7.4"', "section: nowhere"), "There is no section `nowhere`"),
        (ADDED.replace("checklist: internal-audit-2018", "checklist: none"), "There is no checklist `none`"),
        (ADDED.replace("id: own-1", "id: q18-7.4-1"), "is taken"),
        (RETIRED.replace("id: q18-7.4-2", "id: q18-0"), "There is no question `q18-0`"),
        (RETIRED.replace("id: q18-7.4-2", "id: none, kind: policy"), "There is no policy `none`"),
        ("kind: override\nid: nothing\nedition: iso10002-2018\n", "Write what changes"),
        ("kind: checklist\n", "Add this field"),
    ],
)
def test_a_fault_leaves_the_folder_out_and_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = put(tmp_path, "acme/ours.yaml", text)
    put(tmp_path, "acme/good.yaml", ADDED.replace("own-1", "own-2").replace("our-additions", "more-additions"))
    found = of_organisation(tmp_path, "acme")
    assert found.library is library.shared()
    assert found.own == ()
    assert words in str(found.problems[0])
    assert found.problems[0].file == "content/acme/ours.yaml"
    assert any(words in one.message for one in check([path]))


OWN_CHECKLIST = """\
kind: checklist
id: our-walk
title: Our walk
purpose: Ours.
edition: iso10002-2018
scale: conformity
covers: part
sections:
  - id: door
    title: At the door
    items:
      - {id: our-walk-1, clauses: ["7.1"], question: Is there a notice?, good: Yes, evidence: It, methods: [O]}
"""


def test_commands_work_on_an_organisations_content(
    tmp_path: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITKIT_INSTANCE", str(tmp_path))
    put(tmp_path, "acme/walk.yaml", OWN_CHECKLIST)
    put(tmp_path, "acme/ours.yaml", QUESTION.format(base=base_of("q18-7.4-1")))
    assert "our-walk-1" not in command("content", "show", "iso10002-2018:7.1").out
    assert "our-walk-1" in command("content", "show", "iso10002-2018:7.1", "--org", "acme").out
    assert "our-walk-1" not in command("content", "show", "iso10002-2018:7.1", "--org", "globex").out
    rows = command("content", "coverage", "--org", "acme", "--json").json["rows"]
    assert "our-walk" in next(row["checklists"] for row in rows if row["ref"] == "iso10002-2018:7.1")
    book = tmp_path / "walk.xlsx"
    assert command("content", "export", "our-walk", "--out", str(book)).code == 2
    assert command("content", "export", "our-walk", "--org", "acme", "--out", str(book)).code == 0
    shape, faults = read_workbook(book)
    assert faults == []
    assert shape is not None
    assert shape.document["id"] == "our-walk"
    oscal = tmp_path / "o.json"
    command("content", "export", "iso10002-2018", "--as", "oscal", "--org", "acme", "--out", str(oscal))
    assert "Do we ring back within the hour?" in oscal.read_text(encoding="utf-8")
    put(tmp_path, "acme/ours.yaml", "kind: override\n")
    ran = command("content", "show", "iso10002-2018", "--org", "acme")
    assert ran.code == 2
    assert "content/acme/ours.yaml" in ran.err


def test_show_speaks_other_languages(command: Callable[..., Any]) -> None:
    assert "اعلام وصول شکایت" in command("content", "show", "iso10002-2018", "--language", "fa").out
    ran = command("content", "show", "iso10002-2018", "--language", "tlh")
    assert ran.code == 2
    assert "There is no translation into tlh. There are: en, fa" in ran.err
