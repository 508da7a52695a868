"""The shipped checklists: how many questions, over what, complete, never copied, and leading somewhere.

`V` in the domain reference is `published` here; everything else is `practice`. The list is PUBLISHED below.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import pytest

from auditkit.content import library
from auditkit.content.library import Checklist, Library
from auditkit.content.shapes import Item, Source, Use

E2018, E2014 = "iso10002-2018", "iso10002-2014"
INTERNAL, GAP, FILE, STAGE1 = "internal-audit-2018", "gap-analysis-2018", "complaint-file-test", "stage1-readiness"
PROFILES = ("contact-centre", "e-commerce", "outsourced-handling", "public-body", "small-organisation")
COUNTS = {
    INTERNAL: (184, 200),
    "surveillance-2018": (43, 47),
    "principles-2018": (14 * 3, 80),
    "principles-2014": (9 * 3, 30),
    GAP: (38, 42),
    FILE: (30, 40),
    STAGE1: (21, 21),
    "management-review": (20, 26),
    "supplier-check": (18, 24),
    "small-organisation": (90, 110),
    "contact-centre": (140, 170),
    **dict.fromkeys(("e-commerce", "outsourced-handling", "public-body"), (190, 215)),
}
USES = {
    INTERNAL: Use.AUDIT,
    "surveillance-2018": Use.SHORT,
    "principles-2018": Use.PRINCIPLES,
    "principles-2014": Use.PRINCIPLES,
    GAP: Use.GAP,
    FILE: Use.FILE,
    STAGE1: Use.READINESS,
    "management-review": Use.REVIEW,
    "supplier-check": Use.SUPPLIER,
    **dict.fromkeys(PROFILES, Use.PROFILE),
}
STAGES = ["received", "recorded", "acknowledged", "assessed", "investigated", "decided", "informed", "acted",
          "accepted-or-referred", "closed"]  # fmt: skip
PUBLISHED = {
    "file-acknowledged-1", "file-assessed-1", "file-investigated-5", "mr-risks", "s1-02", "s1-15", "s1-16",
    *(f"q18-{n}" for n in ("4.12-1", "7.2-2", "7.2-5", "7.3-2", "7.4-1", "7.5-1", "8.6-3")),
}  # fmt: skip
SMALL_WORDS = frozenset(
    (
        "the",
        "and",
        "are",
        "does",
        "for",
        "that",
        "with",
        "how",
        "each",
        "any",
        "not",
        "was",
        "who",
        "what",
        "were",
        "its",
    )
)


@pytest.fixture(scope="module")
def lib() -> Library:
    return library.shared()


def ids(items: Iterable[Item]) -> list[str]:
    return [item.id for item in items]


def texts(lib: Library) -> list[tuple[str, str]]:
    of_items = [
        (item.id, text)
        for item in lib.items.values()
        for text in (
            item.question, item.good, item.evidence, item.guidance or "", item.recomputed or "",
            *item.typical_nonconformities,
        )
    ]  # fmt: skip
    of_lists = [
        (one.id, text)
        for one in lib.checklists.values()
        for text in (
            one.title, one.purpose, *(step.title + ". " + step.text for step in one.steps),
            *(out.because for out in one.excluded), *(section.documents or "" for section in one.sections),
            *(text for section in one.sections for text in section.typical_nonconformities),
        )
    ]  # fmt: skip
    return of_items + of_lists


# --- what there is ----------------------------------------------------------------------------------------------------


def test_every_checklist_is_there_with_its_use_and_as_many_questions_as_it_promises(lib: Library) -> None:
    assert {one.id: one.use for one in lib.checklists.values()} == USES
    for name, (least, most) in COUNTS.items():
        assert least <= len(lib.checklist(name).items) <= most, (name, len(lib.checklist(name).items))


def test_every_checklist_but_the_internal_audit_says_how_long_it_takes(lib: Library) -> None:
    assert [one.id for one in lib.checklists.values() if not one.takes] == [INTERNAL]


def test_the_internal_audit_asks_about_every_clause_by_itself(lib: Library) -> None:
    edition = lib.edition(E2018)
    asked = {ref for item in lib.checklist(INTERNAL).items for ref in item.clauses}
    must = [
        node.ref
        for node in edition.nodes
        if node.auditable and (re.match(r"[4-8]\.", node.id) or re.fullmatch(r"[BDEH](\.\d)?", node.id))
    ]
    assert len(must) == 55
    silent = [ref for ref in must if not any(one.ref in asked for one in lib.below(ref))]
    assert silent == []


@pytest.mark.parametrize(("name", "edition", "count"), [("principles-2018", E2018, 14), ("principles-2014", E2014, 9)])
def test_each_principle_has_a_section_with_three_questions_that_test_it(
    lib: Library, name: str, edition: str, count: int
) -> None:
    checklist = lib.checklist(name)
    assert [code for section in checklist.sections for code in section.principles] == [
        node.code for node in lib.edition(edition).principles
    ]
    assert len(checklist.sections) == count
    for section in checklist.sections:
        assert sum(set(section.principles) <= set(item.principles) for item in section.items) >= 3, section.title


def test_questions_on_the_2014_edition_cite_its_clauses(lib: Library) -> None:
    refs = {ref for item in lib.checklist("principles-2014").items for ref in item.clauses}
    assert {ref.split(":")[0] for ref in refs} == {E2014}


# --- each question is complete ----------------------------------------------------------------------------------------


def test_every_question_has_all_its_parts(lib: Library) -> None:
    for item in lib.items.values():
        assert item.question.endswith("?"), item.id
        assert item.principles, item.id
        assert item.typical_nonconformities, item.id
        assert item.guidance, item.id
        for text in (item.good, item.guidance, *item.typical_nonconformities):
            assert text[-1] in ".?", (item.id, text)
        assert len(item.good.split()) >= 9, f"{item.id}: what good looks like is a sentence"
        assert len(item.guidance.split()) >= 6, item.id
        assert not item.evidence.endswith("."), item.id


def test_codes_of_principles_are_those_of_the_edition(lib: Library) -> None:
    for name, checklist in lib.checklists.items():
        known = {node.code for node in lib.edition(checklist.edition).principles}
        assert all(set(item.principles) <= known for item in checklist.items), name


def test_what_is_published_is_marked_and_nothing_else(lib: Library) -> None:
    assert {item.id for item in lib.items.values() if item.source is Source.PUBLISHED} == PUBLISHED
    assert {item.source for item in lib.items.values()} == {Source.PUBLISHED, Source.PRACTICE}


def test_an_answer_is_recomputed_only_from_a_record_that_is_kept(lib: Library) -> None:
    recomputed = [item for item in lib.items.values() if item.recomputed]
    assert len(recomputed) > 90
    assert [item.id for item in recomputed if item.record and lib.records[item.record].kept != "auditkit"] == []


def test_most_questions_of_the_internal_audit_name_the_record_that_can_answer(lib: Library) -> None:
    items = lib.checklist(INTERNAL).items
    assert sum(item.record is not None for item in items) > 0.85 * len(items)


def test_a_demand_names_answers_of_every_scale_it_is_asked_with(lib: Library) -> None:
    for checklist in lib.checklists.values():
        known = {answer.id for answer in checklist.scale.answers}
        for item in checklist.items:
            assert {*item.demands.note, *item.demands.evidence} <= known, (checklist.id, item.id)


# --- nothing is copied ------------------------------------------------------------------------------------------------


def alike(questions: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs of questions that share most of their words."""
    words = {name: frozenset(re.findall(r"[a-z]{3,}", text.lower())) - SMALL_WORDS for name, text in questions.items()}
    return [(one, two) for one, two in combinations(words, 2)
            if len(words[one] & words[two]) > 0.6 * len(words[one] | words[two])]  # fmt: skip


def test_no_question_is_asked_again_in_other_places(lib: Library) -> None:
    assert alike({item.id: item.question for item in lib.items.values()}) == []
    for part in ("good", "guidance"):
        assert [
            text for text, count in Counter(getattr(i, part) for i in lib.items.values()).items() if count > 1
        ] == []


def test_the_search_for_copies_finds_one(lib: Library) -> None:
    item = lib.items["q18-7.4-1"]
    planted = {item.id: item.question, "copy": item.question.replace("immediately", "promptly")}
    assert alike(planted) == [("q18-7.4-1", "copy")]


def as_asked(lib: Library, checklist: Checklist) -> list[str]:
    """Questions that differ from the library's in more than their weight."""
    return [item.id for item in checklist.items if item.model_copy(update={"weight": 1})
            != lib.items[item.id].model_copy(update={"weight": 1})]  # fmt: skip


def test_checklists_ask_the_librarys_questions_with_weights_of_their_own(lib: Library) -> None:
    for checklist in lib.checklists.values():
        assert as_asked(lib, checklist) == [], checklist.id
    assert lib.checklist("surveillance-2018").item("q18-7.2-1").weight == 5
    assert lib.items["q18-7.2-1"].weight == 3


def test_the_short_form_selects_from_the_internal_audit_alone(lib: Library) -> None:
    short = lib.checklist("surveillance-2018")
    assert set(ids(short.items)) < set(ids(lib.checklist(INTERNAL).items))
    topped = {item.clauses[0].split(":")[1].split(".")[0] for item in short.items}
    assert topped >= {"4", "5", "6", "7", "8", "D"}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_the_internal_audit_less_what_it_gives_a_reason_for(lib: Library, name: str) -> None:
    profile, base = lib.checklist(name), lib.checklist(INTERNAL)
    assert profile.based_on == INTERNAL
    left_out = {item for one in profile.excluded for item in one.items}
    kept = [item for item in ids(base.items) if item not in left_out]
    assert [item for item in ids(profile.items) if item in base.by_id] == kept
    assert set(ids(profile.items)) - set(kept), "a profile adds questions of its own"
    assert all(len(one.because.split()) >= 12 for one in profile.excluded)


def test_the_small_organisation_is_asked_something_on_every_clause(lib: Library) -> None:
    asked = {ref for item in lib.checklist("small-organisation").items for ref in item.clauses}
    clauses = [node.ref for node in lib.edition(E2018).nodes if re.fullmatch(r"[4-8]\.\d+", node.id)]
    assert len(clauses) == 39
    assert [ref for ref in clauses if not any(one.ref in asked for one in lib.below(ref))] == []


def test_reasons_for_leaving_out_are_each_profiles_own(lib: Library) -> None:
    reasons = [one.because for name in PROFILES for one in lib.checklist(name).excluded]
    assert len(set(reasons)) == len(reasons)


def test_no_profile_leaves_out_what_must_not_be_missing(lib: Library) -> None:
    for name in PROFILES:
        held = lib.checklist(name).by_id
        assert {"q18-7.2-1", "q18-7.9-2", "q18-7.5-4", "q18-4.8-1", "q18-4.10-1"} <= set(held), name


# --- gap analysis -----------------------------------------------------------------------------------------------------


def test_every_answer_below_full_leads_to_a_step(lib: Library) -> None:
    gap = lib.checklist(GAP)
    below = [answer for answer in gap.scale.answers if answer.conformity is not None and answer.conformity < 100]
    full = [answer for answer in gap.scale.answers if answer.conformity == 100]
    assert len(below) == 5
    for item in gap.items:
        for answer in below:
            assert item.steps(answer), (item.id, answer.id)
        assert not any(item.steps(answer) for answer in full), item.id


def test_every_step_is_reached_and_starts_from_something(lib: Library) -> None:
    gap = lib.checklist(GAP)
    reached = {step for item in gap.items for answer in gap.scale.answers for step in item.steps(answer)}
    assert reached == {step.id for step in gap.steps}
    assert [step.id for step in gap.steps if not step.policies] == ["clear-backlog"]
    assert all(step.days and step.clauses for step in gap.steps)
    started_from = {policy for step in gap.steps for policy in step.policies}
    assert started_from == set(lib.policies), "every text of the library has a step that starts from it"
    assert all("The step is done when" in step.text for step in gap.steps)


def test_steps_that_build_on_others_come_after_them(lib: Library) -> None:
    earlier: set[str] = set()
    for step in lib.checklist(GAP).steps:
        assert set(step.after) <= earlier, step.id
        earlier.add(step.id)


def test_the_visit_keeps_the_order_procedures_recording_times_solutions(lib: Library) -> None:
    gap = lib.checklist(GAP)
    order = ["procedures", "recording", "response-times", "quality-of-solutions", "learning"]
    assert [section.id for section in gap.sections] == order
    assert gap.takes == "half a day"
    assert gap.scale.id == "maturity"
    assert all("level 3" in item.good and "level 5" in item.good for item in gap.items)


# --- file test and readiness ------------------------------------------------------------------------------------------


def test_the_file_test_follows_the_ten_stages(lib: Library) -> None:
    assert [section.id for section in lib.checklist(FILE).sections] == STAGES
    assert all(len(section.items) >= 2 for section in lib.checklist(FILE).sections)


def test_the_file_test_marks_what_the_record_answers(lib: Library) -> None:
    marked = {s.id for s in lib.checklist(FILE).sections if any(item.recomputed for item in s.items)}
    # A message, a proof of sending and an injury are read by a person; no field of the register shows them.
    assert set(STAGES) - marked == {"informed"}
    assert sum(bool(item.recomputed) for item in lib.checklist(FILE).items) >= 15


def test_a_refused_decision_is_never_asked_about_as_an_end(lib: Library) -> None:
    refused = lib.items["file-accepted-2"]
    assert "stay open" in refused.question
    assert refused.weight == 3


def test_the_readiness_list_has_the_twenty_one_items_and_what_a_body_stops_at(lib: Library) -> None:
    items = lib.checklist(STAGE1).items
    numbers = [int(found[1]) for item in items if (found := re.match(r"Item (\d+): ", item.question))]
    assert sorted(numbers) == list(range(1, 22))
    assert [f"s1-{number:02}" for number in numbers] == ids(items)
    for item in items:
        section = next(one for one in lib.checklist(STAGE1).sections if item in one.items)
        assert item.typical_nonconformities, item.id
        assert section.typical_nonconformities == (), "what a body stops at belongs to one item"


def test_the_review_covers_general_inputs_and_outputs(lib: Library) -> None:
    first = {item.clauses[0].removeprefix(f"{E2018}:") for item in lib.checklist("management-review").items}
    assert first >= {"8.6.1", "8.6.2", "8.6.3"}
    assert {f"q18-8.6-{n}" for n in range(1, 8)} <= set(lib.checklist("management-review").by_id)


# --- words ------------------------------------------------------------------------------------------------------------

FORBIDDEN = re.compile(
    r"\b(?:non-?)?complian(?:t|ce)\b|\bcertified\b|organiz|recogniz|behavior|\bcenter\b|\blorem\b|\bTODO\b"
    r"|\b(?:requires|shall)\b|\b(\w+) \1\b|\s\s",
    re.IGNORECASE,
)


def test_no_text_claims_or_quotes(lib: Library) -> None:
    assert [(name, hit[0]) for name, text in texts(lib) if (hit := FORBIDDEN.search(text))] == []


@pytest.mark.parametrize(
    "planted", ["The firm is compliant.", "ISO-certified", "the organization", "It shall be", "the the", "two  spaces"]
)
def test_the_search_for_forbidden_words_finds_them(planted: str) -> None:
    assert FORBIDDEN.search(planted)
