"""The database refuses impossible profiles and undone imports."""

import pytest

from auditkit.complaints.importing.models import ImportProfile, ImportUndo
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import RECEIVED, run_added

PROFILE = {"name": "old", "version": 1, "title": "Old", "digest": "a" * 64, "shape": {}, "saved_at": RECEIVED}


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("has_name_and_title", {"name": ""}),
        ("has_name_and_title", {"title": ""}),
        ("version_counts_from_one", {"version": 0}),
        ("digest_is_sha256", {"digest": "a"}),
    ],
)
def test_profiles(acme, constraint, values) -> None:
    whole = {"organisation_id": acme.id, **PROFILE}
    refuses(ImportProfile.__table__, constraint, {**whole, **values})
    assert accepts(ImportProfile.__table__, whole)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("removed_not_negative", {"removed": -1}),
        ("ended_after_begun", {"ended_at": RECEIVED.replace(year=2020)}),
    ],
)
def test_undone_imports(acme, constraint, values) -> None:
    run = run_added(acme.id)
    whole = {"organisation_id": acme.id, "import_run_id": run, "last_id": 5, "removed": 0, "begun_at": RECEIVED}
    refuses(ImportUndo.__table__, constraint, {**whole, **values})
    assert accepts(ImportUndo.__table__, whole)
