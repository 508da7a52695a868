"""The server is killed (SIGKILL) at each step of each way in: recorded whole with its receipt, or not acknowledged.

The public form, the form of staff, and the JSON API; mail is killed in test_mailbox.py, an import in
test_importing_work.py. Sent again, each leads to the same complaint, once.
"""

import base64
import io
import json
import signal
from datetime import timedelta
from typing import Any

import pytest

from auditkit.api.service import MakeToken, make_token
from auditkit.base import clock
from auditkit.base.db import db, transaction
from tests.factories.forks import Forked
from tests.factories.http import _filled
from tests.slices.complaints.intake.filling import PNG, STORY, receipt_of

pytestmark = pytest.mark.sqlite_only

# Posts what it is told in a process of its own, which kills itself at the step it is told.
CHILD = """
import base64, io, json, os, signal, sys
from datetime import timedelta
from pathlib import Path
from auditkit.api import routes
from auditkit.app import create_app
from auditkit.base.settings import Settings
from auditkit.complaints.intake import receipt
from auditkit.complaints.intake.drafts import Draft
from auditkit.complaints.intake.rules import gate
from auditkit.evidence import intake as files
from sqlalchemy.orm import Session

gate.LEAST_TIME = timedelta(0)
told = json.loads(sys.argv[1])
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
step = told["step"]
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
elif step == "answer made":
    routes.registered = then_kill(routes.registered)
app = create_app(Settings(instance=Path(told["instance"]), database_url=told["url"], _env_file=None))
client = app.test_client()
for name, value in told["cookies"]:
    client.set_cookie(name, value)
data = dict(told["form"])
if told["file"]:
    data["files"] = (io.BytesIO(base64.b64decode(told["file"])), "a.png")
answer = client.post(told["path"], data=data, headers=told["headers"], content_type="multipart/form-data")
print(answer.status_code, answer.text[:300])
"""
HARMLESS = ("files stored", "receipt drawn", "before commit")
DONE = ("after commit", "draft discarded")


def killed(app: Any, step: str, path: str, **told: Any) -> None:
    """Post to `path` in a process that dies at `step`; what is recorded then is all of it or nothing."""
    db.session.rollback()
    db.engine.dispose()
    settings = app.extensions["auditkit.settings"]
    before = count("journal_entry")
    where = {"instance": str(settings.instance), "url": settings.url, "step": step, "path": path}
    rest = {"cookies": [], "form": {}, "headers": {}, "file": ""}
    with Forked(CHILD, json.dumps({**rest, **told, **where})) as ended:
        said = ended.stdout.read()
        assert ended.wait() == -signal.SIGKILL, said
    if step in HARMLESS:
        assert kept() == [0, 0, 0, 0]
        assert count("evidence_link") == 0
        assert count("journal_entry") == before, "nothing was acknowledged, so nothing is on record"
    else:
        assert kept() == [1, 1, 1, 1]
        assert count("evidence_link") == 1


def count(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def kept() -> list[int]:
    return [count(one) for one in ("complaint", "complaint_tracking", "complaint_receipt", "complaint_intake")]


def receipt_holds(browser: Any, reference: str, secret: str) -> None:
    """The complaint is there once, with its file, and its receipt opens the page and fits."""
    assert kept() == [1, 1, 1, 1]
    assert count("evidence_link") == 1
    fresh = browser()
    fresh.get("/p/acme/complaints/track")
    page = fresh.post_form({"reference": reference, "secret": secret}, action="/track")
    assert "a.png" in page.text
    assert "signature and fingerprint fit" in page.text


@pytest.mark.parametrize("step", [*HARMLESS, *DONE])
def test_a_strangers_form(app, acme, browser, monkeypatch, step):
    monkeypatch.setattr("auditkit.complaints.intake.rules.gate.LEAST_TIME", timedelta(0))
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    page = stranger.post_form({"files": [(io.BytesIO(PNG), "a.png")], "keep": "files"}, action="/new")
    form = {**STORY, "ticket": page.soup.find("input", {"name": "ticket"})["value"]}
    killed(app, step, "/p/acme/complaints/new", form=form)
    receipt_holds(browser, *receipt_of(stranger.post("/p/acme/complaints/new", form)))


@pytest.mark.parametrize("step", [*HARMLESS, *DONE])
def test_a_form_of_staff(app, acme, browser, step):
    member, path = browser(acme, "complaint-handler"), "/o/acme/complaints/new"
    form = {**_filled(member.get(path).form("/new")), "subject": "Kettle", "channel": "phone"}
    cookies = [(one.key, one.value) for one in member.client._cookies.values()]
    killed(app, step, path, form=form, cookies=cookies, file=base64.b64encode(PNG).decode())
    receipt_holds(browser, *receipt_of(member.post(path, form)))  # its file waits in the draft, or is kept


@pytest.mark.parametrize("step", [*HARMLESS, "after commit", "answer made"])
def test_a_request_of_the_api(app, acme, browser, step):
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        token = make_token(tx, MakeToken("Shop", ["complaints:write"], 9), clock.now(), actor)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    form = {"complaint": json.dumps({"subject": "Kettle", "received_at": "2026-02-27"})}
    path = "/api/v1/acme/complaints"
    killed(app, step, path, form=form, headers=headers, file=base64.b64encode(PNG).decode())
    answer = app.test_client().post(
        path, data={**form, "files": (io.BytesIO(PNG), "a.png")}, headers=headers, content_type="multipart/form-data"
    )
    assert answer.status_code == (201 if step in HARMLESS else 200)
    receipt_holds(browser, answer.json["reference"], answer.json["tracking_secret"])
