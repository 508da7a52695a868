"""Signing in the browser: the lead signs, the auditee answers and acknowledges, the lead amends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask_security.utils import hash_password

from auditkit.accounts.models import Person
from auditkit.audits.rules import Grade
from auditkit.base.db import transaction
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, reported
from tests.slices.audits_signing.doing import papers

Opener = Callable[..., Browser]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def _password(house: House, role: str, password: str) -> None:
    with transaction(house.system) as tx:
        tx.get(Person, house.person(role)).password = hash_password(password)


def test_from_report_to_amendment(browser: Opener, acme: House, books: Library) -> None:
    number = reported(acme, books, Grade.MAJOR)
    url = f"/o/acme/audits/{number}"
    quality = browser(acme, "quality-manager")
    page = quality.get(f"{url}/signing")
    assert "waits for the signature of the lead auditor" in page.text
    page = quality.post_form({"person_id": str(acme.person("complaint-handler"))}, action="/auditee")
    assert "The representative is named" in page.text

    lead = browser(acme, "internal-auditor")
    lead.get(f"{url}/report-texts")
    lead.post_form({"client": "The board", "distribution": "Director\nQuality manager"})
    page = lead.get(f"{url}/signing")
    assert "The board" in page.text
    page = lead.post_form({"typed_name": "Somebody"}, action="/sign")
    assert "Type your name as it stands here: internal-auditor of acme" in page.text
    page = lead.post_form({"typed_name": "internal-auditor of acme"}, action="/sign")
    assert "Signature fits" in page.text
    assert "Records are as they were signed" in page.text
    assert "signed in a moment before" in page.text
    assert "Signed, not acknowledged" in lead.get(url).text

    staff = browser(acme, "complaint-handler")
    assert "Waits for you" in staff.get("/o/acme/audits/mine").text
    staff.follow(number)
    staff.follow("Answer")
    page = staff.post_form({"kind": "disputed", "text": "The door was shut"})
    assert "The door was shut" in page.text
    page = staff.post_form({"typed_name": "complaint-handler of acme", "remark": "Read"}, action="/acknowledge")
    assert "Signed and acknowledged" in page.text
    assert papers(acme, number).acknowledged

    lead.get(f"{url}/amend?finding={number}-F1")
    page = lead.post_form({"grade": "minor", "reason": "", "typed_name": "internal-auditor of acme"})
    assert "Write why the signed report has to change" in page.text
    page = lead.post_form({"grade": "minor", "reason": "One door only", "typed_name": "internal-auditor of acme"})
    assert "Amendment 1" in page.text
    assert "Major nonconformity" in page.text  # what stood before stays beside it
    assert "Minor nonconformity" in page.text
    assert "One door only" in lead.get(url).text
    assert "One door only" in staff.get(f"{url}/auditee").text
    page = lead.get(f"{url}/amend")
    lead.post_form({"conclusion": "Shut", "reason": "Shorter", "typed_name": "internal-auditor of acme"})
    assert papers(acme, number).signatures == 3


def test_who_has_a_password_enters_it(browser: Opener, acme: House, books: Library) -> None:
    number = reported(acme, books)
    _password(acme, "internal-auditor", "correct horse battery")
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    named = {"typed_name": "internal-auditor of acme"}
    page = lead.post_form({**named, "password": "wrong horse"}, action="/sign")
    assert "This is not your password. Nothing was signed" in page.text
    assert not papers(acme, number).signatures
    page = lead.post_form({**named, "password": "correct horse battery"}, action="/sign")
    assert "password entered again" in page.text


@pytest.mark.sqlite_only  # counting on both: base/test_limits.py
def test_passwords_cannot_be_guessed_here(browser: Opener, acme: House, books: Library) -> None:
    number = reported(acme, books)
    _password(acme, "internal-auditor", "correct horse battery")
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    form = {"typed_name": "internal-auditor of acme", "password": "wrong"}
    for _attempt in range(20):
        lead.post_form(form, action="/sign")
    answer = lead._run(
        lead.client.post,
        f"/o/acme/audits/{number}/sign",
        data={**form, "password": "correct horse battery", "csrf_token": _token(lead)},
    )
    assert answer.status_code == 429
    assert not papers(acme, number).signatures


def _token(browser: Browser) -> str:
    return str(browser.page.soup.find("input", {"name": "csrf_token"})["value"])


def test_an_old_session_without_password_does_not_sign(browser: Opener, acme: House, books: Library) -> None:
    number = reported(acme, books)
    lead = browser(acme, "internal-auditor")
    with lead.client.session_transaction() as session:
        session["fs_paa"] -= 16 * 60
    lead.get(f"/o/acme/audits/{number}/signing")
    page = lead.post_form({"typed_name": "internal-auditor of acme"}, action="/sign")
    assert "Sign out and in again" in page.text
    assert not papers(acme, number).signatures


def test_a_report_is_taken_back(browser: Opener, acme: House, books: Library) -> None:
    number = reported(acme, books)
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    page = lead.post_form(action="/take-back")
    assert "the audit runs again" in page.text


def test_strangers_to_the_audit_do_not_see_it(browser: Opener, acme: House, globex: House, books: Library) -> None:
    number = reported(acme, books)
    browser(acme, "staff").get(f"/o/acme/audits/{number}/auditee", status=404)
    browser(acme, "staff").get(f"/o/acme/audits/{number}/signing", status=403)
    browser(acme, "complaint-handler").get(f"/o/acme/audits/{number}/auditee", status=404)
    browser(globex, "quality-manager").get(f"/o/globex/audits/{number}/signing", status=404)
    assert "Nobody has named you" in browser(acme, "staff").get("/o/acme/audits/mine").text


def test_the_signature_leaves_as_a_file(browser: Opener, acme: House, books: Library) -> None:
    number = reported(acme, books)
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    lead.post_form({"typed_name": "internal-auditor of acme"}, action="/sign")
    answer = lead._run(lead.client.get, f"/o/acme/audits/{number}/signatures/0.json")
    told = json.loads(answer.get_data(as_text=True))
    assert told["audit"] == number
    assert json.loads(told["content"])["audit"]["number"] == number
    assert "BEGIN PUBLIC KEY" in told["public_key"]
    lead.get(f"/o/acme/audits/{number}/signatures/7.json", status=404)
