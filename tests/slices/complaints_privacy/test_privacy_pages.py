"""The pages of personal data, walked as people walk them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from auditkit.base import clock as clock_module
from auditkit.base.db import reading, transaction
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.privacy import jobs
from auditkit.complaints.privacy.queries import cases
from auditkit.complaints.privacy.service import keeping
from auditkit.complaints.rules import MESSAGES_READ
from auditkit.journal import queries as journal
from tests.slices.complaints.intake.filling import receipt_of, send
from tests.slices.complaints_privacy import filling

NAME = "q0123456789ab"
READ = MESSAGES_READ.name


@pytest.fixture
def case(acme, clock) -> str:
    """A closed case with something in every table."""
    complaint_id, reference = filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)
    filling.closed(complaint_id, NAME)
    filling.filled(acme.id, complaint_id, acme.person("staff"), NAME)
    return reference


def test_who_read_it_stands_on_the_case_with_the_reason(acme, browser, case):
    visitor = browser(acme, "quality-manager")
    visitor.get("/o/acme/complaints/privacy/")
    visitor.post_form({"reason_required": "y"}, action="/settings")
    visitor.get(f"/o/acme/complaints/{case}/complainant")
    assert visitor.page.path == f"/o/acme/complaints/privacy/case/{case}"
    assert f"{NAME}em@example.org" not in visitor.page.text
    page = visitor.post_form({}, action="/identity")
    assert "Give the reason" in page.text
    assert f"{NAME}em@example.org" not in page.text
    page = visitor.post_form({"reason": "He called back"}, action="/identity")
    assert f"{NAME}em@example.org" in page.text
    page = browser(acme, "internal-auditor").get(f"/o/acme/complaints/privacy/case/{case}")
    assert "quality-manager of acme" in page.text
    assert "He called back" in page.text
    page = browser(acme, "internal-auditor").get(f"/o/acme/complaints/{case}")
    assert "He called back" in page.text


def test_an_export_with_names_stands_on_the_cases_that_are_in_it_and_on_no_others(acme, browser, case, clock):
    visitor = browser(acme, "quality-manager")
    said = "It left with its names in an export of the register"
    _id, other = filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)
    # When the closed cases leave, without names and then with them
    for named in (False, True):
        clock.advance(minutes=1)
        visitor.get("/o/acme/complaints/export?stage=closed")
        visitor.post_form(
            {"kind": "csv", **({"identity": "y", "reason": "For the lawyer"} if named else {})}, action="/export"
        )
        for page in (f"/o/acme/complaints/privacy/case/{case}", f"/o/acme/complaints/{case}"):
            assert (said in visitor.get(page).text) is named, page
            assert ("For the lawyer" in visitor.get(page).text) is named, page
    # Then the open one, which the filter did not let through, says nothing of it
    assert said not in visitor.get(f"/o/acme/complaints/privacy/case/{other}").text


def test_of_exports_from_before_it_is_said_that_it_may_have_been_in_them(acme, browser, case, clock):
    clock.advance(minutes=1)
    filling.row(
        "register_export", organisation_id=acme.id, made_at=clock.at, role="quality-manager", file_digest="",
        cases_digest="",
    )  # fmt: skip
    page = browser(acme, "quality-manager").get(f"/o/acme/complaints/privacy/case/{case}")
    assert "The register left with names; this case may be among them" in page.text


def test_reading_the_messages_goes_on_record_once_in_a_while(acme, browser, clock):
    # Given a case with a message, looked at by two members, one of them twice
    _id, reference = filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)
    written(acme, reference)

    def readings():
        return [one.actor_id for one in journal.page(reading(acme.system), acme.id, event=READ)[0]]

    handler = browser(acme, "complaint-handler")
    for _ in range(2):
        page = handler.get(f"/o/acme/complaints/{reference}")
        assert "We asked the carrier" in page.text
        assert "That you read the messages is on record" in page.text
    assert readings() == [acme.person("complaint-handler")]
    # An auditor who may not know sees no words, and nothing is on record of it
    page = browser(acme, "internal-auditor").get(f"/o/acme/complaints/{reference}")
    assert "We asked the carrier" not in page.text
    assert readings() == [acme.person("complaint-handler")]
    # Then it stands on the case, and after a working day a look counts anew
    assert "The messages were read" in page.text
    clock.advance(hours=9)
    handler.get(f"/o/acme/complaints/{reference}")
    assert len(readings()) == 2


def test_where_a_reason_is_asked_messages_wait_for_it(acme, browser, clock):
    _id, reference = filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)
    written(acme, reference)
    visitor = browser(acme, "quality-manager")
    visitor.get("/o/acme/complaints/privacy/")
    visitor.post_form({"reason_required": "y"}, action="/settings")
    page = visitor.get(f"/o/acme/complaints/{reference}")
    assert "We asked the carrier" not in page.text
    visitor.follow("Give the reason")
    visitor.post_form({"reason": "He called back"}, action="/identity")
    assert "We asked the carrier" in visitor.get(f"/o/acme/complaints/{reference}").text


def test_where_a_reason_is_asked_nothing_shows_or_hands_out_who_it_was_before(acme, browser, clock):
    _id, reference = filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)
    visitor = browser(acme, "quality-manager")
    visitor.get("/o/acme/complaints/privacy/")
    visitor.post_form({"reason_required": "y"}, action="/settings")
    asked, write = (
        f"/o/acme/complaints/privacy/case/{reference}",
        f"/o/acme/correspondence/{reference}/write?kind=progress",
    )
    whole = f"/o/acme/complaints/case-files/{reference}/whole/word"
    # Before the reason a letter leads to where it is given; a whole case file asks by itself, a redacted one does not
    page = visitor.get(write)
    assert page.path == asked
    assert "Say first why you need to know" in page.text
    assert f"{NAME}em@example.org" not in page.text
    assert visitor.post(whole).path == f"/o/acme/complaints/{reference}"
    redacted = visitor.post(whole.replace("whole", "redacted"), unchecked="a Word file")
    assert redacted.path.endswith("/redacted/word")
    visitor.page = page
    # After it they do what they do
    visitor.get(asked)
    visitor.post_form({"reason": "He called back"}, action="/identity")
    assert visitor.get(write).path.endswith("/write")
    made = visitor.post(whole, {"reason": "For the ombudsman"}, unchecked="a Word file")
    assert made.path.endswith("/whole/word")
    assert "For the ombudsman" in visitor.get(f"/o/acme/complaints/{reference}").text


def written(house, reference):
    """A message to the complainant on the own page."""
    with transaction(house.actor("complaint-handler")) as tx:
        complaint_id = cases.subject(tx, reference).id
        command = correspondence.Write(complaint_id, "progress", "We asked the carrier.", channel="web")
        correspondence.write_to_complainant(tx, command, clock_module.now(), house.actor("complaint-handler"))


def test_an_auditor_may_not_read_it(acme, browser, case):
    visitor = browser(acme, "internal-auditor")
    page = visitor.get(f"/o/acme/complaints/privacy/case/{case}")
    assert "Show who complained" not in page.text
    visitor.get("/o/acme/complaints/privacy/requests/new", status=403)


def test_hold_and_erasing_by_hand(acme, browser, case, work):
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/privacy/case/{case}")
    page = visitor.post_form({"reason": "A court case is pending"}, action="/hold")
    assert "A hold is in force" in page.text
    assert not page.soup.find("form", action=lambda url: url and url.endswith("/anonymise"))
    visitor.post_form({"reason": "The court decided"}, action="/lift")
    page = visitor.post_form({"reason": "The person moved away"}, action="/anonymise")
    assert "was erased" in page.text
    assert "What stays, and why" in page.text
    assert NAME not in page.text
    assert work() == 1
    page = visitor.get(f"/o/acme/complaints/{case}")
    assert "Personal data erased" in page.text
    assert NAME not in page.text


def test_withdrawn_consent_is_noted(acme, browser, case):
    visitor = browser(acme, "complaint-handler")
    visitor.get(f"/o/acme/complaints/privacy/case/{case}")
    assert "Nobody is treated worse" in visitor.page.text
    page = visitor.post_form({}, action="/consent/processing/withdraw")
    assert "The withdrawal is on record" in page.text


def test_the_job_warns_first_and_erases_after_the_whole_warning(acme, browser, case, clock, work):
    visitor = browser(acme, "quality-manager")
    visitor.get("/o/acme/complaints/privacy/")
    assert "everything is kept without limit" in visitor.page.text
    visitor.post_form({"months": "1", "warn_days": "10", "automatic": "y"}, action="/rules")
    actor = acme.system
    assert jobs.look(actor, dry_run=True).warned == 1
    done = jobs.look(actor)
    assert (done.warned, done.erased) == (1, 0)
    clock.advance(days=9)
    assert jobs.look(actor).erased == 0
    clock.advance(days=1)
    done = jobs.look(actor)
    assert (done.warned, done.erased, done.refused) == (0, 1, 0)
    assert work() == 1
    with transaction(actor) as tx:
        stone = cases.tombstone(tx, cases.subject(tx, case).id)
    assert stone.ground == "retention"
    assert stone.rule.months == 1
    page = visitor.get("/o/acme/complaints/privacy/")
    assert case not in page.text


def test_a_hold_and_a_rule_for_people_stop_the_job(acme, case, clock):
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        keeping.put_rule(tx, keeping.PutRule(1, 10), clock_module.now(), actor)
    jobs.look(acme.system)
    clock.advance(days=30)
    done = jobs.look(acme.system)
    assert (done.erased, done.waits) == (0, 1)
    with transaction(actor) as tx:
        keeping.put_rule(tx, keeping.PutRule(1, 10, category="delivery", automatic=True), clock_module.now(), actor)
        keeping.place_hold(tx, keeping.PlaceHold(case, "court"), clock_module.now(), actor)
    done = jobs.look(acme.system)
    assert (done.erased, done.held) == (0, 1)


def test_the_watch_looks_once_a_day(acme, case, clock):
    actor = acme.actor("quality-manager")
    jobs.look_at_retention()
    with transaction(actor) as tx:
        assert keeping.keeping.houses_to_look_at(tx, clock_module.now()) == []
        keeping.put_rule(tx, keeping.PutRule(1, 10, automatic=True), clock_module.now(), actor)
        assert keeping.keeping.houses_to_look_at(tx, clock_module.now()) == [acme.id]
    jobs.look_at_retention()
    with transaction(actor) as tx:
        assert keeping.keeping.houses_to_look_at(tx, clock_module.now()) == []
    clock.advance(days=1)
    with transaction(actor) as tx:
        assert keeping.keeping.houses_to_look_at(tx, clock_module.now()) == [acme.id]


def test_a_preset_of_the_library_is_taken_over(acme, browser):
    visitor = browser(acme, "quality-manager")
    visitor.get("/o/acme/complaints/privacy/")
    page = visitor.post_form({}, action="/presets/time-limits-generic/keep-records")
    assert "is taken over from the library" in page.text
    assert "60" in page.text


def test_an_erasure_request_says_what_may_not_be_erased(acme, browser, case, work):
    visitor = browser(acme, "quality-manager")
    open_id, open_case = filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)
    assert open_id
    visitor.get(f"/o/acme/complaints/privacy/requests/new?case={case}")
    page = visitor.post_form({"kind": "erasure"})
    assert case in page.text
    page = visitor.post_form({"typed": f"{NAME}em@example.org"}, action="/search")
    assert open_case in page.text
    page = visitor.post_form({}, action=f"/cases/{open_case}/add")
    assert "The case is open" in page.text
    page = visitor.post_form({"answer": "Told on the phone"}, action="/settle")
    assert "Say first what becomes of each case" in page.text
    visitor.post_form({}, action=f"/cases/{open_case}/keep")
    page = visitor.post_form({}, action=f"/cases/{case}/erase")
    assert "Erased" in page.text
    page = visitor.post_form({"answer": "Told on the phone"}, action="/settle")
    assert "The request is answered" in page.text
    assert work() == 1
    page = visitor.get(f"/o/acme/complaints/privacy/case/{open_case}")
    assert "quality-manager of acme" in page.text, "the search read its identity"


def test_a_duty_to_keep_stands_against_a_request(acme, browser, case, clock):
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        command = keeping.PutRule(60, duty=True, basis="Commercial code, section 257")
        keeping.put_rule(tx, command, clock_module.now(), actor)
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/privacy/requests/new?case={case}")
    page = visitor.post_form({"kind": "erasure"})
    assert "The law demands that the case is kept until 2031-01-20" in page.text


def test_another_organisation_sees_nothing(acme, globex, browser, case):
    browser(globex, "quality-manager").get(f"/o/globex/complaints/privacy/case/{case}", status=404)


def test_the_start_of_keeping_without_a_known_end():
    day, known = keeping.keeping.ended_on(None, datetime(2026, 1, 5, 21, tzinfo=UTC), ZoneInfo("Asia/Tehran"))
    assert (day.isoformat(), known) == ("2026-01-06", False)


MINE = "/p/acme/complaints/mine"


def test_a_complainant_takes_consent_back_on_the_own_page(acme, browser, clock):
    stranger = browser()
    reference, _secret = receipt_of(send(stranger, clock))
    clock.advance(minutes=30)
    page = stranger.get(MINE)
    assert "Use of the data to handle the complaint" in page.text
    assert "Passing the data on" not in page.text, "it was never given"
    assert "Nobody is treated worse for having complained." in page.text
    page = stranger.post_form({}, action="/consent/processing/take-back")
    assert page.path == MINE
    assert "It is on record that you took your consent back" in page.text
    assert not page.soup.find("form", action=lambda url: url and "/consent/" in url)
    with transaction(acme.system) as tx:
        processing, sharing = cases.consents(tx, 1)
    assert (processing.withdrawn_at, processing.withdrawn_by) == (clock.at, None)
    assert sharing.withdrawn_at is None
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/privacy/case/{reference}")
    assert "on the tracking page" in page.text
    assert "Nobody is treated worse for having complained." in page.text


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        ("processing", "This consent was withdrawn already"),
        ("sharing", "There is no consent of this kind on record"),
    ],
)
def test_what_cannot_be_taken_back_is_said(acme, browser, clock, consent, said):
    stranger = browser()
    send(stranger, clock)
    stranger.get(MINE)
    stranger.post_form({}, action="/consent/processing/take-back")
    page = stranger.post(f"{MINE}/consent/{consent}/take-back")
    assert said in page.text
    stranger.get(MINE)
    stranger.post(f"{MINE}/consent/cookies/take-back", status=404)
    with transaction(acme.system) as tx:
        assert [one.withdrawn_at is not None for one in cases.consents(tx, 1)] == [True, False]


def test_strangers_take_back_nobodys_consent(acme, browser, clock):
    send(browser(), clock)
    other = browser()
    other.get("/p/acme/complaints/track")
    other.post(f"{MINE}/consent/processing/take-back", status=404)
    with transaction(acme.system) as tx:
        assert all(one.withdrawn_at is None for one in cases.consents(tx, 1))
