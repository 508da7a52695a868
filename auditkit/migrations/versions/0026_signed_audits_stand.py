"""A signed audit stands in every column that its signature covers; an audit of one's own is closed when it is signed.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEFORE = (
    "number, title, objectives, scope, edition_id, edition_name, criteria, checklist_id, checklist_title, places, "
    "method, planned_from, planned_to, started_at, started_by, checklist_digest, edition_digest, scale, rows_total, "
    "rows_answered, rows_excluded, rows_not_covered, findings, conclusion, reported_at, reported_by"
)
AFTER = (
    "id, organisation_id, number, title, objectives, scope, edition_id, edition_name, criteria, checklist_id, "
    "checklist_title, places, method, planned_from, planned_to, planned_at, planned_by, started_at, started_by, "
    "checklist_digest, edition_digest, scale, rows_total, rows_answered, rows_excluded, rows_not_covered, findings, "
    "conclusion, reported_at, reported_by, kind, auditee, virtual_places, interviewees, sampling, language, "
    "confidentiality, logistics, follow_up, distribution, remote_risk"
)
LOCK = {
    "sqlite": (
        "CREATE TRIGGER audit_signed_update BEFORE UPDATE OF {columns} ON audit "
        "WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.id) > "
        "(SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.id) "
        "BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END"
    ),
    "postgresql": (
        "CREATE TRIGGER audit_signed_update BEFORE UPDATE OF {columns} ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_signed_refuse()"
    ),
}
UNLOCK = {
    "sqlite": "DROP TRIGGER audit_signed_update",
    "postgresql": "DROP TRIGGER audit_signed_update ON audit",
}
CLOSING = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_closed_signed BEFORE UPDATE OF state ON audit "
            "WHEN NEW.state = 'closed' AND OLD.state <> 'closed' AND NEW.kind <> 'outside' "
            "AND (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.id) = 0 "
            "BEGIN SELECT RAISE(ABORT, 'an audit is closed when its report is signed'); END"
        ),
        (
            "CREATE TRIGGER audit_signature_before_closing BEFORE INSERT ON audit_signature WHEN NEW.serial = 0 "
            "AND (SELECT state FROM audit WHERE id = NEW.audit_id) = 'closed' "
            "BEGIN SELECT RAISE(ABORT, 'a closed audit is not signed any more'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_unsigned_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.id) = 0 THEN "
            "RAISE EXCEPTION 'an audit is closed when its report is signed'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER audit_closed_signed BEFORE UPDATE OF state ON audit FOR EACH ROW "
            "WHEN (NEW.state = 'closed' AND OLD.state <> 'closed' AND NEW.kind <> 'outside') "
            "EXECUTE FUNCTION audit_unsigned_refuse()"
        ),
        (
            "CREATE FUNCTION audit_closed_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF (SELECT state FROM audit WHERE id = NEW.audit_id) = 'closed' THEN "
            "RAISE EXCEPTION 'a closed audit is not signed any more'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER audit_signature_before_closing BEFORE INSERT ON audit_signature FOR EACH ROW "
            "WHEN (NEW.serial = 0) EXECUTE FUNCTION audit_closed_refuse()"
        ),
    ),
}
OPENING = {
    "sqlite": ("DROP TRIGGER audit_closed_signed", "DROP TRIGGER audit_signature_before_closing"),
    "postgresql": (
        "DROP TRIGGER audit_closed_signed ON audit",
        "DROP TRIGGER audit_signature_before_closing ON audit_signature",
        "DROP FUNCTION audit_unsigned_refuse()",
        "DROP FUNCTION audit_closed_refuse()",
    ),
}


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    """Apply. Audits that were closed before without a signature stay as they are."""
    kind = op.get_bind().dialect.name
    _run(UNLOCK[kind], LOCK[kind].format(columns=AFTER), *CLOSING[kind])


def downgrade() -> None:
    """Take back."""
    kind = op.get_bind().dialect.name
    _run(*OPENING[kind], UNLOCK[kind], LOCK[kind].format(columns=BEFORE))
