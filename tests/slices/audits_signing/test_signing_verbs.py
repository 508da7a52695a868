"""Signing, acknowledging, amending, taking back: what is kept, what is refused, what the digest stands for."""

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from auditkit.audits import rules as core
from auditkit.audits import service as audits
from auditkit.audits.findings import service as said
from auditkit.audits.findings.rules import ResponseKind
from auditkit.audits.models import AuditCriterion, AuditFollowed
from auditkit.audits.queries import findings, plans
from auditkit.audits.rules import Grade, State
from auditkit.audits.signing import checking, content, queries, rules, service
from auditkit.audits.signing.checking import Found
from auditkit.audits.signing.queries import Signed, Texts
from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.content.library import Library
from auditkit.journal.queries import timeline
from tests.conftest import House
from tests.slices.audits.doing import own_library, planned, reported, started
from tests.slices.audits_signing.doing import (
    KEY,
    acknowledge,
    amend,
    name_auditee,
    papers,
    sign,
    signed,
)


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def head_of(house: House, number: str) -> plans.AuditHead:
    return plans.by_number(reading(house.system), number)


def checks(house: House, number: str) -> dict[int, checking.Checked]:
    return checking.check(reading(house.system), number, head_of(house, number).id)


def kept(house: House, number: str, serial: int = 0) -> Signed:
    found = queries.signed(reading(house.system), head_of(house, number).id, serial)
    assert found is not None
    return found


def test_the_lead_signs_and_the_digest_is_that_of_the_kept_content(acme: House, books: Library, clock) -> None:
    number = reported(acme, books, Grade.MINOR)
    digest = sign(acme, number)
    one = kept(acme, number)
    assert hashlib.sha256(one.content.encode()).hexdigest() == digest == one.digest
    KEY.public_key().verify(bytes.fromhex(one.signature), bytes.fromhex(digest))
    said_there = json.loads(one.content)
    assert said_there["audit"]["conclusion"] == "Mostly shut"
    assert [row["answer"] for row in said_there["rows"]] == ["bad", "good", "open"]
    assert said_there["findings"][0]["number"] == f"{number}-F1"
    assert checks(acme, number) == {0: checking.Checked(Found.CLEAN, Found.CLEAN)}
    entry = timeline(reading(acme.system), acme.id, ("audit", head_of(acme, number).id))[0]
    assert entry.event == "audit:signed"
    assert entry.facts["digest"] == digest


@pytest.mark.parametrize("role", ["administrator"])
def test_only_the_lead_signs(role: str, acme: House, books: Library, clock) -> None:
    number = reported(acme, books)
    with pytest.raises(rules.OnlyTheLead):
        sign(acme, number, role)
    with pytest.raises(Forbidden):
        sign(acme, number, "quality-manager")
    with pytest.raises(rules.NameDiffers):
        sign(acme, number, name="Somebody Else")
    with pytest.raises(rules.ReportFirst):
        sign(acme, started(acme, books))
    assert papers(acme, number).signatures == 0
    sign(acme, number)
    with pytest.raises(rules.AlreadySigned):
        sign(acme, number)


def test_the_auditee_acknowledges_and_nobody_else(acme: House, globex: House, books: Library, clock) -> None:
    number = reported(acme, books)
    with pytest.raises(rules.AuditeeIsAuditor):
        name_auditee(acme, number, "internal-auditor")
    with pytest.raises(rules.NotAMember):
        actor = acme.actor("quality-manager")
        with transaction(actor) as tx:
            service.name_auditee(tx, service.NameAuditee(number, globex.person("staff")), clock_module.now(), actor)
    name_auditee(acme, number)
    with pytest.raises(rules.NotSigned):
        acknowledge(acme, number)
    sign(acme, number)
    with pytest.raises(rules.OnlyTheAuditee):
        acknowledge(acme, number, "quality-manager")
    acknowledge(acme, number, remark="Read on Monday")
    assert papers(acme, number).acknowledged
    one = queries.signatures(reading(acme.system), head_of(acme, number).id)[0]
    assert one.remark == "Read on Monday"
    with pytest.raises(rules.AlreadyAcknowledged):
        acknowledge(acme, number)
    with pytest.raises(NotFound):
        name_auditee(globex, number, "staff")


def test_an_amendment_keeps_old_and_new_and_is_signed_again(acme: House, books: Library, clock) -> None:
    number = signed(acme, books, Grade.MAJOR)
    name_auditee(acme, number)
    acknowledge(acme, number)
    clock.advance(days=2)
    serial = amend(
        acme, number, f"{number}-F1", "Counted again: one door", grade="minor", statement="One door stood open, not two"
    )
    assert serial == 1
    finding = findings.by_number(reading(acme.system), f"{number}-F1")
    assert (finding.grade, finding.statement) == (Grade.MINOR, "One door stood open, not two")
    one = queries.amendments(reading(acme.system), head_of(acme, number).id)[0]
    assert {change.what: (change.old, change.new) for change in one.changes} == {
        "grade": ("major", "minor"),
        "statement": ("One door stood open", "One door stood open, not two"),
    }
    assert not papers(acme, number).acknowledged  # the new version is to be acknowledged again
    assert checks(acme, number) == {
        0: checking.Checked(Found.CLEAN, Found.NOT_CHECKED),
        1: checking.Checked(Found.CLEAN, Found.CLEAN),
    }
    assert json.loads(kept(acme, number, 1).content)["amendments"][0]["reason"] == "Counted again: one door"
    assert json.loads(kept(acme, number, 0).content)["findings"][0]["grade"] == "major"

    assert amend(acme, number, conclusion="Shut but for one door", obstacles="The cellar was locked") == 2
    assert head_of(acme, number).conclusion == "Shut but for one door"
    assert queries.texts(reading(acme.system), head_of(acme, number).id).obstacles == "The cellar was locked"
    assert [one.serial for one in queries.signatures(reading(acme.system), head_of(acme, number).id)] == [0, 1, 2]


def test_amendments_that_are_refused_leave_nothing(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    finding = f"{number}-F1"
    with pytest.raises(rules.NothingAmended):
        amend(acme, number, finding, statement="One door stood open")
    with pytest.raises(rules.AmendmentReasonMissing):
        amend(acme, number, finding, " ", statement="Two")
    with pytest.raises(core.ObjectiveEvidenceMissing):
        amend(acme, number, finding, evidence="")
    with pytest.raises(core.ConclusionMissing):
        amend(acme, number, conclusion=" ")
    with pytest.raises(core.GapSaysNonconformity):
        amend(acme, number, finding, grade="opportunity", statement="The rule is not met")
    with pytest.raises(NotFound):
        amend(acme, number, "A-2026-099-F1", statement="x")
    with pytest.raises(rules.NotSigned):
        amend(acme, reported(acme, books, Grade.MINOR), conclusion="x")
    assert queries.amendments(reading(acme.system), head_of(acme, number).id) == []
    assert checks(acme, number) == {0: checking.Checked(Found.CLEAN, Found.CLEAN)}


def test_a_report_is_taken_back_only_before_it_is_signed(acme: House, books: Library, clock) -> None:
    number, actor = reported(acme, books, Grade.MINOR), acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.take_back(tx, service.TakeBack(number), clock_module.now(), actor)
    assert head_of(acme, number).state is State.RUNNING
    with transaction(actor) as tx:
        audits.report(tx, audits.ReportAudit(number, "Shut"), clock_module.now(), actor)
    sign(acme, number)
    with pytest.raises(rules.AlreadySigned), transaction(actor) as tx:
        service.take_back(tx, service.TakeBack(number), clock_module.now(), actor)


def test_words_of_the_report_are_written_until_it_is_signed(acme: House, books: Library, clock) -> None:
    actor = acme.actor("internal-auditor")

    def write(number: str) -> None:
        with transaction(actor) as tx:
            service.write_report(tx, service.WriteReport(number, Texts(client="The board")), clock_module.now(), actor)

    with pytest.raises(rules.NotBegun):
        write(planned(acme, books))
    number = reported(acme, books)
    write(number)
    write(number)
    assert queries.texts(reading(acme.system), head_of(acme, number).id).client == "The board"
    sign(acme, number)
    with pytest.raises(rules.ReportClosed):
        write(number)


def test_the_same_records_give_the_same_bytes_and_later_answers_do_not_count(
    acme: House, books: Library, clock
) -> None:
    number = signed(acme, books)
    at = clock_module.now()
    first = content.canonical(reading(acme.system), number, until=at, amendments=0)
    clock.advance(days=1)
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        command = said.Respond(f"{number}-F1", ResponseKind.DISPUTED, "It was shut")
        said.respond(tx, command, clock_module.now(), actor)
    with transaction(actor) as tx:
        tx.execute(text("UPDATE audit SET changed_at = changed_at"))
    assert content.canonical(reading(acme.system), number, until=at, amendments=0) == first
    assert checks(acme, number)[0].records is Found.CLEAN


def test_a_forged_content_or_signature_is_found(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    good = kept(acme, number)
    assert checking.fits(good)
    for changed in (
        {"content": good.content.replace("Mostly", "Always")},
        {"signature": "00" * 64},
        {"digest": "0" * 64},
        {"public_key": "no key"},
    ):
        values = {name: getattr(good, name) for name in Signed.__slots__}
        assert not checking.fits(Signed(**{**values, **changed}))


def test_records_changed_behind_the_lock_are_found(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE finding DISABLE TRIGGER finding_signed")
        else:
            connection.exec_driver_sql("DROP TRIGGER finding_signed_update")
        connection.exec_driver_sql("UPDATE finding SET statement = 'Nothing to see'")
    db.session.rollback()
    assert checks(acme, number) == {0: checking.Checked(Found.CLEAN, Found.BROKEN)}


def test_what_else_is_audited_against_and_what_is_followed_up_is_signed_for(acme: House, books: Library, clock) -> None:
    earlier = reported(acme, books)
    number = reported(acme, books, Grade.MINOR)
    with transaction(acme.system) as tx:
        audit_id, followed_id = head_of(acme, number).id, head_of(acme, earlier).id
        tx.add(AuditCriterion(audit_id=audit_id, position=1, source="policy", ref="P-1", title="Complaints policy"))
        tx.add(AuditFollowed(audit_id=audit_id, followed_id=followed_id))
    sign(acme, number)
    told = json.loads(kept(acme, number).content)["further"]
    assert (told["criteria"][0]["title"], told["followed"]) == ("Complaints policy", earlier)
    assert checks(acme, number)[0].records is Found.CLEAN
    with transaction(acme.system) as tx:
        tx.execute(text("UPDATE audit_criterion SET title = 'Another policy'"))
    assert checks(acme, number)[0].records is Found.BROKEN


def test_what_was_signed_before_that_still_fits_its_records(acme: House, books: Library, clock, monkeypatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(content, "FORMAT", content.FIRST)
        number = signed(acme, books)
    assert "further" not in json.loads(kept(acme, number).content)
    assert checks(acme, number)[0] == checking.Checked(Found.CLEAN, Found.CLEAN)


def test_what_the_second_format_signed_still_fits_its_records(acme: House, books: Library, clock, monkeypatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(content, "FORMAT", content.SECOND)
        number = signed(acme, books)
    assert set(json.loads(kept(acme, number).content)["further"]) == {"criteria", "followed"}
    assert checks(acme, number)[0] == checking.Checked(Found.CLEAN, Found.CLEAN)
