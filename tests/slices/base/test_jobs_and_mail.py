"""Jobs survive their worker, and the worker sends due mail between them."""

import threading
import time

import pytest

from auditkit.base import jobs, outbox
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import RuleBroken
from auditkit.base.jobs import Job
from auditkit.web.catalogues import catalogue
from tests.factories.refusals import refuses


@jobs.handler("test.add")
def add(payload, actor, progress):
    progress(0.5)
    return {"sum": payload["a"] + payload["b"]}


@jobs.handler("test.refuse")
def refuse(payload, actor, progress):
    raise RuleBroken("There is nothing to add")


@jobs.handler("test.break")
def break_down(payload, actor, progress):
    return {"never": payload["missing"]}


def ask(house, clock, kind, payload):
    with transaction(house.system) as tx:
        return jobs.put(tx, kind, payload, now=clock.at, actor=house.system).id


def test_a_job_is_done_and_shows_its_result(acme, clock):
    job = ask(acme, clock, "test.add", {"a": 2, "b": 3})
    assert jobs.view(reading(acme.system), job).state == "queued"
    assert jobs.run_next() is True
    seen = jobs.view(reading(acme.system), job)
    assert (seen.state, seen.progress, seen.result) == ("done", 1.0, {"sum": 5})
    assert jobs.run_next() is False


def test_a_rollback_leaves_no_job(acme, clock):
    with pytest.raises(ZeroDivisionError), transaction(acme.system) as tx:
        jobs.put(tx, "test.add", {}, now=clock.at, actor=acme.system)
        _ = 1 // 0
    assert jobs.run_next() is False


def test_a_refusal_is_shown_and_a_fault_does_not_stop_the_worker(acme, clock, caplog):
    refused = ask(acme, clock, "test.refuse", {})
    broken = ask(acme, clock, "test.break", {})
    assert jobs.run_next()
    assert jobs.run_next()
    assert jobs.view(reading(acme.system), refused).message == "There is nothing to add"
    assert jobs.view(reading(acme.system), broken).state == "failed"
    assert "missing" in caplog.text


def test_a_dead_workers_job_goes_to_the_next(acme, clock):
    job = ask(acme, clock, "test.add", {"a": 1, "b": 1})
    with transaction(acme.system) as tx:
        row = tx.get(Job, job)
        row.state, row.attempts = "running", 1
    assert jobs.requeue_silent() == 0
    clock.advance(minutes=3)
    assert jobs.requeue_silent() == 1
    assert jobs.run_next()
    assert jobs.view(reading(acme.system), job).state == "done"


def test_a_job_that_keeps_killing_its_worker_fails_at_last(acme, clock):
    job = ask(acme, clock, "test.add", {})
    with transaction(acme.system) as tx:
        row = tx.get(Job, job)
        row.state, row.attempts = "running", jobs.ATTEMPTS
    clock.advance(minutes=3)
    jobs.requeue_silent()
    assert jobs.view(reading(acme.system), job).state == "failed"


def state_of(house, job):
    db.session.rollback()
    return jobs.view(reading(house.system), job)


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


@pytest.fixture
def does():
    """`does(function)`: what jobs of the kind `test.now` do in this test."""

    def declare(function):
        jobs.handler("test.now")(function)

    yield declare
    jobs._handlers.pop("test.now", None)


def test_a_silent_job_is_heard_and_its_progress_is_shown_while_it_works(acme, clock, does, monkeypatch):
    monkeypatch.setattr(jobs, "TOLD_EVERY", 0.01)
    monkeypatch.setattr(jobs, "HEARD_EVERY", 0.05)
    seen = {}

    def work(payload, actor, progress):
        clock.advance(minutes=3)  # longer than a dead worker is waited for
        until(lambda: state_of(acme, job) and db.session.get(Job, job).heard_at == clock.at)
        seen["requeued"] = jobs.requeue_silent()
        progress(0.25)
        until(lambda: state_of(acme, job).progress == 0.25)
        return {}

    does(work)
    job = ask(acme, clock, "test.now", {})
    assert jobs.run_next()
    assert state_of(acme, job).state == "done"
    assert seen == {"requeued": 0}


def test_a_killed_job_is_swept_and_done_by_the_next_worker(acme, clock, does):
    runs = []

    def work(payload, actor, progress):
        runs.append(actor)
        if len(runs) == 1:
            raise KeyboardInterrupt  # as near to a kill as a test can come: no handler sees it
        return {"runs": len(runs)}

    does(work)
    job = ask(acme, clock, "test.now", {})
    with pytest.raises(KeyboardInterrupt):
        jobs.run_next()
    assert state_of(acme, job).state == "running"
    assert jobs.run_next() is False
    clock.advance(minutes=3)
    assert jobs.requeue_silent() == 1
    assert jobs.run_next()
    seen = state_of(acme, job)
    assert (seen.state, seen.attempts, seen.result) == ("done", 2, {"runs": 2})


def test_a_worker_that_is_told_to_end_gives_its_job_back_uncounted(acme, clock, does):
    reached = []

    def work(payload, actor, progress):
        reached.append("begun")
        progress(0.5)
        reached.append("went on")
        return {}

    does(work)
    job = ask(acme, clock, "test.now", {})
    assert jobs.run_next(lambda: True)
    assert (state_of(acme, job).state, state_of(acme, job).attempts, reached) == ("queued", 0, ["begun"])
    assert jobs.run_next()
    assert state_of(acme, job).state == "done"


def test_a_worker_whose_job_was_given_away_leaves_off(acme, clock, does, monkeypatch):
    monkeypatch.setattr(jobs, "TOLD_EVERY", 0.01)

    def work(payload, actor, progress):
        with transaction(acme.system) as tx:  # asleep for minutes, and another worker took it
            tx.get(Job, job).attempts = 2
        end = time.monotonic() + 60
        while time.monotonic() < end:
            progress(time.monotonic() % 1)
            time.sleep(0.01)
        return {"by": "the first"}

    does(work)
    job = ask(acme, clock, "test.now", {})
    assert jobs.run_next()
    seen = state_of(acme, job)
    assert (seen.state, seen.attempts, seen.result) == ("running", 2, None), "the row is the other worker's"


def test_messages_come_in_the_language_of_the_person_who_asked(acme, clock, does):
    def work(payload, actor, progress):
        raise RuleBroken("Skip to the content")

    does(work)
    with transaction(acme.system) as tx:
        job = jobs.put(tx, "test.now", {}, now=clock.at, actor=acme.system, locale="fa").id
    assert jobs.run_next()
    assert state_of(acme, job).message == catalogue("fa").text("Skip to the content") != "Skip to the content"


def test_what_is_under_way_can_be_listed(acme, globex, clock):
    first, second = (ask(acme, clock, "test.add", {"a": 1, "b": number}) for number in (1, 2))
    ask(acme, clock, "test.refuse", {})
    ask(globex, clock, "test.add", {"a": 1, "b": 1})
    assert [one.id for one in jobs.under_way(reading(acme.system), "test.add")] == [first, second]
    jobs.run_next()
    db.session.rollback()
    assert [one.payload["b"] for one in jobs.under_way(reading(acme.system), "test.add")] == [2]


def test_another_organisation_does_not_see_the_job(acme, globex, clock):
    job = ask(acme, clock, "test.add", {})
    assert jobs.view(reading(globex.system), job) is None


JOB = {
    "kind": "test.add", "payload": {}, "role": "system", "permissions": [], "attempts": 0,
    "state": "queued", "progress": 0.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [("state_known", {"state": "lost"}), ("progress_is_share", {"progress": 1.5})],
)
def test_the_job_table_refuses(acme, clock, constraint, change):
    values = {**JOB, "organisation_id": acme.id, "created_at": clock.at, "heard_at": clock.at}
    refuses(Job.__table__, constraint, {**values, **change})


def post(clock, subject="Your complaint"):
    with transaction() as tx:
        outbox.put(tx, to="ann@acme.example", subject=subject, body="Grüße, سلام", now=clock.at)


def test_an_idle_worker_has_nothing_to_do(acme, clock):
    assert jobs.waiting() is False
    post(clock)
    assert jobs.waiting() is True
    outbox.send_due(lambda parcel, content_leaves: None, "auditkit@localhost")
    assert jobs.waiting() is False
    ask(acme, clock, "test.add", {"a": 1, "b": 1})
    assert jobs.waiting() is True


def test_the_worker_stops_when_asked(app, tmp_path):
    worker = jobs.Worker(app, pause_seconds=0.01)
    worker.start()
    worker.stop()
    worker.join(timeout=60)
    assert not worker.is_alive()
    assert threading.main_thread().is_alive()


def test_the_worker_begins_as_soon_as_it_is_asked(acme, app, clock):
    worker = jobs.Worker(app, pause_seconds=60)
    worker.start()
    try:
        until(lambda: not jobs._asked.is_set())
        job = ask(acme, clock, "test.add", {"a": 2, "b": 3})
        until(lambda: state_of(acme, job).state == "done")
    finally:
        worker.stop()
        worker.join(timeout=60)
    assert not worker.is_alive()
