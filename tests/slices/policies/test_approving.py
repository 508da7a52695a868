"""Approval by several people in order: who is asked when, refusal, taking back; the text read is the text approved."""

import pytest
from sqlalchemy import select

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.documents import pdf
from auditkit.policies import queries, rules, service
from auditkit.policies.queries import approvals as reads
from auditkit.policies.rules import approvals
from tests.slices.documents.test_documents_catalogue import whole_text
from tests.slices.policies.conftest import NOW

BASE = "/o/acme/policies/"


@pytest.fixture
def third(acme):
    """A second administrator, so that two people can approve what the quality manager wrote."""
    return acme.colleague("administrator", "Third Person")


@pytest.fixture
def ordered(acme, do, started, third):
    """A draft by the quality manager that the administrator and then a third person approve."""
    policy_id = started(acme)
    order = (acme.person("administrator"), third.person_id)
    do(acme, service.set_approvers, service.SetApprovers(policy_id, order))
    return policy_id


def handed_in(do, house, policy_id, reason="First version"):
    do(house, service.hand_in, service.HandIn(policy_id, reason))


def current(house, policy_id) -> reads.Round:
    return reads.rounds(reading(house.system), policy_id)[0]


def mails(house) -> list[tuple[str, str]]:
    with transaction(house.system) as tx:
        rows = tx.execute(select(OutboxMail).where(OutboxMail.about_kind == "policy").order_by(OutboxMail.id)).scalars()
        return [(row.recipient, row.subject) for row in rows]


def test_the_last_yes_makes_the_version(acme, do, ordered, third):
    handed_in(do, acme, ordered)
    assert current(acme, ordered).turn == acme.person("administrator")
    assert do(acme, service.decide, service.Decide(ordered, True, "Read it"), "administrator") is None
    assert queries.policy(reading(acme.system), ordered).versions == ()
    assert current(acme, ordered).turn == third.person_id
    number = do(acme, service.decide, service.Decide(ordered, True, "Agreed"), actor=third)
    assert number == 1
    ended = current(acme, ordered)
    assert (ended.state, ended.number, ended.turn) == (rules.RoundState.APPROVED, 1, None)
    said = [(one.person_id, one.reason, one.decided_at) for one in ended.steps]
    assert said == [(acme.person("administrator"), "Read it", NOW), (third.person_id, "Agreed", NOW)]
    version = queries.policy(reading(acme.system), ordered).version(1)
    assert (version.approved_by_id, version.reason, version.approved_alone) == (third.person_id, "First version", False)


def test_each_is_told_when_it_is_their_turn(acme, do, ordered, third):
    handed_in(do, acme, ordered)
    do(acme, service.decide, service.Decide(ordered, True, "Read it"), "administrator")
    sent = mails(acme)
    assert len(sent) == 2
    assert all("Please approve: POL-01 Complaints-handling policy" in subject for _to, subject in sent)
    assert sent[0][0] != sent[1][0]


def test_the_mail_speaks_the_organisations_language(acme, browser, do, ordered):
    """Whoever hands it in, in whatever language of the screens."""
    editor = browser(acme, "quality-manager")
    with editor.client.session_transaction() as session:
        session["locale"] = "fa"
    editor.get(f"{BASE}{ordered}/hand-in")
    editor.post_form({"reason": "First version"})
    assert "Please approve: POL-01" in mails(acme)[0][1]


def test_nobody_speaks_out_of_turn(acme, do, ordered, third):
    handed_in(do, acme, ordered)
    with pytest.raises(approvals.NotYourTurn, match="Before you, administrator of acme has to approve it"):
        do(acme, service.decide, service.Decide(ordered, True, "x"), actor=third)
    with pytest.raises(approvals.NotAsked):
        do(acme, service.decide, service.Decide(ordered, True, "x"), "quality-manager")
    with pytest.raises(Forbidden):
        do(acme, service.decide, service.Decide(ordered, True, "x"), "staff")


@pytest.mark.parametrize("approves", [True, False])
def test_each_answer_needs_a_reason(acme, do, ordered, approves):
    handed_in(do, acme, ordered)
    with pytest.raises(rules.ReasonMissing):
        do(acme, service.decide, service.Decide(ordered, approves, "  "), "administrator")


def test_a_refusal_opens_the_draft_again_and_tells_why(acme, do, ordered):
    handed_in(do, acme, ordered)
    do(acme, service.decide, service.Decide(ordered, False, "Times too long"), "administrator")
    ended = current(acme, ordered)
    assert ended.state is rules.RoundState.REFUSED
    assert [one.reason for one in ended.steps] == ["Times too long", ""]
    assert mails(acme)[-1][1].endswith("Not approved: POL-01 Complaints-handling policy")
    assert queries.policy(reading(acme.system), ordered).versions == ()
    with pytest.raises(approvals.RoundEnded):
        do(acme, service.decide, service.Decide(ordered, True, "x"), "administrator")
    handed_in(do, acme, ordered, "Second try")
    assert current(acme, ordered).state is rules.RoundState.OPEN


def test_what_was_handed_in_is_what_is_approved_whatever_happens_to_the_draft(acme, do, ordered, third):
    handed_in(do, acme, ordered)
    do(acme, service.edit_section, service.EditSection(ordered, "scope", "Scope", "Changed meanwhile."))
    do(acme, service.decide, service.Decide(ordered, True, "x"), "administrator")
    do(acme, service.decide, service.Decide(ordered, True, "x"), actor=third)
    policy = queries.policy(reading(acme.system), ordered)
    assert "Changed meanwhile" not in " ".join(one.text for one in policy.version(1).sections)
    assert policy.has_changes


def test_one_round_at_a_time_and_it_can_be_taken_back(acme, do, ordered):
    handed_in(do, acme, ordered)
    with pytest.raises(approvals.RoundOpen):
        handed_in(do, acme, ordered)
    do(acme, service.take_back, service.TakeBack(ordered))
    assert current(acme, ordered).state is rules.RoundState.TAKEN_BACK
    with pytest.raises(approvals.RoundEnded):
        do(acme, service.take_back, service.TakeBack(ordered))
    handed_in(do, acme, ordered)


def test_with_an_order_nobody_approves_past_it(acme, do, ordered):
    with pytest.raises(approvals.ApprovedInOrder, match="administrator of acme, Third Person"):
        do(acme, service.approve, service.Approve(ordered, "x"), "administrator")


def test_who_wrote_it_may_agree_but_not_be_the_last(acme, do, ordered, third):
    writer = acme.person("quality-manager")
    do(acme, service.set_approvers, service.SetApprovers(ordered, (third.person_id, writer)))
    with pytest.raises(approvals.WriterApprovesLast):
        handed_in(do, acme, ordered)
    do(acme, service.set_approvers, service.SetApprovers(ordered, (writer, third.person_id)))
    handed_in(do, acme, ordered)
    do(acme, service.decide, service.Decide(ordered, True, "mine"))
    do(acme, service.decide, service.Decide(ordered, True, "read"), actor=third)
    assert queries.policy(reading(acme.system), ordered).version(1).approved_by_id == third.person_id


def test_one_who_may_no_longer_approve_is_found_out(acme, do, ordered, third):
    with transaction(acme.system) as tx:
        change = accounts.ChangeRole(third.person_id, Role.STAFF)
        accounts.change_role(tx, change, NOW, acme.system)
    with pytest.raises(approvals.ApproverNotAllowed):
        handed_in(do, acme, ordered)


def test_without_an_order_there_is_nobody_to_hand_it_to(acme, do, started):
    with pytest.raises(approvals.NobodyToAsk):
        handed_in(do, acme, started(acme))
    with pytest.raises(NotFound):
        do(acme, service.decide, service.Decide(1, True, "x"), "administrator")


def test_another_organisation_decides_nothing(acme, globex, do, ordered):
    handed_in(do, acme, ordered)
    for verb, command in (
        (service.decide, service.Decide(ordered, True, "x")),
        (service.take_back, service.TakeBack(ordered)),
        (service.hand_in, service.HandIn(ordered, "x")),
        (service.set_approvers, service.SetApprovers(ordered, ())),
    ):
        with pytest.raises(NotFound):
            do(globex, verb, command, "administrator")


def test_the_pages_from_order_to_version(acme, browser, do, started, third):
    started(acme)
    editor, first = browser(acme, "quality-manager"), browser(acme, "administrator")
    editor.get(f"{BASE}1/approvers")
    first_one = str(acme.person("administrator"))
    page = editor.post_form({"person_1": first_one, "person_2": first_one})
    assert "stands in the order twice" in page.text
    page = editor.post_form({"person_1": first_one, "person_2": ""})
    assert "Hand in for approval" in page.text
    editor.get(f"{BASE}1/hand-in")
    page = editor.post_form({"reason": "First version"})
    assert "Is asked now" in page.text
    assert first.get(BASE).soup.find("a", href=f"{BASE}1/approval")
    assert not editor.get(f"{BASE}1/approval").soup.find("button", {"value": "refuse"})
    first.get(f"{BASE}1/approval")
    page = first.post_form({"reason": "", "decision": "refuse"}, action="/decide")
    assert "Enter the reason" in page.text
    page = first.post_form({"reason": "The times are too long", "decision": "refuse"}, action="/decide")
    assert "Refused. The draft is open again." in page.text
    assert "The times are too long" in editor.get(f"{BASE}1").text
    editor.get(f"{BASE}1/hand-in")
    editor.post_form({"reason": "Shorter times"})
    first.get(f"{BASE}1/approval")
    page = first.post_form({"reason": "Good now", "decision": "approve"}, action="/decide")
    assert "Your approval was recorded." in page.text
    page = first.get(f"{BASE}1/versions/1")
    assert "Good now" in page.text


@pytest.mark.sqlite_only
def test_ten_people_fit_on_the_page(acme, browser, do, started):
    started(acme)
    people = [acme.colleague("administrator", f"Person {number}").person_id for number in range(10)]
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}1/approvers")
    editor.post_form({f"person_{place}": str(person) for place, person in enumerate(people, 1)})
    assert reads.approvers(reading(acme.system), 1) == people
    page = editor.get(f"{BASE}1/approvers")
    assert page.soup.select_one("[name=person_10] option[selected]")["value"] == str(people[-1])


@pytest.mark.sqlite_only
def test_what_was_handed_in_is_a_file_for_those_who_are_asked(acme, browser, do, ordered):
    reader = browser(acme, "administrator")
    reader.get(f"{BASE}1/approval/word", status=404)
    handed_in(do, acme, ordered, "What is new & why")
    # The draft goes on, the file does not
    do(acme, service.edit_section, service.EditSection(ordered, current(acme, ordered).sections[0].id, "Changed", "x"))
    text = whole_text(reader.get(f"{BASE}1/approval/word").response.data)
    assert current(acme, ordered).sections[0].title in text
    assert "Changed" not in text
    assert "handed in, not approved" in text
    assert "What is new & why" in text
    if pdf.available():
        assert reader.get(f"{BASE}1/approval/pdf").response.data.startswith(b"%PDF-")
