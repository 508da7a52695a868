"""Facts of the organisation: kept once, standing in every document that asks, and told where they stand."""

import pytest

from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.policies import queries, rules, service
from auditkit.policies.models import Policy
from auditkit.policies.queries import facts_page
from tests.slices.policies.conftest import NOW

MANAGERS = "role-managers"
TODAY = NOW.date()


def look(house, policy_id) -> queries.PolicyView:
    return queries.policy(reading(house.system), policy_id)


def test_an_answer_given_once_stands_in_every_document_that_asks(acme, do, started):
    policy_id = started(acme)
    other = do(acme, service.start, service.Start(MANAGERS))
    assert look(acme, other).answers["recording_target"] == "the end of the same working day"
    before = look(acme, policy_id).revision
    do(acme, service.answer, service.AnswerQuestions(other, {"recording_target": "two hours"}), "administrator")
    first = look(acme, policy_id)
    assert first.answers["recording_target"] == "two hours"
    assert first.revision == before + 1, "the draft is another one"
    assert first.edited_by_id == acme.person("administrator"), "and somebody else wrote it last"


def test_who_changes_a_fact_cannot_approve_the_documents_it_stands_in(acme, do, started):
    policy_id = started(acme)
    do(acme, service.start, service.Start(MANAGERS))
    do(acme, service.set_fact, service.SetFact("recording_target", "text", "one hour"), "administrator")
    with pytest.raises(rules.ApproverIsEditor):
        do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")


def test_setting_a_fact_tells_the_documents(acme, do, started):
    policy_id = started(acme)
    other = do(acme, service.start, service.Start(MANAGERS))
    alone = do(acme, service.start, service.Start("role-top-management"))
    touched = do(acme, service.set_fact, service.SetFact("recording_target", "text", "one hour"))
    assert touched == [policy_id, other]
    assert alone not in touched
    with pytest.raises(NotFound):
        do(acme, service.set_fact, service.SetFact("nobody_asks", "text", "x"))
    with pytest.raises(rules.AnswerMalformed):
        do(acme, service.set_fact, service.SetFact("email", "email", "nobody"))


def test_the_page_of_facts_says_where_each_stands(acme, do, published):
    policy_id = published(acme)
    do(acme, service.start, service.Start(MANAGERS))
    do(acme, service.set_fact, service.SetFact("recording_target", "text", "one hour"))
    fact = facts_page.fact(reading(acme.system), "recording_target", "text", TODAY)
    assert fact.value == "one hour"
    said = [(one.policy.reference, one.in_draft, one.said) for one in fact.places]
    assert said == [("POL-01", True, "the end of the same working day"), ("ROL-01", True, None)]
    assert facts_page.fact(reading(acme.system), "nobody_asks", "text", TODAY) is None
    assert look(acme, policy_id).has_changes


def test_a_fact_taken_back_is_open_again(acme, do, started):
    policy_id = started(acme)
    do(acme, service.set_fact, service.SetFact("offer", "text", ""))
    assert [one.name for one in look(acme, policy_id).open_questions] == ["offer"]


def test_what_a_document_says_otherwise_stays_until_it_is_answered_anew(acme, do, started):
    """As the migration leaves a document that answered another thing than the organisation's newest answer."""
    policy_id = started(acme)
    with transaction(acme.system) as tx:
        tx.get(Policy, policy_id).answers = {"offer": "only repairs"}
    asked = {one.question.name: one for one in look(acme, policy_id).asked}
    assert (asked["offer"].answer, asked["offer"].otherwise) == (
        "only repairs",
        "home appliances, their delivery and their repair",
    )
    do(acme, service.set_fact, service.SetFact("offer", "text", "everything"))
    assert look(acme, policy_id).answers["offer"] == "only repairs"
    do(acme, service.answer, service.AnswerQuestions(policy_id, {"offer": "everything"}))
    asked = {one.question.name: one for one in look(acme, policy_id).asked}
    assert (asked["offer"].answer, asked["offer"].otherwise) == ("everything", None)


def test_facts_are_the_organisations_own(acme, globex, do, started):
    started(acme)
    theirs = do(globex, service.start, service.Start())
    assert look(globex, theirs).answers == {}
    with pytest.raises(NotFound):
        do(globex, service.set_fact, service.SetFact("recording_target_of_acme", "text", "x"))
    do(globex, service.set_fact, service.SetFact("offer", "text", "nothing"))
    assert queries.facts(reading(acme.system))["offer", "text"].startswith("home appliances")


def test_the_pages(acme, browser, do, started):
    started(acme)
    do(acme, service.start, service.Start(MANAGERS))
    editor = browser(acme, "quality-manager")
    page = editor.get("/o/acme/policies/facts")
    assert "the end of the same working day" in page.text
    editor.get("/o/acme/policies/facts/text/recording_target")
    page = editor.post_form({"value": "one hour"})
    assert "Saved. The drafts that state it use it now" in page.text
    assert "one hour" in page.text
    assert "Stands also in: ROL-01" in editor.get("/o/acme/policies/1/questions").text
    editor.get("/o/acme/policies/facts/text/nobody_asks", status=404)
    staff = browser(acme, "staff").get("/o/acme/policies/facts")
    assert not [a for a in staff.soup.find("main").find_all("a") if "/facts/" in a["href"]]
