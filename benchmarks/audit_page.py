"""Opening the run page of an audit of 120 answered questions with 240 files, against a page written by hand.

The floor is a small Flask application of its own: it reads its signed session, runs every statement our page ran (who
is signed in among them) straight through sqlite3 and fills a plain Jinja template that gives a page of the same size.
Both answer in turn; the figure is the median of the ratios of neighbouring rounds, in CPU seconds of this process.
Exits with 1 when a goal is missed: at most 3 times the floor, at most 8 statements.
"""

import gc
import io
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, session
from sqlalchemy import delete, update

from auditkit import schema
from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role, permissions_of
from auditkit.app import create_app
from auditkit.audits import service
from auditkit.audits.independence import service as independence
from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.queries import plans, run
from auditkit.audits.rules import TeamRole
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, transaction
from auditkit.base.settings import Settings
from auditkit.content.library import shared
from auditkit.evidence import intake
from auditkit.evidence import service as evidence

ROWS, FILES = 120, 240
ROUNDS, CALLS = 15, 6
GOAL, STATEMENTS = 3.0, 8
SLUG, CHECKLIST = "bench", "internal-audit-2018"

PAGE = """<!doctype html>{{ head|safe }}
{% for row in rows %}<article class="audit-row" id="row-{{ row.position }}">
<p><span>{{ row.position }} · {{ row.clause }}</span></p><h3>{{ row.question }}</h3>
<form method="post" action="{{ base }}{{ row.id }}"><input type="hidden" name="version" value="{{ row.version }}">
{{ fixed|safe }}<textarea name="note">{{ row.note }}</textarea></form>
<ul>{% for one in files[row.id] %}<li><a href="{{ evidence }}{{ one.digest }}">{{ one.name }}</a></li>{% endfor %}</ul>
<p>{{ row.good }}</p><p>{{ row.expected }}</p><p>{{ row.guidance }}</p><time>{{ row.answered_at }}</time></article>
{% endfor %}
{{ foot|safe }}"""


def application(folder: Path) -> tuple[Flask, Any, Actor]:
    """Our application on an empty database, a client signed in as an auditor, and the auditor."""
    settings = Settings(instance=folder, _env_file=None)  # type: ignore[call-arg]
    settings.make_instance()
    made = create_app(settings)
    with made.app_context():
        schema.metadata.create_all(db.engine)
        now = clock.now()
        with transaction() as tx:
            organisation_id = accounts.add_organisation(tx, accounts.AddOrganisation(SLUG, "Bench"), now)
        system = Actor.system(organisation_id)
        with transaction(system) as tx:
            member = accounts.AddMember("auditor@bench.example", Role.ADMINISTRATOR, "Ivan Auditor")
            person_id = accounts.add_member(tx, member, now, system)
            secret = accounts.issue_link(tx, accounts.IssueLink(person_id), now, system)
    client = made.test_client()
    page = client.get(f"/account/link/{secret}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        raise SystemExit("the sign-in page holds no token")
    client.post(f"/account/link/{secret}", data={"csrf_token": token[1]})
    actor = Actor(organisation_id, person_id, "administrator", "Ivan Auditor", permissions_of(Role.ADMINISTRATOR))
    return made, client, actor


def audit(actor: Actor) -> str:
    """The number of a running audit of ROWS questions, none answered."""
    today = clock.now().date()
    library = shared()
    system = Actor.system(actor.organisation_id)
    with transaction(system) as tx:
        record = independence.RecordCompetence(
            actor.person_id or 0, "Lead auditor", "Course", today - timedelta(days=99), today + timedelta(days=365)
        )
        independence.record_competence(tx, record, clock.now(), system)
    plan = service.PlanAudit(
        title="Bench",
        objectives="See how fast it is",
        scope="Everything",
        checklist_id=CHECKLIST,
        planned_from=today,
        planned_to=today + timedelta(days=1),
        team=((actor.person_id or 0, TeamRole.LEAD),),
    )
    with transaction(actor) as tx:
        number = str(service.plan(tx, plan, clock.now(), actor, library=library))
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=library)
    with transaction(actor) as tx:
        tx.execute(delete(AuditRow).where(AuditRow.position > ROWS))
        tx.execute(update(Audit).values(rows_total=ROWS))
    return number


def answers(number: str, actor: Actor) -> None:
    """Answer every question with a note and two files."""
    with transaction(actor) as tx:
        rows = run.rows(tx, plans.by_number(tx, number).id)
        for row in rows:
            received = intake.receive(
                [(io.BytesIO(f"seen {row.id} {copy}".encode()), f"seen-{row.id}-{copy}.txt") for copy in (1, 2)]
            )
            files = tuple(evidence.add(tx, evidence.Add(received), clock.now(), actor))
            answer = ("conforms", "partly")[row.position % 2]
            command = service.Answer(number, row.id, row.version, answer, "Seen in the register.", files)
            service.answer(tx, command, clock.now(), actor)


def by_hand(folder: Path, statements: list[tuple[str, Any]], page: str) -> Callable[[], str]:
    """The floor: the same statements, a plain template, the same amount of HTML."""
    connection = sqlite3.connect(folder / "auditkit.sqlite", isolation_level=None)
    connection.row_factory = sqlite3.Row
    hand = Flask("by hand")
    hand.testing = True  # a fault stops the run
    hand.secret_key = "by hand"
    template = hand.jinja_env.from_string(PAGE)
    start, end = page.index("<article"), page.rindex("</article>")
    static = {"head": page[:start], "foot": page[end:]}

    @hand.get("/")
    def show() -> str:
        if session["person"] != 1:
            raise SystemExit("nobody is signed in")
        rows: list[Any] = []
        files: dict[int, list[Any]] = {}
        for statement, parameters in statements:
            found = connection.execute(statement, parameters).fetchall()
            if found and "question" in tuple(found[0].keys()):
                rows = found
            elif found and "digest" in tuple(found[0].keys()):
                for one in found:
                    files.setdefault(one["subject_id"], []).append(one)
        return template.render(rows=rows, files=files, base="/o/bench/", evidence="/e/", fixed=fixed, **static)

    client = hand.test_client()
    with client.session_transaction() as signed_in:
        signed_in["person"] = 1
    fixed = ""
    short = len(page) - len(client.get("/").get_data(as_text=True))
    fixed = "x" * max(short // ROWS, 0)
    return lambda: client.get("/").get_data(as_text=True)


def cpu(act: Callable[[], Any], calls: int = CALLS) -> float:
    """CPU seconds of one call, over several of them in a row, as a server works."""
    before = time.process_time()
    for _ in range(calls):
        act()
    return (time.process_time() - before) / calls


def paired(ours: Callable[[], Any], floor: Callable[[], Any], calls: int = CALLS) -> tuple[float, float, float]:
    """(ratio, ours, the floor): the median of the ratios of ROUNDS neighbouring rounds, and the best of each."""
    ours()
    floor()
    gc.collect()
    rounds = [(cpu(ours, calls), cpu(floor, calls)) for _ in range(ROUNDS)]
    ratio = statistics.median(one / other for one, other in rounds)
    return ratio, min(one for one, _ in rounds), min(other for _, other in rounds)


def listen(kept: list[tuple[str, Any]]) -> None:
    """Keep what the driver is given from now on: from the session, and from statements prepared once."""
    dialect = db.engine.dialect
    execute = dialect.do_execute

    def noted(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        kept.append((statement, parameters))
        execute(cursor, statement, parameters, context)

    dialect.do_execute = noted  # type: ignore[method-assign]


def main() -> int:
    """Print the ratio with its goal; exit code 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, client, actor = application(folder)
        with made.app_context():
            number = audit(actor)
            answers(number, actor)
            reading().rollback()
            kept: list[tuple[str, Any]] = []
            listen(kept)
        address = f"/o/{SLUG}/audits/{number}/run"
        client.get(address)
        kept.clear()
        page = client.get(address).get_data(as_text=True)
        asked = list(kept)
        if page.count("<article") != ROWS or page.count("/evidence/") < FILES:
            raise SystemExit(f"the page shows {page.count('<article')} questions")
        floor = by_hand(folder, asked, page)
        if not 0.95 < len(floor()) / len(page) < 1.05:
            raise SystemExit(f"the floor's page is {len(floor())} long, ours {len(page)}")
        ratio, ours, least = paired(lambda: client.get(address).get_data(), floor)
        print(f"open an audit of {ROWS} questions, {FILES} files      {ratio:5.2f} (goal {GOAL})   "
              f"{ours * 1000:6.2f} ms against {least * 1000:6.2f} ms, {len(page) // 1000} kB")  # fmt: skip
        print(f"statements                                     {len(asked):5d} (goal {STATEMENTS})")
        with made.app_context():
            db.engine.dispose()
    return int(ratio > GOAL or len(asked) > STATEMENTS)


if __name__ == "__main__":
    sys.exit(main())
