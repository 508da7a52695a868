"""A register of one's own, written in the browser: faults by line, a look first, nothing that entries say is lost."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from auditkit.base.db import reading, separate_scope
from auditkit.journal.queries import timeline
from auditkit.registers import rules
from tests.conftest import House
from tests.factories.http import Browser, Page
from tests.slices.registers.test_registers_own import REGISTER

pytestmark = pytest.mark.sqlite_only
BASE = "/o/acme/registers"


@pytest.fixture
def content(app: Flask, acme: House) -> Iterator[Path]:
    folder = app.extensions["auditkit.settings"].instance / "content"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def sent(browser: Browser, text: str, **more: str) -> Page:
    browser.get(f"{BASE}/own")
    return browser.post_form({"text": text} | more, action="")


def test_written_in_the_browser_it_is_a_register_like_the_others(
    content: Path, acme: House, globex: House, browser: Callable[..., Browser]
) -> None:
    manager = browser(acme, "quality-manager")
    # Given a look at its form, which keeps nothing
    page = sent(manager, REGISTER)
    assert "How its form will look" in page.text
    assert "Impression" in page.text
    assert not (content / "acme").exists()
    # When it is kept
    page = sent(manager, REGISTER, keep="1")
    assert page.path == f"{BASE}/site-visits"
    # Then it lies beside those written by hand, and the journal has its text
    assert (content / "acme" / "registers" / "site-visits.yaml").read_text("utf-8") == REGISTER
    entry = timeline(reading(acme.system), acme.id, ("register", acme.id))[0]
    assert (entry.event, entry.facts["text"]) == (rules.DEFINED.name, REGISTER.strip())
    # and it can be written into and changed, in the same file
    manager.get(f"{BASE}/site-visits/new?example=first")
    assert manager.post_form(action="").path.endswith("/VISIT-001")
    assert "title: Visits to sites" in manager.get(f"{BASE}/own?from=site-visits").form("").textarea.get_text()
    sent(manager, REGISTER.replace("Visits to sites", "Visits to shops"), keep="1")
    assert "Visits to shops" in manager.get(f"{BASE}/").text
    with separate_scope():
        assert "Visits to" not in browser(globex, "quality-manager").get("/o/globex/registers/").text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: day", "kind: dya", "Definition:13"),
        ("site: Shop in the High Street", "shop: x", "There is no field"),
        ("series: VISIT", "series: RISK", "numbers the entries of “Risks and opportunities” already"),
        ("id: site-visits", "id: own", "is a word of this page's address"),
        ("kind: register", "kind: policy", "Definition:1"),
        ("fields:", "fields: [", "Definition:"),
    ],
)
def test_faults_are_named_and_nothing_is_kept(
    before: str, after: str, said: str, content: Path, acme: House, browser: Callable[..., Browser]
) -> None:
    page = sent(browser(acme, "quality-manager"), REGISTER.replace(before, after, 1), keep="1")
    assert said in page.soup.select_one(".error-summary").get_text(), page.text
    assert after in page.form("").textarea.get_text(), "what was typed stays"
    assert not (content / "acme").exists()


def test_what_entries_say_is_not_taken_away(content: Path, acme: House, browser: Callable[..., Browser]) -> None:
    manager = browser(acme, "quality-manager")
    sent(manager, REGISTER, keep="1")
    manager.get(f"{BASE}/site-visits/new?example=first")
    manager.post_form(action="")
    for before, after, said in (
        ("  - {id: on, title: Visited on, kind: day, required: true, listed: true}\n", "", "Keep the field `on`"),
        ("{id: good, label: Good, rank: 2}", "{id: fine, label: Fine, rank: 2}", "Keep the choice `good` of `mood`"),
        ("series: VISIT", "series: CALL", "Keep `series: VISIT`"),
    ):
        text = REGISTER.replace(before, after).replace('on: "2026-02-02", ', "" if not after else 'on: "2026-02-02", ')
        page = sent(manager, text.replace("mood: good", "mood: bad"), keep="1")
        assert said in page.soup.select_one(".error-summary").get_text(), page.text
    # Choices nobody took may go
    kept = REGISTER.replace("{id: bad, label: Bad, rank: 1}", "{id: poor, label: Poor, rank: 1}")
    assert sent(manager, kept, keep="1").path == f"{BASE}/site-visits"


def test_a_full_disk_is_said_and_changes_nothing(
    content: Path, acme: House, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    manager = browser(acme, "quality-manager")
    monkeypatch.setattr("auditkit.registers.defining.os.fsync", full)
    page = sent(manager, REGISTER, keep="1")
    assert "site-visits.yaml could not be written: No space left on device" in page.text
    assert list((content / "acme" / "registers").iterdir()) == []
    assert timeline(reading(acme.system), acme.id, ("register", acme.id)) == []


def test_begun_from_a_shipped_one_it_stands_in_its_place(
    content: Path, acme: House, browser: Callable[..., Browser]
) -> None:
    manager = browser(acme, "quality-manager")
    text = manager.get(f"{BASE}/own?from=lessons").form("").textarea.get_text()
    assert "base: " in text
    sent(manager, text.replace("title: Lessons learned", "title: What we learned"), keep="1")
    assert "What we learned" in manager.get(f"{BASE}/").text
    browser(acme, "internal-auditor").get(f"{BASE}/own", status=403)
