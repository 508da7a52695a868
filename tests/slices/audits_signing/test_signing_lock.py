"""The database keeps a signed audit: whoever writes past the rules is refused, on every table, by every way."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from auditkit.audits import service as audits
from auditkit.audits.issuing.models import AuditDistribution, AuditReportFile
from auditkit.audits.models import Audit, AuditChecklist, AuditMember, AuditRow, Finding
from auditkit.audits.models.standing import LOCKED_TABLES, PASSING_COLUMNS, SIGNED_COLUMNS
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.signing import content, queries
from auditkit.audits.signing.models import (
    AuditAcknowledgement,
    AuditAmendment,
    AuditAuditee,
    AuditReportText,
    AuditSignature,
)
from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import own_library, reported
from tests.slices.audits_signing.doing import acknowledge, amend, name_auditee, signed
from tests.slices.audits_signing.test_signing_verbs import head_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOLD = "a signed audit stands as it is"
KEPT = "what was written here stands as it is"

TOUCHED = [
    "UPDATE audit SET conclusion = 'Better'",
    "UPDATE audit SET title = 'Another'",
    "UPDATE audit SET rows_answered = 0",
    "UPDATE audit SET state = 'running', reported_at = NULL",
    "DELETE FROM audit WHERE number LIKE 'A-%'",
    "UPDATE audit_row SET answer = 'good' WHERE position = 1",
    "DELETE FROM audit_row WHERE position = 2",
    "UPDATE audit_member SET role = 'expert'",
    "DELETE FROM audit_member",
    "UPDATE audit_checklist SET content = '{}'",
    "DELETE FROM audit_checklist",
    "UPDATE finding SET grade = 'observation'",
    "DELETE FROM finding",
    (
        "INSERT INTO finding (audit_id, serial, number, grade, statement, criterion, clause, edition_name, strength, "
        "evidence, raised_at, changed_at, version, organisation_id) SELECT audit_id, 9, 'A-9-F9', grade, statement, "
        "criterion, clause, edition_name, strength, evidence, raised_at, changed_at, 1, organisation_id FROM finding"
    ),
    (
        "INSERT INTO audit_report_text (audit_id, client, process, obstacles, diverging, follow_up, confidentiality, "
        "distribution, changed_at, organisation_id) SELECT id, '', '', '', '', '', '', '', changed_at, organisation_id "
        "FROM audit"
    ),
]
ADDED_ONLY = [
    "UPDATE audit_signature SET typed_name = 'Me'",
    "DELETE FROM audit_signature",
    "UPDATE audit_amendment SET reason = 'x'",
    "DELETE FROM audit_amendment",
    "UPDATE audit_acknowledgement SET remark = 'x'",
    "DELETE FROM audit_acknowledgement",
]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def _refused(statement: str, told: str) -> None:
    with pytest.raises(DBAPIError, match=told), db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", TOUCHED)
def test_a_signed_audit_stands(statement: str, acme: House, books: Library, clock) -> None:
    signed(acme, books)
    _refused(statement, TOLD)


@pytest.mark.parametrize("statement", TOUCHED)
def test_an_amended_audit_stands_again(statement: str, acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    amend(acme, number, f"{number}-F1", statement="Two doors")
    with db.engine.begin() as connection:  # the words of the report are one row
        connection.execute(text("SELECT 1"))
    _refused(statement, TOLD)


@pytest.mark.parametrize("statement", ADDED_ONLY)
def test_what_was_signed_amended_and_acknowledged_stays(statement: str, acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    amend(acme, number, f"{number}-F1", statement="Two doors")
    name_auditee(acme, number)
    acknowledge(acme, number)
    _refused(statement, KEPT)


def test_another_audit_is_not_locked_with_it_and_a_signed_one_closes(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    other = reported(acme, books)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET conclusion = 'Better' WHERE number = :it"), {"it": other})
        connection.execute(text("UPDATE finding SET version = 7 WHERE number = 'A-0'"))
    db.session.rollback()
    amend(acme, number, f"{number}-F1", "Seen again: shut", grade="observation", statement="Door 3 was ajar")
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        audits.close(tx, audits.CloseAudit(number), clock_module.now(), actor)
    assert head_of(acme, number).state is State.CLOSED


SIGNATURE: dict[str, Any] = {
    "serial": 7, "typed_name": "Nino", "proof": "password", "content": "{}", "digest": "0" * 64,
    "signature": "0" * 128, "key_fingerprint": "0", "public_key": "x", "signed_at": AT,
}  # fmt: skip
GIVEN: dict[str, Any] = {"recipient": "B", "address": "", "way": "by-hand", "distributed_at": AT}
AMENDMENT: dict[str, Any] = {
    "serial": 7, "kind": "finding", "subject": "A-1", "changes": [], "reason": "x", "made_at": AT,
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "constraint", "values"),
    [
        (AuditSignature, "serial_counts_from_zero", {**SIGNATURE, "serial": -1}),
        (AuditSignature, "has_name", {**SIGNATURE, "typed_name": ""}),
        (AuditSignature, "proof_known", {**SIGNATURE, "proof": "nod"}),
        (AuditSignature, "digest_is_sha256", {**SIGNATURE, "digest": "0"}),
        (AuditSignature, "digest_is_sha256", {**SIGNATURE, "content": ""}),
        (AuditSignature, "signature_is_ed25519", {**SIGNATURE, "signature": "0"}),
        (AuditAmendment, "serial_counts_from_one", {**AMENDMENT, "serial": 0}),
        (AuditAmendment, "kind_known", {**AMENDMENT, "kind": "title"}),
        (AuditAmendment, "has_reason", {**AMENDMENT, "reason": ""}),
        (AuditAmendment, "has_reason", {**AMENDMENT, "subject": ""}),
        (AuditAcknowledgement, "has_name", {"typed_name": "", "remark": "", "acknowledged_at": AT}),
        (AuditReportFile, "version_counts", {"version": -1, "kind": "pdf", "language": "en", "made_at": AT}),
        (AuditReportFile, "kind_known", {"version": 1, "kind": "odt", "language": "en", "made_at": AT}),
        (AuditDistribution, "way_known", {"recipient": "B", "address": "", "way": "pigeon", "distributed_at": AT}),
        (AuditDistribution, "has_recipient", {"recipient": "", "address": "", "way": "by-hand", "distributed_at": AT}),
        (AuditDistribution, "mail_has_address", {**GIVEN, "way": "e-mail"}),
        (AuditDistribution, "mail_has_address", {**GIVEN, "address": "b@x"}),
    ],
)  # fmt: skip
def test_checks(table: Any, constraint: str, values: dict[str, Any], acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    ids = {
        "organisation_id": acme.id,
        "audit_id": head_of(acme, number).id,
        "person_id": acme.person("internal-auditor"),
        "made_by": acme.person("internal-auditor"),
        "signature_id": 1,
        "evidence_file_id": 1,
        "report_file_id": 1,
    }
    known = {name: value for name, value in ids.items() if name in table.__table__.c}
    refuses(table.__table__, constraint, {**known, **values})


def test_a_possible_signature_is_accepted(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    ids = {"organisation_id": acme.id, "audit_id": head_of(acme, number).id}
    accepts(AuditSignature.__table__, {**ids, **SIGNATURE, "person_id": acme.person("staff")})
    assert AuditAuditee.__table__.c.audit_id.unique
    assert AuditReportText.__table__.c.audit_id.unique


def _names(columns: str) -> set[str]:
    return set(columns.split(", "))


def test_no_column_of_an_audit_is_forgotten() -> None:
    """What a new column of `audit` is: said by the signature, or passing. It is neither until somebody says which."""
    signed_columns, passing = _names(SIGNED_COLUMNS), _names(PASSING_COLUMNS)
    assert not signed_columns & passing
    assert signed_columns | passing == set(Audit.__table__.c.keys())
    said = {one.name for one in fields(AuditHead)} - content._PASSING - {"tally"}
    assert said <= signed_columns
    tables = {one.__tablename__ for one in (AuditRow, AuditMember, AuditChecklist, Finding, AuditReportText)}
    assert tables == set(LOCKED_TABLES)


@pytest.mark.sqlite_only
def test_everything_about_the_audit_in_the_signed_content_is_locked(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    kept = queries.signed(reading(acme.system), head_of(acme, number).id, 0)
    assert kept is not None
    said = set(content.read(kept.content)["audit"])
    counters = {"rows_total", "rows_answered", "rows_excluded", "rows_not_covered"}
    assert (said - {"tally"}) | counters | {"id", "organisation_id"} == _names(SIGNED_COLUMNS)


def test_every_column_of_the_signed_content_is_refused(acme: House, books: Library, clock) -> None:
    signed(acme, books)
    for name in sorted(_names(SIGNED_COLUMNS)):
        _refused(f"UPDATE audit SET {name} = {name}", TOLD)
    for name in sorted(_names(PASSING_COLUMNS)):
        with db.engine.begin() as connection:
            connection.execute(text(f"UPDATE audit SET {name} = {name} WHERE id = 0"))


def test_an_unsigned_audit_is_not_closed_nor_a_closed_one_signed(acme: House, books: Library, clock) -> None:
    number = reported(acme, books)
    audit_id = head_of(acme, number).id
    db.session.rollback()
    closing = f"UPDATE audit SET state = 'closed', closed_at = reported_at WHERE id = {audit_id}"
    _refused(closing, "an audit is closed when its report is signed")
    with db.engine.begin() as connection:  # what a certification body signed outside
        connection.execute(text("UPDATE audit SET kind = 'outside'"))
        connection.execute(text(closing))
    values = {**SIGNATURE, "organisation_id": acme.id, "audit_id": audit_id, "person_id": acme.person("staff")}
    with (
        pytest.raises(DBAPIError, match="a closed audit is not signed any more"),
        db.engine.begin() as connection,
    ):
        connection.execute(insert(AuditSignature.__table__).values(**{**values, "serial": 0}))
