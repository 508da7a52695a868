"""Long work in Chromium: the page moves on by itself, with scripts and without, and nothing of it breaks the policy."""

import pytest

from auditkit.accounts import service
from auditkit.base import clock, jobs
from auditkit.base.db import transaction

pytestmark = pytest.mark.sqlite_only

ROWS = b"Reference,Received,Subject\n" + b"".join(b"C-%d,2026-01-05,Late\n" % number for number in range(1, 8))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_import_moves_on_to_its_result(chromium, server, app, acme, work, scripts: bool) -> None:
    with transaction(acme.system) as tx:
        command = service.IssueLink(acme.person("quality-manager"))
        secret = service.issue_link(tx, command, clock.now(), acme.system)
    context = chromium.new_context(java_script_enabled=scripts)
    try:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{server}/account/link/{secret}")
        page.locator("main button").click()
        page.goto(f"{server}/o/acme/complaints/import/")
        page.set_input_files("input[name=table]", {"name": "late.csv", "mimeType": "text/csv", "buffer": ROWS})
        page.get_by_role("button", name="Upload and look").click()
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Import 7 complaints").click()
        page.wait_for_url("**/o/acme/work/*")
        assert page.get_by_text("Waiting for its turn").is_visible()
        with app.app_context(), transaction(acme.system) as tx:
            (job,) = tx.query(jobs.Job).all()
            job.state, job.attempts, job.progress = "running", 1, 0.4
        page.get_by_text("40 % done").wait_for(timeout=60_000)
        with app.app_context(), transaction(acme.system) as tx:
            (job,) = tx.query(jobs.Job).all()
            job.state, job.attempts = "queued", 0
        assert work() == 1
        page.wait_for_url("**/result", timeout=60_000)
        assert page.get_by_role("heading", name="Import finished").is_visible()
        assert said == []
    finally:
        context.close()
