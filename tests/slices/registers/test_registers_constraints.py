"""Every CHECK of the registers' tables refuses its impossible state, and what an entry said cannot be changed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from auditkit.registers.models import RegisterEntry, RegisterImport, RegisterLink, RegisterReview, RegisterVersion
from tests.conftest import House
from tests.factories.refusals import accepts, refuses, trigger_refuses

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def entry(acme: House) -> dict:
    return {
        "organisation_id": acme.id, "register": "risks", "serial": 1, "number": "RISK-001", "title": "A risk",
        "stated": {"title": "A risk"}, "folded": "a risk", "written_at": AT, "changed_at": AT, "version": 1,
        "reminders": 0, "retired_because": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("has_title", {"title": ""}),
        ("counts_from_one", {"serial": 0}),
        ("counts_from_one", {"version": 0}),
        ("reminded_has_time", {"reminders": 1}),
        ("reminded_has_time", {"reminded_at": AT}),
        ("retired_has_reason", {"retired_at": AT}),
        ("retired_has_reason", {"retired_because": "Gone"}),
    ],
)
def test_impossible_entries(entry: dict, constraint: str, change: dict) -> None:
    refuses(RegisterEntry.__table__, constraint, entry | change)


@pytest.mark.parametrize("change", [{"number": "RISK-002"}, {"serial": 2}])
def test_no_number_is_given_twice(entry: dict, change: dict) -> None:
    accepts(RegisterEntry.__table__, entry)
    with pytest.raises(IntegrityError):
        accepts(RegisterEntry.__table__, entry | change)


def test_possible_entries(entry: dict) -> None:
    accepts(RegisterEntry.__table__, entry | {"reminders": 1, "reminded_at": AT, "review_on": date(2026, 3, 1)})
    accepts(
        RegisterEntry.__table__,
        entry | {"serial": 2, "number": "RISK-002", "retired_at": AT, "retired_because": "Gone"},
    )


def test_impossible_versions_reviews_and_ties(acme: House, entry: dict) -> None:
    entry_id = accepts(RegisterEntry.__table__, entry)
    of = {"organisation_id": acme.id, "entry_id": entry_id}
    refuses(RegisterVersion.__table__, "counts_from_one", of | {"version": 0, "stated": {}, "at": AT})
    refuses(RegisterReview.__table__, "has_outcome", of | {"version": 1, "outcome": "", "at": AT})
    tie = of | {"kind": "complaint", "subject_id": 7, "made_at": AT}
    refuses(RegisterLink.__table__, "names_subject", tie | {"kind": ""})
    refuses(RegisterLink.__table__, "names_subject", tie | {"subject_id": 0})


def test_impossible_imports(acme: House) -> None:
    of = {
        "organisation_id": acme.id, "register": "risks", "file_name": "r.xlsx", "digest": "0" * 64, "written": 0,
        "changed": 1, "unchanged": 2, "at": AT,
    }  # fmt: skip
    accepts(RegisterImport.__table__, of)
    refuses(RegisterImport.__table__, "names_file", of | {"file_name": ""})
    refuses(RegisterImport.__table__, "names_file", of | {"digest": ""})
    for count in ("written", "changed", "unchanged"):
        refuses(RegisterImport.__table__, "counts_rows", of | {count: -1})


def test_what_an_entry_said_stays(acme: House, entry: dict) -> None:
    entry_id = accepts(RegisterEntry.__table__, entry)
    accepts(
        RegisterVersion.__table__,
        {"organisation_id": acme.id, "entry_id": entry_id, "version": 1, "stated": {"title": "x"}, "at": AT},
    )
    for statement in ("UPDATE register_version SET version = 2", "DELETE FROM register_version"):
        trigger_refuses(statement, "what an entry said stays as it was")
