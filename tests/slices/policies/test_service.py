"""From the library to a published version: what each verb leaves, refuses, and what the database refuses."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.content.library import shared as library
from auditkit.documents import catalogue, render
from auditkit.journal import queries as journal
from auditkit.policies import document, queries, rules, service
from auditkit.policies.models import Policy, PolicyVersion
from tests.slices.policies.conftest import NOW

TODAY = NOW.date()


def look(house, policy_id) -> queries.PolicyView:
    return queries.policy(reading(house.system), policy_id)


def events(house, policy_id) -> list[str]:
    return [entry.event for entry in journal.timeline(reading(house.system), house.id, ("policy", policy_id))][::-1]


def test_the_draft_comes_from_the_library(acme, globex, do):
    policy_id = do(acme, service.start, service.Start())
    policy = look(acme, policy_id)
    shape = library().policy(rules.COMPLAINTS_POLICY)
    assert (policy.title, policy.reference, policy.is_public) == (shape.title, "POL-01", True)
    assert [(one.id, one.title, one.text) for one in policy.sections] == [
        (one.id, one.title, one.text) for one in shape.sections
    ]
    assert all(clause.startswith("iso10002-2018:") for one in policy.sections for clause in one.clauses)
    assert policy.versions == ()
    assert policy.has_changes
    with pytest.raises(rules.AlreadyStarted):
        do(acme, service.start, service.Start())
    with pytest.raises(NotFound):
        do(acme, service.start, service.Start("no-such-policy"))
    assert next(iter(queries.to_start(reading(globex.system), library(), "en"))).id == rules.COMPLAINTS_POLICY
    assert [one.id for one in queries.to_start(reading(acme.system), library(), "en")] == [
        name for name in library().policies if name != rules.COMPLAINTS_POLICY
    ]


def test_the_whole_way_to_the_public(acme, do, started):
    policy_id = started(acme)
    number = do(acme, service.approve, service.Approve(policy_id, "First version", date(2027, 3, 1)), "administrator")
    assert number == 1
    assert queries.published(reading(acme.system), TODAY) is None
    do(acme, service.publish, service.Publish(policy_id, 1, TODAY), "administrator")
    policy, version = queries.published(reading(acme.system), TODAY)
    assert (policy.id, version.number, version.review_by) == (policy_id, 1, date(2027, 3, 1))
    assert not policy.has_changes
    assert not any("{{" in section.text for section in version.sections)
    assert "Borjomi Home Appliances" in version.sections[0].text
    assert events(acme, policy_id) == ["policy:started", "policy:answered", "policy:approved", "policy:published"]


def test_answers_are_taken_over_into_the_next_policy(acme, globex, do, started):
    started(acme)
    asked = [
        rules.Question("organisation", "Who?"),
        rules.Question("email", "E-mail, but as plain text?", "text"),
        rules.Question("colour", "Which colour?"),
    ]
    taken = queries.answers_elsewhere(reading(acme.system), asked)
    assert taken == {"organisation": "Borjomi Home Appliances"}, "the same name and kind only"
    assert queries.answers_elsewhere(reading(globex.system), asked) == {}


def test_approval_waits_for_every_answer(acme, do, answers):
    policy_id = do(acme, service.start, service.Start())
    del answers["telephone"], answers["offer"]
    do(acme, service.answer, service.AnswerQuestions(policy_id, answers))
    with pytest.raises(rules.FieldsUnanswered) as caught:
        do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    assert caught.value.names == ("offer", "telephone")
    assert "On which telephone number are complaints taken" in str(caught.value)
    assert look(acme, policy_id).versions == ()


def test_an_optional_answer_left_out_leaves_its_line_out(acme, do, answers):
    policy_id = do(acme, service.start, service.Start())
    del answers["web_form"]
    do(acme, service.answer, service.AnswerQuestions(policy_id, answers))
    policy = look(acme, policy_id)
    section = policy.section("how-to-complain")
    assert policy.leaves_out(section.text) == ["At which web address is the complaint form?"]
    assert "online" not in policy.shown(section.text)
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    (version,) = look(acme, policy_id).versions
    assert "online" not in next(one.text for one in version.sections if one.id == "how-to-complain")


def test_answers_are_checked_all_at_once(acme, do):
    policy_id = do(acme, service.start, service.Start())
    with pytest.raises(rules.AnswersMalformed) as caught:
        wrong = {"email": "nobody", "web_form": "ftp://x", "organisation": "Acme"}
        do(acme, service.answer, service.AnswerQuestions(policy_id, wrong))
    assert sorted(caught.value.faults) == ["email", "web_form"]
    assert look(acme, policy_id).answers == {}


def test_answers_can_be_taken_back(acme, do, started):
    policy_id = started(acme)
    do(acme, service.answer, service.AnswerQuestions(policy_id, {"offer": " "}))
    policy = look(acme, policy_id)
    assert [one.name for one in policy.open_questions] == ["offer"]
    assert policy.answers["organisation"] == "Borjomi Home Appliances"
    assert "[What does the organisation provide to its customers?]" in policy.shown("{{offer}}").replace("\\", "")


def test_editing_a_section(acme, do, started):
    policy_id = started(acme)
    before = look(acme, policy_id)
    command = service.EditSection(policy_id, "scope", "What it covers", "All of {{organisation}}.", before.revision)
    do(acme, service.edit_section, command)
    policy = look(acme, policy_id)
    section = policy.section("scope")
    assert (section.title, section.text) == ("What it covers", "All of {{organisation}}.")
    assert section.clauses == before.section("scope").clauses
    assert policy.revision == before.revision + 1
    with pytest.raises(rules.DraftChanged):
        do(acme, service.edit_section, command)
    with pytest.raises(rules.NoSuchSection):
        do(acme, service.edit_section, service.EditSection(policy_id, "nothing", "x", "y"))
    with pytest.raises(rules.BlankUnknown, match="telefon"):
        do(acme, service.edit_section, service.EditSection(policy_id, "scope", "x", "{{telefon}}"))


def test_who_edited_last_does_not_approve(acme, do, started):
    policy_id = started(acme)
    with pytest.raises(rules.ApproverIsEditor, match="administrator of acme"):
        do(acme, service.approve, service.Approve(policy_id, "x"), "quality-manager")
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    (version,) = look(acme, policy_id).versions
    assert not version.approved_alone


def test_the_only_approver_may_approve_their_own_and_it_is_recorded(acme, do, started):
    policy_id = started(acme)
    with transaction(acme.system) as tx:
        for role, new in (
            ("quality-manager", Role.ADMINISTRATOR),
            ("administrator", Role.STAFF),
            ("top-management", Role.STAFF),
        ):
            accounts.change_role(tx, accounts.ChangeRole(acme.person(role), new), NOW, acme.system)
    do(acme, service.approve, service.Approve(policy_id, "x"), "quality-manager")
    (version,) = look(acme, policy_id).versions
    assert version.approved_alone
    entry = journal.timeline(reading(acme.system), acme.id, ("policy", policy_id))[0]
    assert entry.facts["alone"] is True


def test_the_system_approves_nothing(acme, do, started):
    policy_id = started(acme)
    with pytest.raises(rules.ApproverUnknown):
        do(acme, service.approve, service.Approve(policy_id, "x"), actor=acme.system)


@pytest.mark.parametrize(
    ("verb", "command", "role"),
    [
        (service.start, service.Start(), "internal-auditor"),
        (service.answer, service.AnswerQuestions(1, {}), "complaint-handler"),
        (service.edit_section, service.EditSection(1, "scope", "x", "y"), "staff"),
        (service.approve, service.Approve(1, "x"), "internal-auditor"),
        (service.publish, service.Publish(1, 1, TODAY), "staff"),
        (service.withdraw, service.Withdraw(1, 1, "x"), "complaint-handler"),
    ],
)
def test_permissions(acme, do, verb, command, role):
    with pytest.raises(Forbidden):
        do(acme, verb, command, role)


def test_the_same_text_is_not_approved_twice(acme, do, published):
    policy_id = published(acme)
    with pytest.raises(rules.NothingChanged, match="version 1"):
        do(acme, service.approve, service.Approve(policy_id, "again"), "administrator")


def test_a_second_version_takes_over_on_its_day(acme, do, published):
    policy_id = published(acme)
    later = NOW + timedelta(days=30)
    command = service.EditSection(policy_id, "scope", "Scope", "Everything {{organisation}} does.")
    do(acme, service.edit_section, command, at=later)
    assert look(acme, policy_id).has_changes
    assert do(acme, service.approve, service.Approve(policy_id, "Wider"), "administrator", at=later) == 2
    begins = later.date() + timedelta(days=10)
    do(acme, service.publish, service.Publish(policy_id, 2, begins), "administrator", at=later)
    policy = look(acme, policy_id)
    assert policy.in_force(begins - timedelta(days=1)).number == 1
    assert policy.in_force(begins).number == 2
    assert [one.number for one in policy.in_period(TODAY, begins)] == [1, 2]
    assert policy.is_superseded(policy.version(1), begins)
    first = policy.version(1)
    assert next(one.text for one in first.sections if one.id == "scope") != "Everything"
    assert first.newest == NOW
    assert policy.version(2).newest == later


def test_withdrawing(acme, do, published):
    policy_id = published(acme)
    later = NOW + timedelta(days=3)
    with pytest.raises(rules.ReasonMissing):
        do(acme, service.withdraw, service.Withdraw(policy_id, 1, " "), "administrator", at=later)
    do(acme, service.withdraw, service.Withdraw(policy_id, 1, "wrong telephone number"), "administrator", at=later)
    policy = look(acme, policy_id)
    assert policy.in_force(later.date()) is None
    assert policy.in_force(TODAY).number == 1
    assert policy.version(1).withdrawn_reason == "wrong telephone number"
    assert policy.version(1).sections, "still readable"
    with pytest.raises(rules.NotWithdrawable):
        do(acme, service.withdraw, service.Withdraw(policy_id, 1, "again"), "administrator")
    with pytest.raises(rules.NotApproved, match="withdrawn"):
        do(acme, service.publish, service.Publish(policy_id, 1, TODAY), "administrator")
    with pytest.raises(NotFound):
        do(acme, service.withdraw, service.Withdraw(policy_id, 7, "x"), "administrator")


def test_organisations_do_not_meet(acme, globex, do, published):
    policy_id = published(acme)
    assert queries.policies(reading(globex.system)) == []
    assert queries.published(reading(globex.system), TODAY) is None
    with pytest.raises(NotFound):
        look(globex, policy_id)
    for verb, command in (
        (service.answer, service.AnswerQuestions(policy_id, {})),
        (service.edit_section, service.EditSection(policy_id, "scope", "x", "y")),
        (service.approve, service.Approve(policy_id, "x")),
        (service.publish, service.Publish(policy_id, 1, TODAY)),
        (service.withdraw, service.Withdraw(policy_id, 1, "x")),
    ):
        with pytest.raises(NotFound):
            do(globex, verb, command)
    theirs = do(globex, service.start, service.Start())
    assert look(globex, theirs).reference == "POL-01"


def good(house, policy_id, **change):
    row = {
        "policy_id": policy_id,
        "number": 9,
        "title": "x",
        "sections": [],
        "answers": {},
        "digest": "a" * 64,
        "edited_by_id": house.person("quality-manager"),
        "approved_by_id": house.person("administrator"),
        "approved_at": NOW,
        "approved_alone": False,
        "reason": "x",
        "state": "approved",
    }
    return PolicyVersion(**(row | change))


def test_the_good_row_is_good(acme, started):
    policy_id = started(acme)
    with transaction(acme.system) as tx:
        tx.add(good(acme, policy_id))
    assert look(acme, policy_id).version(9).reason == "x"


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("number_counts_from_one", {"number": 0}),
        ("digest_is_sha256", {"digest": "a"}),
        ("state_known", {"state": "draft"}),
        ("approved_with_reason", {"reason": ""}),
        ("two_people", {"edited_by_id": 1, "approved_by_id": 1}),
        ("published_has_time", {"state": "published"}),
        ("published_has_effect", {"state": "published", "published_at": NOW}),
        ("published_has_effect", {"effective_on": TODAY}),
        ("withdrawn_has_time", {"state": "withdrawn", "withdrawn_reason": "x"}),
        ("withdrawn_has_time", {"withdrawn_at": NOW, "withdrawn_on": TODAY}),
        ("withdrawn_has_day", {"state": "withdrawn", "withdrawn_at": NOW, "withdrawn_reason": "x"}),
        ("withdrawn_with_reason", {"state": "withdrawn", "withdrawn_at": NOW, "withdrawn_on": TODAY}),
    ],
)
def test_checks_of_a_version(acme, started, constraint, change):
    policy_id = started(acme)
    with pytest.raises(IntegrityError, match=constraint), transaction(acme.system) as tx:
        tx.add(good(acme, policy_id, **change))


@pytest.mark.parametrize(
    ("constraint", "change"), [("revision_counts_from_one", {"revision": 0}), ("has_title", {"title": ""})]
)
def test_checks_of_a_policy(acme, started, constraint, change):
    started(acme)
    with pytest.raises(IntegrityError, match=constraint), transaction(acme.system) as tx:
        tx.execute(update(Policy).values(**change))


@pytest.mark.parametrize(
    "change",
    [
        *({"sections": []}, {"title": "y"}, {"digest": "b" * 64}, {"reason": "y"}, {"approved_at": NOW}, {"number": 4}),
        *({"effective_on": date(2020, 1, 1)}, {"published_at": NOW + timedelta(days=1)}),
    ],
)
def test_the_database_refuses_to_change_a_version(acme, published, change):
    published(acme)
    with pytest.raises(DBAPIError, match="a policy version is immutable"), transaction(acme.system) as tx:
        tx.execute(update(PolicyVersion).values(**change))


def test_the_database_refuses_to_bring_a_withdrawn_version_back(acme, do, published):
    policy_id = published(acme)
    do(acme, service.withdraw, service.Withdraw(policy_id, 1, "x"), "administrator")
    change = {"state": "published", "withdrawn_at": None, "withdrawn_on": None}
    with pytest.raises(DBAPIError, match="a policy version is immutable"), transaction(acme.system) as tx:
        tx.execute(update(PolicyVersion).values(**change))


def test_the_database_refuses_to_delete_a_version(acme, published):
    published(acme)
    with pytest.raises(DBAPIError, match="a policy version is immutable"), transaction(acme.system) as tx:
        tx.execute(delete(PolicyVersion))


def test_the_version_fills_the_word_template(acme, published, tmp_path):
    policy = look(acme, published(acme))
    names = {acme.person("administrator"): "Giorgi & Sons", acme.person("quality-manager"): "Nino"}
    context = document.context(policy, policy.version(1), "Acme Ltd", names)
    assert (context.document.reference, context.document.version, context.document.date) == (
        "POL-01",
        "1",
        "2 March 2026",
    )
    assert (context.policy.owner, context.policy.approved_by) == ("Nino", "Giorgi & Sons")
    assert context.sections[0].clauses == "5.2, 5.3, 4.2, 4.11"
    assert [one.change for one in context.history] == ["First version"]
    target = tmp_path / "policy.docx"
    render.render(catalogue.entry(document.TEMPLATE).file, catalogue.data_of(context), target)
    assert target.read_bytes().startswith(b"PK")


def test_a_second_document_from_a_text_in_use(acme, do, browser):
    first = do(acme, service.start, service.Start())
    second = do(acme, service.start, service.Start(again=True))
    one, other = (queries.policy(reading(acme.system), policy_id) for policy_id in (first, second))
    assert (other.reference, other.title) == ("POL-02", f"{one.title} (2)")
    assert other.sections == one.sections
    assert queries.complaints_policy(reading(acme.system)).id == first, "the public page goes on showing the first"
    editor = browser(acme, "quality-manager")
    editor.get("/o/acme/policies/")
    page = editor.post("/o/acme/policies/start/complaints-handling-policy", {"again": "1"})
    assert page.path == "/o/acme/policies/3/questions"
    assert queries.policy(reading(acme.system), 3).title.endswith("(3)")
