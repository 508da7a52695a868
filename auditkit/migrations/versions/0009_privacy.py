"""Personal data: times of keeping, holds, what was erased and why, consent withdrawn, requests; evidence can be erased.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "evidence_erasure",
    "privacy_settings",
    "retention_rule",
    "retention_warning",
    "complaint_hold",
    "privacy_request",
    "complaint_anonymisation",
    "consent_withdrawal",
    "privacy_request_case",
)
SQLITE = (
    """CREATE TABLE evidence_erasure (
    id INTEGER NOT NULL, 
    file_id INTEGER NOT NULL, 
    reason VARCHAR(200) NOT NULL, 
    erased_at DATETIME NOT NULL, 
    erased_by_id INTEGER, 
    bytes_gone_at DATETIME, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_evidence_erasure PRIMARY KEY (id), 
    CONSTRAINT ck_evidence_erasure_erasure_has_reason CHECK (reason <> ''), 
    CONSTRAINT ck_evidence_erasure_bytes_go_after_record CHECK (bytes_gone_at IS NULL OR bytes_gone_at >= erased_at), 
    CONSTRAINT uq_evidence_erasure_file_id UNIQUE (file_id), 
    CONSTRAINT fk_evidence_erasure_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id), 
    CONSTRAINT fk_evidence_erasure_erased_by_id FOREIGN KEY(erased_by_id) REFERENCES person (id), 
    CONSTRAINT fk_evidence_erasure_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_evidence_erasure_organisation_id ON evidence_erasure (organisation_id)""",
    """CREATE TABLE privacy_settings (
    id INTEGER NOT NULL, 
    reason_required BOOLEAN NOT NULL, 
    request_days SMALLINT NOT NULL, 
    looked_on DATE, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_privacy_settings PRIMARY KEY (id), 
    CONSTRAINT uq_privacy_settings_organisation_id UNIQUE (organisation_id), 
    CONSTRAINT ck_privacy_settings_request_days_sensible CHECK (request_days BETWEEN 1 AND 365), 
    CONSTRAINT fk_privacy_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_privacy_settings_organisation_id ON privacy_settings (organisation_id)""",
    """CREATE TABLE retention_rule (
    id INTEGER NOT NULL, 
    kind VARCHAR(20) NOT NULL, 
    category VARCHAR(200) NOT NULL, 
    months INTEGER NOT NULL, 
    warn_days SMALLINT NOT NULL, 
    duty BOOLEAN NOT NULL, 
    automatic BOOLEAN NOT NULL, 
    basis TEXT NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    added_at DATETIME NOT NULL, 
    added_by INTEGER, 
    ended_at DATETIME, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_retention_rule PRIMARY KEY (id), 
    CONSTRAINT ck_retention_rule_kind_known CHECK (kind IN ('', 'complaint', 'suggestion', 'request', 'compliment', 'concern', 'dispute')), 
    CONSTRAINT ck_retention_rule_months_sensible CHECK (months BETWEEN 1 AND 1200), 
    CONSTRAINT ck_retention_rule_warning_sensible CHECK (warn_days BETWEEN 1 AND 365), 
    CONSTRAINT ck_retention_rule_duty_names_law CHECK (NOT duty OR basis <> ''), 
    CONSTRAINT ck_retention_rule_ended_after_added CHECK (ended_at IS NULL OR ended_at >= added_at), 
    CONSTRAINT fk_retention_rule_added_by FOREIGN KEY(added_by) REFERENCES person (id), 
    CONSTRAINT fk_retention_rule_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_retention_rule_organisation_id ON retention_rule (organisation_id)""",
    """CREATE UNIQUE INDEX uq_retention_rule_in_force ON retention_rule (organisation_id, kind, category) WHERE ended_at IS NULL""",
    """CREATE TABLE retention_warning (
    id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    rule_id INTEGER NOT NULL, 
    until DATE NOT NULL, 
    warned_at DATETIME NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_retention_warning PRIMARY KEY (id), 
    CONSTRAINT uq_retention_warning_complaint_id UNIQUE (complaint_id), 
    CONSTRAINT fk_retention_warning_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_retention_warning_rule_id FOREIGN KEY(rule_id) REFERENCES retention_rule (id), 
    CONSTRAINT fk_retention_warning_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_retention_warning_organisation_id ON retention_warning (organisation_id)""",
    """CREATE TABLE complaint_hold (
    id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    reason TEXT NOT NULL, 
    placed_at DATETIME NOT NULL, 
    placed_by INTEGER, 
    lifted_at DATETIME, 
    lifted_by INTEGER, 
    lift_reason TEXT NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_complaint_hold PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_hold_hold_has_reason CHECK (reason <> ''), 
    CONSTRAINT ck_complaint_hold_lifting_has_reason CHECK ((lifted_at IS NULL) = (lift_reason = '')), 
    CONSTRAINT ck_complaint_hold_lifted_after_placed CHECK (lifted_at IS NULL OR lifted_at >= placed_at), 
    CONSTRAINT fk_complaint_hold_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_complaint_hold_placed_by FOREIGN KEY(placed_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_hold_lifted_by FOREIGN KEY(lifted_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_hold_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_hold_complaint_id ON complaint_hold (complaint_id)""",
    """CREATE INDEX ix_complaint_hold_organisation_id ON complaint_hold (organisation_id)""",
    """CREATE UNIQUE INDEX uq_complaint_hold_open ON complaint_hold (complaint_id) WHERE lifted_at IS NULL""",
    """CREATE TABLE privacy_request (
    id INTEGER NOT NULL, 
    kind VARCHAR(20) NOT NULL, 
    state VARCHAR(20) NOT NULL, 
    received_on DATE NOT NULL, 
    due_on DATE NOT NULL, 
    opened_at DATETIME NOT NULL, 
    opened_by INTEGER, 
    settled_at DATETIME, 
    settled_by INTEGER, 
    answer TEXT NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_privacy_request PRIMARY KEY (id), 
    CONSTRAINT ck_privacy_request_kind_known CHECK (kind IN ('access', 'erasure')), 
    CONSTRAINT ck_privacy_request_state_known CHECK (state IN ('open', 'answered', 'refused')), 
    CONSTRAINT ck_privacy_request_open_is_not_settled CHECK ((state = 'open') = (settled_at IS NULL)), 
    CONSTRAINT ck_privacy_request_refused_has_reason CHECK (state <> 'refused' OR answer <> ''), 
    CONSTRAINT ck_privacy_request_due_after_received CHECK (due_on >= received_on), 
    CONSTRAINT fk_privacy_request_opened_by FOREIGN KEY(opened_by) REFERENCES person (id), 
    CONSTRAINT fk_privacy_request_settled_by FOREIGN KEY(settled_by) REFERENCES person (id), 
    CONSTRAINT fk_privacy_request_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_privacy_request_organisation_id ON privacy_request (organisation_id)""",
    """CREATE TABLE complaint_anonymisation (
    id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    ground VARCHAR(20) NOT NULL, 
    reason TEXT NOT NULL, 
    rule_id INTEGER, 
    request_id INTEGER, 
    done_at DATETIME NOT NULL, 
    done_by INTEGER, 
    erased JSON NOT NULL, 
    kept JSON NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_complaint_anonymisation PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_anonymisation_ground_known CHECK (ground IN ('retention', 'request', 'by-hand')), 
    CONSTRAINT ck_complaint_anonymisation_retention_has_rule CHECK ((ground = 'retention') = (rule_id IS NOT NULL)), 
    CONSTRAINT ck_complaint_anonymisation_request_is_named CHECK (ground <> 'request' OR request_id IS NOT NULL), 
    CONSTRAINT ck_complaint_anonymisation_by_hand_has_reason CHECK (ground <> 'by-hand' OR reason <> ''), 
    CONSTRAINT uq_complaint_anonymisation_complaint_id UNIQUE (complaint_id), 
    CONSTRAINT fk_complaint_anonymisation_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_complaint_anonymisation_rule_id FOREIGN KEY(rule_id) REFERENCES retention_rule (id), 
    CONSTRAINT fk_complaint_anonymisation_request_id FOREIGN KEY(request_id) REFERENCES privacy_request (id), 
    CONSTRAINT fk_complaint_anonymisation_done_by FOREIGN KEY(done_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_anonymisation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_anonymisation_organisation_id ON complaint_anonymisation (organisation_id)""",
    """CREATE TABLE consent_withdrawal (
    id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    consent VARCHAR(20) NOT NULL, 
    withdrawn_at DATETIME NOT NULL, 
    withdrawn_by INTEGER, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_consent_withdrawal PRIMARY KEY (id), 
    CONSTRAINT uq_consent_withdrawal_complaint_id_consent UNIQUE (complaint_id, consent), 
    CONSTRAINT ck_consent_withdrawal_consent_known CHECK (consent IN ('processing', 'sharing')), 
    CONSTRAINT fk_consent_withdrawal_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_consent_withdrawal_withdrawn_by FOREIGN KEY(withdrawn_by) REFERENCES person (id), 
    CONSTRAINT fk_consent_withdrawal_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_consent_withdrawal_organisation_id ON consent_withdrawal (organisation_id)""",
    """CREATE TABLE privacy_request_case (
    id INTEGER NOT NULL, 
    request_id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    verdict VARCHAR(20) NOT NULL, 
    reason TEXT NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_privacy_request_case PRIMARY KEY (id), 
    CONSTRAINT uq_privacy_request_case_request_id_complaint_id UNIQUE (request_id, complaint_id), 
    CONSTRAINT ck_privacy_request_case_verdict_known CHECK (verdict IN ('', 'given', 'erased', 'kept')), 
    CONSTRAINT ck_privacy_request_case_kept_has_reason CHECK (verdict <> 'kept' OR reason <> ''), 
    CONSTRAINT fk_privacy_request_case_request_id FOREIGN KEY(request_id) REFERENCES privacy_request (id), 
    CONSTRAINT fk_privacy_request_case_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_privacy_request_case_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_privacy_request_case_complaint_id ON privacy_request_case (complaint_id)""",
    """CREATE INDEX ix_privacy_request_case_organisation_id ON privacy_request_case (organisation_id)""",
)
POSTGRESQL = (
    """CREATE TABLE evidence_erasure (
    id BIGSERIAL NOT NULL, 
    file_id BIGINT NOT NULL, 
    reason VARCHAR(200) NOT NULL, 
    erased_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    erased_by_id BIGINT, 
    bytes_gone_at TIMESTAMP WITH TIME ZONE, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_evidence_erasure PRIMARY KEY (id), 
    CONSTRAINT ck_evidence_erasure_erasure_has_reason CHECK (reason <> ''), 
    CONSTRAINT ck_evidence_erasure_bytes_go_after_record CHECK (bytes_gone_at IS NULL OR bytes_gone_at >= erased_at), 
    CONSTRAINT uq_evidence_erasure_file_id UNIQUE (file_id), 
    CONSTRAINT fk_evidence_erasure_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id), 
    CONSTRAINT fk_evidence_erasure_erased_by_id FOREIGN KEY(erased_by_id) REFERENCES person (id), 
    CONSTRAINT fk_evidence_erasure_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_evidence_erasure_organisation_id ON evidence_erasure (organisation_id)""",
    """CREATE TABLE privacy_settings (
    id BIGSERIAL NOT NULL, 
    reason_required BOOLEAN NOT NULL, 
    request_days SMALLINT NOT NULL, 
    looked_on DATE, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_privacy_settings PRIMARY KEY (id), 
    CONSTRAINT uq_privacy_settings_organisation_id UNIQUE (organisation_id), 
    CONSTRAINT ck_privacy_settings_request_days_sensible CHECK (request_days BETWEEN 1 AND 365), 
    CONSTRAINT fk_privacy_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_privacy_settings_organisation_id ON privacy_settings (organisation_id)""",
    """CREATE TABLE retention_rule (
    id BIGSERIAL NOT NULL, 
    kind VARCHAR(20) NOT NULL, 
    category VARCHAR(200) NOT NULL, 
    months INTEGER NOT NULL, 
    warn_days SMALLINT NOT NULL, 
    duty BOOLEAN NOT NULL, 
    automatic BOOLEAN NOT NULL, 
    basis TEXT NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    added_by BIGINT, 
    ended_at TIMESTAMP WITH TIME ZONE, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_retention_rule PRIMARY KEY (id), 
    CONSTRAINT ck_retention_rule_kind_known CHECK (kind IN ('', 'complaint', 'suggestion', 'request', 'compliment', 'concern', 'dispute')), 
    CONSTRAINT ck_retention_rule_months_sensible CHECK (months BETWEEN 1 AND 1200), 
    CONSTRAINT ck_retention_rule_warning_sensible CHECK (warn_days BETWEEN 1 AND 365), 
    CONSTRAINT ck_retention_rule_duty_names_law CHECK (NOT duty OR basis <> ''), 
    CONSTRAINT ck_retention_rule_ended_after_added CHECK (ended_at IS NULL OR ended_at >= added_at), 
    CONSTRAINT fk_retention_rule_added_by FOREIGN KEY(added_by) REFERENCES person (id), 
    CONSTRAINT fk_retention_rule_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_retention_rule_organisation_id ON retention_rule (organisation_id)""",
    """CREATE UNIQUE INDEX uq_retention_rule_in_force ON retention_rule (organisation_id, kind, category) WHERE ended_at IS NULL""",
    """CREATE TABLE retention_warning (
    id BIGSERIAL NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    rule_id BIGINT NOT NULL, 
    until DATE NOT NULL, 
    warned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_retention_warning PRIMARY KEY (id), 
    CONSTRAINT uq_retention_warning_complaint_id UNIQUE (complaint_id), 
    CONSTRAINT fk_retention_warning_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_retention_warning_rule_id FOREIGN KEY(rule_id) REFERENCES retention_rule (id), 
    CONSTRAINT fk_retention_warning_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_retention_warning_organisation_id ON retention_warning (organisation_id)""",
    """CREATE TABLE complaint_hold (
    id BIGSERIAL NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    reason TEXT NOT NULL, 
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    placed_by BIGINT, 
    lifted_at TIMESTAMP WITH TIME ZONE, 
    lifted_by BIGINT, 
    lift_reason TEXT NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_complaint_hold PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_hold_hold_has_reason CHECK (reason <> ''), 
    CONSTRAINT ck_complaint_hold_lifting_has_reason CHECK ((lifted_at IS NULL) = (lift_reason = '')), 
    CONSTRAINT ck_complaint_hold_lifted_after_placed CHECK (lifted_at IS NULL OR lifted_at >= placed_at), 
    CONSTRAINT fk_complaint_hold_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_complaint_hold_placed_by FOREIGN KEY(placed_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_hold_lifted_by FOREIGN KEY(lifted_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_hold_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_hold_complaint_id ON complaint_hold (complaint_id)""",
    """CREATE INDEX ix_complaint_hold_organisation_id ON complaint_hold (organisation_id)""",
    """CREATE UNIQUE INDEX uq_complaint_hold_open ON complaint_hold (complaint_id) WHERE lifted_at IS NULL""",
    """CREATE TABLE privacy_request (
    id BIGSERIAL NOT NULL, 
    kind VARCHAR(20) NOT NULL, 
    state VARCHAR(20) NOT NULL, 
    received_on DATE NOT NULL, 
    due_on DATE NOT NULL, 
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    opened_by BIGINT, 
    settled_at TIMESTAMP WITH TIME ZONE, 
    settled_by BIGINT, 
    answer TEXT NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_privacy_request PRIMARY KEY (id), 
    CONSTRAINT ck_privacy_request_kind_known CHECK (kind IN ('access', 'erasure')), 
    CONSTRAINT ck_privacy_request_state_known CHECK (state IN ('open', 'answered', 'refused')), 
    CONSTRAINT ck_privacy_request_open_is_not_settled CHECK ((state = 'open') = (settled_at IS NULL)), 
    CONSTRAINT ck_privacy_request_refused_has_reason CHECK (state <> 'refused' OR answer <> ''), 
    CONSTRAINT ck_privacy_request_due_after_received CHECK (due_on >= received_on), 
    CONSTRAINT fk_privacy_request_opened_by FOREIGN KEY(opened_by) REFERENCES person (id), 
    CONSTRAINT fk_privacy_request_settled_by FOREIGN KEY(settled_by) REFERENCES person (id), 
    CONSTRAINT fk_privacy_request_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_privacy_request_organisation_id ON privacy_request (organisation_id)""",
    """CREATE TABLE complaint_anonymisation (
    id BIGSERIAL NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    ground VARCHAR(20) NOT NULL, 
    reason TEXT NOT NULL, 
    rule_id BIGINT, 
    request_id BIGINT, 
    done_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    done_by BIGINT, 
    erased JSON NOT NULL, 
    kept JSON NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_complaint_anonymisation PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_anonymisation_ground_known CHECK (ground IN ('retention', 'request', 'by-hand')), 
    CONSTRAINT ck_complaint_anonymisation_retention_has_rule CHECK ((ground = 'retention') = (rule_id IS NOT NULL)), 
    CONSTRAINT ck_complaint_anonymisation_request_is_named CHECK (ground <> 'request' OR request_id IS NOT NULL), 
    CONSTRAINT ck_complaint_anonymisation_by_hand_has_reason CHECK (ground <> 'by-hand' OR reason <> ''), 
    CONSTRAINT uq_complaint_anonymisation_complaint_id UNIQUE (complaint_id), 
    CONSTRAINT fk_complaint_anonymisation_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_complaint_anonymisation_rule_id FOREIGN KEY(rule_id) REFERENCES retention_rule (id), 
    CONSTRAINT fk_complaint_anonymisation_request_id FOREIGN KEY(request_id) REFERENCES privacy_request (id), 
    CONSTRAINT fk_complaint_anonymisation_done_by FOREIGN KEY(done_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_anonymisation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_anonymisation_organisation_id ON complaint_anonymisation (organisation_id)""",
    """CREATE TABLE consent_withdrawal (
    id BIGSERIAL NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    consent VARCHAR(20) NOT NULL, 
    withdrawn_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    withdrawn_by BIGINT, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_consent_withdrawal PRIMARY KEY (id), 
    CONSTRAINT uq_consent_withdrawal_complaint_id_consent UNIQUE (complaint_id, consent), 
    CONSTRAINT ck_consent_withdrawal_consent_known CHECK (consent IN ('processing', 'sharing')), 
    CONSTRAINT fk_consent_withdrawal_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_consent_withdrawal_withdrawn_by FOREIGN KEY(withdrawn_by) REFERENCES person (id), 
    CONSTRAINT fk_consent_withdrawal_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_consent_withdrawal_organisation_id ON consent_withdrawal (organisation_id)""",
    """CREATE TABLE privacy_request_case (
    id BIGSERIAL NOT NULL, 
    request_id BIGINT NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    verdict VARCHAR(20) NOT NULL, 
    reason TEXT NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_privacy_request_case PRIMARY KEY (id), 
    CONSTRAINT uq_privacy_request_case_request_id_complaint_id UNIQUE (request_id, complaint_id), 
    CONSTRAINT ck_privacy_request_case_verdict_known CHECK (verdict IN ('', 'given', 'erased', 'kept')), 
    CONSTRAINT ck_privacy_request_case_kept_has_reason CHECK (verdict <> 'kept' OR reason <> ''), 
    CONSTRAINT fk_privacy_request_case_request_id FOREIGN KEY(request_id) REFERENCES privacy_request (id), 
    CONSTRAINT fk_privacy_request_case_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_privacy_request_case_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_privacy_request_case_complaint_id ON privacy_request_case (complaint_id)""",
    """CREATE INDEX ix_privacy_request_case_organisation_id ON privacy_request_case (organisation_id)""",
)
FIXED = "organisation_id, digest, size, kind, media_type, source, added_by_id, added_at"
FIXED_BEFORE = "organisation_id, digest, size, kind, media_type, name, source, details, notices, added_by_id, added_at"
ERASED = "SELECT 1 FROM evidence_erasure WHERE evidence_erasure.file_id = old.id"


def no_update_sqlite(fixed):
    return (
        "DROP TRIGGER evidence_file_no_update",
        f"CREATE TRIGGER evidence_file_no_update BEFORE UPDATE OF id, {fixed} ON evidence_file "
        "BEGIN SELECT RAISE(ABORT, 'evidence is immutable'); END",
    )


def no_update_postgresql(fixed):
    return (
        "DROP TRIGGER evidence_file_no_update ON evidence_file",
        f"CREATE TRIGGER evidence_file_no_update BEFORE UPDATE OF id, {fixed} ON evidence_file "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
    )


def upgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
    if is_sqlite:
        triggers = (
            *no_update_sqlite(FIXED),
            "CREATE TRIGGER evidence_file_erased_only BEFORE UPDATE OF name, details, notices ON evidence_file "
            f"WHEN NOT EXISTS ({ERASED}) BEGIN SELECT RAISE(ABORT, 'evidence is immutable'); END",
        )
    else:
        triggers = (
            *no_update_postgresql(FIXED),
            "CREATE FUNCTION evidence_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT EXISTS ({ERASED}) THEN RAISE EXCEPTION 'evidence is immutable'; END IF; RETURN new; END $$",
            "CREATE TRIGGER evidence_file_erased_only BEFORE UPDATE OF name, details, notices ON evidence_file "
            "FOR EACH ROW EXECUTE FUNCTION evidence_refuse_unless_erased()",
        )
    for statement in triggers:
        op.get_bind().exec_driver_sql(statement)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        statements = ("DROP TRIGGER evidence_file_erased_only", *no_update_sqlite(FIXED_BEFORE))
    else:
        statements = (
            "DROP TRIGGER evidence_file_erased_only ON evidence_file",
            "DROP FUNCTION evidence_refuse_unless_erased()",
            *no_update_postgresql(FIXED_BEFORE),
        )
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
