"""A phone loses the network in mid-audit: nothing typed is lost, everything arrives once, nobody is overwritten."""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from auditkit.accounts import service as accounts
from auditkit.audits import service
from auditkit.audits.models import AuditRow
from auditkit.audits.rules import TeamRole
from auditkit.base import clock
from auditkit.base.db import db, reading, transaction
from auditkit.content.library import shared
from auditkit.evidence.models import EvidenceLink
from auditkit.journal.models import JournalEntry
from tests.conftest import House
from tests.slices.audits.doing import answer, planned, rows_of

pytestmark = pytest.mark.sqlite_only

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
ROWS, DISPUTED, UNLUCKY = 20, 5, 7


def photo(number: int) -> dict[str, Any]:
    """A small picture unlike every other."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes([number]) * 8 for _line in range(8)))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return {"name": f"photo-{number}.png", "mimeType": "image/png", "buffer": data}


@pytest.fixture
def number(acme: House) -> str:
    """A running audit with two who may answer."""
    team = ((acme.person("internal-auditor"), TeamRole.LEAD), (acme.person("administrator"), TeamRole.AUDITOR))
    name, actor = planned(acme, shared(), checklist_id="principles-2018", team=team), acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(name), clock.now(), actor, library=shared())
    return name


@pytest.fixture
def signed_in(chromium: Any, server: str, acme: House) -> Iterator[Callable[..., Any]]:
    """`signed_in(role, **options)`: a page of a browser of its own, signed in."""
    contexts = []

    def open_page(role: str, **options: Any) -> Any:
        context = chromium.new_context(**{**PHONE, **options})
        contexts.append(context)
        page = context.new_page()
        sign_in(page, server, acme, role)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Any, server: str, acme: House, role: str) -> None:
    with transaction(acme.system) as tx:
        secret = accounts.issue_link(tx, accounts.IssueLink(acme.person(role)), clock.now(), acme.system)
    page.goto(f"{server}/account/link/{secret}")
    page.locator("main button").click()
    page.wait_for_url("**/o/acme/")


def open_run(page: Any, server: str, number: str) -> None:
    page.goto(f"{server}/o/acme/audits/{number}/run")
    page.locator(".audit-run[data-kept=yes]").wait_for(state="attached", timeout=60_000)


def state_is(page: Any, name: str) -> None:
    page.locator(f"#audit-sync[data-state={name}]").wait_for(timeout=60_000)


def until(page: Any, expression: str) -> None:
    """Wait until a script is true; asked again from here, because the page's policy forbids code out of text."""
    for _again in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def give(page: Any, place: int) -> None:
    """Answer the question shown, with a photo, and go on."""
    article = page.locator("article.is-current")
    assert article.get_attribute("id") == f"row-{place}"
    article.get_by_role("button", name="Conforms", exact=True).click()
    article.locator("input[type=file]").set_input_files(photo(place))
    article.get_by_text(f"photo-{place}.png").wait_for()
    page.get_by_role("button", name="Next").click()


def counted(acme: House, event: str) -> dict[int, int]:
    query = (
        select(JournalEntry.subject_id, func.count())
        .where(JournalEntry.event == event, JournalEntry.subject_kind == "audit-row")
        .group_by(JournalEntry.subject_id)
    )
    return dict(reading(acme.system).execute(query).all())


def test_twenty_answers_with_photos_cross_a_gap_in_the_network(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    open_run(page, server, number)
    room = page.locator("#audit-jump").evaluate(
        "one => { const look = getComputedStyle(one); return one.clientWidth - parseFloat(look.paddingLeft)"
        " - parseFloat(look.paddingRight) }"
    )
    assert room >= 60, "the number of a clause is read whole in the list to jump by"
    page.context.set_offline(True)
    page.reload()  # the page itself comes from the device now
    for place in range(1, ROWS + 1):
        if place == DISPUTED:
            page.locator("article.is-current textarea").fill("Seen on the phone")
        give(page, place)
    state_is(page, "waiting")
    assert f"{ROWS} answers wait" in page.locator("#audit-sync").inner_text()
    page.reload()  # and so do the answers
    state_is(page, "waiting")
    assert page.locator("article.is-current").get_attribute("id") == f"row-{ROWS + 1}"
    assert not any(row.version for row in rows_of(acme, number))

    other = acme.actor("administrator")
    answer(acme, number, DISPUTED, "partly", "Seen from the desk", actor=other)
    reading().rollback()
    unlucky = rows_of(acme, number)[UNLUCKY - 1].id
    lost: list[str] = []

    def lose_one(route: Any) -> None:
        if f"/rows/{unlucky}/save" in route.request.url and not lost:
            lost.append(route.request.url)
            route.fetch()  # it arrives
            route.abort()  # and its answer does not
        else:
            route.continue_()

    page.route("**/save", lose_one)
    page.context.set_offline(False)
    state_is(page, "conflict")
    page.locator("#audit-sync [data-first]").click()
    clash = page.locator(".audit-clash")
    assert "Seen from the desk" in clash.inner_text()
    assert "Seen on the phone" in clash.inner_text()
    note = clash.locator(".audit-clash-cell").filter(has_text="Note")
    note.get_by_role("button", name="Take yours").click()
    clash.get_by_role("button", name="Leave what is here").click()
    state_is(page, "saved")
    assert lost
    assert faults == []

    db.session.remove()
    rows = rows_of(acme, number)
    assert [row.answer for row in rows[:ROWS]] == [
        "partly" if row.position == DISPUTED else "conforms" for row in rows[:ROWS]
    ]
    assert [[one.file.name for one in row.files] for row in rows[:ROWS]] == [
        [f"photo-{place}.png"] for place in range(1, ROWS + 1)
    ]
    assert rows[DISPUTED - 1].note == "Seen on the phone"
    assert not any(row.version for row in rows[ROWS:])
    tx = reading(acme.system)
    assert tx.execute(select(func.count()).select_from(EvidenceLink)).scalar_one() == ROWS
    answered = counted(acme, "audit:answered")
    disputed = rows[DISPUTED - 1].id
    assert {row: times for row, times in answered.items() if row != disputed} == {
        row.id: 1 for row in rows[:ROWS] if row.id != disputed
    }
    # The other's answer, the phone's photo with what did not clash, and the choice.
    assert answered[disputed] == 3
    versions = dict(tx.execute(select(AuditRow.id, AuditRow.version).where(AuditRow.version > 0)).all())
    assert versions == answered


def test_a_session_that_ended_loses_nothing(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor")
    open_run(page, server, number)
    page.context.set_offline(True)
    give(page, 1)
    state_is(page, "waiting")
    page.context.clear_cookies()
    page.context.set_offline(False)
    state_is(page, "signin")
    assert "sign in and they are sent" in page.locator("#audit-sync").inner_text()
    assert not rows_of(acme, number)[0].version
    sign_in(page, server, acme, "internal-auditor")
    open_run(page, server, number)
    state_is(page, "saved")
    db.session.remove()
    first = rows_of(acme, number)[0]
    assert (first.answer, first.version, len(first.files)) == ("conforms", 1, 1)


def test_answers_outlive_signing_out_and_are_not_sent_under_another_name(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor")
    open_run(page, server, number)
    page.route("**/rows/*/save", lambda route: route.abort())  # only the answers are lost on their way
    give(page, 1)
    state_is(page, "waiting")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/sign-in")
    assert "Answers still wait on this device" in asked[0]
    page.get_by_text("Answers wait on this device").wait_for()
    page.unroute("**/rows/*/save")

    sign_in(page, server, acme, "administrator")
    open_run(page, server, number)
    state_is(page, "saved")
    db.session.remove()
    assert not rows_of(acme, number)[0].version

    page.context.clear_cookies()
    sign_in(page, server, acme, "internal-auditor")
    open_run(page, server, number)
    state_is(page, "saved")
    db.session.remove()
    first = rows_of(acme, number)[0]
    assert (first.answer, len(first.files)) == ("conforms", 1)
    assert first.answered_by == acme.person("internal-auditor")


def test_signing_out_empties_what_the_device_keeps(number: str, server: str, signed_in: Callable[..., Any]) -> None:
    page = signed_in("internal-auditor")
    open_run(page, server, number)
    page.goto(f"{server}/o/acme/audits/{number}")
    page.goto(f"{server}/o/acme/actions/")
    kept = page.evaluate(
        "caches.open('auditkit-run').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
    )
    assert f"/o/acme/audits/{number}/run" in kept
    assert all(path.startswith("/assets/") or path.endswith("/run") for path in kept), kept
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/sign-in")
    until(page, "caches.has('auditkit-run').then(there => !there)")
    until(page, "navigator.serviceWorker.getRegistrations().then(all => all.length === 0)")


def test_a_note_that_is_still_missing_is_asked_for_and_the_answer_waits(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor")
    open_run(page, server, number)
    article = page.locator("article.is-current")
    article.get_by_role("button", name="Does not conform").click()
    article.get_by_text("Write a note first").wait_for()
    state_is(page, "refused")
    page.reload()
    state_is(page, "refused")
    page.locator("article.is-current textarea").fill("Nobody could say")
    state_is(page, "saved")
    db.session.remove()
    first = rows_of(acme, number)[0]
    assert (first.answer, first.note, first.version) == ("does-not-conform", "Nobody could say", 1)


def test_at_a_desk_keys_answer_and_walk(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor", viewport={"width": 1440, "height": 900}, is_mobile=False, has_touch=False)
    open_run(page, server, number)
    assert page.locator("#row-3").is_visible(), "a list on a desk"
    page.locator("#row-1 button.answer").first.focus()
    page.keyboard.press("1")
    state_is(page, "saved")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "row-2"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "row-1"
    page.get_by_role("button", name="One at a time").click()
    assert not page.locator("#row-3").is_visible()
    db.session.remove()
    assert rows_of(acme, number)[0].version == 1


def test_what_another_auditor_answers_appears(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor")
    open_run(page, server, number)
    answer(acme, number, 1, "partly", "Seen from the desk", actor=acme.actor("administrator"))
    reading().rollback()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, "document.querySelector('#row-1 textarea').value === 'Seen from the desk'")
    assert page.locator("#row-1 button[aria-pressed=true]").get_attribute("value") == "partly"
    assert "1 of " in page.locator("#audit-progress-text").inner_text()


DESK = {"viewport": {"width": 1440, "height": 900}, "is_mobile": False, "has_touch": False}
SLOW_TO_FORGET = """() => {
  const remove = auditQueue.remove;
  auditQueue.remove = async (entry) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await remove(entry);
    document.body.dataset.forgot = "yes";
  };
}"""
"""The device takes its time to forget what has arrived, as a slow one does."""
SLOW_TO_REMEMBER = """
{
  const { all, put } = auditQueue;
  auditQueue.put = async (entry) => {
    await put(entry);
    await new Promise((resolve) => setTimeout(resolve, 3000));
  };
  auditQueue.all = async (...asked) => {
    const kept = await all(...asked);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    document.body.dataset.remembered = "yes";
    return kept;
  };
}
"""


def test_a_button_pressed_while_the_answer_before_arrives_counts(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor", **DESK)
    open_run(page, server, number)
    page.evaluate(SLOW_TO_FORGET)
    shown = next(row for row in rows_of(acme, number) if "conforms" in row.evidence_for)
    article = page.locator(f"#row-{shown.position}")
    article.locator("textarea").fill("Seen in the register")
    with page.expect_response("**/save"):
        article.locator("input[type=file]").set_input_files(photo(1))
    article.locator("[data-files] a").wait_for()  # the file has arrived, and the device has not yet forgotten it
    assert page.locator("body[data-forgot]").count() == 0
    article.locator("button[value=conforms]").click()
    state_is(page, "saved")

    # and whoever changes their mind at such a moment is in no conflict with themselves
    page.evaluate("delete document.body.dataset.forgot")
    with page.expect_response("**/save"):
        article.locator("button[value=partly]").click()
    article.locator("button[value=does-not-conform]").click()
    page.locator("body[data-forgot]").wait_for()
    state_is(page, "saved")
    assert page.locator(".audit-clash").count() == 0
    db.session.remove()
    row = rows_of(acme, number)[shown.position - 1]
    assert (row.answer, row.note, len(row.files)) == ("does-not-conform", "Seen in the register", 1)


def test_a_look_that_was_overtaken_brings_nothing_old_back(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor", **DESK)
    open_run(page, server, number)
    article = page.locator("#row-1")
    article.locator("textarea").fill("Seen in the register")
    with page.expect_response("**/save"):
        article.locator("button[value=conforms]").click()
    state_is(page, "saved")
    answer(acme, number, 2, "partly", "Seen from the desk", actor=acme.actor("administrator"))
    reading().rollback()
    looks: list[tuple[Any, Any]] = []

    def hold_the_first(route: Any) -> None:
        if looks:
            route.continue_()
        else:
            looks.append((route, route.fetch()))

    page.route("**/run/state?*", hold_the_first)
    with page.expect_request("**/run/state?*"):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    with page.expect_response("**/save"):
        article.locator("button[value=not-applicable]").click()
    state_is(page, "saved")
    route, read_before = looks[0]
    route.fulfill(response=read_before)
    until(page, "document.querySelector('#row-2 textarea').value === 'Seen from the desk'")
    assert article.locator("button[aria-pressed=true]").get_attribute("value") == "not-applicable"
    article.locator("button[value=conforms]").click()
    state_is(page, "saved")
    assert page.locator(".audit-clash").count() == 0
    db.session.remove()
    assert rows_of(acme, number)[0].answer == "conforms"


def test_an_answer_given_before_the_device_remembers_is_sent(
    app: Flask, acme: House, number: str, server: str, signed_in: Callable[..., Any]
) -> None:
    page = signed_in("internal-auditor", **DESK)

    def slow(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text() + SLOW_TO_REMEMBER)

    page.route("**/audit-queue*.js*", slow)
    page.goto(f"{server}/o/acme/audits/{number}/run")
    page.locator(".audit-run.live").wait_for()
    page.locator("#row-1 button[value=conforms]").click()
    page.locator("body[data-remembered]").wait_for()
    page.locator(".audit-run[data-kept=yes]").wait_for(state="attached")
    state_is(page, "saved")
    db.session.remove()
    assert rows_of(acme, number)[0].answer == "conforms"
