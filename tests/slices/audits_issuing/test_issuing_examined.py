"""The report names what it is judged against and after, what answers rest on, and every complaint looked at."""

from datetime import timedelta
from pathlib import Path

import pytest

from auditkit.audits import service
from auditkit.audits.agenda import document as planning
from auditkit.audits.identity.service import AnswerRequest, AskIdentity, answer, ask
from auditkit.audits.issuing.document import report
from auditkit.audits.issuing.gathering import gather
from auditkit.audits.machinetest.examining import PopulationWish
from auditkit.audits.machinetest.service import run_tests
from auditkit.audits.queries import plans
from auditkit.audits.recounting.service import Recount, recount
from auditkit.audits.rules import GuidelinesUnknown, Method, VirtualOnSite
from auditkit.audits.sampling import Method as Drawing
from auditkit.audits.service.sampling import DrawSample, PickComplaint, draw_sample, pick_complaint
from auditkit.base import clock as clocks
from auditkit.base.db import reading, transaction
from auditkit.complaints.checking.vocabulary import Indicator
from auditkit.content.library import Library, shared
from auditkit.documents.contexts.audit import AnswerCount, AuditReport
from tests.conftest import House
from tests.slices.audits.doing import answer as answer_row
from tests.slices.audits.doing import own_library, planned, started
from tests.slices.audits_reconciling.test_logs import compared
from tests.slices.audits_samples.test_samples_tab import YEAR
from tests.slices.complaints.recording import registered

SCALE = "iso19011-2026"


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def ended(house: House, number: str) -> AuditReport:
    """The rows answered, the audit reported, and its report as data."""
    answer_row(house, number, 1, "good")
    answer_row(house, number, 2, "good", "A rota hangs at the door")
    answer_row(house, number, 3, "open", "The key holder was ill")
    lead = house.actor("internal-auditor")
    with transaction(lead) as tx:
        service.report(tx, service.ReportAudit(number, "Shut"), clocks.now(), lead)
    return report(gather(reading(house.system), number, "Acme"))


def test_what_answers_rest_on_is_counted(acme: House, books: Library, clock) -> None:
    said = ended(acme, started(acme, books))
    assert said.answer_counts == (AnswerCount("Good", 2, 0, 1, 1), AnswerCount("Not checked", 1, 0, 1, 0))
    assert "on neither: 1." in said.audit.founded
    assert "nothing was kept here" in said.audit.founded
    assert said.audit.unsampled == "No sample was drawn in this audit, and no complaint file was chosen to be followed."
    assert (said.followed, said.populations, said.logs, said.figures) == ((), (), (), ())


def test_everything_that_was_looked_at_is_named(acme: House, books: Library, clock, tmp_path: Path) -> None:
    number, lead = started(acme, books), acme.actor("internal-auditor")
    handler, quality = acme.actor("complaint-handler"), acme.actor("quality-manager")
    drawn = registered(handler, received_at=clocks.now() - timedelta(hours=1))
    with transaction(lead) as tx:
        draw_sample(tx, DrawSample(number, *YEAR, method=Drawing.ALL), clocks.now(), lead)
    chosen = registered(handler, received_at=clocks.now() - timedelta(hours=1))
    with transaction(lead) as tx:
        pick_complaint(tx, PickComplaint(number, chosen, "In the paper"), clocks.now(), lead)
        request = ask(tx, AskIdentity(number, drawn, "The letter"), clocks.now(), lead)
        run_tests(tx, PopulationWish(number, *YEAR), clocks.now(), lead)
        figure = Recount(number, Indicator.RECEIVED, *YEAR, "3", "Board paper, page 2")
        recount(tx, figure, clocks.now(), lead)
    with transaction(quality) as tx:
        answer(tx, AnswerRequest(number, request, granted=True), clocks.now(), quality)
    compared(acme, number, tmp_path, "Date,From,Subject\n2026-03-01,a@example.org,Kettle leaks since Monday\n")
    said = ended(acme, number)
    assert [(one.reference, one.chosen, one.tested) for one in said.followed] == [
        (drawn, "Sample 1", "not tested"),
        (chosen, "By judgement: In the paper", "not tested"),
    ]
    (population,) = said.populations
    assert population.title.endswith(": 2")
    assert f"{number}-P1.json" in population.kept
    (late,) = [one for one in population.tests if one.title == "Acknowledged on time"]
    assert late.checked + late.not_checked <= 2
    (figure,) = said.figures
    assert figure.reported == "3 (Board paper, page 2)"
    assert (figure.counted, figure.result) == ("2", "does not agree")
    (log,) = said.logs
    assert (log.entries, log.matched + log.unmatched) == (1, 1)
    assert f"permitted to see it in: {drawn}." in said.audit.sampling


@pytest.mark.parametrize(
    ("chosen", "named"),
    [(None, "ISO 19011:2026"), ("iso19011-2018", "ISO 19011:2018"), ("", "Not stated in the records")],
)
def test_the_guidelines_in_force_are_taken_unless_others_are_chosen(
    acme: House, clock, chosen: str | None, named: str
) -> None:
    number = planned(
        acme, shared(), checklist_id="stage1-readiness", guidelines=chosen, laws=("Consumer act",),
        schemes=("Trusted shops",), standards=("fca-disp1", "iso9001-2015"),
    )  # fmt: skip
    tx = reading(acme.system)
    head = plans.by_number(tx, number)
    plan = planning.plan(tx, head, "Acme", {})
    assert plan.audit.guidelines == named
    assert [(one.kind, one.title) for one in plan.criteria[1:]] == [
        ("Standard, edition", "ISO 9001:2015"),
        ("Law", "FCA DISP 1"),
        ("Law", "Consumer act"),
        ("Scheme", "Trusted shops"),
    ]
    lead = acme.actor("internal-auditor")
    with transaction(lead) as tx:
        service.start(tx, service.StartAudit(number), clocks.now(), lead, library=shared())
    assert plans.further(reading(acme.system), head.id).guidelines == (
        None if chosen == "" else plans.BasisView(plans.BasisKind.GUIDELINES, chosen or SCALE, named)
    )


def test_only_guidelines_for_auditing_can_be_chosen(acme: House, clock) -> None:
    with pytest.raises(GuidelinesUnknown):
        planned(acme, shared(), checklist_id="stage1-readiness", guidelines="iso9001-2015")


def test_a_plan_on_site_with_a_video_room_is_refused(acme: House, books: Library, clock) -> None:
    with pytest.raises(VirtualOnSite):
        planned(acme, books, virtual_places="Video room")
    number = planned(acme, books, method=Method.HYBRID, virtual_places="Video room", remote_risk="Line tried")
    tx = reading(acme.system)
    plan = planning.plan(tx, plans.by_number(tx, number), "Acme", {})
    assert plan.audit.method == "Partly on site, partly remote (remote: Video room)"
    assert plan.places == ("Video room (virtual)",)
    assert plan.audit.start == "9 March 2026"
