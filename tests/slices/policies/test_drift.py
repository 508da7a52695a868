"""Drift: one setting changes, and exactly the documents that state it are listed."""

import pytest
from sqlalchemy import select, update

from auditkit.accounts import service as accounts
from auditkit.base.db import reading, transaction
from auditkit.complaints.clock.models import TimeLimit
from auditkit.complaints.intake.models import ComplaintChannel
from auditkit.complaints.models import ComplaintAuthority
from auditkit.complaints.privacy.models import RetentionRule
from auditkit.content.library import shared as library
from auditkit.policies import facts, queries, service
from auditkit.policies.facts import Setting
from auditkit.policies.queries import settings as reads
from tests.slices.policies.conftest import NOW
from tests.slices.policies.settings import channel, limit

TODAY = NOW.date()


@pytest.fixture
def world():
    """A registry with three settings of a test's own, beside those of the application."""
    values = {"test.colour": "blue", "test.shape": "round", "test.size": ""}

    def source(_tx):
        return [
            Setting("test.colour", "Colour", values["test.colour"], str.upper, ("offer",)),
            Setting("test.shape", "Shape", values["test.shape"], str, ("nobody_uses_it",)),
            Setting("test.size", "Size", values["test.size"]),
        ]

    facts.offer("test", source)
    yield values
    facts.withdraw("test")


@pytest.fixture
def in_force(acme, do):
    """`in_force("procedure-escalation")`: a document of the library in force, every question answered."""

    def run(content_id: str) -> int:
        policy_id = do(acme, service.start, service.Start(content_id))
        answers = {one.name: one.example for one in library().policy(content_id).fields}
        known = queries.facts(reading(acme.system))
        answers = {name: value for name, value in answers.items() if name not in {key[0] for key in known}}
        do(acme, service.answer, service.AnswerQuestions(policy_id, answers))
        do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
        do(acme, service.publish, service.Publish(policy_id, 1, TODAY), "administrator")
        return policy_id

    return run


def out_of_date(house) -> dict[str, list[str]]:
    """Reference -> the settings that its version in force states otherwise."""
    return {
        policy.reference: [one.name for one in found.settings]
        for policy, found in reads.out_of_date(reading(house.system), TODAY)
    }


def test_one_setting_changes_and_exactly_the_documents_that_state_it_are_listed(acme, do, in_force):
    """Through the application's own settings: the limit for a decision stands in four texts of the library."""
    limit(acme, "decide", 20)
    ids = {name: in_force(name) for name in library().policies}
    assert out_of_date(acme) == {}
    stating = {
        name
        for name, shape in library().policies.items()
        if any("{{decision_target}}" in one.text for one in shape.sections)
    }
    assert len(stating) == 4
    with transaction(acme.system) as tx:
        tx.execute(update(TimeLimit).where(TimeLimit.target == "decide").values(amount=30))
    found = {policy.id: one for policy, one in reads.out_of_date(reading(acme.system), TODAY)}
    assert found.keys() == {ids[name] for name in stating}
    assert {one.name for outdated in found.values() for one in outdated.settings} == {"complaints.time.decide"}
    live = facts.live(reading(acme.system))["complaints.time.decide"]
    (drift,) = found[ids["complaints-handling-policy"]].settings
    assert (live.say(drift.said), live.say(drift.now)) == ("20 working days", "30 working days")
    with transaction(acme.system) as tx:
        tx.execute(update(TimeLimit).where(TimeLimit.target == "decide").values(amount=20))
    assert out_of_date(acme) == {}, "set back, it holds again"


def _new_address(tx):
    tx.execute(update(ComplaintChannel).values(address="other@example.org"))


def _out_of_use(tx):
    tx.execute(update(ComplaintChannel).values(in_use=False))


def _kept_three_years(tx):
    tx.add(RetentionRule(months=36, warn_days=30, added_at=NOW))


def _handlers_decide_more(tx):
    tx.add(ComplaintAuthority(role="complaint-handler", currency="GEL", amount=30_000))


@pytest.mark.parametrize(
    ("content_id", "change", "name"),
    [
        ("complaints-handling-policy", _new_address, "complaints.channel.e-mail"),
        ("complaints-handling-policy", _out_of_use, "complaints.channel.e-mail"),
        ("complaints-handling-policy", _kept_three_years, "complaints.keeping"),
        ("procedure-remedies", _handlers_decide_more, "complaints.authority.complaint-handler"),
    ],
)
def test_channels_times_of_keeping_and_limits_of_authority(acme, do, in_force, content_id, change, name):
    channel(acme, "e-mail", "complaints@example.org")
    in_force(content_id)
    in_force("role-all-staff")
    assert out_of_date(acme) == {}
    with transaction(acme.system) as tx:
        change(tx)
    found = out_of_date(acme)
    assert list(found) == [
        one.reference for one in queries.policies(reading(acme.system)) if one.content_id == content_id
    ]
    assert found[next(iter(found))] == [name]


def test_a_new_version_states_what_holds_now(acme, do, in_force, world):
    policy_id = in_force("complaints-handling-policy")
    world["test.colour"] = "red"
    assert out_of_date(acme) == {"POL-01": ["test.colour"]}
    do(acme, service.edit_section, service.EditSection(policy_id, "scope", "Scope", "Red things: {{offer}}."))
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    assert out_of_date(acme) == {"POL-01": ["test.colour"]}, "version 1 is still in force"
    do(acme, service.publish, service.Publish(policy_id, 2, TODAY), "administrator")
    assert out_of_date(acme) == {}


def test_a_document_may_state_a_setting_without_a_blank(acme, do, world):
    policy_id = do(acme, service.start_blank, service.StartBlank("Own"))
    do(acme, service.add_section, service.AddSection(policy_id, "One", "Everything here is round."))
    command = service.ChangeCard(policy_id, "Own", "", "other", None, states=("test.shape",))
    do(acme, service.change_card, command)
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    world["test.colour"] = "red"
    assert out_of_date(acme) == {}
    world["test.shape"] = "square"
    assert out_of_date(acme) == {"DOC-01": ["test.shape"]}


def test_what_several_approve_states_what_held_when_it_was_handed_in(acme, do, started, world):
    policy_id = started(acme)
    do(acme, service.set_approvers, service.SetApprovers(policy_id, (acme.person("administrator"),)))
    do(acme, service.hand_in, service.HandIn(policy_id, "x"))
    world["test.colour"] = "red"
    do(acme, service.decide, service.Decide(policy_id, True, "x"), "administrator")
    assert out_of_date(acme) == {"POL-01": ["test.colour"]}


def test_a_setting_nobody_offers_any_more_is_said_not_to_be_judged(acme, do, in_force, world):
    policy_id = in_force("complaints-handling-policy")
    facts.withdraw("test")
    found = reads.outdated(reading(acme.system), [queries.policy(reading(acme.system), policy_id)], TODAY)[policy_id]
    assert found.unjudged == ("test.colour",)
    assert not found.is_out_of_date


def test_a_fact_that_changed_makes_documents_out_of_date_too(acme, do, in_force):
    in_force("complaints-handling-policy")
    in_force("role-top-management")
    do(acme, service.set_fact, service.SetFact("offer", "text", "ships"))
    found = {policy.reference: one.facts for policy, one in reads.out_of_date(reading(acme.system), TODAY)}
    assert list(found) == ["POL-01"]
    assert [(one.name, one.now) for one in found["POL-01"]] == [("offer", "ships")]


def test_values_do_not_depend_on_the_language(acme, browser, clock, in_force):
    limit(acme, "decide", 20)
    in_force("complaints-handling-policy")
    viewer = browser(acme, "staff")
    assert "No document states anything that has changed" in viewer.get("/o/acme/policies/stated").text
    with viewer.client.session_transaction() as session:
        session["locale"] = "fa"
    page = viewer.get("/o/acme/policies/stated")
    assert not page.soup.find(id="out-of-date")


def test_the_pages_say_it(acme, browser, do, in_force, world):
    in_force("complaints-handling-policy")
    world["test.colour"] = "red"
    viewer = browser(acme, "staff")
    page = viewer.get("/o/acme/policies/stated")
    assert "Colour: stated as BLUE, now RED" in " ".join(page.soup.find(id="out-of-date").get_text().split())
    assert "Version 1 states what is no longer so" in viewer.get("/o/acme/policies/1").text
    assert "States what has changed" in viewer.get("/o/acme/policies/").text


def test_another_organisations_settings_do_not_matter(acme, globex, do, in_force):
    limit(acme, "decide", 20)
    in_force("complaints-handling-policy")
    limit(globex, "decide", 5)
    assert out_of_date(acme) == {}
    with transaction(acme.system) as tx:
        assert tx.execute(select(TimeLimit.amount)).scalars().all() == [20]


def test_people_written_out_in_a_text_are_stated(acme, do):
    manager = acme.colleague("quality-manager", "Élodie Brünn-Straße")
    policy_id = do(acme, service.start_blank, service.StartBlank("Own"))
    text = "Ask ELODIE BRUNN-STRASSE.\n\nHer deputy is Elodie Brunn-Strasser."
    do(acme, service.add_section, service.AddSection(policy_id, "One", text))
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    assert out_of_date(acme) == {}
    # Somebody else joins the role: what names its people is out of date, what does not is not
    acme.colleague("quality-manager", "Somebody New")
    assert out_of_date(acme) == {"DOC-01": ["people.quality-manager"]}
    with transaction(acme.system) as tx:
        accounts.remove_member(tx, accounts.RemoveMember(manager.person_id), NOW, acme.system)
    assert out_of_date(acme) == {"DOC-01": ["people.quality-manager"]}


def test_what_a_role_is_called_is_stated_where_it_is_written_out(acme, do, in_force):
    in_force("procedure-escalation")
    ((name, kind), title), *_ = [
        (key, value) for key, value in queries.facts(reading(acme.system)).items() if key[0] == "representative_title"
    ]
    for heading, text in (("Says it", f"Turn to the {title.lower()}."), ("Says more", f"Turn to the {title}ship.")):
        policy_id = do(acme, service.start_blank, service.StartBlank(heading))
        do(acme, service.add_section, service.AddSection(policy_id, "One", text))
        do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    do(acme, service.set_fact, service.SetFact(name, kind, "Ombudsperson"))
    assert out_of_date(acme)["DOC-01"] == [f"title.{name}.{kind}"]
    assert "DOC-02" not in out_of_date(acme), "a part of another word is no statement"
