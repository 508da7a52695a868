"""The server is killed (SIGKILL) at each step of a form: recorded whole with its receipt, or not acknowledged."""

import io
import re
import signal
from datetime import timedelta

import pytest

from auditkit.base.db import db
from tests.factories.forks import Forked
from tests.slices.complaints.intake.filling import PNG, STORY, receipt_of

pytestmark = pytest.mark.sqlite_only

# Posts the form in a process of its own, which kills itself at the step it is told.
CHILD = """
import io, os, signal, sys
from datetime import timedelta
from pathlib import Path
from auditkit.app import create_app
from auditkit.base import db as database
from auditkit.base.settings import Settings
from auditkit.complaints.intake import receipt
from auditkit.complaints.intake.drafts import Draft
from auditkit.complaints.intake.rules import gate
from auditkit.evidence import intake as files
from sqlalchemy.orm import Session

gate.LEAST_TIME = timedelta(0)
instance, url, step, ticket = sys.argv[1:5]
def kill(*arguments, **more):
    os.kill(os.getpid(), signal.SIGKILL)
def then_kill(function):
    def called(*arguments, **more):
        function(*arguments, **more)
        kill()
    return called
commit, draw, drawn = Session.commit, receipt.draw, []
def draw_and_note(**more):
    drawn.append(True)
    return draw(**more)
receipt.draw = draw_and_note
def before_commit(self):
    if drawn:  # the commit that holds the complaint
        kill()
    commit(self)
def after_commit(self):
    commit(self)
    if drawn:
        kill()
if step == "files stored":
    files.receive = then_kill(files.receive)
elif step == "receipt drawn":
    receipt.draw = then_kill(receipt.draw)
elif step == "before commit":
    Session.commit = before_commit
elif step == "after commit":
    Session.commit = after_commit
elif step == "draft discarded":
    Draft.discard = then_kill(Draft.discard)
app = create_app(Settings(instance=Path(instance), database_url=url, _env_file=None))
story = dict(zip(sys.argv[5::2], sys.argv[6::2]))
answer = app.test_client().post("/p/acme/complaints/new", data={**story, "ticket": ticket})
print(answer.status_code)
"""
HARMLESS = ("files stored", "receipt drawn", "before commit")
DONE = ("after commit", "draft discarded")


def count(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def kept() -> list[int]:
    return [count(one) for one in ("complaint", "complaint_tracking", "complaint_receipt", "complaint_intake")]


@pytest.mark.parametrize("step", [*HARMLESS, *DONE])
def test_a_killed_server_leaves_all_of_it_or_nothing(app, acme, browser, monkeypatch, step):
    monkeypatch.setattr("auditkit.complaints.intake.rules.gate.LEAST_TIME", timedelta(0))
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    page = stranger.post_form({"files": [(io.BytesIO(PNG), "a.png")], "keep": "files"}, action="/new")
    ticket = page.soup.find("input", {"name": "ticket"})["value"]
    db.session.rollback()
    db.engine.dispose()
    settings = app.extensions["auditkit.settings"]
    before = count("journal_entry")
    pairs = [text for pair in STORY.items() for text in pair]
    with Forked(CHILD, str(settings.instance), settings.url, step, ticket, *pairs) as ended:
        said = ended.stdout.read()
        assert ended.wait() == -signal.SIGKILL, said

    if step in HARMLESS:
        assert kept() == [0, 0, 0, 0]
        assert count("evidence_link") == 0
        assert count("journal_entry") == before, "nothing was acknowledged, so nothing is on record"
    else:
        assert kept() == [1, 1, 1, 1]
        assert count("evidence_link") == 1

    # Sent again, the form leads to the receipt, with its file, once.
    page = stranger.post("/p/acme/complaints/new", {**STORY, "ticket": ticket})
    reference, secret = receipt_of(page)
    assert kept() == [1, 1, 1, 1]
    assert count("evidence_link") == 1
    fresh = browser()
    fresh.get("/p/acme/complaints/track")
    page = fresh.post_form({"reference": reference, "secret": secret}, action="/track")
    assert "a.png" in page.text
    assert re.search("signature and fingerprint fit", page.text)
