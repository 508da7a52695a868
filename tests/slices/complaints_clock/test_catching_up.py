"""Due dates for open complaints that have none: counted before, set by a job, cut off and gone on with, on record."""

import pytest
from sqlalchemy import func, select

from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.complaints.clock import catching_up, queries, rules, service
from auditkit.complaints.clock.models import ComplaintClock, ComplaintDue
from auditkit.complaints.clock.rules import Scope
from auditkit.journal.models import JournalEntry
from tests.slices.complaints.recording import many, raw, run_added
from tests.slices.complaints_clock.timing import MONDAY, decide_in, own, registered, seen

PAGE = "/o/acme/complaints/due/missing"


@pytest.fixture
def run(acme, clock) -> int:
    """An import: five open complaints, of which one is praise, and a closed one."""
    run = run_added(acme.id)
    of_run = {"import_run_id": run, "closed_date_unknown": False, "received_at": MONDAY, "kind": "complaint"}
    many(
        acme.id,
        [
            *(raw(acme.id, 900 + number, **of_run) for number in range(1, 5)),
            raw(acme.id, 905, **{**of_run, "kind": "compliment"}),
            raw(acme.id, 906, **{**of_run, "stage": "closed", "closed_date_unknown": True}),
        ],
    )
    return run


def clocks() -> int:
    db.session.rollback()
    with db.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(ComplaintClock.__table__)).scalar_one())


def test_the_preview_counts_by_what_the_limits_are_for(acme, run):
    assert queries.missing(reading(acme.system), clock_module.now()) == queries.Missing(
        0, (("complaint", 4), ("compliment", 1))
    )
    own(acme, decide_in(10))
    found = queries.missing(reading(acme.system), clock_module.now())
    assert (found.fitting, found.kinds, found.unfit) == (4, (("compliment", 1),), 1)
    assert queries.missing(reading(acme.system), clock_module.now(), run + 1).fitting == 0
    own(acme, decide_in(5), title="Web only", scope=Scope(kinds=("compliment",), channels=("web",)))
    assert queries.missing(reading(acme.system), clock_module.now()).unfit == 1


def test_a_limit_for_another_severity_is_none_for_these(acme, run):
    own(acme, decide_in(3, severities=("critical",)))
    assert queries.missing(reading(acme.system), clock_module.now()).fitting == 0


def test_all_get_what_the_page_of_each_would_have_given(acme, run):
    own(acme, decide_in(10))
    assert catching_up.set_all(acme.system, run) == {"set": 4, "left": 1}
    assert [due.due_at.date().isoformat() for due in seen(acme.system, "C-2026-000901").running] == ["2026-03-12"]
    assert not seen(acme.system, "C-2026-000905").kept
    assert not seen(acme.system, "C-2026-000906").kept
    assert catching_up.set_all(acme.system, run) == {"set": 0, "left": 1}
    assert clocks() == 4


def test_the_journal_tells_of_each_and_of_the_whole(acme, run):
    own(acme, decide_in(10))
    catching_up.set_all(acme.system)
    entries = select(JournalEntry.event, JournalEntry.facts).order_by(JournalEntry.seq)
    told = [(event, facts) for event, facts in reading(acme.system).execute(entries) if "due" in event]
    assert [event for event, _facts in told] == ["complaint:due-set"] * 4 + ["complaints:due-dates-set"]
    assert told[-1][1] == {"looked_at": 5, "set": 4, "import": None}


def test_work_that_was_cut_off_goes_on(acme, run, monkeypatch):
    own(acme, decide_in(10))
    monkeypatch.setattr(catching_up, "PORTION", 2)
    shares = []

    def die(share: float) -> None:
        shares.append(share)
        if len(shares) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catching_up.set_all(acme.system, None, die)
    assert clocks() == 2
    assert catching_up.set_all(acme.system, None, shares.append) == {"set": 2, "left": 1}
    assert clocks() == 4
    assert shares == [0.4, pytest.approx(2 / 3), 0.99]


def test_who_has_due_dates_keeps_them(acme, clock, run):
    own(acme, decide_in(10))
    handler = acme.actor("complaint-handler")
    kept = registered(handler)
    clock.advance(days=1)
    own(acme, decide_in(3), title="Stricter")
    before = seen(handler, kept).running
    catching_up.set_all(acme.system)
    assert seen(handler, kept).running == before
    assert reading(acme.system).execute(select(func.count(ComplaintDue.id))).scalar_one() == 1 + 4 * 2


def test_a_portion_leaves_what_changed_meanwhile(acme, run):
    own(acme, decide_in(10))
    with transaction(acme.system) as tx:
        ids = queries.without_dates(tx, 0, 100)
    catching_up.set_all(acme.system)
    with transaction(acme.system) as tx:
        again = service.set_missing(tx, service.SetMissing((*ids, 10_000)), clock_module.now(), acme.system)
    assert again == 0
    assert clocks() == 4


def test_it_is_refused_without_limits_for_unknown_imports_and_for_others(acme, globex, run):
    with pytest.raises(rules.NoLimitsInForce):
        catching_up.set_all(acme.system)
    own(acme, decide_in(10))
    with pytest.raises(rules.ImportUnknown):
        catching_up.set_all(acme.system, run + 1)
    with pytest.raises(Forbidden):
        catching_up.set_all(acme.actor("internal-auditor"))
    db.session.rollback()
    own(globex, decide_in(10))
    assert catching_up.set_all(globex.system) == {"set": 0, "left": 0}
    with pytest.raises(rules.ImportUnknown):
        catching_up.set_all(globex.system, run)


def test_the_page_leads_from_the_import_to_the_result(acme, browser, work, run):
    own(acme, decide_in(10))
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/import/runs/{run}")
    page = visitor.follow("Set due dates for the open ones")
    assert "register.csv" in page.text
    assert "Compliment (1)" in page.text
    waiting = visitor.post_form(action="/missing")
    assert waiting.title == "Setting due dates"
    assert "Due dates are being set" in visitor.get(PAGE).text
    assert work() == 1
    done = visitor.get(waiting.path)
    assert done.title == "Due dates are set"
    assert [one.get_text(" ", strip=True) for one in done.soup.find_all(class_="stat")] == [
        "4 got due dates",
        "1 stay without: no time limit is for them",
    ]
    assert "No time limit in force is for these" in visitor.get(PAGE).text
    visitor.get(f"{PAGE}?run={run + 1}", status=404)
    visitor.get(f"{PAGE}/999", status=404)


def test_it_stands_where_the_settings_are(acme, browser, run):
    manager = browser(acme, "quality-manager")
    assert "No time limits are in force" in manager.get(PAGE).text
    own(acme, decide_in(10))
    for settings in ("calendar", "limits", ""):
        manager.get(f"/o/acme/complaints/due/{settings}?whose=all")
        manager.follow("Complaints without due dates" if settings else "Set due dates for those that have none")
    catching_up.set_all(acme.system)
    with transaction(acme.system) as tx:
        (left,) = queries.without_dates(tx, 0, 10)
    assert left
    browser(acme, "internal-auditor").get(PAGE, status=403)


def test_the_command(acme, run, command):
    own(acme, decide_in(10))
    would = command("complaints", "set-due-dates", "--org", "acme", "--dry-run")
    assert (would.code, would.out.splitlines()) == (
        0,
        ["4 would get due dates", "1 stay without: no time limit is for them"],
    )
    assert clocks() == 0
    done = command("complaints", "set-due-dates", "--org", "acme", "--import", str(run), "--json")
    assert done.json == {"set": 4, "left": 1, "dry_run": False}
    assert command("complaints", "set-due-dates", "--org", "acme", "--import", "77").code == 2
