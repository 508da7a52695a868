"""Journey 2: an audit from plan to report, a finding to its verified effect, three people. HTTP only, CSRF on."""

import io
import re

import pytest

from auditkit.content.library import shared
from tests.slices.audits_signing.doing import sign

PLAN = {
    "title": "Complaints handling 2026",
    "objectives": "Find out whether the process works as the policy promises.",
    "scope": "All channels, January to March 2026.",
    "checklist_id": "principles-2018",
    "planned_from": "2026-03-02",
    "planned_to": "2026-03-03",
}


@pytest.fixture
def auditor(acme, browser):
    return browser(acme, "internal-auditor")


def plan_and_start(acme, auditor) -> str:
    auditor.get("/o/acme/audits/new")
    page = auditor.post_form({**PLAN, "lead": str(acme.person("internal-auditor"))})
    number = re.search(r"A-2026-\d{3}", page.text)[0]
    auditor.post_form(action="/start")
    return number


def answer(auditor, form, unchecked="", **values):
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    return auditor.post(str(form["action"]), {**hidden, **values}, unchecked=unchecked)


def rows(page, number):
    return [form for form in page.soup.find_all("form") if f"/audits/{number}/rows/" in str(form.get("action"))]


def test_an_audit_from_plan_to_a_verified_effect(acme, auditor, browser, clock):
    # Given a planned audit, its plan as a Word file
    number = plan_and_start(acme, auditor)
    assert auditor.get(f"/o/acme/audits/{number}/plan.docx").response.data.startswith(b"PK")

    # When every question is answered, one of them badly, with a file
    page = auditor.get(f"/o/acme/audits/{number}/run")
    forms = rows(page, number)
    assert len(forms) == len(shared().checklist("principles-2018").items)
    others = {"answer": "not-applicable", "note": "Not part of this visit: the journey is about one"}
    answer(auditor, forms[1], **others)
    for form in forms[2:]:
        answer(auditor, form, unchecked="the page that was checked after the answer before", **others)
    bad = forms[0]
    proof = (io.BytesIO(b"Interview with Mara, 2 March\n"), "interview.txt")
    answer(auditor, bad, answer="does-not-conform", note="Nobody could say.", files=proof)
    assert "interview.txt" in auditor.get(f"/o/acme/audits/{number}/run").text

    # And a major finding is raised from that answer
    row = re.search(r"/rows/(\d+)", str(bad["action"]))[1]
    auditor.get(f"/o/acme/audits/{number}/findings/new?row={row}")
    page = auditor.post_form({"grade": "major", "statement": "Principles are not known to staff.", "evidence": ""})
    assert "Write down the objective evidence" in page.text
    page = auditor.post_form(
        {"grade": "major", "statement": "Principles are not known to staff.", "evidence": "3 of 3 interviews, 2 March"}
    )
    finding = re.search(rf"{number}-F\d+", page.text)[0]

    # And the audit is reported, in Word too
    auditor.get(f"/o/acme/audits/{number}/report")
    auditor.post_form({"conclusion": "One major nonconformity; the rest of the visit was about nothing else."})
    assert auditor.get(f"/o/acme/audits/{number}/report.docx").response.data.startswith(b"PK")

    # When the quality manager opens an action for the finding, owned by a member of staff
    manager = browser(acme, "quality-manager")
    manager.get(f"/o/acme/audits/findings/{finding}")
    manager.follow("Open an action")
    page = manager.post_form(
        {
            "title": "Principles explained to everybody at the counter",
            "cause": "New people are not told.",
            "plan": "A talk of twenty minutes for each new person, on record.",
            "owner_id": str(acme.person("staff")),
            "due_on": "2026-04-01",
        }
    )
    action = re.search(r"AC-2026-\d{3}", page.text)[0]

    # Then the audit cannot be closed yet
    page = auditor.get(f"/o/acme/audits/{number}")
    page = auditor.post_form(action="/close", status=200)
    assert "Closed" not in page.soup.find("main").get_text().split("Findings")[0]
    assert "has not signed the report yet" in page.text
    sign(acme, number)
    auditor.get(f"/o/acme/audits/{number}")
    page = auditor.post_form(action="/close", status=200)
    assert "not settled yet: 1" in page.text

    # When the owner has done it, the owner cannot verify it; the auditor can
    owner = browser(acme, "staff")
    owner.get(f"/o/acme/actions/{action}")
    owner.post_form(
        {"proof": "Six talks held; list signed.", "files": (io.BytesIO(b"a,b\n"), "list.csv")}, action="/done"
    )
    owner.post(f"/o/acme/actions/{action}/effect", {"effective": "yes", "text": "Believe me"}, status=403)
    clock.advance(days=30)
    auditor.get(f"/o/acme/actions/{action}")
    auditor.post_form({"effective": "yes", "text": "Five of five could say it."}, action="/effect")

    # Then the finding's state follows, the action and the audit are closed
    assert "verified" in auditor.get(f"/o/acme/audits/findings/{finding}").text.lower()
    manager.get(f"/o/acme/actions/{action}")
    manager.post_form(action="/close")
    manager.get(f"/o/acme/audits/{number}")
    page = manager.post_form(action="/close")
    assert "Closed" in page.text


def test_an_effect_that_was_not_there_opens_the_action_again(acme, auditor, browser):
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/actions/new")
    page = manager.post_form(
        {
            "origin_title": "Telephone call of 1 March",
            "title": "Answer the telephone",
            "cause": "Nobody was there",
            "plan": "Rota",
            "owner_id": str(acme.person("staff")),
            "due_on": "2026-03-20",
        }
    )
    action = re.search(r"AC-2026-\d{3}", page.text)[0]
    owner = browser(acme, "staff")
    owner.get(f"/o/acme/actions/{action}")
    owner.post_form({"proof": "Rota hangs in the office."}, action="/done")
    auditor.get(f"/o/acme/actions/{action}")
    page = auditor.post_form({"effective": "no", "text": "Called three times, nobody answered."}, action="/effect")
    assert "Open" in page.text
    assert "Called three times" in page.text


def test_a_frozen_checklist_stays_as_it_was_started(acme, auditor):
    number = plan_and_start(acme, auditor)
    page = auditor.get(f"/o/acme/audits/{number}/run")
    question = shared().checklist("principles-2018").items[0].question
    assert question in page.text
