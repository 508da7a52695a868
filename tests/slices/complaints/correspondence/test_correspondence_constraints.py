"""Every CHECK of the tables of correspondence refuses its impossible state."""

import pytest

from auditkit.base.db import transaction
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence.models import (
    ComplaintBounce,
    ComplaintMessage,
    ComplaintThread,
    CorrespondenceSetting,
    IncomingMail,
    LetterWording,
    MailboxPosition,
)
from tests.factories.refusals import accepts, refuses


@pytest.fixture
def case(acme, clock) -> int:
    actor = acme.actor("complaint-handler")
    with transaction(actor) as tx:
        return complaints.register(tx, complaints.Register("A", clock.at), clock.at, actor).id


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("direction_known", {"direction": "up"}),
        ("channel_known", {"channel": "pigeon"}),
        ("kind_known", {"kind": "poem"}),
        ("author_known", {"author": "robot"}),
        ("person_is_named", {"person_id": None}),
        ("comes_from_complainant", {"direction": "in", "sent_at": 1}),
        ("letters_go_out", {"direction": "in", "author": "complainant", "kind": "decision", "sent_at": 1}),
        ("reply_comes_in", {"kind": "reply"}),
        ("automatic_is_by_system", {"automatic": True}),
        ("received_has_time", {"direction": "in", "author": "complainant"}),
    ],
)
def test_complaint_message(acme, clock, case, constraint, change):
    values = {
        "organisation_id": acme.id, "complaint_id": case, "direction": "out", "channel": "e-mail", "kind": "message",
        "author": "person", "person_id": acme.person("complaint-handler"), "automatic": False, "language": "",
        "wording": "", "created_at": clock.at, "sent_at": None, "subject": "", "text": "x",
    }  # fmt: skip
    change = {name: clock.at if name == "sent_at" else value for name, value in change.items()}
    refuses(ComplaintMessage.__table__, constraint, {**values, **change})
    accepts(ComplaintMessage.__table__, values)


def test_complaint_thread(acme, case):
    values = {"organisation_id": acme.id, "complaint_id": case, "token": "a" * 16}
    refuses(ComplaintThread.__table__, "token_is_whole", {**values, "token": "A" * 16})
    refuses(ComplaintThread.__table__, "token_is_whole", {**values, "token": "a"})
    accepts(ComplaintThread.__table__, values)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("outcome_known", {"outcome": "eaten"}),
        ("digest_is_sha256", {"digest": "a"}),
        ("outcome_has_case", {"outcome": "opened"}),
        ("answer_has_message", {"outcome": "answered"}),
        ("aside_has_reason", {"outcome": "aside"}),
        ("uid_is_whole", {"uid": 1}),
    ],
)
def test_incoming_mail(acme, clock, case, constraint, change):
    values = {
        "organisation_id": acme.id, "digest": "a" * 64, "content_digest": "", "message_id_header": "", "source": "x",
        "mailbox": "", "kind": "", "outcome": "ignored", "reason": "", "sender_name": "", "sender": "", "subject": "",
        "language": "", "says_about": "", "refused": [], "notes": [], "taken_at": clock.at,
    }  # fmt: skip
    if constraint == "answer_has_message":
        change = {**change, "complaint_id": case}
    refuses(IncomingMail.__table__, constraint, {**values, **change})
    accepts(IncomingMail.__table__, values)


def test_complaint_bounce(acme, clock, case):
    message = {
        "organisation_id": acme.id, "complaint_id": case, "direction": "out", "channel": "e-mail", "kind": "message",
        "author": "system", "automatic": True, "language": "", "wording": "", "created_at": clock.at, "subject": "",
        "text": "x",
    }  # fmt: skip
    mail = {
        "organisation_id": acme.id, "digest": "b" * 64, "content_digest": "", "message_id_header": "", "source": "x",
        "mailbox": "", "kind": "", "outcome": "ignored", "reason": "", "sender_name": "", "sender": "", "subject": "",
        "language": "", "says_about": "", "refused": [], "notes": [], "taken_at": clock.at,
    }  # fmt: skip
    values = {
        "organisation_id": acme.id,
        "message_id": accepts(ComplaintMessage.__table__, message),
        "incoming_id": accepts(IncomingMail.__table__, mail),
        "action": "failed",
        "status": "",
        "reason": "",
        "at": clock.at,
    }
    refuses(ComplaintBounce.__table__, "bounce_action_known", {**values, "action": "sung"})
    accepts(ComplaintBounce.__table__, values)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("setting_version_from_one", {"version": 0}),
        ("only_sent_counts", {"automatic_counts": True}),
        ("plus_needs_address", {"plus_addresses": True}),
    ],
)
def test_correspondence_setting(acme, constraint, change):
    values = {
        "organisation_id": acme.id, "version": 1, "reply_address": "", "plus_addresses": False, "sender_name": "",
        "automatic_acknowledgement": False, "automatic_counts": False, "own_lists": "",
    }  # fmt: skip
    refuses(CorrespondenceSetting.__table__, constraint, {**values, **change})
    accepts(CorrespondenceSetting.__table__, values)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("letter_known", {"kind": "poem"}),
        ("sort_known", {"sort": "complaint"}),
        ("wording_version_from_one", {"version": 0}),
        ("wording_is_whole", {"text": ""}),
    ],
)
def test_letter_wording(acme, clock, constraint, change):
    values = {
        "organisation_id": acme.id, "kind": "progress", "language": "en", "version": 1, "subject": "s", "text": "t",
        "created_at": clock.at,
    }  # fmt: skip
    refuses(LetterWording.__table__, constraint, {**values, **change})
    accepts(LetterWording.__table__, values)


def test_mailbox_position(acme):
    values = {"organisation_id": acme.id, "mailbox": "a@b/INBOX", "uid_validity": 1, "last_uid": 0}
    refuses(MailboxPosition.__table__, "position_from_zero", {**values, "last_uid": -1})
    accepts(MailboxPosition.__table__, values)
