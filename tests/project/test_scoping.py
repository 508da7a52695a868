"""A statement that would search everybody's records fails the test it is asked in."""

import pytest
from sqlalchemy import exists, or_, select

from auditkit.base.db import reading
from auditkit.complaints.models import Complaint, ComplaintNote
from tests.factories.scoping import Unscoped, unscoped

TABLES = frozenset({"complaint", "complaint_note"})


@pytest.mark.sqlite_only
def test_a_select_that_the_scope_does_not_reach_is_noticed(acme):
    noted = exists().where(or_(ComplaintNote.id > 7, ComplaintNote.id < 2))
    with pytest.raises(Unscoped, match="complaint_note"):
        reading(acme.system).execute(select(Complaint.id).where(noted))


@pytest.mark.sqlite_only
def test_what_is_tied_to_a_scoped_table_passes(acme):
    tx = reading(acme.system)
    noted = exists().where(ComplaintNote.complaint_id == Complaint.id)
    assert tx.execute(select(Complaint.id).where(noted)).all() == []
    named = select(ComplaintNote.id).where(or_(ComplaintNote.id > 7, ComplaintNote.id < 2)).exists()
    assert tx.execute(select(Complaint.id).where(named)).all() == []


OF_ONE = "SELECT x FROM complaint WHERE complaint.organisation_id = ?"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (OF_ONE, []),
        ("SELECT complaint.organisation_id FROM complaint WHERE complaint.id = ?", ["complaint"]),
        ("SELECT a FROM complaint WHERE note = 'complaint.organisation_id = 1'", ["complaint"]),
        ("SELECT x FROM complaint AS c, complaint AS d WHERE c.organisation_id = ?", ["complaint"]),
        (f"{OF_ONE} AND EXISTS (SELECT * FROM complaint_note WHERE complaint_note.complaint_id = complaint.id)", []),
        (
            f"{OF_ONE} AND EXISTS (SELECT * FROM complaint_note WHERE complaint_note.kind = complaint.kind)",
            ["complaint_note"],
        ),
        (f"{OF_ONE} AND (EXISTS (SELECT * FROM complaint_note WHERE complaint_note.id > ?))", ["complaint_note"]),
        (f"{OF_ONE} UNION SELECT y FROM complaint WHERE b", ["complaint"]),
        (f"SELECT x FROM complaint_note WHERE complaint_note.complaint_id IN ({OF_ONE})", []),
        ("SELECT x FROM complaint_note WHERE complaint_note.complaint_id IN (SELECT id FROM complaint)", ["complaint"]),
        (f"SELECT y FROM ({OF_ONE}) AS one", []),
        ("SELECT id FROM complaint WHERE words MATCH ? AND organisation_id = 1", []),
    ],
)
def test_each_select_is_read_by_itself(sql, found):
    assert unscoped(sql, TABLES) == found
