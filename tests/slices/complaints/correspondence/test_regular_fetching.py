"""The mailbox is read by itself: when it is due, one at a time, later and later while it fails, and it is said."""

import threading
from datetime import timedelta

import pytest

from auditkit.base import jobs
from auditkit.base.db import db, reading, transaction
from auditkit.complaints.correspondence import queries, regular, rules, turns
from auditkit.complaints.correspondence.mailbox import MailboxUnusable
from auditkit.complaints.correspondence.models import MailboxFetch
from auditkit.complaints.models import Complaint
from auditkit.journal import queries as journal
from tests.factories.imap import Account, ImapServer
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.correspondence.mails import letter

FIVE = timedelta(minutes=5)


@pytest.fixture
def settings(app, monkeypatch):
    found = app.extensions["auditkit.settings"]
    monkeypatch.setattr(found, "mailboxes", {})
    return found


def account(number: int, **more) -> Account:
    made = Account(**more)
    for one in range(number):
        made.add(letter(message_id=f"<m{one}@c.example>", text=f"Mail {one}").as_bytes())
    return made


def round_of_the_worker() -> int:
    """What the worker does in one round; how many jobs it did."""
    regular.fetch_due()
    done = 0
    while jobs.run_next():
        done += 1
    db.session.rollback()
    return done


def complaints(house) -> int:
    db.session.rollback()
    return reading(house.system).query(Complaint).count()


def state(house, clock):
    db.session.rollback()
    return queries.fetching(reading(house.system), clock.at)


def told_of(house, *events) -> list[str]:
    db.session.rollback()
    found, _older = journal.page(reading(house.system), house.id)
    return [one.event for one in found if one.event in {event.name for event in events}]


def test_the_worker_reads_when_it_is_due_and_not_before(app, acme, globex, clock, settings):
    with ImapServer(account(2)) as server:
        settings.mailboxes["acme"] = server.url()
        assert round_of_the_worker() == 1
        assert complaints(acme) == 2
        server.account.add(letter(message_id="<late@c.example>", text="late").as_bytes())
        assert round_of_the_worker() == 0, "not before its time"
        clock.advance(minutes=5)
        assert round_of_the_worker() == 1
    assert (complaints(acme), complaints(globex)) == (3, 0)
    found = state(acme, clock)
    assert (found.succeeded_at, found.next_at, found.taken, found.failures) == (clock.at, clock.at + FIVE, 1, 0)
    assert "pass" not in found.mailbox
    assert state(globex, clock) is None


def test_its_ended_jobs_do_not_pile_up(app, acme, clock, settings):
    with ImapServer(account(0)) as server:
        settings.mailboxes["acme"] = server.url()
        for _round in range(4):
            round_of_the_worker()
            clock.advance(minutes=6)
    assert reading(acme.system).query(jobs.Job).filter_by(kind=regular.FETCH).count() == 1


@pytest.mark.parametrize(("mailboxes", "minutes"), [({}, 5), ({"acme": "imap://u:p@127.0.0.1:1/"}, 0)])
def test_nothing_set_up_means_no_network_and_no_work(app, acme, clock, settings, monkeypatch, mailboxes, minutes):
    def fails(*_arguments, **_more):
        raise AssertionError("this must not be asked")

    monkeypatch.setattr(settings, "mailboxes", mailboxes)
    monkeypatch.setattr(settings, "mailbox_every", minutes)
    monkeypatch.setattr("auditkit.complaints.correspondence.mailbox._connect", fails)
    monkeypatch.setattr("auditkit.complaints.correspondence.regular.organisations", fails)
    assert round_of_the_worker() == 0


def test_failures_wait_longer_and_longer_and_are_told_once(app, acme, clock, settings):
    settings.mailboxes["acme"] = "imap://u:p@127.0.0.1:1/INBOX"
    waits = []
    for number in range(1, 5):
        assert round_of_the_worker() == 1
        found = state(acme, clock)
        assert (found.failures, found.fault, found.failed_at) == (number, "unreachable", clock.at)
        assert "refused" in found.failure
        waits.append(found.next_at - clock.at)
        clock.advance(seconds=int(waits[-1].total_seconds()))
    assert waits == [FIVE, 2 * FIVE, 4 * FIVE, 8 * FIVE]
    assert told_of(acme, rules.FETCH_FAILS) == ["mail:fetch-fails"]
    with ImapServer(account(1)) as server:
        settings.mailboxes["acme"] = server.url()
        round_of_the_worker()
    found = state(acme, clock)
    assert (found.failures, found.fault, found.failure, found.failed_at) == (0, "", "", None)
    assert complaints(acme) == 1
    assert told_of(acme, rules.FETCH_WORKS) == ["mail:fetch-works-again"]


@pytest.mark.parametrize(
    ("failures", "every", "wait"),
    [(1, 5, 5), (2, 5, 10), (7, 5, 320), (8, 5, 360), (1000, 5, 360), (1, 1440, 1440), (9, 1440, 1440), (1, 0, 5)],
)
def test_the_wait_after_failures(failures, every, wait):
    assert rules.wait_after(failures, timedelta(minutes=every)) == timedelta(minutes=wait)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("imap://nobody", "misnamed"),
        ("imaps://u:sec/ret@h/INBOX", "misnamed"),
        ("{wrong}", "refused"),
        ("{gone}", "refused"),
    ],
)
def test_each_fault_has_its_advice_and_no_password(app, acme, clock, settings, browser, url, fault):
    with ImapServer(account(0)) as server:
        real = server.url()
        settings.mailboxes["acme"] = url.format(wrong=real.replace("pass%20word", "ret"), gone=real + "/Nowhere")
        round_of_the_worker()
        found = state(acme, clock)
        assert found.fault == fault
        assert "ret" not in found.failure + found.mailbox
        assert "b'" not in found.failure, "in words, not as bytes"
        page = browser(acme, "complaint-handler").get("/o/acme/correspondence/")
    assert "complaints by e-mail do not arrive here" in page.text
    assert rules.FAULT_ADVICE[fault] in page.text
    assert set(rules.FAULT_ADVICE) == set(rules.FAULTS)


def test_never_two_at_once(app, acme, clock, settings, command):
    """While one reads, another process is told so; who died is waited for five minutes and no longer."""
    with ImapServer(account(1)) as server:
        settings.mailboxes["acme"] = server.url()
        turn = turns.take(acme.system, "somebody else")
        answer = command("mail", "fetch", "--org", "acme")
        assert (answer.code, complaints(acme)) == (1, 0)
        assert "being read at this moment" in answer.err
        assert round_of_the_worker() == 0, "the worker does not even ask"
        clock.advance(minutes=4)
        turn.renew()
        clock.advance(minutes=4)
        with pytest.raises(turns.MailboxBusy):
            turns.take(acme.system, "too early")
        clock.advance(minutes=2)
        round_of_the_worker()
        assert complaints(acme) == 1
        with pytest.raises(turns.MailboxBusy):
            turn.renew()


def test_two_threads_take_one_turn(app, acme, clock):
    got, gate = [], threading.Barrier(4)

    def try_it() -> None:
        with app.app_context():
            gate.wait(10)
            try:
                got.append(turns.take(acme.system, "m"))
            except turns.MailboxBusy:
                got.append(None)
            db.session.remove()

    threads = [threading.Thread(target=try_it) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sum(one is not None for one in got) == 1
    assert len(got) == 4


def test_a_worker_that_is_told_to_end_gives_the_turn_and_the_job_back(app, acme, clock, settings):
    with ImapServer(account(3)) as server:
        settings.mailboxes["acme"] = server.url()
        regular.ask(acme.system)
        stops = iter([False, True])
        assert jobs.run_next(lambda: next(stops, True))
        assert complaints(acme) == 2, "the mail in hand was finished"
        assert [one.state for one in jobs.under_way(reading(acme.system), regular.FETCH)] == ["queued"]
        assert not state(acme, clock).running
        assert jobs.run_next()
    assert complaints(acme) == 3


def test_the_command_notes_how_it_went_too(app, acme, clock, settings, command):
    settings.mailboxes["acme"] = "imap://u:p@127.0.0.1:1/INBOX"
    assert command("mail", "fetch", "--org", "acme").code == 2
    assert state(acme, clock).fault == "unreachable"


def test_people_see_how_it_goes_and_can_have_it_read(app, acme, clock, settings, browser):
    handler = browser(acme, "complaint-handler")
    assert "No mailbox is set up" in handler.get("/o/acme/correspondence/mail").text
    with ImapServer(account(2)) as server:
        settings.mailboxes["acme"] = server.url()
        page = handler.get("/o/acme/correspondence/mail")
        assert "is read every 5 minutes" in page.text
        handler.post("/o/acme/correspondence/mail/fetch", {})
        handler.post("/o/acme/correspondence/mail/fetch", {})
        assert len(jobs.under_way(reading(acme.system), regular.FETCH)) == 1, "asked for twice, done once"
        assert jobs.run_next()
        page = handler.get("/o/acme/correspondence/mail")
    assert "2 mails" in page.text
    clock.advance(minutes=16)
    assert "should have been read by now" in handler.get("/o/acme/correspondence/mail").text
    browser(acme, "internal-auditor").post("/o/acme/correspondence/mail/fetch", {}, status=403)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("fault_known", {"fault": "haunted", "failures": 1}),
        ("fetch_counts_from_zero", {"taken": -1}),
        ("failing_has_fault", {"failures": 2}),
        ("holding_has_end", {"held_by": "me"}),
    ],
)
def test_mailbox_fetch(acme, constraint, change):
    values = {
        "organisation_id": acme.id, "mailbox": "m", "held_by": "", "taken": 0, "failures": 0, "fault": "",
        "failure": "",
    }  # fmt: skip
    refuses(MailboxFetch.__table__, constraint, {**values, **change})
    accepts(MailboxFetch.__table__, values)


def test_what_the_mailbox_said_is_kept_short(app, acme, clock):
    turn = turns.take(acme.system, "m")
    turn.failed("refused", str(MailboxUnusable("x" * 10_000)), FIVE)
    turn.end()
    with transaction(acme.system) as tx:
        assert len(queries.fetching(tx, clock.at).failure) <= turns.LONGEST_FAILURE
