"""Files that strangers send with the public form, while it is mended, and how much room they have."""

import errno
import io
import os

import pytest

from auditkit.base import jobs
from auditkit.base.db import reading
from auditkit.base.ids import digest
from auditkit.complaints.intake import drafts
from auditkit.complaints.models import Complaint
from auditkit.evidence import queries as evidence
from auditkit.evidence import store
from auditkit.evidence.rules import StorageFull
from tests.slices.complaints.intake.filling import PNG, STORY, send


def complaint(tx):
    return tx.query(Complaint).one()


def upload(name: str, data: bytes):
    return (io.BytesIO(data), name)


def test_a_file_can_be_taken_out_again_and_more_be_added_before_sending(acme, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    page = stranger.post_form({"files": [upload("a.png", PNG)], "keep": "files"}, action="/new")
    assert "There is a problem" not in page.text, "nothing is asked for while files are chosen"
    page = stranger.post_form({"files": [upload("b.txt", b"hello")], "keep": "files"}, action="/new")
    assert "a.png" in page.text
    page = stranger.post_form({"drop": "1", "keep": "files"}, action="/new")
    assert "a.png" not in page.text
    assert "b.txt" in page.text


@pytest.mark.sqlite_only
def test_where_the_disk_is_full_the_words_come_back_and_can_be_sent_without_files(acme, browser, clock, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    stranger = browser()
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "inspect", full)
        page = send(stranger, clock, files=[upload("a.png", PNG)])
    assert "There is no room left to store the file" in page.text
    assert page.soup.find("input", {"name": "subject"})["value"] == "Parcel lost"
    stranger.post_form({"files": [upload("a.png", PNG)], "keep": "files"}, action="/new")
    with monkeypatch.context() as patched:  # full when the files are made evidence
        patched.setattr(store.Store, "stage", lambda *_arguments, **_more: (_ for _ in ()).throw(StorageFull()))
        page = stranger.post_form(action="/new")
    assert "There is no room left to store the file" in page.text
    assert reading(acme.system).query(Complaint).count() == 0
    page = stranger.post_form({"drop": "1"}, action="/new")
    assert page.path.endswith("/receipt"), page.text


@pytest.mark.sqlite_only
def test_files_that_wait_for_their_forms_have_only_so_much_room(acme, browser, clock, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_WAITING", 2 * len(PNG))
    for answer in ("a.png", "a.png", "a.png", "no room left"):
        stranger = browser()
        stranger.get("/p/acme/complaints/new")
        page = stranger.post_form({"files": [upload("a.png", PNG)], "keep": "files"}, action="/new")
        assert answer in page.text
    clock.advance(seconds=40)
    assert stranger.post_form({**STORY}, action="/new").path.endswith("/receipt"), "complaints come in all the same"


def test_at_most_ten_files(acme, browser, clock):
    stranger = browser()
    page = send(stranger, clock, files=[upload(f"{number}.txt", b"hello") for number in range(11)])
    assert "At most 10 files" in page.text
    assert "9.txt" in page.text


def test_the_same_picture_twice_is_one_file(acme, browser, clock):
    send(browser(), clock, files=[upload("a.png", PNG), upload("b.png", PNG)])
    files = evidence.for_subject(reading(acme.system), ("complaint", complaint(reading(acme.system)).id))
    assert {one.file.digest for one in files} == {digest(PNG)}


@pytest.mark.sqlite_only
def test_files_kept_at_the_same_moment_do_not_write_over_each_other(app, acme):
    draft = drafts.Draft("ticket")
    first, begun = draft._begin(1)
    with begun:
        second, other = draft._begin(1)
        other.close()
    assert first != second


def test_files_of_forms_that_were_never_sent_are_swept_by_the_worker(app, acme, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    stranger.post_form({"files": [upload("a.png", PNG)], "keep": "files"}, action="/new")
    place = app.extensions["auditkit.settings"].instance / "uploads" / "forms"
    (folder,) = place.iterdir()
    jobs.look_around()
    assert folder.exists(), "it is young"
    old = clock.at.timestamp() - 2 * 86400
    os.utime(folder, (old, old))
    jobs.look_around()
    assert not folder.exists()


@pytest.mark.parametrize(("size", "taken"), [(25 * 1024 * 1024, True), (25 * 1024 * 1024 + 1, False)])
def test_a_file_may_have_25_mib_on_the_form_and_on_the_own_page(acme, browser, clock, size, taken):
    stranger = browser()
    page = send(stranger, clock, files=[(io.BytesIO(b"a" * size), "long.txt")])
    assert ("larger than 25 MiB" in page.text) is not taken
    if not taken:
        assert "long.txt" in page.text
        page = stranger.post_form(action="/new")
    assert "Your complaint has arrived" in page.text
    stranger.get("/p/acme/complaints/mine")
    page = stranger.post_form({"text": "Here", "files": [(io.BytesIO(b"b" * size), "longer.txt")]}, action="/reply")
    assert ("larger than 25 MiB" in page.text) is not taken
    assert ("Your message has arrived" in page.text) is taken
