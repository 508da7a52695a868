"""The daily look at what has been kept long enough goes along an index: it does not read every closed complaint."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.complaints.privacy.queries.keeping import endings
from auditkit.complaints.privacy.service import keeping
from tests.slices.complaints.recording import RECEIVED, many, raw, run_added

LONG_AGO = RECEIVED - timedelta(days=900)


@pytest.mark.sqlite_only
def test_the_daily_look_runs_along_when_cases_ended(acme, clock):
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        keeping.put_rule(tx, keeping.PutRule(12, 10), clock_module.now(), manager)
    run = run_added(acme.id)
    closed = {"stage": "closed", "import_run_id": run}
    many(
        acme.id,
        [
            raw(acme.id, 1, received_at=LONG_AGO, closed_at=LONG_AGO, **closed),
            raw(acme.id, 2, closed_at=RECEIVED, **closed),
        ],
    )
    statements = []

    def keep(_connection, _cursor, statement, parameters, *_):
        if "coalesce" in statement.lower():
            statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    found = [one.reference for one in endings(reading(manager), clock_module.now().date())]
    event.remove(db.engine, "before_cursor_execute", keep)
    assert found == ["C-2026-000001"]
    ((statement, parameters),) = statements
    with db.engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any("ix_complaint_stage_ended (organisation_id=? AND stage=? AND <expr><?)" in step for step in plan), plan
