"""The outbox: written with its cause, sent once, tried ever more seldom, and honest about what it does not know."""

import email
import email.policy
import smtplib

import pytest
from sqlalchemy import text

from auditkit.base import outbox
from auditkit.base.db import db, transaction
from auditkit.base.delivery import Declined, NotConfigured, by_smtp, to_folder
from auditkit.base.errors import NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.instance import migrate
from tests.factories.refusals import accepts, refuses
from tests.factories.smtp import MailServer, Script

US = "auditkit@localhost"
MAIL = {
    "recipient": "a@b.example", "subject": "s", "body": "b", "state": "waiting", "attempts": 0, "tried_again": 0,
    "channel": "e-mail", "headers": {}, "about_kind": "", "reference": "", "hidden": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("state_known", {"state": "lost"}),
        ("channel_known", {"channel": "pigeon"}),
        ("sent_has_time", {"state": "sent"}),
        ("taken_has_lease", {"state": "taken"}),
        ("about_is_whole", {"about_id": 1}),
        ("about_has_organisation", {"about_kind": "complaint-message", "about_id": 1}),
    ],
)
def test_the_outbox_mail_table_refuses(app, clock, constraint, change):
    values = {**MAIL, "due_at": clock.at, "message_id": "<a@b>"}
    refuses(OutboxMail.__table__, constraint, {**values, **change})
    accepts(OutboxMail.__table__, values)


def post(clock, subject="Your complaint", to="ann@acme.example", **more):
    with transaction() as tx:
        outbox.put(tx, to=to, subject=subject, body="Grüße, سلام", now=clock.at, **more)


def only() -> OutboxMail:
    db.session.rollback()
    return db.session.query(OutboxMail).one()


def test_mail_is_kept_as_files_without_a_server(app, clock, tmp_path):
    post(clock, "Line\r\nBcc: everybody@example.org")
    assert outbox.send_due(to_folder(tmp_path), US) == 1
    (file,) = tmp_path.iterdir()
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["To"] == "ann@acme.example"
    assert message["Bcc"] is None, "a line break in a subject makes no header"
    assert "سلام" in message.get_content()
    assert outbox.send_due(to_folder(tmp_path), US) == 0


@pytest.mark.parametrize(
    "to", ["a@b.example, c@d.example", "a@b.example>, <c@d.example", "a@b.example\r\nBcc: c@d.example"]
)
def test_one_recipient_stays_one_whatever_is_written(app, clock, to):
    """Either it goes to nobody, or to one address that no server would take for two."""
    post(clock, to=to)
    with MailServer() as server:
        outbox.send_due(by_smtp(server.url), US)
        recipients = [one for one in server.script.commands if one.upper().startswith("RCPT")]
    assert len(recipients) <= 1
    assert not any("<c@d.example>" in one for one in recipients)


def test_headers_and_names_cannot_smuggle_headers_in(app, clock, tmp_path):
    headers = {
        "From-Name": "Acme\r\nBcc: x@y.example",
        "Reply-To": "c@acme.example\r\nX-Evil: 1",
        "References": "<a@b>\n<c@d>",
    }
    post(clock, headers=headers)
    outbox.send_due(to_folder(tmp_path), US)
    (file,) = tmp_path.iterdir()
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (message["Bcc"], message["X-Evil"]) == (None, None)
    assert message["References"] == "<a@b> <c@d>"


def test_mail_waits_longer_after_each_failure_and_gives_up_at_last(app, clock):
    post(clock)
    tried = []

    def down(parcel, content_leaves):
        tried.append(parcel)
        raise ConnectionRefusedError("no server")

    waits = []
    for _ in range(outbox.ATTEMPTS):
        assert outbox.send_due(down, US) == 0
        mail = only()
        waits.append(mail.due_at - clock.at)
        clock.advance(days=1)
    assert len(tried) == outbox.ATTEMPTS
    assert len({parcel.message_id for parcel in tried}) == 1, "a receiver can drop a copy sent twice"
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-2] == outbox.LONGEST_WAIT
    assert only().state == "failed"
    assert "no server" in only().last_error


def test_one_server_that_is_down_is_asked_once_for_all(app, clock):
    for number in range(3):
        post(clock, f"Mail {number}")
    asked = []

    def down(parcel, content_leaves):
        asked.append(parcel)
        raise ConnectionRefusedError("no server")

    outbox.send_due(down, US)
    assert len(asked) == 1
    clock.advance(minutes=2)
    assert outbox.send_due(lambda parcel, leaves: None, US) == 3


FATES = {
    "refused": (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}), False, "failed"),
    "busy": (smtplib.SMTPRecipientsRefused({"a@b": (451, b"later")}), False, "waiting"),
    "spam": (smtplib.SMTPDataError(554, b"spam"), True, "failed"),
    "greylisted": (smtplib.SMTPDataError(451, b"later"), True, "waiting"),
    "password": (smtplib.SMTPAuthenticationError(535, b"no"), False, "waiting"),
    "line": (TimeoutError("timed out"), False, "waiting"),
    "line after": (TimeoutError("timed out"), True, "uncertain"),
    "gone after": (smtplib.SMTPServerDisconnected("gone"), True, "uncertain"),
    "not set up": (NotConfigured("sms"), False, "failed"),
    "declined": (Declined("no"), True, "failed"),
    "malformed": (ValueError("header"), False, "failed"),
}


@pytest.mark.parametrize(("error", "begun", "state"), FATES.values(), ids=FATES)
def test_what_a_failure_means(app, clock, error, begun, state):
    post(clock)

    def deliver(parcel, content_leaves):
        if begun:
            content_leaves()
        raise error

    outbox.send_due(deliver, US)
    assert only().state == state
    assert only().last_error


def test_a_defect_does_not_stop_the_others(app, clock, caplog):
    post(clock, "first")
    post(clock, "second")

    def deliver(parcel, content_leaves):
        if parcel.subject == "first":
            raise KeyError("defect")

    assert outbox.send_due(deliver, US) == 1
    db.session.rollback()
    assert [one.state for one in db.session.query(OutboxMail).order_by(OutboxMail.id)] == ["failed", "sent"]
    assert "could not be sent" in caplog.text


def test_what_may_have_arrived_is_not_sent_again_by_itself_and_then_under_the_same_id(app, clock):
    post(clock)
    seen = []

    def cut_off(parcel, content_leaves):
        content_leaves()
        seen.append(parcel.message_id)
        raise ConnectionResetError("cut off")

    outbox.send_due(cut_off, US)
    clock.advance(days=30)
    assert outbox.send_due(lambda parcel, leaves: seen.append("again"), US) == 0
    assert only().state == "uncertain"
    with transaction() as tx:
        outbox.try_again(tx, tx.get(OutboxMail, only().id), clock.at)
    assert outbox.send_due(lambda parcel, leaves: seen.append(parcel.message_id), US) == 1
    assert seen[0] == seen[1]
    assert only().state == "sent"


def test_only_what_needs_a_person_is_tried_again(app, clock):
    post(clock)
    with transaction() as tx, pytest.raises(ValueError, match="waiting"):
        outbox.try_again(tx, tx.query(OutboxMail).one(), clock.at)


def test_a_worker_that_comes_too_late_sends_nothing(app, clock):
    """Its lease ran out while it was connecting; another worker sent the mail meanwhile."""
    post(clock)
    sent = []

    def slow(parcel, content_leaves):
        clock.advance(hours=1)
        assert outbox.send_due(lambda other, leaves: sent.append("other"), US) == 1
        content_leaves()
        sent.append("slow")

    assert outbox.send_due(slow, US) == 0
    assert sent == ["other"]
    assert only().state == "sent"


def test_files_that_are_gone_fail_one_parcel_and_not_the_worker(acme, clock, monkeypatch):
    def gone(session, number):
        raise NotFound

    monkeypatch.setitem(outbox._attach, "test", gone)
    post(clock, "with files", about=outbox.About(acme.id, "test", 1))
    post(clock, "without")
    assert outbox.send_due(lambda parcel, leaves: None, US) == 1
    db.session.rollback()
    assert [one.state for one in db.session.query(OutboxMail).order_by(OutboxMail.id)] == ["failed", "sent"]


def test_secrets_in_a_body_go_with_the_sending(app, clock):
    with transaction() as tx:
        outbox.put(tx, to="a@b.example", subject="s", body="Your page: /t#C-1:KEY", now=clock.at, hidden=["KEY"])
    bodies = []
    outbox.send_due(lambda parcel, leaves: bodies.append(parcel.body), US)
    assert bodies == ["Your page: /t#C-1:KEY"]
    assert only().body == f"Your page: /t#C-1:{outbox.HIDDEN}"
    assert only().hidden == []


@pytest.mark.parametrize(
    ("script", "state", "taken"),
    [
        ({}, "sent", 1),
        ({"rcpt": "550 no such user"}, "failed", 0),
        ({"rcpt": "450 busy"}, "waiting", 0),
        ({"data": "554 spam"}, "failed", 0),
        ({"data": "451 later"}, "waiting", 0),
        ({"greeting": "554 closed"}, "waiting", 0),
        ({"drop_after": "mail"}, "waiting", 0),
        ({"drop_after": "data"}, "uncertain", 1),
        ({"drop_after": "quit"}, "sent", 1),
    ],
    ids=["taken", "unknown", "busy", "spam", "later", "closed", "dropped early", "dropped late", "dropped at goodbye"],
)
def test_a_real_server_is_understood(app, clock, script, state, taken):
    post(clock)
    with MailServer(Script(**script)) as server:
        outbox.send_due(by_smtp(server.url), US)
        assert (only().state, len(server.script.taken)) == (state, taken)
        clock.advance(days=1)
        server.script.rcpt = server.script.data = "250 ok"
        outbox.send_due(by_smtp(server.url), US)
        assert len(server.script.taken) == (1 if state != "failed" else 0) or state == "waiting"
        assert len(server.script.taken) <= 1


def test_mail_written_before_the_new_columns_survives_them(app):
    db.session.remove()
    migrate.downgrade(app, "0002")
    row = {
        "id": 7, "recipient": "a@b.example", "subject": "s", "body": "b", "state": "waiting", "attempts": 2,
        "due_at": "2026-03-02T09:00:00.000000Z",
    }  # fmt: skip
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    with db.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO outbox_mail ({names}) VALUES ({values})"), row)
    migrate.upgrade(app)
    mail = only()
    assert (mail.id, mail.state, mail.attempts, mail.channel) == (7, "waiting", 2, "e-mail")
    assert (mail.headers, mail.hidden, mail.message_id) == ({}, [], "<outbox-7@auditkit.invalid>")
    assert outbox.send_due(lambda parcel, leaves: None, US) == 1
    with transaction() as tx:
        mail = tx.query(OutboxMail).one()
        mail.state, mail.sent_at = "uncertain", None
    db.session.remove()
    migrate.downgrade(app, "0002")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT id, state FROM outbox_mail")).all() == [(7, "failed")]
    migrate.upgrade(app)
