"""A pack carries the signed report, its signatures and its amendments."""

from datetime import date
from pathlib import Path

import pytest

from auditkit.accounts.queries import organisation_by_slug
from auditkit.audits.rules import Grade
from auditkit.base.db import reading
from auditkit.content.library import Library
from auditkit.packs.gathering import audits
from auditkit.packs.gathering.found import Register, Scope
from tests.conftest import House
from tests.slices.audits.doing import own_library
from tests.slices.audits_signing.doing import acknowledge, amend, name_auditee, signed


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def test_signatures_and_amendments_stand_in_the_register_and_the_report(acme: House, books: Library, clock) -> None:
    number = signed(acme, books, Grade.MINOR)
    name_auditee(acme, number)
    amend(acme, number, f"{number}-F1", "Counted again", statement="Two doors stood open")
    acknowledge(acme, number)
    tx = reading(acme.system)
    edition = books.edition("house-rules-2026")
    scope = Scope(tx, organisation_by_slug(tx, "acme"), date(2026, 1, 1), date(2026, 12, 31), edition)
    register = audits.finding_register(scope)
    assert isinstance(register, Register)
    found = {sheet.title: [list(row) for row in sheet.rows] for sheet in register.sheets()}
    assert [row[1] for row in found["Signatures"]] == ["Report", "Amendment 1"]
    assert [row[7] for row in found["Signatures"]] == ["", "complaint-handler of acme"]
    assert found["Amendments"][0][3:7] == [
        "Statement", "One door stood open", "Two doors stood open", "Counted again",
    ]  # fmt: skip
    report = audits.report_documents(scope)[0]
    assert [one.number for one in report.context.amendments] == ["1"]
    assert len(report.context.signatures) == 2
