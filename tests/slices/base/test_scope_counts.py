"""Counts over a model, which select no entity of it, keep to the organisation too."""

import pytest
from sqlalchemy import func, select

from auditkit.base.db import NoScope, db, reading, separate_scope
from auditkit.complaints.models import Complaint
from tests.slices.complaints.recording import registered


def test_a_count_keeps_to_the_organisation(acme, globex) -> None:
    registered(acme.system, "One")
    registered(globex.system, "Two")
    for query in (
        select(func.count()).select_from(Complaint),
        select(func.count()).select_from(select(Complaint.id).subquery()),
        select(func.count(Complaint.id)),
        select(func.max(Complaint.id)).select_from(Complaint).where(Complaint.subject != ""),
    ):
        found = reading(acme.system).execute(query).scalar_one()
        assert found == 1, query
    with separate_scope(), pytest.raises(NoScope):
        db.session.execute(select(func.count()).select_from(Complaint))
