"""The shipped policy texts as documents of one organisation: complete, consistent with each other, and readable filled.

What each clause asks to be written down is the list below (`WRITTEN_DOWN`), taken from the domain
reference's documents per clause; each entry names the section that holds it and words that must be found there.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.content import library
from auditkit.content.blanks import BLANK, blanks_in, fill
from auditkit.content.library import Library
from auditkit.content.shapes import Blank, PolicySection, PolicyShape, Source

E2018 = "iso10002-2018"
MANUAL, POLICY, LEAFLET = "complaints-handling-manual", "complaints-handling-policy", "complaints-leaflet"
HANDLING, ESCALATION, REMEDIES = "procedure-receipt-to-closing", "procedure-escalation", "procedure-remedies"
RECORDS, OBJECTIVITY = "procedure-confidentiality-records", "procedure-objectivity"
MONITORING, AUDIT, REVIEW = "procedure-monitoring", "procedure-audit", "procedure-management-review"
ACTION, COMMUNICATION = "procedure-corrective-action", "procedure-communication"
TOP, REPRESENTATIVE, MANAGERS, CONTACT, ALL = (
    "role-top-management",
    "role-complaints-representative",
    "role-managers",
    "role-contact-staff",
    "role-all-staff",
)
PAGES: dict[str, tuple[int, int]] = {
    MANUAL: (2000, 3000), POLICY: (550, 1000), LEAFLET: (250, 420), HANDLING: (750, 1850),
    **dict.fromkeys((ESCALATION, REMEDIES, RECORDS, OBJECTIVITY, MONITORING, AUDIT, REVIEW, ACTION, COMMUNICATION),
                    (700, 1500)),
    **dict.fromkeys((TOP, REPRESENTATIVE, MANAGERS, CONTACT, ALL), (200, 400)),
}  # fmt: skip
"""Words of each text with its example answers; a page holds about 500."""

WRITTEN_DOWN: dict[str, list[tuple[str, str, str]]] = {
    "4.1": [(MANUAL, "principles", "All fourteen apply")],
    "4.2": [(POLICY, "commitment", "Top management stands behind"), (MANUAL, "leadership", "answers requests for res")],
    "4.3": [(MANUAL, "resources", "Every role has a deputy")],
    "4.4": [(COMMUNICATION, "where", "leaflet"), (COMMUNICATION, "staff", "All staff learn")],
    "4.5": [(COMMUNICATION, "access", "screen reader"), (COMMUNICATION, "access", "{{languages}}")],
    "4.6": [(HANDLING, "track", "{{update_interval}}")],
    "4.7": [(OBJECTIVITY, "conflicts", "Declare"), (OBJECTIVITY, "rules", "Like cases are decided alike")],
    "4.8": [(COMMUNICATION, "access", "No charge"), (REMEDIES, "remedies", "refunded without being asked")],
    "4.9": [(RECORDS, "keeping", "Changes leave a trace"), (RECORDS, "statistics", "releases")],
    "4.10": [(RECORDS, "access", "Rights are granted"), (RECORDS, "retention", "{{retention_period}}")],
    "4.11": [(COMMUNICATION, "where", "Feedback of every kind is invited")],
    "4.12": [(MANUAL, "responsibilities", "Each role has a description"), (MONITORING, "reporting", "Answer")],
    "4.13": [(ACTION, "improvement", "Good practice")],
    "4.14": [(MANUAL, "resources", "its effect is checked"), (AUDIT, "auditors", "What each must know")],
    "4.15": [(HANDLING, "assess", "{{urgent_target}}")],
    "5.1": [
        (MANUAL, "scope", "{{scope_sites}}"),
        (MANUAL, "context", "Interested parties"),
        (MANUAL, "context", "Legal duties"),
        (MANUAL, "context", "Risks and opportunities"),
    ],
    "5.2": [(TOP, "duties", "answer requests for them in writing")],
    "5.3": [(POLICY, "commitment", "{{organisation}}"), (MANUAL, "leadership", "Every promise in it can be traced")],
    "5.4": [
        (REPRESENTATIVE, "role", "appoints"),
        (REMEDIES, "limits", "{{handler_limit}}"),
        (MANUAL, "partners", "A written agreement with each partner"),
    ],
    "6.1": [(MANUAL, "process", "In: "), (MANUAL, "interaction", "depend on each"), (MANUAL, "planning", "chang")],
    "6.2": [(MANUAL, "planning", "a target"), (MONITORING, "time", "{{decision_objective}}")],
    "6.3": [(MANUAL, "planning", "one plan of activities")],
    "6.4": [(MANUAL, "resources", "The needs for people"), (MANUAL, "resources", "Tools")],
    "7.1": [(COMMUNICATION, "content", "In full it says"), (LEAFLET, "how", "{{telephone}}")],
    "7.2": [(HANDLING, "receive", "What is recorded"), (HANDLING, "recognise", "Suggestion")],
    "7.3": [(HANDLING, "track", "one person holds"), (ESCALATION, "overdue", "overdue")],
    "7.4": [(HANDLING, "acknowledge", "{{acknowledgement_target}}"), (HANDLING, "acknowledge", "tries another")],
    "7.5": [(HANDLING, "assess", "Critical")],
    "7.6": [(HANDLING, "investigate", "root cause"), (HANDLING, "investigate", "Record: plan, evidence")],
    "7.7": [(REMEDIES, "remedies", "Goodwill"), (REMEDIES, "delivery", "Verify")],
    "7.8": [(HANDLING, "communicate", "review inside the"), (ESCALATION, "outside", "{{external_body}}")],
    "7.9": [(HANDLING, "close", "A refusal does not close"), (ESCALATION, "outside", "stays open")],
    "8.1": [
        (RECORDS, "deletion", "Record: what"),
        (RECORDS, "requests", "Complainants may see"),
        (RECORDS, "retention", "{{training_retention}}"),
        (RECORDS, "statistics", "without names"),
    ],
    "8.2": [(MONITORING, "analysis", "a single event, a repetition, or a problem built into")],
    "8.3": [(MONITORING, "satisfaction", "Keep two things apart")],
    "8.4": [(MONITORING, "time", "divided by"), (MONITORING, "responsibilities", "When")],
    "8.5": [(AUDIT, "programme", "{{audit_interval}}"), (AUDIT, "preparation", "Draw"), (AUDIT, "reporting", "Report")],
    "8.6": [(REVIEW, "inputs", "Earlier decisions"), (REVIEW, "outputs", "decision"), (REVIEW, "records", "minutes")],
    "8.7": [(ACTION, "steps", "Check the effect"), (ACTION, "improvement", "Thanks")],
    "B": [(OBJECTIVITY, "small", "In a small team")],
    "D": [(OBJECTIVITY, "rules", "Discreet")],
    "D.2": [(OBJECTIVITY, "staff", "{{staff_reply_time}}")],
    "D.3": [(OBJECTIVITY, "discipline", "not personnel files")],
    "D.4": [(RECORDS, "access", "The member of staff complained about")],
    "D.5": [(OBJECTIVITY, "checking", "{{objectivity_sample}}")],
    "E": [(MANUAL, "process", "Out: ")],
    "G": [(REMEDIES, "choosing", "five questions")],
    "H": [(ESCALATION, "levels", "Level 2"), (ESCALATION, "triggers", "To level 3 at once")],
    "I": [(MANUAL, "checking", "Indicators are followed")],
    "J": [(AUDIT, "conduct", "Trace files")],
}  # fmt: skip

# A number of days is a question, never a constant: the standard sets none.
_HARD_TIME = re.compile(
    r"\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty)\s+"
    r"(?:working\s+|calendar\s+)?(?:minute|hour|day|week|month|year)s?\b|same (?:working )?day|next (?:working )?day",
    re.IGNORECASE,
)
_TIME_OR_MONEY = re.compile(
    r"\b(hours?|days?|weeks?|months?|years?|lari|per cent|out of|once|twice)\b|^(\d+|three|twenty|twenty-five|sixty)$"
)


@pytest.fixture(scope="module")
def lib() -> Library:
    return library.shared()


def section(lib: Library, policy: str, name: str) -> PolicySection:
    return next(one for one in lib.policy(policy).sections if one.id == name)


def filled(policy: PolicyShape, *, optional: bool = True) -> str:
    answers = {blank.name: blank.example for blank in policy.fields if optional or blank.required}
    return "\n\n".join(f"## {one.title}\n\n{fill(one.text, answers, policy.required)}" for one in policy.sections)


def texts(lib: Library) -> list[tuple[str, str, str]]:
    return [(one.id, part.id, part.text) for one in lib.policies.values() for part in one.sections]


def test_the_library_holds_a_whole_set(lib: Library) -> None:
    assert set(PAGES) <= set(lib.policies)


@pytest.mark.parametrize("clause", WRITTEN_DOWN)
def test_what_a_clause_asks_to_be_documented_is_written_down(lib: Library, clause: str) -> None:
    ref = f"{E2018}:{clause}"
    for policy, name, words in WRITTEN_DOWN[clause]:
        found = section(lib, policy, name)
        assert re.search(words.replace("{", r"\{"), " ".join(found.text.split())), (policy, name, words)
        near = {node.ref for node in lib.below(ref)} | {node.ref for node in lib.path(ref)}
        assert set(found.clauses) & near, f"{policy} {name} is not tied to {clause}"


def test_no_clause_with_documents_is_left_out(lib: Library) -> None:
    every = {node.id for node in lib.edition(E2018).nodes if re.fullmatch(r"[4-8]\.\d+", node.id) and node.auditable}
    assert every - set(WRITTEN_DOWN) == set()
    tied = {ref for one in lib.policies.values() for part in one.sections for ref in part.clauses}
    assert {f"{E2018}:{number}" for number in every} - tied == set()


def test_the_list_is_the_one_of_the_domain_reference(shared: Callable[[str], Path]) -> None:
    questions = json.loads(shared("../domain/questions.json").read_text(encoding="utf-8"))
    asked = {row["clause"] for row in questions if row["edition"] == "2018" and row["documented_information"]}
    named = {letter for clause in asked for letter in re.findall(r"[45678]\.\d+|\b[A-J]\b", clause)}
    assert len(named) > 40
    assert named - set(WRITTEN_DOWN) == set()


def test_every_role_of_5_4_has_a_description_of_its_own(lib: Library) -> None:
    for number, policy in enumerate((TOP, REPRESENTATIVE, MANAGERS, CONTACT, ALL), start=1):
        assert all(f"{E2018}:5.4.{number}" in one.clauses for one in lib.policy(policy).sections[:2]), policy


def test_a_blank_asks_the_same_question_in_every_text(lib: Library) -> None:
    asked: dict[str, set[Blank]] = defaultdict(set)
    for policy in lib.policies.values():
        for blank in policy.fields:
            asked[blank.name].add(blank)
    assert [name for name, blanks in asked.items() if len(blanks) > 1] == []
    assert len(asked) < sum(len(policy.fields) for policy in lib.policies.values()) / 2


def test_no_two_blanks_ask_the_same(lib: Library) -> None:
    asked = {blank.question: blank.name for policy in lib.policies.values() for blank in policy.fields}
    assert len(asked) == len({blank.name for policy in lib.policies.values() for blank in policy.fields})
    assert all(question.endswith("?") for question in asked)


def test_the_blanks_of_a_text_are_those_it_uses_in_order_of_use(lib: Library) -> None:
    for policy in lib.policies.values():
        used = blanks_in("\n".join(part.text for part in policy.sections))
        assert [blank.name for blank in policy.fields] == list(used), policy.id


def test_an_example_with_a_time_or_an_amount_says_where_it_comes_from(lib: Library) -> None:
    for policy in lib.policies.values():
        for blank in policy.fields:
            if _TIME_OR_MONEY.search(blank.example):
                assert blank.source in (Source.PRACTICE, Source.PUBLISHED), (policy.id, blank.name)


def test_no_text_sets_a_time_limit_of_its_own(lib: Library) -> None:
    found = [(policy, name, hit[0]) for policy, name, text in texts(lib) for hit in _HARD_TIME.finditer(text)]
    assert found == []


def test_the_search_for_fixed_times_finds_them() -> None:
    for text in ("within five working days", "after 30 days", "on the same day", "once a year"):
        assert _HARD_TIME.search(text), text
    assert not _HARD_TIME.search("at least {{update_interval}}, every day")


@pytest.mark.parametrize("optional", [True, False], ids=["whole", "short"])
@pytest.mark.parametrize("name", PAGES)
def test_a_filled_text_reads_clean(lib: Library, name: str, optional: bool) -> None:
    text = filled(lib.policy(name), optional=optional)
    assert not re.search(r"[{}|<>]|\\[^.]", text)
    assert not re.search(r"\bcomplian(?:t|ce)\b|\bcertif(?:y|ied|icate)\b|\blorem\b|\binsert\b|\bTODO\b", text, re.I)
    assert not re.search(r"\b(\w+)\s\1\b", re.sub(r"^##.*$", "", text, flags=re.M), re.I), "a word twice"
    assert not re.search(r"organiz|recogniz|behavior|favor\b|center\b", text)
    for block in re.split(r"\n\n", text):
        lines = block.split("\n")
        if lines[0].startswith("## "):
            continue
        lead = block.rstrip()
        assert lead.endswith((".", ":", "?", ";", '"')) or re.match(r"- |\d+\. ", lead), block
    for lead, after in zip(re.split(r"\n\n", text), re.split(r"\n\n", text)[1:], strict=False):
        if lead.rstrip().endswith(":") and not re.match(r"- |\d+\. ", lead):
            assert re.match(r"- |\d+\. ", after), f"nothing follows: {lead}"


@pytest.mark.parametrize("name", PAGES)
def test_a_text_is_as_long_as_its_kind_should_be(lib: Library, name: str) -> None:
    least, most = PAGES[name]
    assert least <= len(filled(lib.policy(name)).split()) <= most


def test_a_refusal_never_closes_a_complaint(lib: Library) -> None:
    text = " ".join(section(lib, HANDLING, "close").text.split())
    assert "A refusal does not close a complaint" in text
    grounds = re.findall(r"- \*\*(.+?)\*\*", text)
    assert grounds == ["Accepted", "No answer", "Decided outside", "Exhausted"]


def test_procedures_that_a_text_refers_to_exist_and_are_listed(lib: Library) -> None:
    listed = set(re.findall(r"^- (.+)$", section(lib, MANUAL, "documents").text, re.MULTILINE))
    procedures = {one.title for one in lib.policies.values() if one.id.startswith("procedure-")}
    assert listed == procedures | {"Leaflet for customers"}
    starts = [title.removeprefix("Procedure for ").split(" ")[0] for title in procedures]
    for policy, name, text in texts(lib):
        for word in re.findall(r"\bprocedure for (\w+)", " ".join(text.split())):
            assert word in starts, (policy, name, word)


def test_only_texts_for_customers_are_public(lib: Library) -> None:
    assert {one.id for one in lib.policies.values() if one.public} == {POLICY, LEAFLET}
    internal = {"register", "handler_limit", "workload_limit"}
    for name in (POLICY, LEAFLET):
        assert not internal & set(BLANK.findall("".join(part.text for part in lib.policy(name).sections)))
