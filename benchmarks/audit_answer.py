"""Saving an answer from a device against the same statements and the same hash written by hand, commit included.

The floor goes straight through sqlite3 in one transaction, as somebody would who wrote nothing but this for the same
tables and the same guarantees: was the answer here already; the row with its audit and scale; the person's place in
the audit and the processes they own; the audit's counters while it runs; all cells of the answer at the version seen;
the chained entry of the journal; the arrival. Foreign keys are checked. It does only what this answer meets: no merge
of cells, no files, nobody who owns a process. At the end the journal, written by both in turn, is checked.

Beside it the same as a request: ours with its session, token and JSON, against a bare Flask view around the floor.
Figures are the median of the ratios of neighbouring rounds in CPU seconds. Exits with 1 where a goal is missed.
"""

import hashlib
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from audit_page import SLUG, application, audit, paired
from flask import Flask, request, session

from auditkit.audits.offline import queries as offline
from auditkit.audits.offline import service
from auditkit.audits.queries import plans, run
from auditkit.audits.rules import Change
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, transaction
from auditkit.journal import queries as journal

CALLS = 40
GOAL = 3.0


def ours(number: str, row_id: int, actor: Actor) -> Callable[[], None]:
    """One answer through the verb, as the view calls it: is it here already, merge, store, journal, commit."""
    serial, notes = count(1), ["", "Seen in the register"]

    def act() -> None:
        at = next(serial)
        change = Change(notes[(at + 1) % 2], notes[at % 2])
        command = service.Save(number, row_id, f"device-{at:08d}", clock.now(), {"note": change})
        with transaction(actor) as tx:
            if offline.arrived(tx, command.client_id) is not None:
                raise SystemExit("this answer is here already")
            if service.save(tx, command, clock.now(), actor):
                raise SystemExit("a conflict where nobody else answers")

    return act


READ = """
    SELECT r.id, r.audit_id, r.item_id, r.answer, r.answer_state, r.note, r.note_for, r.evidence_for, r.version,
           r.interviewee, a.number, a.state, a.scale
      FROM audit_row r JOIN audit a ON a.id = r.audit_id
     WHERE r.id = ? AND a.number = ? AND r.organisation_id = ? AND a.organisation_id = ?"""
PLACE = """
    SELECT a.kind, a.planned_from, a.planned_to, m.role, o.since, o.until, p.id, p.name, p.clauses
      FROM audit a
      LEFT JOIN audit_member m ON m.audit_id = a.id AND m.person_id = ?
      LEFT JOIN process_ownership o ON o.organisation_id = a.organisation_id AND o.person_id = ?
      LEFT JOIN audited_process p ON p.id = o.process_id
     WHERE a.id = ? AND a.organisation_id = ?"""
COUNT = """
    UPDATE audit SET changed_at = ?, rows_answered = rows_answered + ?, rows_excluded = rows_excluded + ?,
           rows_not_covered = rows_not_covered + ?
     WHERE id = ? AND state = 'running' AND organisation_id = ?"""
STORE = """
    UPDATE audit_row SET answer = ?, answer_state = ?, conformity = ?, note = ?, interviewee = ?, answered_at = ?,
           answered_by = ?, version = ?
     WHERE id = ? AND version = ? AND organisation_id = ?"""
APPEND = """
    INSERT INTO journal_entry (organisation_id, seq, previous, event, at, actor_id, role, subject_kind, subject_id,
           facts, personal, hash)
    VALUES (?, ?, ?, 'audit:answered', ?, ?, ?, 'audit-row', ?, ?, '{}', ?)"""
ARRIVE = """
    INSERT INTO audit_arrival (organisation_id, client_id, row_id, person_id, made_at, arrived_at, conflicts)
    VALUES (?, ?, ?, ?, ?, ?, '[]')"""


def stand(state: str, note: str) -> str:
    """The counter that a row is counted in."""
    return ("not_covered" if note.strip() else "") if state == "open" else state


def by_hand(path: Path, number: str, row_id: int, actor: Actor) -> Callable[[str], None]:
    """The floor: the same reads and rules, the same writes, the same hash."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    execute, serial = connection.execute, count(1)
    us, me = actor.organisation_id, actor.person_id

    def act(text: str) -> None:
        client_id, now = f"hand-{next(serial):08d}", datetime.now(UTC)
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        execute("BEGIN IMMEDIATE")
        arrived = "SELECT row_id, conflicts FROM audit_arrival WHERE client_id = ? AND organisation_id = ?"
        if execute(arrived, (client_id, us)).fetchone():
            raise SystemExit("this answer is here already")
        (row, audit_id, item, before, was, note, note_for, evidence_for, version, interviewee, named, state, scale
        ) = execute(READ, (row_id, number, us, us)).fetchone()  # fmt: skip
        place = execute(PLACE, (me, me, audit_id, us)).fetchall()
        if state != "running" or place[0][3] not in ("lead", "auditor"):
            raise SystemExit("not running, or not of the team")
        if any(process[6] is not None for process in place):
            raise SystemExit("the auditor owns a process")
        chosen = next(one for one in json.loads(scale)["answers"] if one["id"] == before)
        if (chosen["id"] in json.loads(note_for) and not text) or chosen["id"] in json.loads(evidence_for):
            raise SystemExit("a note or a file is missing")
        left, entered = stand(was, note), stand(chosen["state"], text)
        steps = [(entered == name) - (left == name) for name in ("answered", "excluded", "not_covered")]
        if execute(COUNT, (stamp, *steps, audit_id, us)).rowcount != 1:
            raise SystemExit("not running any more")
        cells = (before, chosen["state"], chosen.get("conformity"), text, interviewee, stamp, me, version + 1)
        if execute(STORE, (*cells, row, version, us)).rowcount != 1:
            raise SystemExit("somebody else answered")
        seq, previous = execute("SELECT seq, hash FROM journal_head WHERE organisation_id = ?", (us,)).fetchone()
        facts = {"audit": named, "item": item, "answer": before, "before": before, "note_changed": text != note,
                 "files": 0}  # fmt: skip
        document = {"actor": me, "at": stamp, "event": "audit:answered", "facts": facts, "organisation": us,
                    "personal": {}, "previous": previous, "role": actor.role, "seq": seq + 1,
                    "subject": ["audit-row", row]}  # fmt: skip
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        made = hashlib.sha256(canonical.encode()).hexdigest()
        execute(APPEND, (us, seq + 1, previous, stamp, me, actor.role, row, json.dumps(facts), made))
        execute("UPDATE journal_head SET seq = ?, hash = ? WHERE organisation_id = ?", (seq + 1, made, us))
        execute(ARRIVE, (us, client_id, row, me, stamp, stamp))
        execute("COMMIT")

    return act


def alternating(act: Callable[[str], None]) -> Callable[[], None]:
    """The floor with a note that changes at each call, as ours has it."""
    serial, notes = count(1), ["", "Seen in the register"]
    return lambda: act(notes[next(serial) % 2])


def request_of_ours(client: Any, number: str, row_id: int) -> Callable[[], None]:
    """One answer as the page's script sends it."""
    base, serial, notes = f"/o/{SLUG}/audits/{number}", count(1), ["", "Seen in the register"]
    state = client.get(f"{base}/run/state").get_json()

    def act() -> None:
        at = next(serial)
        cells = {"note": {"base": notes[(at + 1) % 2], "value": notes[at % 2]}}
        sent = {"csrf_token": state["token"], "client_id": f"request-{at:08d}", "made_at": state["at"],
                "cells": json.dumps(cells)}  # fmt: skip
        if client.post(f"{base}/rows/{row_id}/save", data=sent).get_json()["state"] != "saved":
            raise SystemExit("not saved")

    return act


def request_by_hand(act: Callable[[str], None]) -> Callable[[], None]:
    """A bare Flask view around the floor."""
    hand = Flask("by hand")
    hand.testing = True  # a fault stops the run
    hand.secret_key = "by hand"

    @hand.post("/save")
    def save() -> dict[str, Any]:
        if session["person"] != 1:
            raise SystemExit("nobody is signed in")
        act(json.loads(request.form["cells"])["note"]["value"])
        return {"state": "saved"}

    client = hand.test_client()
    with client.session_transaction() as signed_in:
        signed_in["person"] = 1
    sent = {"csrf_token": "x", "client_id": "x", "made_at": "x", "cells": json.dumps({"note": {"value": "Seen"}})}
    return lambda: client.post("/save", data=sent).get_json()["state"]


def main() -> int:
    """Print the ratios with their goal; exit code 1 when one is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, client, actor = application(folder)
        path = folder / "auditkit.sqlite"
        missed = 0
        with made.app_context():
            number = audit(actor)
            rows = run.rows(reading(actor), plans.by_number(reading(actor), number).id)
            reading().rollback()
            floor = by_hand(path, number, rows[1].id, actor)
            verb = ours(number, rows[0].id, actor)
            ratio, one, least = paired(verb, alternating(floor), CALLS)
            missed += ratio > GOAL
            said = f"{one * 1000:6.3f} ms against {least * 1000:6.3f} ms"
            print(f"save an answer (verb)       {ratio:5.2f} (goal {GOAL})   {said}")
        ratio, one, least = paired(request_of_ours(client, number, rows[2].id), request_by_hand(floor), CALLS)
        print(
            f"the same as a request       {ratio:5.2f}              {one * 1000:6.3f} ms against {least * 1000:6.3f} ms"
        )
        if not re.fullmatch(r"A-\d{4}-\d{3}", number):
            raise SystemExit("no audit was made")
        with made.app_context():
            if journal.verify(reading(actor), actor.organisation_id).bad is not None:
                raise SystemExit("the journal does not hold")
            reading().rollback()
            db.engine.dispose()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
