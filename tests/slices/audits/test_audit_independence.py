"""Independence and competence are gates: who owns a process or handled a complaint cannot answer, judge or sign it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import queries, service
from auditkit.audits.independence import queries as independence_queries
from auditkit.audits.independence import rules
from auditkit.audits.independence import service as independence
from auditkit.audits.independence.competence import competences
from auditkit.audits.independence.rules import Ground, Way
from auditkit.audits.programme import service as programme
from auditkit.audits.rules import PlanChanged, TeamReasonMissing, TeamRole
from auditkit.audits.service.sampling import PickComplaint, pick_complaint
from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.content.library import Library
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.statements import statements
from tests.slices.audits.doing import a_plan, answer, own_library, planned, rows_of, started
from tests.slices.complaints.recording import registered

DOORS = "house-rules-2026:1"
LONG_AGO = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _time(clock: FrozenClock) -> None:
    """The audits of these tests are in the second week of March 2026."""


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path)


def do(actor: Actor, verb: Callable[..., object], command: object) -> object:
    with transaction(actor) as tx:
        return verb(tx, command, clocks.now(), actor)


def owns(house: House, role: str, clauses: tuple[str, ...] = (DOORS,), *, name: str = "Doors", **days: date) -> int:
    """The id of a process that the person in `role` is responsible for."""
    manager = house.actor("quality-manager")
    process = int(str(do(manager, independence.save_process, independence.SaveProcess(name, clauses))))
    since = days.get("since", LONG_AGO)
    do(manager, independence.name_owner, independence.NameOwner(process, house.person(role), since, days.get("until")))
    return process


def audit_id(house: House, number: str) -> int:
    return queries.plans.by_number(reading(house.system), number).id


def override(house: House, number: str, process: int, role: str = "internal-auditor", **more: Any) -> object:
    fields = {"way": Way.OVERRIDE, "ground": Ground.PROCESS, "reason": "The second auditor is ill", **more}
    command = independence.Except(number, house.person(role), process_id=process, **fields)
    return do(house.actor("quality-manager"), independence.make_exception, command)


class TestAnswering:
    def test_the_owner_of_a_process_answers_the_other_questions_only(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        owns(acme, "internal-auditor")
        with pytest.raises(rules.RowBarred, match="Question 1 is not yours to answer: responsible for the process"):
            answer(acme, number, 1, "good")
        answer(acme, number, 3, "bad", "Nobody counts")
        assert [row.answered_by is not None for row in rows_of(acme, number)] == [False, False, True]

    def test_the_other_auditor_answers_them(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        owns(acme, "internal-auditor")
        answer(acme, number, 1, "good", actor=acme.actor("administrator"))
        assert rows_of(acme, number)[0].answered_by == acme.person("administrator")

    def test_the_bars_name_each_row_with_its_reason(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        owns(acme, "internal-auditor")
        rows = rows_of(acme, number)
        found = independence.barred_rows(reading(acme.system), audit_id(acme, number), acme.person("internal-auditor"))
        assert found == dict.fromkeys([rows[0].id, rows[1].id], "responsible for the process “Doors”")
        assert not independence.barred_rows(reading(acme.system), audit_id(acme, number), acme.person("administrator"))

    def test_past_ownership_bars_for_a_year_and_not_longer(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        owns(acme, "internal-auditor", name="Until March", until=date(2025, 3, 9))
        owns(acme, "internal-auditor", ("house-rules-2026:2",), name="Long ago", until=date(2025, 3, 8))
        with pytest.raises(rules.RowBarred):
            answer(acme, number, 1, "good")
        answer(acme, number, 3, "bad", "Nobody counts")

    def test_only_lead_and_auditors_of_the_team_answer(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        with pytest.raises(rules.NotInTeam):
            answer(acme, number, 1, "good", actor=acme.colleague("internal-auditor", "Another Auditor"))
        replacement = acme.colleague("internal-auditor", "Replacement")
        assert replacement.person_id is not None
        team = ((replacement.person_id, TeamRole.LEAD),)
        change = service.ChangeTeam(number, queries.plans.by_number(reading(acme.system), number).version, team, "Ill")
        do(acme.actor("quality-manager"), service.change_team, change)
        answer(acme, number, 1, "good", actor=replacement)
        with pytest.raises(rules.NotInTeam):
            answer(acme, number, 2, "good")

    def test_whoever_owns_nothing_costs_one_statement(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        tx, actor = reading(acme.system), acme.actor("internal-auditor")
        row, audit = rows_of(acme, number)[0], audit_id(acme, number)
        with statements() as asked:
            independence.check_may_answer(tx, audit, [row.id], actor)
        assert len(asked) == 1

    def test_another_organisations_owner_bars_nobody_here(self, acme: House, globex: House, books: Library) -> None:
        number = started(acme, books)
        owns(globex, "internal-auditor")
        answer(acme, number, 1, "good")
        with pytest.raises(NotFound):
            independence_queries.process(reading(acme.system), 1)


class TestComplaints:
    @pytest.fixture
    def number(self, acme: House, books: Library) -> str:
        """A running audit with a sample of one complaint, which the administrator registered."""
        number = started(acme, books)
        registered(acme.actor("administrator"))
        wish = service.DrawSample(number, LONG_AGO, date(2026, 12, 31))
        do(acme.actor("internal-auditor"), service.draw_sample, wish)
        return number

    def test_whoever_handled_it_may_not_judge_it(self, acme: House, number: str) -> None:
        audit = audit_id(acme, number)
        complaint = next(iter(independence_queries.sampled(reading(acme.system), audit)))
        with pytest.raises(rules.ComplaintBarred):
            independence.check_may_judge(reading(acme.system), audit, complaint, acme.actor("administrator"))
        independence.check_may_judge(reading(acme.system), audit, complaint, acme.actor("internal-auditor"))
        assert independence.barred_complaints(reading(acme.system), audit, acme.person("administrator")) == {
            complaint: "handled this complaint"
        }
        with pytest.raises(rules.NotInTeam):
            independence.check_may_judge(reading(acme.system), audit, complaint, acme.actor("staff"))

    def test_nor_one_that_was_picked_by_judgement(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        reference = registered(acme.actor("administrator"))
        pick = PickComplaint(number, reference, "The mayor wrote about it")
        do(acme.actor("internal-auditor"), pick_complaint, pick)
        audit, tx = audit_id(acme, number), reading(acme.system)
        ((complaint, told),) = independence_queries.sampled(tx, audit).items()
        assert told == reference
        with pytest.raises(rules.ComplaintBarred):
            independence.check_may_judge(tx, audit, complaint, acme.actor("administrator"))
        assert set(independence.barred_complaints(tx, audit, acme.person("administrator"))) == {complaint}
        assert not independence.barred_complaints(tx, audit, acme.person("internal-auditor"))
        person = acme.person("administrator")
        permit = independence.Except(number, person, Way.OVERRIDE, Ground.COMPLAINT, "Clerk only", None, complaint)
        do(acme.actor("quality-manager"), independence.make_exception, permit)
        independence.check_may_judge(reading(acme.system), audit, complaint, acme.actor("administrator"))

    def test_an_override_lets_them(self, acme: House, number: str) -> None:
        audit = audit_id(acme, number)
        complaint = next(iter(independence_queries.sampled(reading(acme.system), audit)))
        person = acme.person("administrator")
        permit = independence.Except(number, person, Way.OVERRIDE, Ground.COMPLAINT, "Clerk only", None, complaint)
        do(acme.actor("quality-manager"), independence.make_exception, permit)
        independence.check_may_judge(reading(acme.system), audit, complaint, acme.actor("administrator"))

    def test_nothing_is_permitted_about_a_complaint_nobody_sampled(self, acme: House, number: str) -> None:
        permit = independence.Except(
            number, acme.person("administrator"), Way.OVERRIDE, Ground.COMPLAINT, "Clerk only", None, 99
        )
        with pytest.raises(rules.NothingToExcept):
            do(acme.actor("quality-manager"), independence.make_exception, permit)


class TestSigning:
    def test_the_lead_signs_and_what_is_their_own_is_left_to_others(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        owns(acme, "internal-auditor")
        answer(acme, number, 1, "good", actor=acme.actor("administrator"))
        lead = acme.actor("internal-auditor")
        left = independence.check_may_sign(reading(acme.system), audit_id(acme, number), lead)
        assert [one.what for one in left] == ["Question 1", "Question 2"]
        with pytest.raises(rules.NotLead):
            independence.check_may_sign(reading(acme.system), audit_id(acme, number), acme.actor("administrator"))

    def test_an_answer_from_before_the_ownership_was_known_stands_in_the_way(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        answer(acme, number, 1, "good")
        process = owns(acme, "internal-auditor")
        lead, audit = acme.actor("internal-auditor"), audit_id(acme, number)
        with pytest.raises(rules.SignatureBarred, match="question 1"):
            independence.check_may_sign(reading(acme.system), audit, lead)
        override(acme, number, process)
        assert independence.check_may_sign(reading(acme.system), audit, lead) == ()


class TestOverrides:
    def test_an_override_permits_with_a_reason_and_stands_in_the_journal_and_the_report(
        self, acme: House, books: Library
    ) -> None:
        number = started(acme, books)
        process = owns(acme, "internal-auditor")
        override(acme, number, process)
        answer(acme, number, 1, "good")
        (told,) = independence.overrides_of(reading(acme.system), audit_id(acme, number))
        assert (told.person, told.about, told.reason) == (
            "internal-auditor of acme",
            "Doors",
            "The second auditor is ill",
        )
        assert not independence.mitigations_of(reading(acme.system), audit_id(acme, number))
        entries = journal.timeline(reading(acme.system), acme.id, ("audit", audit_id(acme, number)))
        assert "audit:exception-made" in [one.event for one in entries]

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"reason": " "}, rules.ReasonMissing),
            ({"role": "administrator"}, rules.NothingToExcept),
            ({"role": "quality-manager"}, rules.OwnException),
            ({"way": Way.MITIGATION, "instead": " "}, rules.InsteadMissing),
            ({"way": Way.MITIGATION, "instead": "Outside review"}, rules.OthersCan),
        ],
    )
    def test_an_override_is_refused(
        self, acme: House, books: Library, change: dict[str, Any], refusal: type[Exception]
    ) -> None:
        number = started(acme, books)
        process = owns(acme, "internal-auditor")
        with pytest.raises(refusal):
            override(acme, number, process, **change)

    def test_it_is_made_once_and_not_after_the_report(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        process = owns(acme, "internal-auditor")
        override(acme, number, process)
        with pytest.raises(rules.AlreadyExcepted):
            override(acme, number, process)

    def test_auditors_permit_nothing(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        process = owns(acme, "internal-auditor")
        command = independence.Except(
            number, acme.person("internal-auditor"), Way.OVERRIDE, Ground.PROCESS, "I am good", process
        )
        with pytest.raises(Forbidden):
            do(acme.actor("internal-auditor"), independence.make_exception, command)

    def test_where_the_programme_names_somebody_only_they_permit(self, acme: House, books: Library) -> None:
        number = started(acme, books)
        process = owns(acme, "internal-auditor")
        administrator = acme.person("administrator")
        save = programme.SaveProgramme(2026, 2026, "Every clause once", administrator)
        do(acme.actor("administrator"), programme.save_programme, save)
        with pytest.raises(rules.NotResponsible, match="administrator of acme is responsible"):
            override(acme, number, process)
        command = independence.Except(
            number, acme.person("internal-auditor"), Way.OVERRIDE, Ground.PROCESS, "Ill", process
        )
        do(acme.actor("administrator"), independence.make_exception, command)
        answer(acme, number, 1, "good")


class TestAlone:
    """One person does everything: a recorded mitigation, not a wall."""

    @pytest.fixture
    def number(self, acme: House, books: Library) -> str:
        """An audit by the administrator, who owns the process; the other auditor is not competent any more."""
        manager = acme.actor("quality-manager")
        mine = acme.person("internal-auditor")
        (record,) = [one for one in competences(reading(acme.system)) if one.person_id == mine]
        do(manager, independence.withdraw_competence, independence.WithdrawCompetence(record.id, "Left auditing"))
        number = planned(acme, books, team=((acme.person("administrator"), TeamRole.LEAD),))
        actor = acme.actor("administrator")
        with transaction(actor) as tx:
            service.start(tx, service.StartAudit(number), clocks.now(), actor, library=books)
        return number

    def test_what_is_done_instead_opens_the_way(self, acme: House, number: str) -> None:
        process = owns(acme, "administrator")
        me = acme.actor("administrator")
        with pytest.raises(rules.RowBarred):
            answer(acme, number, 1, "good", actor=me)
        command = independence.Except(
            number,
            acme.person("administrator"),
            Way.MITIGATION,
            Ground.PROCESS,
            "Nobody else audits here",
            process,
            instead="The consultant reads the answers",
            reviewer="R. Outside",
        )
        exception = int(str(do(me, independence.make_exception, command)))
        answer(acme, number, 1, "good", actor=me)
        (told,) = independence.mitigations_of(reading(acme.system), audit_id(acme, number))
        assert (told.instead, told.reviewer, told.outcome) == ("The consultant reads the answers", "R. Outside", "")
        do(me, independence.settle_mitigation, independence.Settle(exception, "Agreed with all answers"))
        (told,) = independence.mitigations_of(reading(acme.system), audit_id(acme, number))
        assert told.outcome == "Agreed with all answers"
        with pytest.raises(rules.AlreadyExcepted):
            do(me, independence.settle_mitigation, independence.Settle(exception, "Again"))

    def test_nobody_permits_themselves(self, acme: House, number: str) -> None:
        process = owns(acme, "administrator")
        command = independence.Except(
            number, acme.person("administrator"), Way.OVERRIDE, Ground.PROCESS, "I am alone", process
        )
        with pytest.raises(rules.OwnException):
            do(acme.actor("administrator"), independence.make_exception, command)


class TestCompetence:
    def withdraw(self, acme: House) -> None:
        mine = acme.person("internal-auditor")
        (record,) = [one for one in competences(reading(acme.system)) if one.person_id == mine]
        command = independence.WithdrawCompetence(record.id, "Course was not passed")
        do(acme.actor("quality-manager"), independence.withdraw_competence, command)

    def test_without_a_record_nobody_is_planned_who_answers(self, acme: House, books: Library) -> None:
        self.withdraw(acme)
        with pytest.raises(rules.NotCompetent, match=r"internal-auditor of acme has no competence record .* 2026-03"):
            planned(acme, books)
        observer = (acme.person("internal-auditor"), TeamRole.OBSERVER)
        planned(acme, books, team=((acme.person("administrator"), TeamRole.LEAD), observer))

    def test_a_record_that_ran_out_since_the_plan_stops_the_start(
        self, acme: House, books: Library, clock: FrozenClock
    ) -> None:
        number = planned(acme, books)
        self.withdraw(acme)
        actor = acme.actor("internal-auditor")
        with pytest.raises(rules.NotCompetent), transaction(actor) as tx:
            service.start(tx, service.StartAudit(number), clocks.now(), actor, library=books)
        command = independence.RecordCompetence(
            acme.person("internal-auditor"), "Audits", "New course", date(2026, 3, 1), date(2026, 3, 9)
        )
        do(acme.actor("quality-manager"), independence.record_competence, command)
        with pytest.raises(rules.NotCompetent, match="2026-03-10"), transaction(actor) as tx:
            service.start(tx, service.StartAudit(number), clocks.now(), actor, library=books)

    def test_whoever_is_responsible_takes_somebody_with_a_reason(self, acme: House, books: Library) -> None:
        self.withdraw(acme)
        plan = a_plan(acme, competence_reason="First audit, under supervision")
        manager, auditor = acme.actor("quality-manager"), acme.actor("internal-auditor")
        with pytest.raises(Forbidden), transaction(auditor) as tx:
            service.plan(tx, plan, clocks.now(), auditor, library=books)
        with transaction(manager) as tx:
            number = service.plan(tx, plan, clocks.now(), manager, library=books)
        (told,) = independence.overrides_of(reading(acme.system), audit_id(acme, number))
        assert (told.ground, told.reason) == (Ground.COMPETENCE, "First audit, under supervision")
        with transaction(auditor) as tx:
            service.start(tx, service.StartAudit(number), clocks.now(), auditor, library=books)

    def test_a_record_for_another_kind_or_standard_does_not_do(self, acme: House, books: Library) -> None:
        self.withdraw(acme)
        command = independence.RecordCompetence(
            acme.person("internal-auditor"), "Audits", "Course", LONG_AGO, date(2039, 1, 1), None, "iso9001"
        )
        do(acme.actor("quality-manager"), independence.record_competence, command)
        with pytest.raises(rules.NotCompetent):
            planned(acme, books)

    def test_a_withdrawn_record_stays_with_its_reason(self, acme: House) -> None:
        self.withdraw(acme)
        reasons = [one.withdrawn_reason for one in competences(reading(acme.system))]
        assert "Course was not passed" in reasons


def test_a_team_changes_only_as_it_was_seen(acme: House, books: Library) -> None:
    number = planned(acme, books)
    head = queries.plans.by_number(reading(acme.system), number)
    team = ((acme.person("administrator"), TeamRole.LEAD),)
    manager = acme.actor("quality-manager")
    with pytest.raises(PlanChanged):
        do(manager, service.change_team, service.ChangeTeam(number, head.version + 1, team, "Illness"))
    with pytest.raises(TeamReasonMissing):
        do(manager, service.change_team, service.ChangeTeam(number, head.version, team, " "))
    do(manager, service.change_team, service.ChangeTeam(number, head.version, team, "Illness"))
    assert queries.plans.team(reading(acme.system), head.id) == [queries.plans.TeamMember(*team[0])]


# Pages

Opener = Callable[..., Browser]


def test_the_pages_lead_from_a_process_to_a_bar_and_an_override(acme: House, books: Library, browser: Opener) -> None:
    # Given a quality manager who describes a process and names the auditor as its owner
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/audits/processes")
    manager.follow("Describe a process")
    page = manager.post_form({"name": "Keeping doors", "clauses": []}, action="/processes/new")
    assert "Choose the clauses the process stands for" in page.text
    page = manager.post_form({"name": "Keeping doors", "clauses": ["iso10002-2018:7.4"]}, action="/processes/new")
    assert page.title == "Keeping doors"
    owner = {"person_id": str(acme.person("internal-auditor")), "since": "2024-01-01"}
    page = manager.post_form(owner, action="/owners")
    assert "internal-auditor of acme" in page.text
    page = manager.post_form(owner, action="/owners")
    assert "already named as responsible" in page.text

    # When the auditor runs an audit about it
    number = started(acme, books)
    owns(acme, "internal-auditor", name="Doors of the house")
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"/o/acme/audits/{number}/run")
    assert "2 questions of this audit are not yours to answer" in page.text
    assert "Doors of the house" in page.text

    # Then the manager sees it and permits it, with a reason
    page = manager.get(f"/o/acme/audits/{number}/independence")
    about = f"{acme.person('internal-auditor')}:process:2"
    page = manager.post_form({"about": about, "way": "override", "reason": ""}, action="/independence")
    assert "Write down the reason: it stands in the report of the audit" in page.text
    page = manager.post_form({"about": about, "way": "mitigation", "reason": "Ill", "instead": "Review"},
                             action="/independence")  # fmt: skip
    assert "Somebody else can do it: administrator of acme" in page.text
    page = manager.post_form({"about": about, "way": "override", "reason": "The other one is ill"},
                             action="/independence")  # fmt: skip
    assert "The other one is ill" in page.text
    assert "not yours to answer" not in auditor.get(f"/o/acme/audits/{number}/run").text


def test_a_refused_plan_says_why_and_where_to_mend_it(acme: House, browser: Opener) -> None:
    manager = browser(acme, "quality-manager")
    page = manager.get("/o/acme/audits/competence")
    assert "Course of 2019" in page.text
    for number in (1, 2):
        page = manager.post_form({"reason": ""}, action=f"/competence/{number}/withdraw")
        assert "Write down the reason" in page.text
        page = manager.post_form({"reason": "Ended"}, action=f"/competence/{number}/withdraw")
    page = manager.get("/o/acme/audits/competence")
    assert "Auditors without a current record" in page.text
    manager.get("/o/acme/audits/new")
    plan = {
        "title": "Spring",
        "objectives": "See",
        "scope": "All",
        "planned_from": "2026-03-09",
        "planned_to": "2026-03-10",
        "lead": str(acme.person("internal-auditor")),
    }
    page = manager.post_form(plan)
    assert "has no competence record for this kind of audit" in page.text
    page = manager.post_form({**plan, "competence_reason": "Under supervision"})
    assert page.title == "Spring"
