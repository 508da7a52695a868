"""The gates of an audit, as tables: what is refused, by which name, and what passes."""

from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest

from auditkit.actions.rules import State as ActionState
from auditkit.audits import rules
from auditkit.audits.rules import AnswerState, AuditKind, FindingState, Grade, Method, State, Tally, TeamRole

AUDITOR, COLLEAGUE, CLERK, STRANGER = 1, 2, 3, 9

PLAN: dict[str, Any] = {
    "title": "Spring",
    "objectives": "See",
    "scope": "All",
    "planned_from": date(2026, 3, 9),
    "planned_to": date(2026, 3, 9),
    "team": [(AUDITOR, TeamRole.LEAD), (CLERK, TeamRole.OBSERVER)],
    "auditors": [AUDITOR, COLLEAGUE],
    "people": [AUDITOR, COLLEAGUE, CLERK],
}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"title": " "}, rules.TitleMissing),
        ({"objectives": ""}, rules.ObjectivesMissing),
        ({"scope": "\n"}, rules.ScopeMissing),
        ({"planned_to": date(2026, 3, 8)}, rules.DatesReversed),
        ({"team": []}, rules.LeadMissing),
        ({"team": [(AUDITOR, TeamRole.AUDITOR)]}, rules.LeadMissing),
        ({"team": [(AUDITOR, TeamRole.LEAD), (COLLEAGUE, TeamRole.LEAD)]}, rules.LeadMissing),
        ({"team": [(AUDITOR, TeamRole.LEAD), (AUDITOR, TeamRole.OBSERVER)]}, rules.PersonTwice),
        ({"team": [(CLERK, TeamRole.LEAD)]}, rules.NotAnAuditor),
        ({"team": [(AUDITOR, TeamRole.LEAD), (STRANGER, TeamRole.EXPERT)]}, rules.NotAnAuditor),
    ],
)
def test_a_plan_is_refused(change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        _check({**PLAN, **change})


def test_a_plan_of_one_day_with_an_observer_passes() -> None:
    _check(PLAN)


def _check(plan: dict[str, Any]) -> None:
    people = {name: plan[name] for name in ("team", "auditors", "people")}
    rules.check_plan(**{name: value for name, value in plan.items() if name not in people})
    rules.check_team(**people)


@pytest.mark.parametrize(
    ("kind", "auditee", "followed", "refusal"),
    [
        (AuditKind.INTERNAL, "", "", None),
        (AuditKind.SUPPLIER, " ", "", rules.AuditeeMissing),
        (AuditKind.SUPPLIER, "Repair Ltd", "", None),
        (AuditKind.STAGE_1, "", "", None),
        (AuditKind.STAGE_2, "", "", None),
        (AuditKind.FOLLOW_UP, "", " ", rules.FollowedMissing),
        (AuditKind.FOLLOW_UP, "", "A-2026-001", None),
        (AuditKind.OUTSIDE, "", "", None),
    ],
)
def test_what_each_kind_of_audit_asks_for(
    kind: AuditKind, auditee: str, followed: str, refusal: type[Exception] | None
) -> None:
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_kind(kind, auditee=auditee, followed=followed)


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("kind", list(AuditKind))
def test_only_remote_work_of_ones_own_asks_what_can_go_wrong(kind: AuditKind, method: Method) -> None:
    asks = method is not Method.ON_SITE and kind is not AuditKind.OUTSIDE
    with pytest.raises(rules.RemoteRiskMissing) if asks else nullcontext():
        rules.check_remote(kind, method, " ")
    rules.check_remote(kind, method, "Line tried on 2 March")


@pytest.mark.parametrize("method", list(Method))
def test_an_audit_wholly_on_site_has_no_virtual_places(method: Method) -> None:
    with pytest.raises(rules.VirtualOnSite) if method is Method.ON_SITE else nullcontext():
        rules.check_remote(AuditKind.INTERNAL, method, "Line tried", "Video room")


@pytest.mark.parametrize(
    ("state", "reason", "refusal"),
    [
        (State.PLANNED, "Illness", None),
        (State.RUNNING, "Illness", None),
        (State.RUNNING, " ", rules.TeamReasonMissing),
        (State.REPORTED, "Illness", rules.TeamStands),
        (State.CLOSED, "Illness", rules.TeamStands),
    ],
)
def test_a_team_changes_with_a_reason_until_the_report(
    state: State, reason: str, refusal: type[Exception] | None
) -> None:
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_team_change(state, reason)


@pytest.mark.parametrize(
    ("check", "allowed", "refusal"),
    [
        (rules.check_planned, State.PLANNED, rules.NotPlanned),
        (rules.check_running, State.RUNNING, rules.NotRunning),
    ],
)
def test_a_step_is_taken_in_one_state_only(check: Any, allowed: State, refusal: type[Exception]) -> None:
    check(allowed)
    for state in set(State) - {allowed}:
        with pytest.raises(refusal):
            check(state)


@pytest.mark.parametrize(
    ("need", "given", "refusal"),
    [
        ((True, False), ("", 0), rules.NoteMissing),
        ((True, False), ("  ", 2), rules.NoteMissing),
        ((False, True), ("seen", 0), rules.EvidenceMissing),
        ((True, True), ("seen", 0), rules.EvidenceMissing),
        ((False, False), ("", 0), None),
        ((True, True), ("seen", 1), None),
    ],
)
def test_an_answer_brings_what_it_needs(
    need: tuple[bool, bool], given: tuple[str, int], refusal: type[Exception] | None
) -> None:
    def check() -> None:
        rules.check_answer(label="Bad", note_needed=need[0], evidence_needed=need[1], note=given[0], files=given[1])

    if refusal is None:
        check()
        return
    with pytest.raises(refusal):
        check()


@pytest.mark.parametrize(
    ("state", "note", "counter"),
    [
        (AnswerState.ANSWERED, "", "answered"),
        (AnswerState.EXCLUDED, "why", "excluded"),
        (AnswerState.OPEN, "why", "not_covered"),
        (AnswerState.OPEN, " ", ""),
    ],
)
def test_a_row_is_counted_where_it_stands(state: AnswerState, note: str, counter: str) -> None:
    assert rules.standing(state, note) == counter


@pytest.mark.parametrize(
    ("state", "tally", "conclusion", "refusal"),
    [
        (State.PLANNED, Tally(0), "Fine", rules.NotRunning),
        (State.REPORTED, Tally(1, 1), "Fine", rules.NotRunning),
        (State.RUNNING, Tally(3, 1, 1), "Fine", rules.RowsUnanswered),
        (State.RUNNING, Tally(3, 1, 1, 1), " ", rules.ConclusionMissing),
        (State.RUNNING, Tally(3, 1, 1, 1), "Fine", None),
    ],
)
def test_an_audit_is_reported_when_every_row_is_settled(
    state: State, tally: Tally, conclusion: str, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        rules.check_report(state, tally, conclusion)
        return
    with pytest.raises(refusal):
        rules.check_report(state, tally, conclusion)


@pytest.mark.parametrize(
    ("state", "findings", "refusal"),
    [
        (State.RUNNING, [], rules.NotReported),
        (State.CLOSED, [], rules.NotReported),
        (State.REPORTED, [FindingState.OPEN], rules.FindingsStillOpen),
        (State.REPORTED, [FindingState.CLOSED, FindingState.PLANNED], rules.FindingsStillOpen),
        (State.REPORTED, [FindingState.DONE], rules.FindingsStillOpen),
        (State.REPORTED, [FindingState.VERIFIED, FindingState.CLOSED, FindingState.NOTED], None),
        (State.REPORTED, [], None),
    ],
)
def test_an_audit_is_closed_when_its_findings_are_settled(
    state: State, findings: list[FindingState], refusal: type[Exception] | None
) -> None:
    if refusal is None:
        rules.check_close(state, findings, kind=AuditKind.INTERNAL, signed=True)
        return
    with pytest.raises(refusal):
        rules.check_close(state, findings, kind=AuditKind.INTERNAL, signed=True)


@pytest.mark.parametrize("kind", list(AuditKind))
def test_an_audit_of_ones_own_is_closed_when_it_is_signed(kind: AuditKind) -> None:
    rules.check_close(State.REPORTED, [], kind=kind, signed=True)
    if kind is AuditKind.OUTSIDE:
        rules.check_close(State.REPORTED, [], kind=kind, signed=False)
        return
    with pytest.raises(rules.ReportUnsigned, match="Report and signatures"):
        rules.check_close(State.REPORTED, [], kind=kind, signed=False)


@pytest.mark.parametrize("grade", list(Grade))
def test_every_finding_needs_a_statement(grade: Grade) -> None:
    with pytest.raises(rules.StatementMissing):
        rules.check_finding(grade=grade, statement=" ", criterion="Rule 1", evidence="Door 3")


@pytest.mark.parametrize("grade", list(Grade))
def test_only_nonconformities_need_criterion_and_evidence(grade: Grade) -> None:
    if grade not in rules.NONCONFORMITIES:
        rules.check_finding(grade=grade, statement="Open", criterion="", evidence="")
        return
    with pytest.raises(rules.CriterionMissing):
        rules.check_finding(grade=grade, statement="Open", criterion="", evidence="Door 3")
    with pytest.raises(rules.ObjectiveEvidenceMissing):
        rules.check_finding(grade=grade, statement="Open", criterion="Rule 1", evidence=" ")
    rules.check_finding(grade=grade, statement="Open", criterion="Rule 1", evidence="Door 3")


@pytest.mark.parametrize(
    ("grade", "actions", "state"),
    [
        (Grade.MAJOR, [], FindingState.OPEN),
        (Grade.MINOR, [], FindingState.OPEN),
        (Grade.OPPORTUNITY, [], FindingState.NOTED),
        (Grade.OBSERVATION, [], FindingState.NOTED),
        (Grade.GOOD_PRACTICE, [], FindingState.NOTED),
        (Grade.MAJOR, [ActionState.OPEN, ActionState.CLOSED], FindingState.PLANNED),
        (Grade.MINOR, [ActionState.DONE, ActionState.CLOSED], FindingState.DONE),
        (Grade.MINOR, [ActionState.VERIFIED, ActionState.CLOSED], FindingState.VERIFIED),
        (Grade.OPPORTUNITY, [ActionState.CLOSED], FindingState.CLOSED),
    ],
)
def test_the_state_of_a_finding_follows_from_its_actions(
    grade: Grade, actions: list[ActionState], state: FindingState
) -> None:
    assert rules.finding_state(grade, actions) is state


@pytest.mark.parametrize(
    ("tally", "unanswered", "percent"),
    [
        (Tally(0), 0, 100),
        (Tally(3), 3, 0),
        (Tally(3, 1, 1), 1, 66),
        (Tally(200, 199), 1, 99),
        (Tally(3, 1, 1, 1), 0, 100),
    ],
)
def test_progress_says_100_only_when_all_is_settled(tally: Tally, unanswered: int, percent: int) -> None:
    assert (tally.unanswered, tally.percent) == (unanswered, percent)


@pytest.mark.parametrize(
    ("counted", "percent"),
    [([], None), ([(100, 1)], 100), ([(100, 1), (0, 1)], 50), ([(100, 1), (50, 3)], 62), ([(100, 2), (0, 1)], 66)],
)
def test_conformity_is_the_weighted_mean(counted: list[tuple[int, int]], percent: int | None) -> None:
    assert rules.conformity_percent(counted) == percent


def test_everything_has_words() -> None:
    assert set(rules.STATE_TITLES) == set(State)
    assert set(rules.GRADE_TITLES) == set(Grade)
    assert set(rules.FINDING_STATE_TITLES) == set(FindingState)
    assert set(rules.TEAM_ROLE_TITLES) == set(TeamRole)
    assert set(rules.METHOD_TITLES) == set(rules.Method)


def test_numbers_are_read_aloud_easily() -> None:
    assert rules.number(2026, 7) == "A-2026-007"
    assert rules.finding_number("A-2026-007", 2) == "A-2026-007-F2"
