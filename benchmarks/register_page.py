"""A page of the register at 215,781 complaints, against a page written by hand over the same SQL.

The floor is a small Flask application of its own: it reads its signed session, runs every statement our page ran (who
is signed in among them) straight through sqlite3 and fills a plain Jinja template that gives a page of the same size;
all but the rows is fixed text in it. Both answer in turn, ten times each; the figure is the median of the ratios of
neighbouring rounds, in CPU seconds of this process. Exits with 1 when a goal is missed.
"""

import gc
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, session
from sqlalchemy import event

from auditkit import schema
from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.app import create_app
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, transaction
from auditkit.base.settings import Settings
from auditkit.complaints import rules
from auditkit.complaints.clock.models import UNTIMED_ROWS
from auditkit.complaints.models import SQLITE_INDEX_ROWS, Complaint
from auditkit.complaints.queries import Wanted, register_page

COMPLAINTS, WORDS = 215_781, 8
DEEP = 1_000
ROUNDS, CALLS = 21, 10
TIMER = time.process_time
"""Of a database that works in a process of its own, CPU seconds of this one would say nothing: set another clock."""
GOAL, DEEP_GOAL = 1.8, 1.2
SLUG = "bench"
LIST = f"/o/{SLUG}/complaints/"

ROWS = """<!doctype html>{{ head|safe }}
{% for row in rows %}<tr><td class="choose"><input class="form-check-input" type="checkbox" name="chosen" form="chosen"
value="{{ row.reference }}" aria-label="Choose {{ row.reference }}"></td>
<th scope="row"><a href="{{ base }}{{ row.reference }}">{{ row.subject }}</a><br>
<span class="secondary small fw-normal">{{ row.reference }} · {{ row.category }} · {{ row.channel }}</span></th>
<td class="text-nowrap" data-label="Received">{{ row.received_at[:10] }}</td>
<td data-label="Stage">{{ badges[row.stage][0]|safe }}</td>
<td class="number" data-label="Days open">{{ row.id }}</td></tr>
{% endfor %}
{{ foot|safe }}"""


class Capture:
    """The statements that our page executes, for the floor to repeat."""

    def __init__(self, application: Flask) -> None:
        self.statements: list[tuple[str, Any]] = []
        with application.app_context():
            event.listen(db.engine, "before_cursor_execute", self._keep)

    def _keep(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.statements.append((statement, parameters))


def application(folder: Path, url: str = "") -> tuple[Flask, Any, int]:
    """Our application on an empty database, a signed-in client, and the organisation's id."""
    settings = Settings(instance=folder, database_url=url, _env_file=None)  # type: ignore[call-arg]
    settings.make_instance()
    made = create_app(settings)
    with made.app_context():
        schema.metadata.create_all(db.engine)
        now = clock.now()
        with transaction() as tx:
            organisation_id = accounts.add_organisation(tx, accounts.AddOrganisation(SLUG, "Bench"), now)
        system = Actor.system(organisation_id)
        with transaction(system) as tx:
            member = accounts.AddMember("handler@bench.example", Role.QUALITY_MANAGER, "Helen Handler")
            person_id = accounts.add_member(tx, member, now, system)
            secret = accounts.issue_link(tx, accounts.IssueLink(person_id), now, system)
    client = made.test_client()
    page = client.get(f"/account/link/{secret}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        raise SystemExit("the sign-in page holds no token")
    client.post(f"/account/link/{secret}", data={"csrf_token": token[1]})
    return made, client, organisation_id


def complaints(organisation_id: int) -> list[dict[str, Any]]:
    """Invented complaints: twenty years, one in twenty open, words as unevenly common as words are."""
    dice = random.Random(10002)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    vocabulary = ["".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(8_000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    said = dice.choices(vocabulary, weights, k=COMPLAINTS * WORDS)
    now, start = clock.now(), datetime(2006, 1, 1, tzinfo=UTC)
    categories, channels = list(rules.CATEGORY_TITLES), list(rules.CHANNEL_TITLES)
    made = []
    for number in range(1, COMPLAINTS + 1):
        received = start + timedelta(days=number * 7_300 // COMPLAINTS + dice.randint(0, 40))
        words = said[(number - 1) * WORDS : number * WORDS]
        subject = f"{' '.join(words[:5])} {number}"
        reference = rules.reference(2026, number)
        row: dict[str, Any] = {
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
        }
        if number % 20:
            row |= CLOSED | {"acknowledged_at": received, "decided_at": received, "closed_at": received}
        else:
            row |= dict.fromkeys(CLOSED, "") | {
                "stage": "received", "acknowledged_at": None, "decided_at": None, "closed_at": None,
            }  # fmt: skip
        made.append(row)
    return made


CLOSED = {"stage": "closed", "outcome": "upheld", "decision": "As asked", "closing_ground": "no-answer"}


def fill(folder: Path, organisation_id: int) -> None:
    """Write the complaints by plain sqlite3, then their search index."""
    rows = complaints(organisation_id)
    table = Complaint.__table__
    defaults = {
        column.name: column.default.arg for column in table.c if column.default is not None and column.default.is_scalar
    }
    names = [column.name for column in table.c if column.name in {**defaults, **rows[0]}]
    connection = sqlite3.connect(folder / "auditkit.sqlite", isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-262144")
    connection.execute("BEGIN")
    connection.executemany(
        f"INSERT INTO complaint ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        (tuple(stored(whole[name]) for name in names) for whole in ({**defaults, **row} for row in rows)),
    )
    connection.execute(SQLITE_INDEX_ROWS, {"first": 1, "last": COMPLAINTS})
    connection.execute(UNTIMED_ROWS, {"first": 1, "last": COMPLAINTS})
    connection.execute("COMMIT")
    connection.close()


def stored(value: Any) -> Any:
    """A value as SQLite keeps it."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else value


def by_hand(folder: Path, statements: list[tuple[str, Any]], page: str) -> Callable[[], str]:
    """The floor for one page: the same statements, a plain template, the same amount of HTML."""
    rows = re.search(r"<tbody>(.*)</tbody>", page, re.DOTALL)
    if rows is None:
        raise SystemExit("our page holds no table")
    static = {"head": page[: rows.start(1)].replace("<!doctype html>", ""), "foot": page[rows.end(1) :]}
    badges = {
        stage: re.findall(rf'<span class="badge-[^>]*>(?:(?!</svg>).)*</svg></span>{title}</span>', rows[1])[:1]
        for stage, title in rules.STAGE_TITLES.items()
    }
    connection = sqlite3.connect(folder / "auditkit.sqlite", isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA cache_size=-32768")
    hand = Flask("by hand")
    hand.testing = True  # a fault stops the run
    hand.secret_key = "by hand"
    template = hand.jinja_env.from_string(ROWS)

    @hand.get("/")
    def show() -> str:
        if session["person"] != 1:
            raise SystemExit("nobody is signed in")
        found: list[Any] = []
        for statement, parameters in statements:
            fetched = connection.execute(statement, parameters).fetchall()
            if len(fetched) > len(found):
                found = fetched
        return template.render(rows=found[:50], base=LIST, badges=badges, **static)

    client = hand.test_client()
    with client.session_transaction() as signed_in:
        signed_in["person"] = 1
    return lambda: client.get("/").get_data(as_text=True)


def cpu(act: Callable[[], Any]) -> float:
    """CPU seconds of one call (by TIMER), over CALLS of them in a row, as a server works."""
    before = TIMER()
    for _ in range(CALLS):
        act()
    return (TIMER() - before) / CALLS


def paired(ours: Callable[[], Any], floor: Callable[[], Any]) -> tuple[float, float, float]:
    """(ratio, ours, the floor): the median of the ratios of ROUNDS neighbouring rounds, and the best of each."""
    ours()
    floor()
    gc.collect()
    rounds = [(cpu(ours), cpu(floor)) for _ in range(ROUNDS)]
    ratio = statistics.median(one / other for one, other in rounds)
    return ratio, min(one for one, _ in rounds), min(other for _, other in rounds)


def deep_cursor(made: Flask, organisation_id: int) -> str:
    """The cursor of page DEEP of the closed complaints, found by walking there."""
    with made.app_context(), transaction(Actor.system(organisation_id)) as tx:
        cursor = ""
        for _ in range(DEEP - 1):
            following = register_page(tx, Wanted(stage="closed"), cursor).next
            if following is None:
                raise SystemExit(f"there is no page {DEEP}")
            cursor = following
        return cursor


def common_and_rare(folder: Path) -> dict[str, str]:
    """A word of about one complaint in a hundred, and one of about a hundred complaints."""
    connection = sqlite3.connect(folder / "auditkit.sqlite")
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'complaint_search', 'row')")
    nearest = "SELECT term FROM temp.vocabulary WHERE term GLOB '*[a-z]' ORDER BY abs(doc - ?) LIMIT 1"
    found = {
        name: str(connection.execute(nearest, (documents,)).fetchone()[0]).split("·")[1]
        for name, documents in (("common", COMPLAINTS // 100), ("rare", 100))
    }
    connection.close()
    return found


def main() -> int:
    """Print every ratio with its goal; exit code 1 when one is missed."""
    missed = 0

    def report(what: str, ratio: float, goal: float, ours: float, floor: float) -> None:
        nonlocal missed
        missed += ratio > goal
        print(f"{what:<44} {ratio:5.2f} (goal {goal})   {ours * 1000:6.2f} ms against {floor * 1000:6.2f} ms")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, client, organisation_id = application(folder)
        # In a process of its own, so that this one's memory is as tidy as a server's.
        subprocess.run([sys.executable, __file__, "fill", str(folder), str(organisation_id)], check=True)
        words = common_and_rare(folder)
        capture = Capture(made)
        pages = {
            "filtered by stage, sorted by date": f"{LIST}?stage=closed&sort=newest",
            "open, oldest first (where it opens)": LIST,
            f"search, word of 1 in 100 ({words['common']})": f"{LIST}?stage=all&q={words['common']}",
            f"search, rare word ({words['rare']})": f"{LIST}?stage=all&q={words['rare']}",
        }
        for what, address in pages.items():
            client.get(address)  # once before, so that what is made once is made
            capture.statements.clear()
            page = client.get(address).get_data(as_text=True)
            shown = page.count('<th scope="row">')
            if shown != 50:
                raise SystemExit(f"{what}: {shown} rows instead of 50")
            floor = by_hand(folder, list(capture.statements), page)
            if not 0.95 < len(floor()) / len(page) < 1.01:
                raise SystemExit(f"{what}: the floor's page is {len(floor())} long, ours {len(page)}")
            report(what, *_with_goal(paired(lambda address=address: client.get(address).get_data(), floor)))
        first = pages["filtered by stage, sorted by date"]
        deep = f"{first}&page={deep_cursor(made, organisation_id)}"
        ratio, ours, floor_cpu = paired(lambda: client.get(deep).get_data(), lambda: client.get(first).get_data())
        report(f"page {DEEP:,} against page 1", ratio, DEEP_GOAL, ours, floor_cpu)
        with made.app_context():
            db.engine.dispose()
    return 1 if missed else 0


def _with_goal(measured: tuple[float, float, float]) -> tuple[float, float, float, float]:
    ratio, ours, floor = measured
    return ratio, GOAL, ours, floor


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
