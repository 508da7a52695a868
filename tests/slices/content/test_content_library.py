"""The shipped library: complete, looked up by id, frozen with a digest that anybody can recompute."""

import hashlib
import json
import re
import subprocess
import sys

import pytest
import rfc8785

from auditkit.base.errors import NotFound
from auditkit.content import library
from auditkit.content.blanks import fill
from auditkit.content.library import Library, thaw
from auditkit.content.shapes import KINDS, Answer, NodeKind, Source

E2018 = "iso10002-2018"
PRINCIPLES = ["COM", "CAP", "TRA", "ACC", "RES", "OBJ", "CHA", "INT", "CON", "CUS", "ACB", "IMP", "CMP", "TIM"]


@pytest.fixture(scope="module")
def lib() -> Library:
    return library.shared()


def answer(lib: Library, name: str) -> Answer:
    found = lib.scales["conformity"].answer(name)
    assert found is not None
    return found


def test_it_is_read_once_a_process(lib: Library) -> None:
    assert library.shared() is lib


def test_the_standards_alone_are_those_of_the_library(lib: Library) -> None:
    code = """
from auditkit.content import library
from auditkit.content.library import building
alone = library.standards()
assert not building.shared.cache_info().currsize
whole = library.shared()
assert alone.editions == whole.editions and alone.nodes == whole.nodes and len(alone.nodes) > 100
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert library.standards().editions == lib.editions


def test_iso_10002_2018_is_complete_to_two_levels(lib: Library) -> None:
    edition = lib.edition(E2018)
    ids = [node.id for node in edition.nodes]
    children = {"4": 15, "5": 4, "6": 4, "7": 9, "8": 7}
    expected = ["1", "2", "3"] + [
        number for top, count in children.items() for number in [top, *(f"{top}.{n}" for n in range(1, count + 1))]
    ]
    assert [one for one in ids if re.fullmatch(r"\d(\.\d+)?", one)] == expected
    assert [one for one in ids if len(one) == 1 and one.isalpha()] == list("ABCDEFGHIJ")
    assert [node.code for node in edition.principles] == PRINCIPLES
    assert [node.id for node in edition.principles] == [f"4.{n}" for n in range(2, 16)]
    assert edition.name == "ISO 10002:2018"


def test_the_2014_edition_has_nine_principles_and_annexes_a_to_h(lib: Library) -> None:
    edition = lib.edition("iso10002-2014")
    assert len(edition.principles) == 9
    assert [node.id for node in edition.nodes if node.kind is NodeKind.ANNEX] == list("ABCDEFGH")


def test_what_is_not_published_is_marked(lib: Library) -> None:
    marked = {node.id for node in lib.edition(E2018).nodes if node.source is not Source.PUBLISHED}
    assert marked == {"5.4.1", "5.4.2", "5.4.3", "5.4.4", "5.4.5", "I.3", "J"}
    assert lib.node(f"{E2018}:J").source is Source.INFERRED
    assert lib.edition(E2018).shape.titles is Source.PRACTICE


def test_the_internal_audit_asks_184_questions_or_more_over_every_clause(lib: Library) -> None:
    checklist = lib.checklist("internal-audit-2018")
    assert len(checklist.items) >= 184
    for node in lib.edition(E2018).nodes:
        if re.fullmatch(r"[4-8]\.\d+", node.id) or node.id in "BDEH":
            assert lib.items_for(node.ref), node.label


def test_every_principle_has_three_questions_of_its_own_and_is_tagged(lib: Library) -> None:
    checklist = lib.checklist("principles-2018")
    assert [code for section in checklist.sections for code in section.principles] == PRINCIPLES
    for section in checklist.sections:
        own = [item for item in section.items if set(item.principles) & set(section.principles)]
        assert len(own) >= 3, section.title
    assert len(checklist.items) == len(checklist.by_id)


def test_the_principles_checklist_selects_and_copies_nothing(lib: Library) -> None:
    for item in lib.checklist("principles-2018").items:
        assert lib.checklist("internal-audit-2018").item(item.id) is item


def test_no_two_questions_are_the_same(lib: Library) -> None:
    questions = [item.question for item in lib.items.values()]
    assert len(set(questions)) == len(questions)


def test_texts_are_clean_and_use_british_spelling(lib: Library) -> None:
    texts = [
        text
        for item in lib.items.values()
        for text in (item.question, item.good, item.evidence, item.guidance or "", *item.typical_nonconformities)
    ] + [section.text for policy in lib.policies.values() for section in policy.sections]
    for text in texts:
        assert text == text.strip()
        assert not re.search(r"organiz|recogniz|complian(t|ce)|certified|lorem|insert|\bTODO\b|\S  ", text), text


def test_every_question_ends_in_a_question_mark(lib: Library) -> None:
    assert [item.id for item in lib.items.values() if not item.question.endswith("?")] == []


def test_a_frozen_checklist_comes_back_with_its_digest(lib: Library) -> None:
    checklist = lib.checklist("internal-audit-2018")
    kept = json.loads(json.dumps(checklist.frozen()))
    assert hashlib.sha256(rfc8785.dumps(kept)).hexdigest() == checklist.digest
    again = thaw(kept)
    assert again == checklist
    assert again.digest == checklist.digest
    assert again.item("q18-7.4-1").clauses == (f"{E2018}:7.4",)
    assert again.scale.answer("partly") == answer(lib, "partly")


def test_a_changed_word_changes_the_digest(lib: Library) -> None:
    checklist = lib.checklist("principles-2018")
    kept = checklist.frozen()
    kept["sections"][0]["items"][0]["question"] += " "
    assert thaw(kept).digest == checklist.digest  # white space at the ends says nothing
    kept["sections"][0]["items"][0]["question"] = "Else?"
    assert thaw(kept).digest != checklist.digest
    assert lib.checklist("principles-2018").digest == checklist.digest


def test_an_answer_and_a_question_together_say_what_is_demanded(lib: Library) -> None:
    plain, strict = lib.items["q18-7.4-1"], lib.items["q18-7.2-1"]
    assert plain.needs(answer(lib, "conforms")) == frozenset()
    assert plain.needs(answer(lib, "not-applicable")) == {"note"}
    assert strict.needs(answer(lib, "conforms")) == {"evidence"}
    assert strict.needs(answer(lib, "does-not-conform")) == {"note", "evidence"}


def test_the_scale_has_the_six_answers_and_starts_unchecked(lib: Library) -> None:
    scale = lib.scales["conformity"]
    assert [one.id for one in scale.answers] == [
        "conforms", "partly", "does-not-conform", "opportunity", "not-applicable", "not-checked",
    ]  # fmt: skip
    assert scale.initial == "not-checked"
    assert "note" in answer(lib, "not-applicable").needs


def test_looking_up_and_down_the_tree(lib: Library) -> None:
    assert [node.id for node in lib.path(f"{E2018}:5.4.2")] == ["5", "5.4", "5.4.2"]
    assert [node.id for node in lib.below(f"{E2018}:8.6")] == ["8.6", "8.6.1", "8.6.2", "8.6.3"]
    assert {item.id for item in lib.items_for(f"{E2018}:8.6.1")} >= {"q18-8.6-1"}
    assert {item.id for item in lib.items_for(f"{E2018}:8.6")} >= {f"q18-8.6-{n}" for n in range(1, 8)}
    assert lib.node(f"{E2018}:4.15").level == 2
    testing = {item.id for item in lib.items_testing(f"{E2018}:4.15")}
    assert "q18-7.4-1" in testing
    assert "q18-4.15-1" not in testing
    assert lib.items_testing(f"{E2018}:7.4") == ()
    assert "complaints-handling-policy" in {one.id for one in lib.policies_for(f"{E2018}:7")}
    assert {one.id for one in lib.policies_for(f"{E2018}:5.4.3")} == {"complaints-handling-manual", "role-managers"}
    assert {one.id for one in lib.checklists_with("q18-4.8-1")} >= {"internal-audit-2018", "principles-2018"}


def test_what_is_not_there_is_not_found_by_name(lib: Library) -> None:
    for look, name in [
        (lib.edition, "iso1"), (lib.node, f"{E2018}:99"), (lib.checklist, "x"), (lib.policy, "x"),
        (lib.items_for, "x"), (lib.path, "x"), (lib.checklist("principles-2018").item, "q18-8.7-1"),
    ]:  # fmt: skip
        with pytest.raises(NotFound, match=re.escape(name)):
            look(name)


def test_the_policy_reads_whole_with_its_examples_and_without_optional_facts(lib: Library) -> None:
    policy = lib.policy("complaints-handling-policy")
    examples = {blank.name: blank.example for blank in policy.fields}
    whole = "\n\n".join(fill(section.text, examples, policy.required) for section in policy.sections)
    assert "{" not in whole
    assert 550 <= len(whole.split()) <= 1000, "one to two pages"
    needed = {name: value for name, value in examples.items() if name in policy.required}
    short = "\n\n".join(fill(section.text, needed, policy.required) for section in policy.sections)
    assert "online" not in short
    assert "independent body" not in short
    for paragraph in re.split(r"\n\n", short):
        assert paragraph.rstrip().endswith((".", ":")) or paragraph.startswith("- "), paragraph


def test_the_policy_covers_every_principle_and_the_main_clauses(lib: Library) -> None:
    policy = lib.policy("complaints-handling-policy")
    covered = {ref for section in policy.sections for ref in section.clauses}
    missing = [node.label for node in lib.edition(E2018).principles if node.ref not in covered]
    assert missing == []
    for number in [
        "5.1",
        "5.2",
        "5.3",
        "5.4",
        "6.2",
        *(f"7.{n}" for n in range(1, 10)),
        *(f"8.{n}" for n in range(1, 8)),
    ]:
        assert f"{E2018}:{number}" in covered, number


@pytest.mark.parametrize("kind", KINDS)
def test_each_shape_gives_a_json_schema_that_forbids_what_it_does_not_know(kind: str) -> None:
    schema = KINDS[kind].model_json_schema()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["kind"]["const"] == kind
    json.dumps(schema)
