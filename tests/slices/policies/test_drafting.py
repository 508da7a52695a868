"""Documents of one's own, their sections, their card; the editor's page and its preview."""

import pytest

from auditkit.base.db import reading
from auditkit.base.errors import Forbidden, NotFound
from auditkit.content.library import shared as library
from auditkit.policies import queries, rules, service
from auditkit.policies.rules import cards, sections

BASE = "/o/acme/policies/"


def look(house, policy_id) -> queries.PolicyView:
    return queries.policy(reading(house.system), policy_id)


@pytest.fixture
def blank(do):
    def run(house, title="How we answer", kind="procedure") -> int:
        return do(house, service.start_blank, service.StartBlank(title, kind))

    return run


def add(do, house, policy_id, title, text="Some text.", **more):
    command = service.AddSection(policy_id, title, text, **more)
    return do(house, lambda *given: service.add_section(*given, library=library()), command)


def test_every_text_of_the_library_becomes_a_document(acme, do):
    made = [do(acme, service.start, service.Start(one)) for one in library().policies]
    documents = queries.policies(reading(acme.system))
    assert len(documents) == len(made) == 18
    kinds = {one.card.kind.value: [] for one in documents}
    for one in documents:
        kinds[one.card.kind.value].append(one.reference)
    assert {kind: len(found) for kind, found in kinds.items()} == {
        "policy": 1,
        "manual": 1,
        "leaflet": 1,
        "procedure": 10,
        "role": 5,
    }
    assert kinds["role"] == [f"ROL-0{number}" for number in range(1, 6)]


def test_any_number_of_blank_documents(acme, do, blank):
    one, other = blank(acme), blank(acme, "Another")
    assert (look(acme, one).reference, look(acme, other).reference) == ("PRO-01", "PRO-02")
    with pytest.raises(rules.DocumentEmpty):
        do(acme, service.approve, service.Approve(one, "x"), "administrator")
    with pytest.raises(rules.DocumentTitleMissing):
        blank(acme, "  ")
    with pytest.raises(cards.KindUnknown):
        blank(acme, kind="novel")


def test_sections_are_added_moved_and_removed(acme, do, blank):
    policy_id = blank(acme)
    first = add(do, acme, policy_id, "First", clauses="5.3, 7.1")
    second = add(do, acme, policy_id, "Second")
    between = add(do, acme, policy_id, "Between", after=first)
    assert [one.title for one in look(acme, policy_id).sections] == ["First", "Between", "Second"]
    assert look(acme, policy_id).section(first).clauses == ("iso10002-2018:5.3", "iso10002-2018:7.1")
    do(acme, service.move_section, service.MoveSection(policy_id, second, -2))
    do(acme, service.remove_section, service.RemoveSection(policy_id, between))
    assert [one.title for one in look(acme, policy_id).sections] == ["Second", "First"]
    with pytest.raises(sections.ClauseUnknown):
        add(do, acme, policy_id, "X", clauses="99")
    with pytest.raises(rules.NoSuchSection):
        do(acme, service.remove_section, service.RemoveSection(policy_id, between))
    with pytest.raises(rules.DraftChanged):
        do(acme, service.move_section, service.MoveSection(policy_id, first, 1, revision=1))


def test_an_id_of_a_removed_section_is_not_given_again(acme, do, blank):
    policy_id = blank(acme)
    add(do, acme, policy_id, "First")
    gone = add(do, acme, policy_id, "Second")
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    do(acme, service.remove_section, service.RemoveSection(policy_id, gone))
    assert add(do, acme, policy_id, "Third") != gone


def test_a_blank_of_the_library_brings_its_question_along(acme, do, blank, started):
    started(acme)
    policy_id = blank(acme)
    add(do, acme, policy_id, "Who", "We are {{organisation}} and decide within {{top_level_target}}.")
    policy = look(acme, policy_id)
    assert [one.question.name for one in policy.asked] == ["organisation", "top_level_target"]
    assert policy.answers == {"organisation": "Borjomi Home Appliances"}, "a fact given before"
    assert [one.name for one in policy.open_questions] == ["top_level_target"]
    with pytest.raises(rules.BlankUnknown):
        add(do, acme, policy_id, "X", "{{nobody_knows}}")


def test_the_card(acme, globex, do, blank):
    policy_id = blank(acme)
    owner = acme.person("internal-auditor")
    command = service.ChangeCard(
        policy_id, "New name", "Why", "manual", owner, "ten years", "Intranet", 24, True, ("b", "a")
    )
    do(acme, service.change_card, command)
    policy = look(acme, policy_id)
    assert (policy.title, policy.purpose, policy.is_public) == ("New name", "Why", True)
    assert policy.card == queries.Card(rules.Kind.MANUAL, owner, "ten years", "Intranet", 24, ("a", "b"))
    assert policy.reference == "PRO-01", "a reference is for ever"
    with pytest.raises(cards.OwnerUnknown):
        do(acme, service.change_card, service.ChangeCard(policy_id, "x", "", "manual", globex.person("staff")))
    with pytest.raises(cards.MonthsMalformed):
        do(acme, service.change_card, service.ChangeCard(policy_id, "x", "", "manual", None, review_months=500))


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (service.start_blank, service.StartBlank("x")),
        (service.add_section, service.AddSection(1, "x", "y")),
        (service.move_section, service.MoveSection(1, "a", 1)),
        (service.remove_section, service.RemoveSection(1, "a")),
        (service.change_card, service.ChangeCard(1, "x", "", "policy", None)),
        (service.set_fact, service.SetFact("offer", "text", "x")),
    ],
)
def test_who_may_only_read_changes_nothing(acme, do, started, verb, command):
    started(acme)
    with pytest.raises(Forbidden):
        do(acme, verb, command, "staff")


def test_other_organisations_find_nothing(acme, globex, do, blank):
    policy_id = blank(acme)
    section = add(do, acme, policy_id, "First")
    for verb, command in (
        (service.add_section, service.AddSection(policy_id, "x", "y")),
        (service.move_section, service.MoveSection(policy_id, section, 1)),
        (service.remove_section, service.RemoveSection(policy_id, section)),
        (service.change_card, service.ChangeCard(policy_id, "x", "", "policy", None)),
    ):
        with pytest.raises(NotFound):
            do(globex, verb, command)


def test_from_a_blank_document_to_two_sections_over_http(acme, browser):
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}new")
    page = editor.post_form({"title": "", "kind": "procedure"})
    assert "Enter the title of the document" in page.text
    page = editor.post_form({"title": "How we answer letters", "kind": "procedure"})
    assert page.title == "New section"
    page = editor.post_form({"title": "Scope", "text": "All *letters*.", "clauses": "7.7, 9.9"})
    assert "There is no clause 9.9 in iso10002-2018" in page.text
    page = editor.post_form({"title": "Scope", "text": "All *letters*.", "clauses": "7.7"})
    assert "The section was added." in page.text
    assert page.soup.find("em", string="letters")
    editor.get(f"{BASE}1/sections")
    page = editor.post_form({"title": "Steps", "text": "- one\n- two", "clauses": ""})
    assert [one.get_text() for one in page.soup.select("article h3")] == ["Scope", "Steps"]
    page = editor.post(f"{BASE}1/sections/own-2/move", {"steps": "-1", "revision": "3"})
    page = editor.get(f"{BASE}1")
    assert [one.get_text() for one in page.soup.select("article h3")] == ["Steps", "Scope"]
    page = editor.post(f"{BASE}1/sections/own-2/remove", {"revision": "1"})
    assert "Somebody else changed the draft meanwhile" in editor.get(f"{BASE}1").text or "Somebody else" in page.text
    editor.post(f"{BASE}1/sections/own-2/remove", {"revision": "4"})
    page = editor.get(f"{BASE}1")
    assert [one.get_text() for one in page.soup.select("article h3")] == ["Scope"]


def test_the_preview_answers_with_a_piece_of_page_and_safe_html(acme, browser, started):
    started(acme)
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}1/sections/scope")
    token = editor.page.soup.find("input", {"name": "csrf_token"})["value"]
    answer = editor._run(
        editor.client.post,
        f"{BASE}1/preview",
        data={"text": "**{{organisation}}** <script>x</script>", "csrf_token": token},
    )
    text = answer.get_data(as_text=True)
    assert "<strong>Borjomi Home Appliances</strong>" in text
    assert "<script>" not in text
    assert "<html" not in text


def test_the_card_over_http(acme, browser, started):
    started(acme)
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}1/card")
    page = editor.post_form({"review_months": "999"})
    assert "Enter a number of months from 0 to 120" in page.text
    page = editor.post_form(
        {"review_months": "6", "distribution": "Everybody by mail", "owner": str(acme.person("staff"))}
    )
    assert "Everybody by mail" in page.text
    assert "staff of acme" in page.text
