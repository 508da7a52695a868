"""The pages of the clock over HTTP: the queue, one case, figures, working time, limits; who may do what."""

import sys

import pytest

from auditkit.base.calendar.kept import Settings
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries as core_queries
from auditkit.complaints import service as core
from auditkit.complaints.clock.queries import queue as queue_function
from auditkit.complaints.intake import service as intake
from auditkit.complaints.views import given
from auditkit.web.languages import PSEUDO
from tests.project.left_out import left_out
from tests.slices.complaints_clock.timing import (
    LONDON_OPEN,
    acknowledged,
    adopt,
    decide_in,
    do,
    keep,
    own,
    registered,
    seen,
)

queue_module = sys.modules[queue_function.__module__]  # its name is also that of the function in it
URL = "/o/acme/complaints/due/"


@pytest.fixture
def handler(acme):
    return acme.actor("complaint-handler")


@pytest.fixture
def at_work(acme, browser, clock):
    return browser(acme, "complaint-handler")


@pytest.fixture
def manager(acme, browser, clock):
    return browser(acme, "quality-manager")


def references(page):
    """The cases that a list leads to; a person's load leads to a list."""
    links = [link["href"] for link in page.soup.select("tbody th a")]
    return [link.rsplit("/", 1)[-1] for link in links if "?" not in link]


def test_without_limits_the_page_says_what_to_do(at_work):
    page = at_work.get(URL)
    assert page.title == "What is due"
    assert "No time limits are in force" in page.text
    assert at_work.follow("Choose time limits").title == "Time limits"


def test_the_queue_is_by_what_is_due_first(acme, handler, at_work, clock):
    own(acme, decide_in(10))
    late = registered(handler)
    clock.advance(days=8)
    registered(handler)
    clock.advance(days=3)
    page = at_work.get(f"{URL}?whose=all")
    assert references(page) == ["C-2026-000001", "C-2026-000002"]
    assert "Overdue" in page.soup.select("tbody tr")[0].get_text()
    assert "in 7 days" in page.soup.select("tbody tr")[1].get_text()
    assert references(at_work.get(f"{URL}?whose=all&state=overdue")) == [late]
    assert references(at_work.get(f"{URL}?whose=nobody")) == ["C-2026-000001", "C-2026-000002"]
    assert "Nothing is due here" in at_work.get(URL).text
    do(handler, core.assign, core.Assign, late, handler.person_id)
    assert references(at_work.get(URL)) == [late]


@pytest.mark.sqlite_only
def test_the_team_sees_who_has_how_much_to_do_and_whom_to_ask(acme, handler, at_work, clock):
    # Given two cases of one member, one of them overdue, and one by phone that nobody owns yet
    own(acme, decide_in(5))
    mine = registered(handler)
    do(handler, core.assign, core.Assign, mine, handler.person_id)
    clock.advance(days=9)
    other = registered(handler)
    do(handler, core.assign, core.Assign, other, handler.person_id)
    with transaction(acme.system) as tx:
        kept = intake.KeepChannel("phone", owner_id=acme.person("quality-manager"))
        intake.keep_channel(tx, kept, clock.at, acme.system)
    unowned = registered(handler, channel="phone")
    page = at_work.get(f"{URL}?whose=all")
    table = page.soup.find("caption", string="Who has how much to do").find_parent("table")
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]
    assert rows == [["complaint-handler of acme", "2", "1", "1"], ["Nobody yet", "1", "0", "1"]]
    assert set(references(page)) == {mine, other, unowned}
    # Then the table leads to one member's cases, and a case without an owner says whom to ask
    assert set(references(at_work.get(f"{URL}?whose=all&person={handler.person_id}"))) == {mine, other}
    assert references(at_work.get(f"{URL}?whose=all&person={handler.person_id}&state=overdue")) == [mine]
    assert references(at_work.get(f"{URL}?whose=all&person=x")) == references(page)
    asked = at_work.get(f"{URL}?whose=nobody")
    assert "Looks after the channel: quality-manager of acme" in " ".join(asked.text.split())
    assert "quality-manager of acme" in at_work.get(f"/o/acme/complaints/{unowned}").text


def test_the_register_and_the_case_say_what_is_due(acme, handler, at_work, clock):
    adopt(acme)
    reference = registered(handler)
    row = at_work.get("/o/acme/complaints/").soup.select("tbody tr")[0]
    assert "Acknowledge · in 3 days" in " ".join(row.get_text(" ").split())
    page = at_work.get(f"/o/acme/complaints/{reference}")
    assert "Generic time limits" in page.soup.select("#due")[0].get_text()
    page = at_work.follow("How these dates were reached")
    assert page.title == "Due dates"
    lines = [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")[:4]]
    assert lines == [
        "2 Mar 2026, 09:00 Begins with receipt",
        "3 working days by “Generic time limits”; not assessed yet, taken as “Medium”",
        "3 Mar 2026 to 5 Mar 2026 Days 1 to 3",
        "5 Mar 2026, 23:59 Due at the end of the day",
    ]


def test_weekends_holidays_and_pauses_are_told(acme, handler, at_work, clock):
    clock.advance(hours=-6)  # 03:00: before opening
    keep(acme, LONDON_OPEN)
    own(acme, decide_in(24, working=True), decide_in(9, "hours", working=True, target="close"))
    reference = registered(handler)
    clock.advance(days=1, hours=8)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=2)
    do(handler, core.end_wait, core.EndWait, reference)
    text = at_work.get(f"{URL}case/{reference}").text
    for said in (
        "Weekend, does not count",
        "Public holiday, does not count: Good Friday",
        "The clock stands. Awaited from: The complainant",
        "8 hours counted",
        "Due at closing time",
        "The clock runs again; it was",
        "Times of Europe/London. Weekend: Saturday and Sunday. Public holidays: holidays",
    ):
        assert said in text, said


def test_due_dates_are_computed_anew_and_put_off(acme, handler, at_work, clock):
    adopt(acme, "cfpb")
    reference = registered(handler)
    at_work.get(f"{URL}case/{reference}")
    assert "Give the reason" in at_work.post_form({"reason": ""}, action="extend").text
    page = at_work.post_form({"reason": "The laboratory needs longer"}, action="extend")
    assert "now due at its latest date" in page.text
    page = at_work.post_form({"reason": "The office moved"}, action="recompute")
    assert "set by what is in force now" in page.text
    assert [due.target.value for due in seen(handler, reference).running] == ["decide-latest"]


def test_a_complaint_without_dates_gets_them_on_its_page(acme, handler, at_work, clock):
    reference = registered(handler)
    own(acme, decide_in(5))
    assert "1 open complaint has no due dates" in at_work.get(f"{URL}?whose=all").text
    at_work.get(f"/o/acme/complaints/{reference}")
    at_work.follow("Set due dates")
    at_work.post_form({"reason": "We promise it now"}, action="recompute")
    assert seen(handler, reference).kept


def test_a_missed_date_speaks_for_another_level(acme, handler, at_work, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    for days, overdue in ((0, False), (6, True)):
        clock.advance(days=days)
        db.session.rollback()
        assert given.is_overdue(core_queries.by_reference(reading(handler), reference)) is overdue


def test_the_start_page_counts_what_is_overdue(acme, handler, at_work, clock):
    own(acme, decide_in(5))
    registered(handler)
    assert "complaint overdue" not in at_work.get("/o/acme/").text
    clock.advance(days=6)
    assert "1 complaint overdue" in at_work.get("/o/acme/").text
    assert at_work.follow("1 complaint overdue").title == "What is due"


def test_the_figures(acme, handler, at_work, clock):
    own(acme, decide_in(5))
    assert "No due date began" in at_work.get(f"{URL}figures").text
    registered(handler)
    clock.advance(days=6)
    page = at_work.get(f"{URL}figures")
    assert "0.0 % of 1" in page.text
    assert "Of 1 complaint received in these days, 0 had their clock stopped." in page.text


def test_working_time_is_looked_at_and_saved(acme, manager):
    page = manager.get(f"{URL}calendar")
    assert "Not confirmed yet" in page.text
    assert "Boxing Day" in page.text
    page = manager.post_form(
        {
            "zone": "Asia/Tehran",
            "weekend": ["5"],
            "country": "IR",
            "opens_1": "08:00",
            "closes_1": "16:30",
            "opens_2": "09:00",
        },
        action="calendar",
    )
    assert "Enter both times of the day, or neither" in page.text
    page = manager.post_form({"closes_2": "16:00"}, action="calendar")
    assert "holds for dates that are set from now on" in page.text
    manager.post_form({"day": "2026-05-05", "title": "Stocktaking", "worked": "off"}, action="days")
    assert "Stocktaking" in manager.page.text
    manager.post_form(action="drop")
    assert "Stocktaking" not in manager.page.text


def test_a_week_without_work_is_refused(acme, manager):
    manager.get(f"{URL}calendar")
    page = manager.post_form({"weekend": ["1", "2", "3", "4", "5", "6", "7"]}, action="calendar")
    assert "At least one day of the week has to be worked" in page.text


def test_limits_are_taken_over_changed_and_ended(acme, manager):
    manager.get(f"{URL}limits")
    page = manager.post_form(action="time-limits-generic")
    assert "Taken over" in page.text
    assert "10 working days from receipt" in page.text
    (shown,) = [row for row in page.soup.select("tbody tr") if "10 working days from receipt" in row.get_text(" ")]
    manager.get(shown.find("a")["href"])
    page = manager.post_form({"amount": "7"})
    assert "7 working days from receipt" in page.text
    assert "10 working days from receipt" not in page.text
    manager.follow("Write our own")
    page = manager.post_form({"title": "Partners", "kinds": ["complaint", "dispute"], "channels": ["partner"]})
    assert "Our own · Complaint and Dispute · Partner" in page.text


def test_a_limit_that_cannot_be_is_refused(acme, manager):
    set_id = own(acme)
    manager.get(f"{URL}limits/{set_id}/new")
    page = manager.post_form({"amount": "0"})
    assert "from 1 to 1000" in page.text
    assert manager.get(f"{URL}limits/{set_id + 1}/new", status=404).status == 404


def test_the_rules_of_pauses_are_kept(acme, manager):
    manager.get(f"{URL}pauses")
    page = manager.post_form({"complainant-max_days": "14"})
    assert page.title == "Time limits"
    assert "14" in [cell.get_text(strip=True) for cell in page.soup.select("#pauses td")]


def test_who_may_do_what(acme, handler, browser, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    auditor = browser(acme, "internal-auditor")
    assert "Compute anew" not in auditor.get(f"{URL}case/{reference}").text
    for page in ("calendar", "pauses", "limits/new"):
        browser(acme, "complaint-handler").get(f"{URL}{page}", status=403)


def test_another_organisation_finds_nothing(acme, globex, handler, browser, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    other = browser(globex, "complaint-handler")
    other.get(f"/o/globex/complaints/due/case/{reference}", status=404)
    assert references(other.get("/o/globex/complaints/due/?whose=all")) == []


def test_a_damaged_address_of_the_list(acme, at_work):
    assert "damaged" in at_work.get(f"{URL}?page=x", status=400).text


def test_the_queue_goes_on_by_key(acme, handler, at_work, clock, monkeypatch):
    monkeypatch.setattr(queue_module, "PAGE_ROWS", 2)
    keep(acme, Settings())
    own(acme, decide_in(5))
    made = []
    for _ in range(5):
        made.append(registered(handler))
        clock.advance(days=1)
    seen_on = []
    page = at_work.get(f"{URL}?whose=all")
    while True:
        seen_on += references(page)
        forward = page.soup.select("nav.pager a[rel=next], a[rel=next]")
        if not forward:
            break
        page = at_work.get(forward[0]["href"])
    assert seen_on == made
    acknowledged(handler, made[0])


@pytest.mark.sqlite_only
def test_no_text_is_left_out_of_translation(acme, handler, manager, clock):
    keep(acme, LONDON_OPEN)
    adopt(acme)
    own(acme, decide_in(30, working=True), decide_in(30, "hours", working=True, target="close"))
    reference = registered(handler)
    clock.advance(days=2)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=2)
    do(handler, core.end_wait, core.EndWait, reference)
    clock.advance(days=4)
    manager.get(URL)
    manager.post("/preferences", {"locale": PSEUDO})
    assert manager.get(URL).title.startswith("⟦")
    known = {"Acme Ltd", "Generic time limits", "quality-manager of acme", "Europe", "London", "holidays", "GB-ENG"}
    known |= {"Late delivery", "Our promise"}
    pages = ["?whose=all", f"case/{reference}", "figures", "calendar", "limits", "limits/new", "limits/1/1", "pauses"]
    found = {page: left_out(str(manager.get(f"{URL}{page}").soup), known) for page in pages}
    assert not {page: texts for page, texts in found.items() if texts}
