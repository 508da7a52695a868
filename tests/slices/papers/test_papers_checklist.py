"""The checklist to fill by hand says what the page says: strength, what is good, what an answer needs, what is out."""

from auditkit.audits import service as audits
from auditkit.audits.tailoring import service as tailoring
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.content.library import shared
from auditkit.papers.building import audits as building
from auditkit.papers.building.asked import Asked
from tests.slices.packs import records

CHECKLIST = "principles-2018"


def asked(house, number: str) -> Asked:
    return Asked(reading(house.system), "Acme", {}, shared(), "en", clock.now().date(), "", number)


def test_the_sheet_holds_what_whoever_asks_must_know(acme) -> None:
    number = records.planned_audit(acme)
    records.run_audit(acme, number, open_rows=2)
    rows = records.rows_of(acme, number)
    sheet = building.checklist(asked(acme, number))
    questions = [one for section in sheet.sections for one in section.questions]

    assert [one.question for one in questions] == [row.question for row in rows]
    assert [one.good for one in questions] == [row.good for row in rows]
    assert [one.evidence for one in questions] == [row.expected for row in rows]
    assert [one.guidance for one in questions] == [row.guidance for row in rows]
    assert all(one.strength for one in questions)
    needing = {row.position for row in rows if row.evidence_for}
    assert needing
    assert {int(one.number) for one in questions if "File for: " in one.needs} == needing
    assert sheet.left_out == ()


def test_questions_that_are_not_asked_are_named_with_their_reason(acme) -> None:
    number = records.planned_audit(acme)
    manager, auditor = acme.actor("quality-manager"), acme.actor("internal-auditor")
    with transaction(manager) as tx:
        command = tailoring.Tailor(number, least_weight=3, reason="A short round")
        tailoring.tailor(tx, command, clock.now(), manager, library=shared())
    with transaction(auditor) as tx:
        audits.start(tx, audits.StartAudit(number), clock.now(), auditor, library=shared())
    sheet = building.checklist(asked(acme, number))
    every = len(shared().checklist(CHECKLIST).items)
    kept = sum(len(section.questions) for section in sheet.sections)

    assert 0 < kept < every
    assert len(sheet.left_out) == every - kept
    assert all(one.reason for one in sheet.left_out)
