"""Rules of assignment at work: by every way in, at assessment, never over a person's choice, explained, on record."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints import queries as core
from auditkit.complaints import service as complaints
from auditkit.complaints.assigning import queries, rules, service
from auditkit.complaints.assigning.rules import Asked
from auditkit.complaints.clock import queries as due
from auditkit.complaints.clock.queries import QueueWanted
from auditkit.complaints.importing.running import run_import
from auditkit.complaints.importing.undoing import undo_import
from auditkit.journal.models import JournalEntry
from tests.slices.complaints.recording import do, found, registered
from tests.slices.complaints_clock.timing import decide_in, own


@pytest.fixture
def handler(acme):
    return acme.actor("complaint-handler")


@pytest.fixture
def nina(acme):
    return acme.colleague("complaint-handler", "Nina Night").person_id


@pytest.fixture
def omar(acme):
    return acme.colleague("complaint-handler", "Omar Owner").person_id


def put(house, owner_id, *, deputy_id=None, last=False, rule_id=None, **asked):
    with transaction(house.system) as tx:
        command = service.PutRule(Asked(**asked), owner_id, deputy_id, rule_id, last)
        return service.put_rule(tx, command, clock_module.now(), house.system)


def away(house, person_id, deputy_id, first, last, actor=None):
    actor = actor or house.system
    with transaction(actor) as tx:
        command = service.SetAbsence(person_id, deputy_id, first, last)
        return service.set_absence(tx, command, clock_module.now(), actor)


def decided(house, reference):
    case = found(house.system, reference)
    return queries.by_rule(reading(house.system), case.id)


def events(house, name):
    db.session.rollback()
    query = select(JournalEntry.facts).where(JournalEntry.event == name).order_by(JournalEntry.seq)
    return list(reading(house.system).execute(query).scalars())


def test_an_owner_is_named_when_it_is_recorded_and_the_journal_says_by_what(acme, handler, nina, omar):
    put(acme, nina, categories=("billing",))
    second = put(acme, omar, deputy_id=nina, channels=("phone",), categories=("delivery",))
    reference = registered(handler, channel="phone", category="delivery")
    case = found(handler, reference)
    assert (case.owner_id, case.deputy_id, case.version) == (omar, nina, 1)
    by = decided(acme, reference)
    assert (by.number, by.asked, by.happened) == (2, Asked(channels=("phone",), categories=("delivery",)), "recorded")
    (facts,) = events(acme, "complaint:assigned-by-rule")
    assert facts["rule"] == second
    assert (facts["number"], facts["owner"], facts["deputy"], facts["when"]) == (2, omar, nina, "recorded")
    assert found(handler, registered(handler, channel="phone", category="service")).owner_id is None


def test_the_last_line_takes_what_no_rule_is_for(acme, handler, nina, omar):
    put(acme, omar, last=True)
    put(acme, nina, channels=("phone",))
    put(acme, nina, last=True)
    assert found(handler, registered(handler, channel="post")).owner_id == nina
    assert [(one.number, one.owner_id) for one in queries.rules_in_force(reading(acme.system))] == [
        (1, nina),
        (0, nina),
    ]


def test_assessment_moves_what_a_rule_gave_to_whom_the_rules_then_name(acme, handler, nina, omar):
    put(acme, omar, severities=("critical",))
    put(acme, nina, last=True)
    reference = registered(handler)
    assert found(handler, reference).owner_id == nina
    do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    do(handler, complaints.assess, complaints.Assess, reference, "critical", "simple", "one")
    assert found(handler, reference).owner_id == omar
    assert (decided(acme, reference).number, decided(acme, reference).happened) == (1, "assessed")
    do(handler, complaints.assess, complaints.Assess, reference, "critical", "complex", "one")
    assert len(events(acme, "complaint:assigned-by-rule")) == 2


def test_what_would_fall_to_the_assessor_goes_where_the_rules_say(acme, handler, nina):
    reference = registered(handler)
    put(acme, nina, severities=("low",))
    do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    do(handler, complaints.assess, complaints.Assess, reference, "low", "simple", "one")
    assert found(handler, reference).owner_id == nina
    other = registered(handler)
    do(handler, complaints.acknowledge, complaints.Acknowledge, other)
    do(handler, complaints.assess, complaints.Assess, other, "medium", "simple", "one")
    assert found(handler, other).owner_id == handler.person_id
    do(handler, complaints.assess, complaints.Assess, other, "low", "simple", "one")
    assert found(handler, other).owner_id == handler.person_id


def test_a_persons_choice_is_never_overwritten(acme, handler, nina, omar):
    put(acme, nina, last=True)
    reference = registered(handler)
    do(handler, complaints.assign, complaints.Assign, reference, omar)
    assert decided(acme, reference) is None
    do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    do(handler, complaints.assess, complaints.Assess, reference, "low", "simple", "one")
    assert found(handler, reference).owner_id == omar
    other = registered(handler)
    do(handler, complaints.acknowledge, complaints.Acknowledge, other)
    do(handler, complaints.assess, complaints.Assess, other, "low", "simple", "one", owner_id=omar)
    assert found(handler, other).owner_id == omar
    do(handler, complaints.assess, complaints.Assess, other, "high", "simple", "one")
    assert found(handler, other).owner_id == omar


def test_naming_the_owner_whom_a_rule_named_makes_it_a_persons_choice(acme, handler, nina, omar):
    put(acme, omar, severities=("critical",))
    put(acme, nina, last=True)
    reference = registered(handler)
    do(handler, complaints.assign, complaints.Assign, reference, nina)
    do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    do(handler, complaints.assess, complaints.Assess, reference, "critical", "simple", "one")
    assert found(handler, reference).owner_id == nina


def test_whoever_is_complained_about_gets_nothing_by_a_rule(acme, handler, nina, omar):
    put(acme, nina, severities=("high",))
    put(acme, omar, last=True)
    reference = registered(handler)
    do(handler, complaints.name_person, complaints.NamePerson, reference, nina)
    do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    do(handler, complaints.assess, complaints.Assess, reference, "high", "simple", "one")
    assert found(handler, reference).owner_id == omar


def test_who_is_away_has_somebody_stand_in(acme, handler, nina, omar, clock):
    own(acme, decide_in(10))
    put(acme, nina, last=True)
    today = clock_module.now().date()
    away(acme, nina, omar, today - timedelta(days=1), today)
    assert found(handler, registered(handler)).deputy_id == omar
    reference = registered(handler)
    do(handler, complaints.assign, complaints.Assign, reference, nina)
    assert queries.stands_in(reading(acme.system), clock_module.now()) == {nina: omar}
    mine = QueueWanted(person_id=omar, standing_in_for=(nina,))
    assert len(due.queue(reading(acme.system), mine, clock_module.now()).rows) == 2
    assert len(due.queue(reading(acme.system), QueueWanted(person_id=omar), clock_module.now()).rows) == 1
    clock.advance(days=1)
    assert found(handler, registered(handler)).deputy_id is None
    assert queries.stands_in(reading(acme.system), clock_module.now()) == {}


def test_absences_have_rules(acme, handler, nina, omar):
    day = date(2026, 3, 10)
    number = away(acme, nina, omar, day, day + timedelta(days=3))
    with pytest.raises(rules.AwayAlready, match="Nina Night"):
        away(acme, nina, omar, day + timedelta(days=3), day + timedelta(days=9))
    away(acme, nina, omar, day + timedelta(days=4), day + timedelta(days=5))
    with pytest.raises(rules.OwnerCannotHandle):
        away(acme, nina, acme.person("staff"), date(2026, 5, 1), date(2026, 5, 1))
    with pytest.raises(Forbidden):
        away(acme, nina, omar, date(2026, 5, 1), date(2026, 5, 1), actor=handler)
    away(acme, handler.person_id, omar, date(2026, 5, 1), date(2026, 5, 1), actor=handler)
    with pytest.raises(Forbidden), transaction(handler) as tx:
        service.end_absence(tx, service.EndAbsence(number), clock_module.now(), handler)
    with transaction(acme.system) as tx:
        service.end_absence(tx, service.EndAbsence(number), clock_module.now(), acme.system)
    assert len(events(acme, "absence:set")) == 3
    assert events(acme, "absence:ended")[0]["first"] == "2026-03-10"


def test_rules_are_checked_ordered_and_removed(acme, globex, handler, nina, omar):
    first, second, third = (put(acme, nina, channels=(word,)) for word in ("phone", "web", "post"))
    with pytest.raises(rules.NothingAsked):
        put(acme, nina)
    with pytest.raises(rules.OwnerCannotHandle):
        put(acme, acme.person("staff"), channels=("web",))
    with pytest.raises(rules.DeputyIsOwner):
        put(acme, nina, deputy_id=nina, channels=("web",))

    def act(verb, command):
        with transaction(acme.system) as tx:
            verb(tx, command, clock_module.now(), acme.system)
        return [(one.id, one.number) for one in queries.rules_in_force(reading(acme.system))]

    assert act(service.move_rule, service.MoveRule(third, True)) == [(first, 1), (third, 2), (second, 3)]
    assert act(service.move_rule, service.MoveRule(first, True)) == [(first, 1), (third, 2), (second, 3)]
    assert act(service.move_rule, service.MoveRule(first, False)) == [(third, 1), (first, 2), (second, 3)]
    assert act(service.remove_rule, service.RemoveRule(third)) == [(first, 1), (second, 2)]
    with pytest.raises(NotFound):
        act(service.move_rule, service.MoveRule(third, True))
    put(acme, omar, rule_id=first, channels=("email",))
    assert queries.rules_in_force(reading(acme.system))[0].owner_id == omar
    db.session.rollback()
    assert queries.rules_in_force(reading(globex.system)) == []
    db.session.rollback()
    with pytest.raises(NotFound), transaction(globex.system) as tx:
        service.remove_rule(tx, service.RemoveRule(first), clock_module.now(), globex.system)
    assert events(acme, "assignment-rules:moved")[0]["order"] == [first, third, second]


def test_an_import_is_assigned_and_can_still_be_taken_back(acme, nina, omar, tmp_path: Path):
    put(acme, nina, channels=("phone",))
    put(acme, omar, deputy_id=nina, last=True)
    file = tmp_path / "register.csv"
    lines = ["Reference,Received,Channel,Status,Closed on,Subject"]
    for number in range(1, 11):
        end = "closed,2026-02-01" if number > 8 else "received,"
        lines.append(f"R-{number},2026-01-{number:02},{'phone' if number % 2 else 'web'},{end},Case {number}")
    file.write_text("\n".join(lines))
    result = run_import(file, acme.system)
    assert result.imported == 10
    rows = core.register_page(reading(acme.system), core.Wanted(sort=core.Sort.REFERENCE_UP)).rows
    owners = [found(acme.system, row.reference).owner_id for row in rows]
    assert owners == [nina, omar] * 4 + [None, None]
    assert decided(acme, rows[0].reference).happened == "imported"
    assert found(acme.system, rows[1].reference).deputy_id == nina
    assert events(acme, "complaints:import-assigned") == [{"by_rule": {"0": 4, "1": 4}}]
    assert undo_import(result.run_id, acme.system) == 10


def test_a_stranger_and_the_api_are_assigned_too(acme, nina):
    put(acme, nina, last=True)
    with transaction(acme.public) as tx:
        command = complaints.Register("Broken", clock_module.now(), channel="web")
        reference = complaints.receive(tx, command, clock_module.now(), acme.public).reference
    assert found(acme.system, reference).owner_id == nina
