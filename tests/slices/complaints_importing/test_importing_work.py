"""The work of an import begun on the page: killed, dead, asked for twice, failed, forgotten, a large table."""

import io
import shutil
from datetime import timedelta

import pytest

from auditkit.base import jobs
from auditkit.base.errors import Conflict
from auditkit.base.text import N_
from auditkit.complaints.importing import running, service
from auditkit.complaints.importing.staging import Staging, UploadGone
from tests.slices.complaints_importing.by_page import (
    HEADS,
    ROWS,
    START,
    again,
    agreed,
    asked,
    confirm,
    send,
    stored,
    token_of,
)


def test_an_import_that_was_killed_goes_on_and_its_totals_are_right(
    acme, browser, app, work, clock, monkeypatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    visitor = browser(acme, "quality-manager")
    waiting = asked(visitor, ROWS + "C-9,nonsense,,,,\n")
    store, calls = service.store_chunk, []

    def killed_after_two(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return store(*arguments)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(service, "store_chunk", killed_after_two)
        jobs.run_next()
    assert len(stored(acme)) == 4
    assert "0 % done" in visitor.get(waiting.path).text
    assert "under way" in visitor.get(START).text
    assert "under way" in visitor.get(f"{START}runs").text
    clock.advance(minutes=3)
    assert jobs.requeue_silent() == 1
    assert "Interrupted; it goes on by itself" in visitor.get(waiting.path).text
    assert work() == 1
    page = visitor.get(waiting.path)
    assert page.title == "Import finished"
    assert "8 rows 7 imported 0 duplicates 1 refused" in page.text
    assert "goes on there" in page.text
    assert [one.external_reference for one in stored(acme)] == [f"C-{number}" for number in range(1, 8)]


def test_a_worker_that_died_before_saying_so_is_not_done_again(acme, browser, work, clock, monkeypatch) -> None:
    visitor = browser(acme, "quality-manager")
    waiting = asked(visitor, ROWS)

    def dies(*_arguments, **_more) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(jobs, "_end", dies)
        jobs.run_next()
    clock.advance(minutes=3)
    jobs.requeue_silent()
    assert work() == 1
    assert "7 rows 7 imported" in visitor.get(waiting.path).text


def test_an_import_is_begun_once_however_often_it_is_asked_for(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    assert visitor.get(page.path).path == waiting.path, "the look before leads to the work"
    assert visitor.post(page.path, {}).path == waiting.path
    assert visitor.post(f"{page.path}/discard", {}).path == waiting.path
    listed = visitor.get(START)
    assert "1 import is under way" in listed.text
    assert visitor.follow("See how far it is").path == waiting.path
    assert work() == 1
    assert len(stored(acme)) == 7
    visitor.get(page.path, status=404)


def test_a_failed_import_says_why_and_leads_back_to_the_upload(acme, browser, work, monkeypatch) -> None:
    def refuse(*_arguments):
        raise Conflict(N_("Another import of the same rows is at work"))

    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    with monkeypatch.context() as patched:
        patched.setattr(service, "store_chunk", refuse)
        assert work() == 1
    for _again in range(2):
        failed = visitor.get(waiting.path)
        assert "This did not come to its end" in failed.text
        assert "Another import of the same rows is at work" in failed.text
        assert "it goes on where it stopped" in failed.text
    retried = visitor.follow("Try again")
    assert retried.path == page.path
    assert confirm(visitor, retried, work).title == "Import finished"
    assert "This did not come to its end" in visitor.get(waiting.path).text


def test_when_the_upload_is_forgotten_the_work_still_tells_its_counts(acme, browser, work, app) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    work()
    shutil.rmtree(app.extensions["auditkit.settings"].instance / "uploads")
    kept = visitor.get(waiting.path)
    assert kept.title == "Importing complaints"
    assert "imported 7" in kept.text
    visitor.get(page.path, status=404)


def test_uploads_are_forgotten_after_a_day_and_names_cannot_climb(acme, clock, tmp_path) -> None:
    staging = Staging(tmp_path, acme.id)
    staged = staging.keep("x.csv", io.BytesIO(b"a,b"), None, clock.at)
    assert staging.find(staged.token).name == "x.csv"
    for token in ("..", "../..", "a" * 25, staged.token + "/..", ""):
        with pytest.raises(UploadGone):
            staging.find(token)
    from datetime import UTC, datetime

    staging.forget_old(datetime.now(UTC) + timedelta(hours=25))
    with pytest.raises(UploadGone):
        staging.find(staged.token)


def test_a_large_table_is_looked_at_by_a_job(acme, browser, work, monkeypatch) -> None:
    monkeypatch.setattr("auditkit.complaints.importing.jobs.LOOKED_AT_ONCE", 10)
    visitor = browser(acme, "quality-manager")
    waiting = send(visitor, (HEADS + ROWS).encode())
    assert waiting.title == "Looking at a table"
    assert "under way" in visitor.get(START).text
    assert work() == 1
    page = visitor.get(waiting.path)
    assert page.title == "Look before importing"
    assert "Import 7 complaints" in page.text
    waiting = again(visitor, page, format_received="DD/MM/YYYY")
    assert waiting.title == "Looking at a table"
    assert work() == 1
    assert "7 would be refused" in visitor.get(page.path).text


def test_a_job_that_cannot_look_says_why_and_leads_back(acme, browser, work, monkeypatch) -> None:
    monkeypatch.setattr("auditkit.complaints.importing.jobs.LOOKED_AT_ONCE", 10)
    visitor = browser(acme, "quality-manager")
    waiting = send(visitor, b"When,What\n2026-01-05,x\n", profile="cfpb")
    assert work() == 1
    assert "which the profile cfpb needs" in visitor.get(waiting.path).text
    assert visitor.follow("Try again").title == "Import complaints"
