"""The mailbox: everything new is taken once, marked or moved, and nothing is lost or doubled when something breaks."""

import os
import signal

import pytest

from auditkit.base.db import db, reading
from auditkit.complaints.correspondence import queries
from auditkit.complaints.correspondence.fetching import fetch
from auditkit.complaints.correspondence.mailbox import (
    MARK,
    AfterUnknown,
    MailboxMisnamed,
    MailboxUnusable,
    address_of,
    after_of,
    quoted,
)
from auditkit.complaints.models import Complaint
from tests.factories.forks import Forked
from tests.factories.imap import Account, ImapServer, certificate
from tests.slices.complaints.correspondence.mails import letter, mail_in

MARKED = ("mark", "")


def mails(number: int) -> list[bytes]:
    return [letter(message_id=f"<m{one}@c.example>", text=f"Mail {one}").as_bytes() for one in range(number)]


def account(number: int, **more) -> Account:
    made = Account(**more)
    for raw in mails(number):
        made.add(raw)
    return made


def take(app, house, server, after=MARKED):
    tally = fetch(mail_in(app, house), address_of(server.url()), after)
    db.session.rollback()
    return dict(tally.counts)


def complaints(house) -> int:
    db.session.rollback()
    return reading(house.system).query(Complaint).count()


def test_new_mails_are_taken_marked_and_left(app, acme, clock):
    with ImapServer(account(3)) as server:
        assert take(app, acme, server) == {"opened": 3}
        assert all(MARK in one.flags for one in server.account.folders["INBOX"].values())
        assert take(app, acme, server) == {}
        server.account.add(letter(message_id="<late@c.example>", text="late").as_bytes())
        assert take(app, acme, server) == {"opened": 1}
        assert server.account.fetched == [1, 2, 3, 4], "each was fetched once"
    case = reading(acme.system).query(Complaint).first()
    assert case.received_at.isoformat() == "2026-03-02T08:45:00+00:00", "when the mailbox got it"


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 UIDPLUS MOVE", "IMAP4rev1 UIDPLUS"])
def test_mails_are_moved_where_the_setting_says_so(app, acme, clock, capabilities):
    with ImapServer(account(2, capabilities=capabilities)) as server:
        assert take(app, acme, server, ("move", "Done")) == {"opened": 2}
        assert not server.account.folders["INBOX"]
        assert len(server.account.folders["Done"]) == 2
        assert take(app, acme, server, ("move", "Done")) == {}


def test_mails_can_be_left_alone(app, acme, clock):
    with ImapServer(account(1)) as server:
        take(app, acme, server, ("leave", ""))
        assert server.account.folders["INBOX"][1].flags == set()
        assert take(app, acme, server, ("leave", "")) == {}


@pytest.mark.parametrize("command", ["FETCH", "STORE"])
def test_a_broken_line_loses_and_doubles_nothing(app, acme, clock, command):
    with ImapServer(account(3, fail_at=command)) as server:
        with pytest.raises(MailboxUnusable):
            take(app, acme, server)
        take(app, acme, server)
        assert complaints(acme) == 3
        assert all(MARK in one.flags for one in server.account.folders["INBOX"].values()), "told later"


def test_a_mailbox_made_anew_doubles_nothing(app, acme, clock):
    with ImapServer(account(2)) as server:
        take(app, acme, server)
        server.account.validity = 8
        assert take(app, acme, server) == {"known": 2}
    assert complaints(acme) == 2


def test_what_cannot_be_read_stays_in_the_mailbox_and_is_listed(app, acme, clock, monkeypatch):
    monkeypatch.setattr("auditkit.complaints.correspondence.fetching.MAX_MAIL_BYTES", 3000)
    with ImapServer(account(1)) as server:
        server.account.add(b"nothing like a mail")
        server.account.add(letter(message_id="<big@c.example>", text="x" * 5000).as_bytes())
        assert take(app, acme, server) == {"opened": 1, "aside": 2}
        assert [MARK in one.flags for one in server.account.folders["INBOX"].values()] == [True, False, False]
        assert 3 not in server.account.fetched, "a mail that is too large is not even fetched"
        assert take(app, acme, server) == {}
    seen, _more = queries.mails(reading(acme.system), "aside")
    assert len(seen) == 2
    assert all(one.reason for one in seen)


def test_over_tls_with_a_certificate_that_is_trusted(app, acme, clock, tmp_path, monkeypatch):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with ImapServer(account(1), pem) as server:
        assert take(app, acme, server) == {"opened": 1}


def test_a_certificate_that_nobody_trusts_is_refused(app, acme, clock, tmp_path):
    with ImapServer(account(1), certificate(tmp_path)) as server, pytest.raises(MailboxUnusable, match="certificate"):
        take(app, acme, server)


def test_a_password_does_not_travel_unencrypted(app, acme, clock, monkeypatch):
    monkeypatch.setattr("auditkit.complaints.correspondence.mailbox._is_this_machine", lambda host: False)
    with ImapServer(account(1)) as server, pytest.raises(MailboxUnusable, match="no encryption"):
        take(app, acme, server)


def test_a_wrong_password_and_a_missing_folder_are_said(app, acme, clock):
    with ImapServer() as server:
        with pytest.raises(MailboxUnusable, match="wrong"):
            fetch(mail_in(app, acme), address_of(server.url().replace("pass%20word", "guess")), MARKED)
        with pytest.raises(MailboxUnusable, match="no such folder"):
            fetch(mail_in(app, acme), address_of(server.url("Nowhere")), MARKED)


@pytest.mark.parametrize("url", ["", "imap.example", "http://u@h/INBOX", "imaps://host/INBOX", "imaps://u:p@h:port/"])
def test_a_misnamed_mailbox_is_said(url):
    with pytest.raises(MailboxMisnamed, match="imaps://user"):
        address_of(url)


def test_the_name_of_a_mailbox_holds_no_password():
    address = address_of("imaps://complaints%40acme.example:p%3Ass@mail.example/INBOX/Complaints")
    assert address.name == "complaints@acme.example@mail.example/INBOX/Complaints"
    assert (address.user, address.password, address.port) == ("complaints@acme.example", "p:ss", 993)


@pytest.mark.parametrize(("text", "wanted"), [("mark", ("mark", "")), ("move:Done", ("move", "Done"))])
def test_what_happens_after_is_one_of_three(text, wanted):
    assert after_of(text) == wanted
    with pytest.raises(AfterUnknown):
        after_of("move")
    with pytest.raises(AfterUnknown):
        after_of("delete")


@pytest.mark.parametrize(
    ("folder", "wanted"),
    [("INBOX", '"INBOX"'), ('A "b"', '"A \\"b\\""'), ("A&B", '"A&-B"'), ("Жалобы", '"&BBYEMAQ7BD4EMQRL-"')],
)
def test_folders_are_named_as_imap_wants_it(folder, wanted):
    assert quoted(folder) == wanted


def test_the_command_fetches_and_says_where_no_mailbox_is_set_up(app, acme, clock, command, monkeypatch):
    assert "AUDITKIT_MAILBOXES" in command("mail", "fetch", "--org", "acme").err
    settings = app.extensions["auditkit.settings"]
    with ImapServer(account(2)) as server:
        monkeypatch.setattr(settings, "mailboxes", {"acme": server.url()})
        answer = command("mail", "fetch", "--org", "acme", "--json")
    assert (answer.code, answer.json["counts"]) == (0, {"opened": 2})
    monkeypatch.setattr(settings, "mailboxes", {"acme": "imap://u:p@127.0.0.1:1/INBOX"})
    answer = command("mail", "fetch", "--org", "acme")
    assert answer.code == 2
    assert "cannot be used" in answer.err


KILLED = """
import os, signal, sys
from auditkit import cli
from auditkit.complaints.correspondence import fetching, running
def dies(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
where = sys.argv.pop(1)
if where == "stored":
    running.MailIn._store = dies
elif where == "recorded":
    fetching._move_on = dies
elif where == "moved on":
    fetching._tell = dies
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("where", ["stored", "recorded", "moved on"])
def test_killed_at_any_step_every_mail_is_there_once(app, acme, where):
    settings = app.extensions["auditkit.settings"]
    with ImapServer(account(3)) as server:
        environment = {
            **os.environ,
            "AUDITKIT_INSTANCE": str(settings.instance),
            "AUDITKIT_DATABASE_URL": settings.url,
            "AUDITKIT_MAILBOXES": f'{{"acme": "{server.url()}"}}',
        }
        db.session.remove()
        with Forked(KILLED, where, "mail", "fetch", "--org", "acme", environment=environment) as done:
            said = done.stdout.read()
            assert done.wait() == -signal.SIGKILL, said
        assert complaints(acme) == (0 if where == "stored" else 1)
        take(app, acme, server)
        assert complaints(acme) == 3
        assert all(MARK in one.flags for one in server.account.folders["INBOX"].values())


def test_starttls_is_used_before_the_password_goes(app, acme, clock, tmp_path, monkeypatch):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr("auditkit.complaints.correspondence.mailbox._is_this_machine", lambda host: False)
    with ImapServer(account(1), starttls=pem) as server:
        assert take(app, acme, server) == {"opened": 1}
    said = [one.split()[0] for one in server.account.said]
    assert server.account.secured == 1
    assert said.index("STARTTLS") < said.index("LOGIN")


@pytest.mark.parametrize("made", ["signed by itself", "for another address", "ended"])
@pytest.mark.parametrize("way", ["certificate", "starttls"])
def test_no_password_goes_to_a_server_with_a_bad_certificate(app, acme, clock, tmp_path, monkeypatch, way, made):
    pem = certificate(tmp_path, "127.0.0.2" if made == "for another address" else "127.0.0.1", ended=made == "ended")
    if made != "signed by itself":
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with ImapServer(account(1), **{way: pem}) as server:
        with pytest.raises(MailboxUnusable, match="certificate") as refused:
            take(app, acme, server)
        assert refused.value.fault == "certificate"
    assert not any("LOGIN" in one for one in server.account.said)
    assert complaints(acme) == 0
