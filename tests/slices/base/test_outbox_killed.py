"""Killed at any step of sending: nothing is sent twice, nothing is lost, and what is not known is said."""

import os
import signal

import pytest

from auditkit.base import outbox
from auditkit.base.clock import now
from auditkit.base.db import db, transaction
from auditkit.base.delivery import by_smtp, to_folder
from auditkit.base.outbox import OutboxMail
from tests.factories.forks import Forked
from tests.factories.smtp import MailServer, Script

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

SENDING = """
import os, signal, sys
from auditkit.app import create_app
from auditkit.base import delivery, outbox
app = create_app()
settings = app.extensions["auditkit.settings"]
deliver = delivery.deliverer(settings)
def killed_after(parcel, content_leaves):
    deliver(parcel, content_leaves)
    os.kill(os.getpid(), signal.SIGKILL)
with app.app_context():
    print("ready", flush=True)
    outbox.send_due(killed_after if sys.argv[1] == "after" else deliver, "auditkit@localhost")
    print("done", flush=True)
"""


def worker(app, mail_url: str, when: str = "") -> Forked:
    settings = app.extensions["auditkit.settings"]
    environment = {
        **os.environ,
        "AUDITKIT_INSTANCE": str(settings.instance),
        "AUDITKIT_DATABASE_URL": settings.url,
        "AUDITKIT_MAIL_URL": mail_url,
    }
    db.session.remove()
    return Forked(SENDING, when, environment=environment)


def put() -> None:
    with transaction() as tx:
        outbox.put(tx, to="ann@acme.example", subject="One", body="only once", now=now())


def state() -> str:
    db.session.rollback()
    return db.session.query(OutboxMail).one().state


def later(monkeypatch, url: str) -> int:
    """The next worker, after the lease of the dead one ran out."""
    with transaction() as tx:
        for mail in tx.query(OutboxMail):
            if mail.leased_until is not None:
                mail.leased_until = now() - outbox.LEASE
    return outbox.send_due(by_smtp(url), "auditkit@localhost")


@pytest.mark.parametrize("where", ["greeting", "ehlo", "mail", "rcpt"])
def test_killed_before_the_content_left_it_is_sent_once(app, monkeypatch, where):
    put()
    with MailServer(Script(silent_after=where)) as server:
        with worker(app, server.url) as process:
            assert server.script.reached.wait(60)
            process.send_signal(signal.SIGKILL)
        assert state() == "taken"
        assert outbox.send_due(by_smtp(server.url), "auditkit@localhost") == 0, "it is still the dead worker's"
    with MailServer() as next_server:
        assert later(monkeypatch, next_server.url) == 1
        assert len(next_server.script.taken) == 1
    assert not server.script.taken
    assert state() == "sent"


def test_killed_while_the_answer_was_awaited_it_is_not_sent_again(app, monkeypatch):
    put()
    with MailServer(Script(silent_after="data")) as server, worker(app, server.url) as process:
        assert server.script.reached.wait(60)
        process.send_signal(signal.SIGKILL)
    assert len(server.script.taken) == 1
    assert state() == "sending"
    with MailServer() as next_server:
        assert later(monkeypatch, next_server.url) == 0
        assert not next_server.script.taken
        assert state() == "uncertain"
        with transaction() as tx:
            outbox.try_again(tx, tx.query(OutboxMail).one(), now())
        assert outbox.send_due(by_smtp(next_server.url), "auditkit@localhost") == 1
        first, second = server.script.taken[0], next_server.script.taken[0]

    def id_of(content: bytes) -> bytes:
        return next(line for line in content.splitlines() if line.lower().startswith(b"message-id"))

    assert id_of(first) == id_of(second)


def test_killed_between_the_answer_and_the_record_it_is_not_sent_again(app, monkeypatch):
    put()
    with MailServer() as server:
        with worker(app, server.url, "after") as process:
            process.wait(60)
        assert process.returncode == -signal.SIGKILL
        assert len(server.script.taken) == 1
        assert later(monkeypatch, server.url) == 0
        assert len(server.script.taken) == 1
    assert state() == "uncertain"


def test_killed_while_writing_files_one_file_is_there(app, monkeypatch, tmp_path):
    """Without a mail server nothing is uncertain: writing the same file again does no harm."""
    put()
    with worker(app, "", "after") as process:
        process.wait(60)
    folder = app.extensions["auditkit.settings"].instance / "mail"
    assert len(list(folder.glob("*.eml"))) == 1
    with transaction() as tx:
        tx.query(OutboxMail).one().leased_until = now() - outbox.LEASE
    assert outbox.send_due(to_folder(folder), "auditkit@localhost") == 1
    assert len(list(folder.glob("*.eml"))) == 1
    assert state() == "sent"


def test_a_rollback_sends_nothing(app, tmp_path):
    with pytest.raises(RuntimeError, match="no"), transaction() as tx:
        outbox.put(tx, to="a@b.example", subject="s", body="b", now=now())
        raise RuntimeError("no")
    assert outbox.send_due(to_folder(tmp_path), "auditkit@localhost") == 0
