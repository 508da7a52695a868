"""What people do with entries, and what it leaves: versions, ties, reminders, entries in the journal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.content import library
from auditkit.journal.queries import timeline
from auditkit.registers import queries, reminding, rules, service
from auditkit.registers.queries import Wanted
from auditkit.registers.rules import Standing
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.packs import records

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RISKS = library.shared().register("risks")
CERTIFICATES = library.shared().register("certificates")
RISK = {
    "title": "Calls get lost", "kind": "risk", "consequence": "Patterns stay hidden", "likelihood": "likely",
    "impact": "serious", "treatment": "reduce", "what": "Write them down",
}  # fmt: skip


@pytest.fixture
def write(acme: House, clock: FrozenClock) -> Callable[..., str]:
    def run(role: str = "quality-manager", shape=RISKS, keeper: int | None = None, **changes) -> str:
        actor = acme.actor(role)
        values = (RISK if shape is RISKS else {}) | changes
        with transaction(actor) as tx:
            return service.write(tx, service.WriteEntry(shape, values, keeper), NOW, actor)

    return run


def act(house: House, verb, command, now: datetime = NOW, role: str = "quality-manager"):
    actor = house.actor(role)
    with transaction(actor) as tx:
        return verb(tx, command, now, actor)


def entry(house: House, number: str = "RISK-001") -> queries.EntryView:
    return queries.entry(reading(house.system), "risks", number, NOW.date())


def test_numbers_count_by_register_and_organisation(acme: House, globex: House, write) -> None:
    assert [write(), write()] == ["RISK-001", "RISK-002"]
    certificate = {"standard": "ISO 10002", "body": "A body", "accredited": "no", "scope": "All", "state": "valid"}
    assert write(shape=CERTIFICATES, **certificate) == "CERT-001"
    assert act(globex, service.write, service.WriteEntry(RISKS, RISK)) == "RISK-001"


def test_each_change_keeps_what_was_said(acme: House, write) -> None:
    number = write()
    changed = service.ChangeEntry(RISKS, number, 1, RISK | {"impact": "grave"}, None, date(2026, 6, 1))
    act(acme, service.change, changed)
    found = entry(acme)
    assert (found.version, found.review_on) == (2, date(2026, 6, 1))
    said = queries.versions(reading(acme.system), found.id)
    assert [one.values["impact"] for one in said] == ["serious", "grave"]
    with pytest.raises(rules.EntryChanged):
        act(acme, service.change, changed)


def test_a_review_that_changes_nothing_makes_no_version(acme: House, write) -> None:
    number = write()
    act(acme, service.review, service.ReviewEntry(RISKS, number, 1, "As before", RISK, date(2027, 1, 1)))
    found = entry(acme)
    assert (found.version, found.review_on) == (1, date(2027, 1, 1))
    assert [one.outcome for one in queries.reviews(reading(acme.system), found.id)] == ["As before"]


def test_out_of_use_nothing_more_is_done_to_it(acme: House, write) -> None:
    number = write()
    act(acme, service.retire, service.RetireEntry("risks", number, "No branch any more"))
    for verb, command in (
        (service.change, service.ChangeEntry(RISKS, number, 1, RISK)),
        (service.review, service.ReviewEntry(RISKS, number, 1, "x", RISK, None)),
        (service.retire, service.RetireEntry("risks", number, "again")),
        (service.tie, service.TieEntry("risks", number, "complaint", "C-1")),
    ):
        with pytest.raises(rules.EntryRetired):
            act(acme, verb, command)
    act(acme, service.restore, service.RestoreEntry(RISKS, number))
    assert entry(acme).standing is Standing.CURRENT
    with pytest.raises(rules.NotRetired):
        act(acme, service.restore, service.RestoreEntry(RISKS, number))
    with pytest.raises(rules.ReasonMissing):
        act(acme, service.retire, service.RetireEntry("risks", number, "  "))


def test_only_what_is_measured_is_measured(acme: House, write) -> None:
    from decimal import Decimal

    number = write()
    with pytest.raises(rules.NotMeasured):
        act(acme, service.measure, service.MeasureEntry(RISKS, number, NOW.date(), Decimal(1)))


def test_who_may_only_read_writes_nothing(acme: House, write) -> None:
    with pytest.raises(Forbidden):
        write(role="internal-auditor")


def test_the_journal_has_each_act(acme: House, write) -> None:
    number = write()
    act(acme, service.change, service.ChangeEntry(RISKS, number, 1, RISK | {"impact": "grave"}))
    act(acme, service.retire, service.RetireEntry("risks", number, "Gone"))
    act(acme, service.restore, service.RestoreEntry(RISKS, number))
    told = timeline(reading(acme.system), acme.id, (queries.SUBJECT, entry(acme).id))
    assert sorted(one.event for one in told) == sorted(
        f"register-entry:{word}" for word in ("written", "changed", "retired", "restored")
    )


def test_tied_to_a_complaint_and_an_action_opened_for_it(acme: House, browser: Callable[..., Browser], write) -> None:
    write()
    reference = records.complaint(acme)
    page = browser(acme, "quality-manager")
    tie = "/o/acme/registers/risks/RISK-001/tie"
    page.get("/o/acme/registers/risks/RISK-001")
    shown = page.post_form({"kind": "complaint", "name": "C-1999-000001"}, action=tie)
    assert "There is no" in shown.text
    shown = page.post_form({"kind": "complaint", "name": reference}, action=tie)
    assert shown.soup.select_one(f"a[href$='/complaints/{reference}']") is not None
    again = page.post_form({"kind": "complaint", "name": reference}, action=tie)
    assert f"tied to {reference} already" in again.text
    page.get("/o/acme/registers/risks/RISK-001")
    action = page.follow("Open an action")
    assert "RISK-001: Calls get lost" in action.text
    opened = page.post_form(
        {"title": "Write every call down", "owner_id": str(acme.person("staff")), "due_on": "2026-04-01"}, action=""
    ).path.rpartition("/")[2]
    # Then the entry shows its action, to those who may read actions, and the list of actions finds it as a risk
    shown = page.get("/o/acme/registers/risks/RISK-001")
    assert f"{opened} Write every call down" in shown.soup.select_one(f"a[href$='/actions/{opened}']").text
    for origin, found in (("risk", True), ("register-entry", True), ("complaint", False)):
        assert (opened in page.get(f"/o/acme/actions/?origin={origin}").text) is found


def test_an_entry_is_tied_to_a_finding_and_to_an_action(acme: House, browser: Callable[..., Browser], write) -> None:
    write()
    audit = records.planned_audit(acme)
    records.run_audit(acme, audit)
    finding = records.finding(acme, audit)
    action = records.action_on(acme, finding)
    page = browser(acme, "quality-manager")
    page.get("/o/acme/registers/risks/RISK-001")
    for kind, number, address in (("finding", finding, "findings"), ("action", action, "actions")):
        shown = page.post_form({"kind": kind, "name": number}, action="/o/acme/registers/risks/RISK-001/tie")
        assert shown.soup.select_one(f"#ties ~ * a[href$='/{address}/{number}'], a[href$='/{address}/{number}']")


COMPETENCES = library.shared().register("competence")


def test_a_list_is_narrowed_to_a_person_in_a_field_and_to_who_keeps_it(
    acme: House, browser: Callable[..., Browser], write
) -> None:
    handler, auditor = acme.person("complaint-handler"), acme.person("internal-auditor")
    said = {"competence": "Listening", "role": "handler", "reached": "training", "from": date(2026, 1, 5)}
    for keeper, person in ((auditor, handler), (handler, auditor)):
        act(acme, service.write, service.WriteEntry(COMPETENCES, {**said, "person": person}, keeper))
    page = browser(acme, "quality-manager")
    listed = "/o/acme/registers/competence"
    assert page.get(listed).soup.select_one("select[name='f-person']") is not None
    for asked, numbers in (
        (f"f-person={handler}", ["COMP-001"]),
        (f"f-person={auditor}", ["COMP-002"]),
        (f"keeper={handler}", ["COMP-002"]),
        (f"f-person={handler}&keeper={handler}", []),
    ):
        found = page.get(f"{listed}?{asked}").soup.select("main tbody td:first-child a")
        assert [one.text for one in found] == numbers, asked


def test_a_tie_of_another_entry_cannot_be_taken_away(acme: House, write) -> None:
    number = write()
    with pytest.raises(NotFound):
        act(acme, service.untie, service.UntieEntry("risks", number, 99))


def test_the_list_s_condition_is_the_rule_s(acme: House, write) -> None:
    certificate = {"standard": "ISO 10002", "body": "A body", "accredited": "no", "scope": "All", "state": "valid"}
    for days in (-40, -1, 0, 1, 29, 30, 31, 400):
        until = NOW.date() + timedelta(days=days)
        number = write(shape=CERTIFICATES, **certificate, until=until)
        act(
            acme,
            service.change,
            service.ChangeEntry(CERTIFICATES, number, 1, certificate | {"until": until}, None,
                                NOW.date() + timedelta(days=-days)),
        )  # fmt: skip
    act(acme, service.retire, service.RetireEntry("certificates", number, "Gone"))
    tx, today = reading(acme.system), NOW.date()
    every = queries.every(tx, "certificates", today)
    for where in Standing:
        listed, _more = queries.listing(tx, "certificates", Wanted(standing=where), today)
        assert [one.number for one in listed] == [one.number for one in every if one.standing is where], where
    counted = queries.counts(tx, today)["certificates"]
    assert counted.expired == sum(one.standing is Standing.EXPIRED for one in every)
    assert counted.overdue == sum(one.standing is Standing.OVERDUE for one in every)


def test_a_long_register_is_paged_by_key(acme: House, write, monkeypatch) -> None:
    for _number in range(5):
        write()
    tx, seen, after = reading(acme.system), [], 0
    while after is not None:
        lines, after = queries.listing(tx, "risks", Wanted(), NOW.date(), after=after, limit=2)
        seen += [one.number for one in lines]
    assert seen == [f"RISK-00{number}" for number in range(1, 6)]


def mails(house: House) -> list[tuple[str, str]]:
    return [(one.recipient, one.body) for one in reading(house.system).execute(select(OutboxMail)).scalars()]


def test_the_keeper_is_reminded_on_the_day_and_once_more(acme: House, write, clock: FrozenClock) -> None:
    keeper = acme.person("complaint-handler")
    write(keeper=keeper)
    write(keeper=keeper, title="Another")
    before = len(mails(acme))
    reminding.remind()
    assert len(mails(acme)) == before, "nothing is due yet"
    clock.advance(days=190)
    for _round in range(3):
        reminding.remind()
    told = mails(acme)[before:]
    assert len(told) == 1, "one mail about both, once"
    assert "RISK-001" in told[0][1]
    assert "/o/acme/registers/risks/RISK-002" in told[0][1]
    clock.advance(days=15)
    reminding.remind()
    clock.advance(days=60)
    reminding.remind()
    assert len(mails(acme)) == before + 2, "once more, then no longer"


def test_a_review_begins_the_reminding_anew(acme: House, write, clock: FrozenClock) -> None:
    number = write()
    clock.advance(days=190)
    reminding.remind()
    later = NOW + timedelta(days=190)
    act(acme, service.review, service.ReviewEntry(RISKS, number, 1, "Fine", RISK, date(2026, 10, 1)), now=later)
    count = len(mails(acme))
    reminding.remind()
    assert len(mails(acme)) == count
    clock.advance(days=60)
    reminding.remind()
    assert len(mails(acme)) == count + 1
