"""The register, search and a case's page at a million complaints with five million journal entries.

Each page is held against the statements it runs, straight through sqlite3, plus a plain template of the same size (a
list) or its own templates drawn from what they were given (a page of forms); and page 10,000 and page 1 against each
other. It takes some ten minutes and three gigabytes, so it is only run when AUDITKIT_BENCH_COMPLAINTS says how many
complaints (1000000); `register_page.py` measures a fifth of it every time. Exits with 1 when a goal is missed.
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import register_page as base
from flask import Flask, before_render_template, g, session

from auditkit.base import clock
from auditkit.base.db import db
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint

COMPLAINTS = int(os.environ.get("AUDITKIT_BENCH_COMPLAINTS", "0"))
EVENTS = 5
PORTION = 20_000
GOAL, DEEP_GOAL = 3.0, 1.25
EVENT_NAMES = ("registered", "acknowledged", "assigned", "decided", "closed")


def complaints(organisation_id: int) -> Iterator[dict[str, Any]]:
    """Invented complaints as `register_page` makes them, a portion at a time."""
    dice = random.Random(10002)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    vocabulary = ["".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(8_000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    now, start = clock.now(), datetime(2006, 1, 1, tzinfo=UTC)
    categories, channels = list(rules.CATEGORY_TITLES), list(rules.CHANNEL_TITLES)
    closed = base.CLOSED
    opened = dict.fromkeys(closed, "") | {"stage": "received"}
    said: list[str] = []
    for number in range(1, COMPLAINTS + 1):
        if not said:
            said = dice.choices(vocabulary, weights, k=PORTION * base.WORDS)
        words = [said.pop() for _ in range(base.WORDS)]
        received = start + timedelta(days=number * 7_300 // COMPLAINTS + dice.randint(0, 40))
        reference = rules.reference(2026, number)
        subject = f"{' '.join(words[:5])} {number}"
        moment = None if number % 20 == 0 else received
        yield {
            "organisation_id": organisation_id,
            "reference": reference,
            "received_at": received,
            "received_is_day": True,
            "recorded_at": now,
            "changed_at": now,
            "channel": dice.choice(channels).value,
            "category": dice.choice(categories).value,
            "subject": subject,
            "description": " ".join(words),
            "search_words": rules.search_words(organisation_id, reference, [subject, *words], []),
            "acknowledged_at": moment,
            "decided_at": moment,
            "closed_at": moment,
            **(closed if moment else opened),
        }


def fill(folder: Path, organisation_id: int) -> None:
    """Write complaints, their search index and their journal by plain sqlite3."""
    table = Complaint.__table__
    defaults = {
        column.name: column.default.arg for column in table.c if column.default is not None and column.default.is_scalar
    }
    rows = complaints(organisation_id)
    first = {**defaults, **next(rows)}
    names = [column.name for column in table.c if column.name in first]
    connection = sqlite3.connect(folder / "auditkit.sqlite", isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-262144"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")

    def values() -> Iterator[tuple[Any, ...]]:
        yield tuple(base.stored(first[name]) for name in names)
        for row in rows:
            whole = {**defaults, **row}
            yield tuple(base.stored(whole[name]) for name in names)

    connection.executemany(
        f"INSERT INTO complaint ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values()
    )
    connection.execute(base.SQLITE_INDEX_ROWS, {"first": 1, "last": COMPLAINTS})
    connection.execute(base.UNTIMED_ROWS, {"first": 1, "last": COMPLAINTS})
    last = connection.execute("SELECT coalesce(max(seq), 0) FROM journal_entry").fetchone()[0]
    at, link = base.stored(clock.now()), "0" * 64
    connection.executemany(
        "INSERT INTO journal_entry (organisation_id, seq, event, at, actor_id, role, subject_kind, subject_id, facts, "
        "personal, previous, hash) VALUES (?, ?, ?, ?, NULL, 'complaint-handler', 'complaint', ?, '{}', '{}', ?, ?)",
        (
            (
                organisation_id,
                last + number * EVENTS + place + 1,
                f"complaint:{EVENT_NAMES[place % len(EVENT_NAMES)]}",
                at,
                number + 1,
                link,
                link,
            )
            for number in range(COMPLAINTS)
            for place in range(EVENTS)
        ),
    )
    connection.execute(
        "UPDATE journal_head SET seq = ?, hash = ? WHERE organisation_id = ?",
        (last + COMPLAINTS * EVENTS, link, organisation_id),
    )
    keep_time(connection, organisation_id)
    connection.execute("COMMIT")
    connection.close()


def keep_time(connection: sqlite3.Connection, organisation_id: int) -> None:
    """Give the open complaints due dates, spread over two months around now."""
    now = clock.now()

    def moment(number: int, days: int) -> str:
        return str(base.stored(now + timedelta(minutes=number * 37 % 86_400 - 43_200, days=days)))

    connection.executemany(
        "INSERT INTO complaint_clock (complaint_id, organisation_id, chosen_at, assumed_severity, severity, priority, "
        "paused_seconds, next_target, next_warn_at, next_due_at, next_very_at) "
        "VALUES (?, ?, ?, 'medium', '', '', 0, 'decide', ?, ?, ?)",
        (
            (number, organisation_id, base.stored(now), *(moment(number, days) for days in (-5, 0, 10)))
            for number in range(20, COMPLAINTS + 1, 20)
        ),
    )


def main() -> int:
    """Print every ratio with its goal; exit code 1 when one is missed."""
    if not COMPLAINTS:
        print("register at a million: not measured; set AUDITKIT_BENCH_COMPLAINTS=1000000 (ten minutes, 3 GB)")
        return 0
    missed = 0

    def report(what: str, ratio: float, goal: float, ours: float, floor: float) -> None:
        nonlocal missed
        missed += ratio > goal
        print(
            f"{what:<46} {ratio:5.2f} (goal {goal})   {ours * 1000:6.2f} ms against {floor * 1000:6.2f} ms", flush=True
        )

    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, client, organisation_id = base.application(folder)
        with made.app_context():
            db.session.remove()
            db.engine.dispose()  # nobody else may have the file open while it is filled without its own journal
        command = [sys.executable, __file__, "fill", str(folder), str(organisation_id)]
        subprocess.run(command, check=True)
        print(
            f"{COMPLAINTS:,} complaints and {COMPLAINTS * EVENTS:,} entries written in {time.monotonic() - begun:.0f} s"
        )
        base.COMPLAINTS = COMPLAINTS
        base.ROUNDS, base.CALLS = 9, 5
        words = base.common_and_rare(folder)
        capture = base.Capture(made)
        first = f"{base.LIST}?stage=closed&sort=newest"
        by_due = f"{base.LIST}?stage=open&sort=due"
        pages = {
            "register, filtered by stage": first,
            "register, open ones, oldest first": f"{base.LIST}?stage=open",
            "register, open ones, due first": by_due,
            "register, all, due first": f"{base.LIST}?stage=all&sort=due",
            "what is due, everybody's": f"{base.LIST}due/?whose=all",
            f"search, word of 1 in 100 ({words['common']})": f"{base.LIST}?stage=all&q={words['common']}",
            f"search, rare word ({words['rare']})": f"{base.LIST}?stage=all&q={words['rare']}",
            "a case": f"{base.LIST}{rules.reference(2026, COMPLAINTS // 40 * 20)}",
            "a closed case": f"{base.LIST}{rules.reference(2026, COMPLAINTS // 40 * 20 + 1)}",
        }
        for what, address in pages.items():
            client.get(address)
            capture.statements.clear()
            answer = client.get(address)
            page = answer.get_data(as_text=True)
            if answer.status_code != 200:
                raise SystemExit(f"{what}: {answer.status_code}")
            by_hand = base.by_hand if "<tbody>" in page and address.startswith(f"{base.LIST}?") else static_by_hand
            floor = by_hand(folder, list(capture.statements), page)
            if by_hand is static_by_hand:
                floor = both(floor, templates_of(made, client, address))
            ratio, ours, other = base.paired(lambda address=address: client.get(address).get_data(), floor)
            report(what, ratio, GOAL, ours, other)
        depth = min(base.DEEP * 10, COMPLAINTS // 60)
        deep = f"{first}&page={deep_cursor(folder, depth)}"
        if client.get(deep).get_data(as_text=True).count('<th scope="row">') != 50:
            raise SystemExit(f"page {depth} is not full")
        ratio, ours, other = base.paired(lambda: client.get(deep).get_data(), lambda: client.get(first).get_data())
        report(f"page {depth:,} against page 1", ratio, DEEP_GOAL, ours, other)
        late = COMPLAINTS // 1_200
        deep = f"{by_due}&page={due_cursor(folder, late)}"
        if client.get(deep).get_data(as_text=True).count('<th scope="row">') != 50:
            raise SystemExit(f"page {late} by due date is not full")
        ratio, ours, other = base.paired(lambda: client.get(deep).get_data(), lambda: client.get(by_due).get_data())
        report(f"by due date, page {late:,} against page 1", ratio, DEEP_GOAL, ours, other)
        with made.app_context():
            db.engine.dispose()
    print(f"in {time.monotonic() - begun:.0f} s")
    return 1 if missed else 0


def static_by_hand(folder: Path, statements: list[tuple[str, Any]], page: str) -> Callable[[], str]:
    """The floor of a page without a list: its statements, and its own text through a plain template."""
    connection = sqlite3.connect(folder / "auditkit.sqlite", isolation_level=None)
    connection.execute("PRAGMA cache_size=-32768")
    hand = Flask("by hand")
    hand.testing = True
    hand.secret_key = "by hand"
    template = hand.jinja_env.from_string("{% for part in parts %}{{ part|safe }}\n{% endfor %}")
    parts = page.split("\n")

    @hand.get("/")
    def show() -> str:
        if session["person"] != 1:
            raise SystemExit("nobody is signed in")
        for statement, parameters in statements:
            connection.execute(statement, parameters).fetchall()
        return template.render(parts=parts)

    client = hand.test_client()
    with client.session_transaction() as signed_in:
        signed_in["person"] = 1
    return lambda: client.get("/").get_data(as_text=True)


def templates_of(made: Flask, client: Any, address: str) -> Callable[[], None]:
    """The templates of a page without a list, drawn again from what they were given; they ask nothing any more."""
    taken: list[tuple[Any, dict[str, Any]]] = []
    known: dict[str, Any] = {}
    asleep = False

    def take(_sender: Any, template: Any, context: dict[str, Any], **_more: Any) -> None:
        nonlocal asleep
        if asleep:
            return
        given = dict(context)
        if "parts_of" in given:  # the parts that other folders put onto the page are drawn for themselves
            asleep = True
            parts = {place: given["parts_of"](place, given["case"]) for place in ("main", "aside", "owner")}
            given["parts_of"] = lambda place, _case: parts[place]
            asleep = False
        taken.append((template, given))
        known.update(vars(g._get_current_object()))

    with before_render_template.connected_to(take, made):
        client.get(address)

    def draw() -> None:
        with made.test_request_context(address):
            vars(g._get_current_object()).update(known)
            for template, given in taken:
                template.render(given)

    return draw


def both(*acts: Callable[[], Any]) -> Callable[[], None]:
    """One after the other."""

    def act() -> None:
        for one in acts:
            one()

    return act


def deep_cursor(folder: Path, depth: int) -> str:
    """The cursor of a page far down the closed complaints, newest first, straight from the table."""
    connection = sqlite3.connect(folder / "auditkit.sqlite")
    found = connection.execute(
        "SELECT received_at, id FROM complaint WHERE stage = 'closed' "
        "ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET ?",
        (depth * 50 - 51,),
    ).fetchone()
    connection.close()
    at = datetime.fromisoformat(found[0])
    return f"n{(at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}.{found[1]}"


def due_cursor(folder: Path, depth: int) -> str:
    """The same of a page of the list by due date."""
    connection = sqlite3.connect(folder / "auditkit.sqlite")
    found = connection.execute(
        "SELECT next_due_at, complaint_id FROM complaint_clock ORDER BY next_due_at, complaint_id LIMIT 1 OFFSET ?",
        (depth * 50 - 51,),
    ).fetchone()
    connection.close()
    at = datetime.fromisoformat(found[0])
    return f"n{(at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}.{found[1]}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
