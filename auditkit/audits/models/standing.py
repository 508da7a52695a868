"""Tables whose rows are only ever added, and audits that stand once their report is signed: triggers on both databases.

An audit is locked while it has more signatures than amendments. An amendment opens it, inside its transaction, until
that is signed as well; so nothing of a signed audit changes without leaving what, why, by whom, old and new.
tests/slices/audits_signing/test_signing_lock.py writes past the rules and is refused.
"""

from typing import Any

from sqlalchemy import DDL, event

STANDS = "what was written here stands as it is"
SIGNED = "a signed audit stands as it is: amend it"
UNSIGNED = "an audit is closed when its report is signed"
CLOSED = "a closed audit is not signed any more"

# Columns of `audit` that say what was audited and found: all but those that closing it changes.
SIGNED_COLUMNS = (
    "id, organisation_id, number, title, objectives, scope, edition_id, edition_name, criteria, checklist_id, "
    "checklist_title, places, method, planned_from, planned_to, planned_at, planned_by, started_at, started_by, "
    "checklist_digest, edition_digest, scale, rows_total, rows_answered, rows_excluded, rows_not_covered, findings, "
    "conclusion, reported_at, reported_by, kind, auditee, virtual_places, interviewees, sampling, language, "
    "confidentiality, logistics, follow_up, distribution, remote_risk"
)
PASSING_COLUMNS = "state, closed_at, closed_by, changed_at, version"
LOCKED_TABLES = ("audit_row", "audit_member", "audit_checklist", "finding", "audit_report_text")
_MORE_SIGNATURES = (
    "(SELECT count(*) FROM audit_signature WHERE audit_id = {0}) > "
    "(SELECT count(*) FROM audit_amendment WHERE audit_id = {0})"
)


def only_added(table: str) -> dict[str, tuple[str, ...]]:
    """The triggers that keep every row of `table`, by kind of database."""
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{STANDS}'); END"
            for act in ("UPDATE", "DELETE")
        ),
        "postgresql": (
            (
                "CREATE OR REPLACE FUNCTION audit_record_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{STANDS}'; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_record_refuse()"
            ),
        ),
    }


def locked(table: str) -> dict[str, tuple[str, ...]]:
    """The triggers that keep the rows of `table`, which have an `audit_id`, once their audit is signed."""
    acts = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_signed_{act.lower()} BEFORE {act} ON {table} "
            f"WHEN {_MORE_SIGNATURES.format(f'{row}.audit_id')} BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
            for act, row in acts
        ),
        "postgresql": (
            (
                "CREATE OR REPLACE FUNCTION audit_signed_part_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ DECLARE wanted bigint; BEGIN "
                "IF TG_OP = 'INSERT' THEN wanted := NEW.audit_id; ELSE wanted := OLD.audit_id; END IF; "
                f"IF {_MORE_SIGNATURES.format('wanted')} THEN RAISE EXCEPTION '{SIGNED}'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_signed BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_signed_part_refuse()"
            ),
        ),
    }


AUDIT_LOCKED: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            f"CREATE TRIGGER audit_signed_update BEFORE UPDATE OF {SIGNED_COLUMNS} ON audit "
            f"WHEN {_MORE_SIGNATURES.format('OLD.id')} BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        ),
        (
            "CREATE TRIGGER audit_signed_state BEFORE UPDATE OF state ON audit "
            f"WHEN NEW.state <> 'closed' AND {_MORE_SIGNATURES.format('OLD.id')} "
            f"BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        ),
        (
            "CREATE TRIGGER audit_signed_delete BEFORE DELETE ON audit "
            f"WHEN {_MORE_SIGNATURES.format('OLD.id')} BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION audit_signed_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {_MORE_SIGNATURES.format('OLD.id')} THEN RAISE EXCEPTION '{SIGNED}'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER audit_signed_update BEFORE UPDATE OF {SIGNED_COLUMNS} ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_signed_refuse()"
        ),
        (
            "CREATE TRIGGER audit_signed_state BEFORE UPDATE OF state ON audit "
            "FOR EACH ROW WHEN (NEW.state <> 'closed') EXECUTE FUNCTION audit_signed_refuse()"
        ),
        "CREATE TRIGGER audit_signed_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_signed_refuse()",
    ),
}


_SIGNATURES = "(SELECT count(*) FROM audit_signature WHERE audit_id = {0})"
# An audit of one's own is closed when it is signed; one by a certification body is signed by that body.
SIGNED_BEFORE_CLOSED: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_closed_signed BEFORE UPDATE OF state ON audit "
            "WHEN NEW.state = 'closed' AND OLD.state <> 'closed' AND NEW.kind <> 'outside' "
            f"AND {_SIGNATURES.format('NEW.id')} = 0 BEGIN SELECT RAISE(ABORT, '{UNSIGNED}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION audit_unsigned_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {_SIGNATURES.format('NEW.id')} = 0 THEN RAISE EXCEPTION '{UNSIGNED}'; END IF; "
            "RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER audit_closed_signed BEFORE UPDATE OF state ON audit FOR EACH ROW "
            "WHEN (NEW.state = 'closed' AND OLD.state <> 'closed' AND NEW.kind <> 'outside') "
            "EXECUTE FUNCTION audit_unsigned_refuse()"
        ),
    ),
}
_STATE = "(SELECT state FROM audit WHERE id = NEW.audit_id)"
# The report itself has serial 0; amendments of a closed audit are signed all the same.
NOT_SIGNED_AFTER: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_signature_before_closing BEFORE INSERT ON audit_signature WHEN NEW.serial = 0 "
            f"AND {_STATE} = 'closed' "
            f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION audit_closed_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {_STATE} = 'closed' THEN "
            f"RAISE EXCEPTION '{CLOSED}'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER audit_signature_before_closing BEFORE INSERT ON audit_signature FOR EACH ROW "
            "WHEN (NEW.serial = 0) EXECUTE FUNCTION audit_closed_refuse()"
        ),
    ),
}


def attach(table: Any, statements: dict[str, tuple[str, ...]]) -> None:
    """Make the triggers whenever `table` is made."""
    for dialect, texts in statements.items():
        for text in texts:
            event.listen(table, "after_create", DDL(text.replace("%", "%%")).execute_if(dialect=dialect))


def stands(model: Any) -> None:
    """Rows of `model` are only ever added."""
    attach(model.__table__, only_added(model.__tablename__))
