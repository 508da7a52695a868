"""What a device sends arrives once, cell by cell, late or twice, and never over somebody else's words."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from auditkit.audits import service
from auditkit.audits.models import AuditRow
from auditkit.audits.offline.models import AuditArrival
from auditkit.base import clock
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.content.library import shared
from auditkit.evidence.models import EvidenceFile, EvidenceLink
from auditkit.journal.models import JournalEntry
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import answer, own_library, planned, rows_of, started

Opener = Callable[..., Browser]


class Device:
    """A signed-in device that sends answers as the page's script does."""

    def __init__(self, person: Browser, number: str) -> None:
        self.person, self.number = person, number
        self.base = f"/o/acme/audits/{number}"
        self.token = self.state()["token"]

    def state(self, since: str = "") -> dict[str, Any]:
        page = self.person._run(self.person.client.get, f"{self.base}/run/state", query_string={"since": since})
        assert page.status_code == 200
        return page.get_json()

    def send(
        self, row: int, changes: dict[str, tuple[str, str]], *, status: int | tuple[int, ...] = 200, **more: Any
    ) -> dict[str, Any]:
        data = {
            "csrf_token": self.token,
            "client_id": "device-0001",
            "made_at": "2026-03-02T08:00:00Z",
            "cells": json.dumps({cell: {"base": base, "value": value} for cell, (base, value) in changes.items()}),
            **more,
        }
        answer = self.person._run(self.person.client.post, f"{self.base}/rows/{row}/save", data=data)
        assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.get_data(
            as_text=True
        )[:300]
        answer.request.input_stream.close()  # a large upload is a temporary file of the test client
        return answer.get_json()


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


@pytest.fixture
def device(acme: House, number: str, browser: Opener) -> Device:
    return Device(browser(acme, "internal-auditor"), number)


def _count(acme: House, model: Any) -> int:
    return int(reading(acme.system).execute(select(func.count()).select_from(model)).scalar_one())


def _photo(name: str = "door.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"not a picture but a file of this name: " + name.encode()), name


def _note_file(name: str = "door.txt") -> tuple[io.BytesIO, str]:
    return io.BytesIO(f"Seen: {name}\n".encode()), name


def test_an_answer_with_files_is_stored(acme: House, number: str, device: Device, clock: FrozenClock) -> None:
    row = rows_of(acme, number)[0]
    reply = device.send(
        row.id,
        {"answer": ("open", "bad"), "note": ("", "Door 3 open"), "interviewee": ("", "The porter")},
        files=[_note_file("one.txt"), _note_file("two.txt")],
    )
    assert reply["state"] == "saved"
    assert reply["progress"] == [1, 3]
    stored = rows_of(acme, number)[0]
    assert (stored.answer, stored.note, stored.interviewee, stored.version) == ("bad", "Door 3 open", "The porter", 1)
    assert [one.file.name for one in stored.files] == ["one.txt", "two.txt"]
    assert [one["name"] for one in reply["row"]["files"]] == ["one.txt", "two.txt"]
    assert stored.trace is not None
    assert stored.trace.late
    assert stored.trace.latitude is None


def test_the_same_answer_twice_is_stored_once(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    cells = {"answer": ("open", "bad"), "note": ("", "Door 3 open")}
    first = device.send(row.id, cells, files=[_note_file()])
    counted = [_count(acme, model) for model in (EvidenceFile, EvidenceLink, JournalEntry, AuditArrival)]
    second = device.send(row.id, cells, files=[_note_file()])
    assert second == first
    assert [_count(acme, model) for model in (EvidenceFile, EvidenceLink, JournalEntry, AuditArrival)] == counted
    assert rows_of(acme, number)[0].version == 1


def test_it_is_once_also_when_somebody_answered_in_between(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    cells = {"answer": ("open", "bad"), "note": ("", "Door 3 open")}
    device.send(row.id, cells)
    answer(acme, number, 1, "good", "Shut by now")
    assert device.send(row.id, cells)["state"] == "saved"
    stored = rows_of(acme, number)[0]
    assert (stored.answer, stored.note) == ("good", "Shut by now")


def test_what_others_changed_elsewhere_in_the_row_stays(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    answer(acme, number, 1, "good", "")
    reply = device.send(row.id, {"note": ("", "All three")})
    assert reply["state"] == "saved"
    stored = rows_of(acme, number)[0]
    assert (stored.answer, stored.note) == ("good", "All three")


def test_a_cell_both_changed_is_a_conflict_and_the_rest_is_stored(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    answer(acme, number, 1, "bad", "Theirs")
    sent = {"answer": ("open", "partly"), "note": ("", "Mine"), "interviewee": ("", "The porter")}
    reply = device.send(row.id, sent, files=[_note_file()])
    assert reply["state"] == "conflict"
    assert reply["conflicts"] == [
        {"cell": "answer", "base": "open", "mine": "bad", "theirs": "partly"},
        {"cell": "note", "base": "", "mine": "Theirs", "theirs": "Mine"},
    ]
    stored = rows_of(acme, number)[0]
    assert (stored.answer, stored.note, stored.interviewee) == ("bad", "Theirs", "The porter")
    assert [one.file.name for one in stored.files] == ["door.txt"]
    assert device.send(row.id, sent, files=[_note_file()]) == reply, "a lost response comes again as it was"
    settled = device.send(row.id, {"answer": ("bad", "partly")}, client_id="device-0002")
    assert settled["state"] == "saved"
    assert rows_of(acme, number)[0].answer == "partly"


def test_a_conflict_leaves_an_entry_without_words(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    answer(acme, number, 1, "bad", "Theirs")
    device.send(row.id, {"note": ("", "Mine")})
    entry = (
        reading(acme.system)
        .execute(select(JournalEntry).where(JournalEntry.event == "audit:answer-conflict"))
        .scalar_one()
    )
    assert entry.facts == {"audit": number, "item": "q-1-1", "cells": ["note"]}
    assert rows_of(acme, number)[0].version == 1, "nothing was changed"


def test_what_an_answer_needs_is_asked_and_nothing_is_kept(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    reply = device.send(row.id, {"answer": ("open", "bad")}, status=422, files=[_note_file()])
    assert reply["state"] == "refused"
    assert "Write a note first" in reply["message"]
    assert _count(acme, EvidenceFile) == 0
    assert device.send(row.id, {"answer": ("open", "bad"), "note": ("", "Open")})["state"] == "saved"


def test_the_place_is_kept_only_when_sent(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    device.send(row.id, {"answer": ("open", "good")}, latitude="41.7151", longitude="44.8271", accuracy="12")
    trace = rows_of(acme, number)[0].trace
    assert trace is not None
    assert (trace.latitude, trace.longitude) == (41.7151, 44.8271)
    page = device.person.get(f"/o/acme/audits/{number}/run")
    assert "41.71510, 44.82710" in page.text
    assert "geolocation=(self)" in page.response.headers["Permissions-Policy"]
    assert "geolocation=()" in device.person.get(f"/o/acme/audits/{number}").response.headers["Permissions-Policy"]


def test_a_device_whose_clock_is_ahead_answered_now(acme: House, number: str, device: Device) -> None:
    row = rows_of(acme, number)[0]
    device.send(row.id, {"answer": ("open", "good")}, made_at="2031-01-01T00:00:00Z")
    trace = rows_of(acme, number)[0].trace
    assert trace is not None
    assert not trace.late


@pytest.mark.parametrize(
    "more",
    [
        {"client_id": ""},
        {"client_id": "a b"},
        {"made_at": "yesterday"},
        {"cells": "[]"},
        {"cells": "{"},
        {"cells": '{"version": {"base": "", "value": "9"}}'},
        {"cells": '{"note": {"base": "", "value": 9}}'},
        {"cells": '{"note": "Seen"}'},
        {"latitude": "north", "longitude": "1"},
        {"latitude": "91", "longitude": "1"},
    ],
)
def test_what_is_no_answer_is_refused(acme: House, number: str, device: Device, more: dict[str, str]) -> None:
    reply = device.send(rows_of(acme, number)[0].id, {"answer": ("open", "good")}, status=422, **more)
    assert "what you typed is kept" in reply["message"]
    assert _count(acme, AuditArrival) == 0


def test_a_device_hears_what_others_did(acme: House, number: str, device: Device, clock: FrozenClock) -> None:
    seen = device.state()["at"]
    clock.advance(minutes=1)
    answer(acme, number, 2, "good", "The porter does")
    changed = device.state(seen)
    assert [(one["answer"], one["note"], one["settled"]) for one in changed["rows"]] == [
        ("good", "The porter does", True)
    ]
    assert changed["progress"] == [1, 3]
    clock.advance(minutes=1)
    assert device.state(changed["at"])["rows"] == []


def test_two_auditors_answer_side_by_side(acme: House, number: str, device: Device, clock: FrozenClock) -> None:
    first, second, third = rows_of(acme, number)
    for place, row in enumerate((first, third, second)):
        clock.advance(minutes=1)
        if place % 2:
            answer(acme, number, row.position, "open", "The key holder was ill")
        else:
            device.send(row.id, {"answer": ("open", "good")}, client_id=f"device-000{place}")
    assert [row.answer for row in rows_of(acme, number)] == ["good", "good", "open"]
    assert device.state()["progress"] == [3, 3]


def test_strangers_and_readers_send_nothing(acme: House, globex: House, number: str, browser: Opener) -> None:
    row = rows_of(acme, number)[0]
    for person, status in ((browser(), 401), (browser(acme, "external-reviewer"), 403)):
        person.get("/account" if status == 403 else "/account/sign-in")
        person.post(f"/o/acme/audits/{number}/rows/{row.id}/save", {"client_id": "x"}, status=status)
    assert _count(acme, AuditArrival) == 0


def test_the_worker_and_the_manifest(acme: House, number: str, browser: Opener) -> None:
    auditor = browser(acme, "internal-auditor")
    worker = auditor.get("/o/acme/audits/run-worker.js").response
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"
    manifest = auditor.get(f"/o/acme/audits/{number}/run.webmanifest").response
    said = manifest.get_json(force=True)
    assert manifest.mimetype == "application/manifest+json"
    assert said["start_url"] == f"/o/acme/audits/{number}/run"
    assert said["start_url"].startswith(said["scope"])
    assert {icon["sizes"] for icon in said["icons"]} == {"192x192", "512x512"}
    for icon in said["icons"]:
        assert auditor.get(icon["src"]).response.mimetype == "image/png"


def test_the_table_of_arrivals_refuses_what_cannot_be(acme: House, number: str) -> None:
    row = reading(acme.system).execute(select(AuditRow.id)).scalars().first()
    reading().rollback()
    at = clock.now() - timedelta(minutes=1)
    whole = {
        "organisation_id": acme.id, "client_id": "device-0001", "row_id": row, "made_at": at, "arrived_at": at,
        "conflicts": [],
    }  # fmt: skip
    refuses(AuditArrival.__table__, "client_named", {**whole, "client_id": ""})
    refuses(AuditArrival.__table__, "place_is_whole", {**whole, "latitude": 1.0})
    refuses(AuditArrival.__table__, "place_is_on_earth", {**whole, "latitude": 91.0, "longitude": 1.0})
    accepts(AuditArrival.__table__, {**whole, "latitude": 1.0, "longitude": 1.0})


def test_whom_a_question_is_put_to_groups_the_page(acme: House, number: str, device: Device) -> None:
    rows = rows_of(acme, number)
    device.send(rows[1].id, {"interviewee": ("", "Zoe")})
    device.send(rows[2].id, {"interviewee": ("", "Adam")}, client_id="device-0002")
    page = device.person.get(f"/o/acme/audits/{number}/run?by=interviewee")
    assert [one.text for one in page.soup.select(".audit-rows h2")] == ["Adam", "Zoe", "Nobody named yet"]
    page = device.person.get(f"/o/acme/audits/{number}/run?by=principle")
    assert [one.text for one in page.soup.select(".audit-rows h2")] == ["No principle of its own"]
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.answer(tx, service.Answer(number, rows[0].id, 0, "good", ""), clock.now(), actor)
    kept = rows_of(acme, number)[1]
    assert (kept.interviewee, kept.answer) == ("Zoe", "open")


@pytest.mark.sqlite_only
def test_questions_stand_under_their_first_principle(acme: House, browser: Opener) -> None:
    number, actor = planned(acme, shared(), checklist_id="principles-2018"), acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=shared())
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/run?by=principle")
    shown = {
        section.find("h2").get_text().split()[0]: {row["id"] for row in section.select("article")}
        for section in page.soup.select(".audit-rows section")
    }
    wanted: dict[str, set[str]] = {}
    for row in rows_of(acme, number):
        wanted.setdefault(row.principles[0], set()).add(f"row-{row.position}")
    assert len(wanted) > 10
    assert shown == wanted
