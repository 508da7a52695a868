"""Figures as a manager uses them: dashboard, complaints behind, frozen, in a review to signed minutes; by mail."""

import email
import io
from collections.abc import Callable
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import update

from auditkit.base import clock, jobs, outbox
from auditkit.base.db import db, transaction
from auditkit.base.delivery import to_folder
from auditkit.insights.sending import jobs as sending
from auditkit.insights.sending.models import DashboardSchedule
from tests.browser.walking import DESK, go, send
from tests.conftest import House
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only
CASES = 24


@pytest.fixture
def page(visit: Callable[..., Any]) -> Any:
    return visit("quality-manager", "en", DESK)


def received(acme: House) -> None:
    """A day with enough complaints for charts, of two categories."""
    for number in range(CASES):
        category = "delivery" if number % 3 else "service"
        registered(acme.actor("complaint-handler"), received_at=clock.now(), category=category)


def last(page: Any) -> None:
    """Send the page's only form."""
    page.locator("main form button[type=submit]").last.click()


def test_from_the_dashboard_to_signed_minutes(page: Any, acme: House) -> None:
    received(acme)
    base = page.url.split("/o/")[0] + "/o/acme"

    # The dashboard, and the complaints behind one bar
    page.goto(f"{base}/insights/")
    figure = page.locator("figure.chart", has_text="Complaints by category")
    page.emulate_media(media="print")  # what is folded on the screen is on paper
    assert figure.get_by_role("link", name="Service").is_visible()
    assert figure.get_by_text("Formula", exact=True).is_visible()
    page.emulate_media(media="screen")
    assert not figure.get_by_role("link", name="Service").is_visible()
    figure.locator("summary").click()
    figure.get_by_role("link", name="Service").click()
    page.wait_for_url("**/records?**")
    assert page.locator("main tbody tr").count() == CASES // 3

    # The figure, frozen. On a telephone a long label is never taller than its row
    page.goto(f"{base}/insights/")
    page.set_viewport_size({"width": 360, "height": 800})
    labels = page.locator("main td[data-label]").evaluate_all(
        "cells => cells.filter(cell => cell.clientHeight).map("
        "cell => [parseFloat(getComputedStyle(cell, '::before').height), cell.clientHeight])"
    )
    assert labels
    assert all(label <= room for label, room in labels)
    page.set_viewport_size(DESK["viewport"])
    page.get_by_role("link", name="Complaints received", exact=True).first.click()
    page.wait_for_url("**/figures/received**")
    page.get_by_role("button", name="Freeze this figure").click()
    page.wait_for_url("**/insights/frozen/*")
    assert page.get_by_text("The figure is frozen").is_visible()

    # A review takes the figures
    page.goto(f"{base}/reviews/new")
    today = clock.now().date().isoformat()
    chair = str(acme.person("quality-manager"))
    page.locator('[name="title"]').fill("Spring")
    page.locator('[name="period_to"]').fill(today)
    page.locator('[name="chair_id"]').select_option(chair)
    last(page)
    review = page.url.split("#")[0]
    number = review.rpartition("/")[2]
    send(page, "/freeze")
    card = page.locator(f'a[href$="{number}/inputs/complaints"]').locator("xpath=ancestor::section[1]")
    assert card.locator("dd strong").first.inner_text() == str(CASES)
    card.locator("dd strong a").first.click()
    page.wait_for_url("**/insights/frozen/*")

    # Held, written, decided, signed
    page.goto(f"{review}/people")
    for choice in page.locator('select[name^="state-"]').all():
        choice.select_option("present")
    send(page, f"{number}/people")
    send(page, f"{number}/hold")
    for area in page.locator("main textarea").all():
        area.fill("Looked at.")
    page.locator('main button[name="decide"][value="decide-process"]').click()
    page.wait_for_url("**/decide?**")
    send(page, "/decide", text="Answer sooner")
    page.goto(f"{review}/sign")
    page.locator('[name="typed_name"]').fill(acme.actor("quality-manager").name)
    last(page)
    page.get_by_text("The signature fits what is kept").wait_for()
    page.goto(review)
    with page.expect_download() as download:
        page.locator(f'a[href$="{number}/minutes.docx"]').first.click()
    document = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    assert [one._inline.docPr.get("descr").partition(".")[0] for one in document.inline_shapes] == [
        "Complaints received by month",
        "Complaints by category",
    ]
    assert any("SHA-256 of what was signed" in one.text for one in document.paragraphs)


def test_a_kept_dashboard_comes_by_mail(page: Any, acme: House, tmp_path: Path) -> None:
    received(acme)
    base = page.url.split("/o/")[0] + "/o/acme"
    page.goto(f"{base}/insights/keep?period=12-months")
    page.locator('[name="name"]').fill("The year")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_url("**/kept/*")
    go(page, "/insights/sending/")
    page.get_by_role("button", name="Send it", exact=True).click()
    page.get_by_text("The dashboard is sent from its next day on.").wait_for()

    # Its day comes, and the worker does its part
    with transaction(acme.system) as tx:
        tx.execute(update(DashboardSchedule).values(next_on=clock.now().date() - timedelta(days=1)))
    sending.look()
    while jobs.run_next():
        pass
    outbox.send_due(to_folder(tmp_path), "auditkit@acme.example")
    db.session.rollback()
    [file] = tmp_path.glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "The year"
    kinds = [one.get_content_type() for one in mail.walk()]
    assert kinds.count("image/png") >= 1
    shown = mail.get_body(("html",))
    assert shown is not None

    # As a program for mail shows it
    page.set_content(shown.get_content())
    assert page.locator("h1").inner_text() == "The year"
    assert all(one.get_attribute("alt") for one in page.locator("img").all())
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert f"Complaints received: {CASES}" in plain.get_content()
