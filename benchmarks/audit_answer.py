"""Saving an answer from a device against the same statements and the same hash written by hand, commit included.

The floor reads the row, updates the row and the audit's counters, appends the journal's entry to its chain and keeps
the arrival, straight through sqlite3 in one transaction, as somebody would who wrote nothing but this. Beside it the
same as a request: ours with its session, token and JSON, against a bare Flask view around the floor. Figures are the
median of the ratios of neighbouring rounds in CPU seconds. Exits with 1 where a goal is missed.
"""

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
from auditkit.journal.rules import EntryContent, entry_hash

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


def by_hand(path: Path, row_id: int, actor: Actor) -> Callable[[str], None]:
    """The floor: the same reads, the same writes, the same hash."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=NORMAL")
    serial = count(1)

    def act(note: str) -> None:
        at, now = next(serial), datetime.now(UTC)
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("SELECT 1 FROM audit_arrival WHERE client_id = ?", (f"hand-{at:08d}",)).fetchone():
            raise SystemExit("this answer is here already")
        row = connection.execute(
            "SELECT r.*, a.number, a.state, a.scale FROM audit_row r JOIN audit a ON a.id = r.audit_id WHERE r.id = ?",
            (row_id,),
        ).fetchone()
        connection.execute(
            "SELECT role FROM audit_member WHERE audit_id = ? AND person_id = ?", (row["audit_id"], actor.person_id)
        ).fetchone()
        if not json.loads(row["scale"])["answers"]:
            raise SystemExit("no answers")
        connection.execute(
            "UPDATE audit SET changed_at = ?, rows_answered = rows_answered + ? WHERE id = ?",
            (stamp, 0, row["audit_id"]),
        )
        connection.execute(
            "UPDATE audit_row SET note = ?, answered_at = ?, answered_by = ?, version = version + 1 WHERE id = ?",
            (note, stamp, actor.person_id, row_id),
        )
        head = connection.execute(
            "SELECT * FROM journal_head WHERE organisation_id = ?", (actor.organisation_id,)
        ).fetchone()
        facts = {"audit": row["number"], "item": row["item_id"], "answer": row["answer"], "note_changed": True}
        content = EntryContent(
            organisation_id=actor.organisation_id, seq=head["seq"] + 1, previous=head["hash"], event="audit:answered",
            at=now, actor_id=actor.person_id, role=actor.role, subject_kind="audit-row", subject_id=row_id, facts=facts,
            personal={},
        )  # fmt: skip
        made = entry_hash(content)
        connection.execute(
            "INSERT INTO journal_entry (organisation_id, seq, previous, event, at, actor_id, role, subject_kind,"
            " subject_id, facts, personal, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (content.organisation_id, content.seq, content.previous, content.event, stamp, content.actor_id,
             content.role, content.subject_kind, row_id, json.dumps(facts), "{}", made),
        )  # fmt: skip
        connection.execute(
            "UPDATE journal_head SET seq = ?, hash = ? WHERE organisation_id = ?",
            (content.seq, made, actor.organisation_id),
        )
        connection.execute(
            "INSERT INTO audit_arrival (organisation_id, client_id, row_id, person_id, made_at, arrived_at, conflicts)"
            " VALUES (?, ?, ?, ?, ?, ?, '[]')",
            (actor.organisation_id, f"hand-{at:08d}", row_id, actor.person_id, stamp, stamp),
        )
        connection.execute("COMMIT")

    return act


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
            floor = by_hand(path, rows[1].id, actor)
            verb = ours(number, rows[0].id, actor)
            ratio, one, least = paired(verb, lambda: floor("Seen"), CALLS)
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
            db.engine.dispose()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
