"""What the verbs of actions do, refuse and journal."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from auditkit.actions import queries, rules, service
from auditkit.actions.rules import COMPLETION, VERIFICATION, Kind, State
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, separate_scope, transaction
from auditkit.base.errors import Conflict, Forbidden, NotFound
from auditkit.evidence import intake
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.journal import queries as journal
from tests.conftest import House

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def opened(acme: House, actor: Actor | None = None, **changes: Any) -> str:
    """An action owned by the organisation's staff."""
    actor = actor or acme.actor("internal-auditor")
    command = service.OpenAction(
        Kind.CORRECTIVE, "Change the lock", ("finding", 7), "Door 3 stood open", acme.person("staff"), date(2026, 4, 1)
    )
    with transaction(actor) as tx:
        return str(service.open_action(tx, replace(command, **changes), clock.now(), actor))


def complete(acme: House, number: str, actor: Actor | None = None, **changes: Any) -> None:
    actor = actor or acme.actor("staff")
    command = service.CompleteAction(number, found(acme, number).version, "The lock was changed")
    with transaction(actor) as tx:
        service.complete(tx, replace(command, **changes), clock.now(), actor)


def verify(acme: House, number: str, actor: Actor | None = None, effective: bool = True) -> None:
    actor = actor or acme.actor("quality-manager")
    command = service.VerifyAction(number, found(acme, number).version, effective, "Tried it twice")
    with transaction(actor) as tx:
        service.verify(tx, command, clock.now(), actor)


def close(acme: House, number: str) -> None:
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        service.close(tx, service.CloseAction(number, found(acme, number).version), clock.now(), actor)


def change(acme: House, number: str, actor: Actor | None = None, **changes: Any) -> None:
    actor, action = actor or acme.actor("staff"), found(acme, number)
    command = service.ChangeAction(
        number, action.version, action.kind, action.title, action.owner_id, action.due_on, cause=action.cause
    )
    with transaction(actor) as tx:
        service.change(tx, replace(command, **changes), clock.now(), actor)


def found(acme: House, number: str) -> queries.ActionView:
    return queries.by_number(reading(acme.system), number)


def _journalled(acme: House, number: str) -> list[str]:
    subject = ("action", found(acme, number).id)
    return [entry.event for entry in journal.timeline(reading(acme.system), acme.id, subject)][::-1]


def test_an_action_goes_its_whole_way_and_every_step_is_journalled(acme: House, clock: FrozenClock) -> None:
    number = opened(acme)
    assert number == "AC-2026-001"
    complete(acme, number)
    verify(acme, number)
    close(acme, number)
    action = found(acme, number)
    assert (action.state, action.completed_by, action.verified_by) == (
        State.CLOSED,
        acme.person("staff"),
        acme.person("quality-manager"),
    )
    assert action.closed_at == clock.at
    assert _journalled(acme, number) == ["action:opened", "action:completed", "action:verified", "action:closed"]


def test_an_action_without_effect_opens_again_and_keeps_the_round(acme: House, clock: FrozenClock) -> None:
    number = opened(acme)
    complete(acme, number)
    done = clock.at
    clock.advance(days=30)
    verify(acme, number, effective=False)
    action = found(acme, number)
    assert (action.state, action.round, action.completed_at, action.completion) == (State.OPEN, 2, None, "")
    (attempt,) = action.attempts
    assert (attempt.round, attempt.completion, attempt.completed_at) == (1, "The lock was changed", done)
    assert (attempt.verification, attempt.verified_at) == ("Tried it twice", clock.at)
    assert _journalled(acme, number)[-1] == "action:reopened"
    complete(acme, number, proof="A better lock")
    verify(acme, number)
    assert found(acme, number).state is State.VERIFIED


def test_nobody_verifies_their_own_action(acme: House) -> None:
    quality = acme.actor("quality-manager")
    owned = opened(acme, owner_id=acme.person("quality-manager"))
    complete(acme, owned, acme.actor("internal-auditor"))
    with pytest.raises(rules.VerifierIsOwner):
        verify(acme, owned, quality)
    with pytest.raises(rules.VerifierCompletedIt):
        verify(acme, owned, acme.actor("internal-auditor"))
    verify(acme, owned, acme.actor("administrator"))


def test_only_who_may_verify_verifies_and_closes(acme: House) -> None:
    number = opened(acme)
    complete(acme, number)
    for role in ("staff", "complaint-handler", "external-reviewer"):
        with pytest.raises(Forbidden):
            verify(acme, number, acme.actor(role))


def test_a_major_nonconformity_needs_its_cause_first(acme: House) -> None:
    number = opened(acme, cause_required=True)
    with pytest.raises(rules.CauseMissing):
        complete(acme, number)
    change(acme, number, cause="The spring was worn")
    complete(acme, number)
    assert found(acme, number).state is State.DONE


def test_nothing_is_closed_or_verified_out_of_turn(acme: House) -> None:
    number = opened(acme)
    with pytest.raises(rules.NotVerified):
        close(acme, number)
    with pytest.raises(rules.NotDone):
        verify(acme, number)
    complete(acme, number)
    with pytest.raises(rules.NotVerified):
        close(acme, number)
    with pytest.raises(rules.NotOpen):
        change(acme, number, title="Something else")
    with pytest.raises(rules.NotOpen):
        complete(acme, number)


def test_staff_work_on_their_own_actions_only(acme: House) -> None:
    theirs = opened(acme, owner_id=acme.person("complaint-handler"))
    with pytest.raises(rules.NotYours):
        complete(acme, theirs, acme.actor("staff"))
    with pytest.raises(rules.NotYours):
        change(acme, theirs, acme.actor("staff"), title="Mine now")
    change(acme, theirs, acme.actor("quality-manager"), owner_id=acme.person("staff"))
    complete(acme, theirs, acme.actor("staff"))


def test_an_owner_belongs_to_the_organisation_and_may_work(acme: House, globex: House) -> None:
    for person in (globex.person("staff"), acme.person("external-reviewer")):
        with pytest.raises(rules.OwnerNotMember):
            opened(acme, owner_id=person)
    with pytest.raises(rules.TitleMissing):
        opened(acme, title=" ")
    with pytest.raises(rules.OriginMissing):
        opened(acme, origin_title="")


def test_a_late_second_change_is_refused_by_name(acme: House) -> None:
    number = opened(acme)
    change(acme, number, title="Change both locks")
    with pytest.raises(Conflict):
        change(acme, number, version=1, title="Change no lock")
    assert found(acme, number).title == "Change both locks"


def test_a_change_journals_which_fields_and_not_their_words(acme: House) -> None:
    number = opened(acme)
    change(acme, number, cause="Mr Smith forgot", due_on=date(2026, 5, 1))
    entry = journal.timeline(reading(acme.system), acme.id, ("action", found(acme, number).id))[0]
    assert entry.facts["changed"] == ["cause", "due_on"]
    assert "Smith" not in str(entry.facts)


def test_files_show_that_it_was_done(acme: House) -> None:
    number, staff = opened(acme), acme.actor("staff")
    received = intake.receive([(io.BytesIO(b"lock changed on 3 March\n"), "note.txt")])
    with transaction(staff) as tx:
        ids = tuple(evidence_service.add(tx, evidence_service.Add(received), clock.now(), staff))
        command = service.CompleteAction(number, 1, "", ids)
        service.complete(tx, command, clock.now(), staff)
    action = found(acme, number)
    assert action.state is State.DONE
    attached = evidence.for_subject(reading(acme.system), (COMPLETION, action.id))
    assert [one.file.name for one in attached] == ["note.txt"]
    assert queries.subjects(reading(acme.system), *YEAR) == [(COMPLETION, action.id), (VERIFICATION, action.id)]


def test_another_organisations_file_shows_nothing_here(acme: House, globex: House) -> None:
    theirs = globex.actor("staff")
    received = intake.receive([(io.BytesIO(b"theirs\n"), "theirs.txt")])
    with transaction(theirs) as tx:
        (file_id,) = evidence_service.add(tx, evidence_service.Add(received), clock.now(), theirs)
    number = opened(acme)
    with pytest.raises(NotFound):
        complete(acme, number, evidence=(file_id,))
    assert found(acme, number).state is State.OPEN


def test_the_list_filters_by_owner_state_and_lateness(acme: House) -> None:
    late = opened(acme, due_on=date(2026, 3, 1))
    mine = opened(acme, owner_id=acme.person("internal-auditor"))
    done = opened(acme, due_on=date(2026, 2, 1))
    complete(acme, done)
    tx = reading(acme.system)

    def numbers(wanted: queries.Filter) -> list[str]:
        return [line.number for line in queries.listing(tx, wanted)[0]]

    assert numbers(queries.Filter()) == [done, late, mine]
    assert numbers(queries.Filter(owner_id=acme.person("internal-auditor"))) == [mine]
    assert numbers(queries.Filter(state=State.DONE)) == [done]
    assert numbers(queries.Filter(overdue_on=date(2026, 3, 2))) == [late]
    assert queries.counts(tx, date(2026, 3, 2)) == queries.Counts(open=2, overdue=1, waiting=1, closed=0)
    assert queries.counts(tx, date(2026, 3, 2), acme.person("staff")) == queries.Counts(1, 1, 1, 0)


def test_the_list_comes_in_pages_without_gaps(acme: House) -> None:
    expected = [opened(acme, due_on=date(2026, 4, 1 + index % 3)) for index in range(queries.PAGE + 4)]
    tx = reading(acme.system)
    first, following = queries.listing(tx, queries.Filter())
    second, end = queries.listing(tx, queries.Filter(), following)
    assert end is None
    assert (len(first), len(second)) == (queries.PAGE, 4)
    seen = [line.number for line in first + second]
    assert sorted(seen) == sorted(expected)


def test_the_register_holds_what_was_alive_in_the_period(acme: House, clock: FrozenClock) -> None:
    first = opened(acme)
    complete(acme, first)
    verify(acme, first)
    close(acme, first)
    closed_at = clock.at
    clock.advance(days=60)
    second = opened(acme)
    tx = reading(acme.system)
    march, later = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))
    (row,) = queries.register(tx, *march)
    assert (row.number, row.owner, row.verified_by, row.rounds_without_effect) == (
        first,
        "staff of acme",
        "quality-manager of acme",
        0,
    )
    assert [one.number for one in queries.register(tx, *later)] == [second]
    assert queries.newest_change(tx, *march) == closed_at
    assert queries.newest_change(tx, *later) == clock.at
    assert queries.newest_change(tx, date(2025, 1, 1), date(2025, 2, 1)) is None


def test_organisations_do_not_see_each_others_actions(app: Flask, acme: House, globex: House) -> None:
    number = opened(acme)
    with separate_scope():
        tx = reading(globex.system)
        assert queries.listing(tx, queries.Filter()) == ([], None)
        assert queries.for_origins(tx, "finding", [7]) == {}
        assert list(queries.register(tx, *YEAR)) == []
        with pytest.raises(NotFound):
            queries.by_number(tx, number)
    stranger = globex.actor("quality-manager")
    with pytest.raises(NotFound), transaction(stranger) as tx:
        service.close(tx, service.CloseAction(number, 1), clock.now(), stranger)
    assert opened(globex, globex.actor("staff")) == "AC-2026-001"  # every organisation counts for itself
