"""An auditor on a phone draws a sample, tests the file of a complaint in it, and sees the result."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits.filetest import queries as filetests
from auditkit.audits.queries import findings, plans, samples
from auditkit.audits.rules import Origin
from auditkit.base.db import db, reading
from tests.browser.walking import PHONE, fits, go, send
from tests.conftest import House
from tests.slices.audits.doing import own_library, started
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only

SHOWN = {"name": "page.txt", "mimeType": "text/plain", "buffer": b"The page that shows it"}


def _test_the_file(page: Any) -> None:
    """Every section in turn: the first question is answered with a fault, the others are in order."""
    for number in range(page.locator("main form[enctype]").count()):
        form = page.locator("main form[enctype]").nth(number)
        for card in form.locator(".card-box").all():
            first = number == 0 and card.get_attribute("id") == form.locator(".card-box").first.get_attribute("id")
            card.locator(f'input[type="radio"][value="{"nc" if first else "ok"}"]').check()
            card.locator("textarea").fill("No entry of the first call" if first else "Seen in the file")
            card.locator('input[type="file"]').set_input_files(SHOWN)
        with page.expect_navigation():
            form.locator('button[type="submit"]').click()
        fits(page)


def test_from_the_draw_to_the_result_of_a_file(visit: Callable[..., Any], acme: House, tmp_path: Path) -> None:
    handler = acme.actor("complaint-handler")
    number = started(acme, own_library(tmp_path))
    first_day = datetime.combine(plans.by_number(reading(acme.system), number).planned_from, time(9), UTC)
    received = first_day - timedelta(days=20)
    drawable = {registered(handler, f"Parcel {place}", received_at=received) for place in range(3)}

    # Given an audit under way, its auditor finds the samples and draws every complaint of the year before
    page = visit("internal-auditor", "en", PHONE)
    go(page, "/audits/", f"/audits/{number}", f"/audits/{number}/samples")
    send(page, "/samples", method="all")
    assert "3 of 3 complaints" in page.locator("main").inner_text()
    assert "0 of 3 files tested" in page.locator("main").inner_text()

    # When the first file is tested, question by question, and a fault is raised as a finding
    link = page.locator("a[href*='/files/']").first
    reference = link.inner_text()
    link.click()
    page.wait_for_load_state()
    fits(page)
    assert "in time" in page.locator("#trace").inner_text() or "no due date" in page.locator("#trace").inner_text()
    send(page, "/finish")
    assert "questions wait for an answer" in page.locator("main").inner_text()
    _test_the_file(page)
    page.locator("a[href*='/findings/new?']").first.click()
    page.wait_for_load_state()
    fits(page)
    page.locator('main form button[type="submit"]:not([name])').last.click()
    page.wait_for_url(f"**/findings/{number}-F1")
    go(page, f"/audits/{number}", f"/audits/{number}/samples")
    page.locator(f"a[href$='/files/{reference}']").first.click()
    page.wait_for_load_state()
    send(page, "/finish")

    # Then the sample shows it as tested, and the finding says which file it came from
    assert "1 of 3 files tested" in page.locator("main").inner_text()
    db.session.rollback()
    tx = reading(acme.system)
    head = plans.by_number(tx, number)
    (sample,) = samples.of_audit(tx, head, plans.team(tx, head.id))
    assert {one.reference for one in sample.items} == drawable
    assert filetests.progress(tx, head.id).tested == 1
    (finding,) = findings.of_audit(tx, head.id)
    assert finding.origin is Origin.SAMPLE
    assert reference in finding.origin_text + finding.evidence + finding.statement
