"""Who owns which process, who is competent, exceptions; what kind an audit is and what its plan says.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE audited_process (
            id INTEGER NOT NULL,
            name VARCHAR(200) NOT NULL,
            description TEXT NOT NULL,
            clauses JSON NOT NULL,
            saved_at DATETIME NOT NULL,
            retired_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audited_process PRIMARY KEY (id),
            CONSTRAINT uq_audited_process_organisation_id_name UNIQUE (organisation_id, name),
            CONSTRAINT ck_audited_process_has_name CHECK (name <> ''),
            CONSTRAINT fk_audited_process_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audited_process_organisation_id ON audited_process (organisation_id)
        """,
        """
        CREATE TABLE process_ownership (
            id INTEGER NOT NULL,
            process_id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            since DATE NOT NULL,
            until DATE,
            named_at DATETIME NOT NULL,
            named_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_process_ownership PRIMARY KEY (id),
            CONSTRAINT ck_process_ownership_days_in_order CHECK (until IS NULL OR until >= since),
            CONSTRAINT fk_process_ownership_process_id FOREIGN KEY(process_id) REFERENCES audited_process (id),
            CONSTRAINT fk_process_ownership_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_process_ownership_named_by FOREIGN KEY(named_by) REFERENCES person (id),
            CONSTRAINT fk_process_ownership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_process_ownership_organisation_id ON process_ownership (organisation_id)
        """,
        """
        CREATE INDEX ix_process_ownership_person_id ON process_ownership (person_id)
        """,
        """
        CREATE INDEX ix_process_ownership_process_id ON process_ownership (process_id)
        """,
        """
        CREATE TABLE auditor_competence (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            audit_kind VARCHAR(20) NOT NULL,
            standard VARCHAR(64) NOT NULL,
            what TEXT NOT NULL,
            evidence TEXT NOT NULL,
            valid_from DATE NOT NULL,
            valid_until DATE NOT NULL,
            recorded_at DATETIME NOT NULL,
            recorded_by INTEGER,
            withdrawn_at DATETIME,
            withdrawn_reason TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_auditor_competence PRIMARY KEY (id),
            CONSTRAINT ck_auditor_competence_says_what_and_how_known CHECK (what <> '' AND evidence <> ''),
            CONSTRAINT ck_auditor_competence_valid_forwards CHECK (valid_until >= valid_from),
            CONSTRAINT ck_auditor_competence_withdrawn_has_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = '')),
            CONSTRAINT fk_auditor_competence_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_auditor_competence_recorded_by FOREIGN KEY(recorded_by) REFERENCES person (id),
            CONSTRAINT fk_auditor_competence_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_auditor_competence_organisation_id ON auditor_competence (organisation_id)
        """,
        """
        CREATE INDEX ix_auditor_competence_person_id ON auditor_competence (person_id)
        """,
        """
        CREATE TABLE audit_exception (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            way VARCHAR(10) NOT NULL,
            ground VARCHAR(10) NOT NULL,
            process_id INTEGER,
            complaint_id BIGINT,
            reason TEXT NOT NULL,
            "instead" TEXT NOT NULL,
            reviewer VARCHAR(200) NOT NULL,
            made_at DATETIME NOT NULL,
            made_by INTEGER,
            settled_at DATETIME,
            outcome TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audit_exception PRIMARY KEY (id),
            CONSTRAINT ck_audit_exception_way_known CHECK (way IN ('mitigation', 'override')),
            CONSTRAINT ck_audit_exception_ground_known CHECK (ground IN ('competence', 'complaint', 'process')),
            CONSTRAINT ck_audit_exception_has_reason CHECK (reason <> ''),
            CONSTRAINT ck_audit_exception_mitigation_says_what_instead CHECK ((way = 'mitigation') = (instead <> '')),
            CONSTRAINT ck_audit_exception_names_process CHECK ((ground = 'process') = (process_id IS NOT NULL)),
            CONSTRAINT ck_audit_exception_names_complaint CHECK ((ground = 'complaint') = (complaint_id IS NOT NULL)),
            CONSTRAINT ck_audit_exception_nobody_for_themselves CHECK (way <> 'override' OR made_by IS NULL OR made_by <> person_id),
            CONSTRAINT ck_audit_exception_settled_has_outcome CHECK ((settled_at IS NULL) = (outcome = '')),
            CONSTRAINT fk_audit_exception_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_exception_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_audit_exception_process_id FOREIGN KEY(process_id) REFERENCES audited_process (id),
            CONSTRAINT fk_audit_exception_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_audit_exception_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_exception_audit_id_person_id ON audit_exception (audit_id, person_id)
        """,
        """
        CREATE INDEX ix_audit_exception_organisation_id ON audit_exception (organisation_id)
        """,
        """ALTER TABLE audit ADD COLUMN kind VARCHAR(20) DEFAULT 'internal' NOT NULL CONSTRAINT ck_audit_kind_known CHECK (kind IN ('follow-up', 'internal', 'outside', 'stage-1', 'stage-2', 'supplier'))""",
        """ALTER TABLE audit ADD COLUMN auditee TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN virtual_places TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN interviewees TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN sampling TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN language TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN confidentiality TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN logistics TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN follow_up TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN distribution TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN remote_risk TEXT DEFAULT '' NOT NULL""",
    ),
    "postgresql": (
        """
        CREATE TABLE audited_process (
            id BIGSERIAL NOT NULL,
            name VARCHAR(200) NOT NULL,
            description TEXT NOT NULL,
            clauses JSON NOT NULL,
            saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
            retired_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audited_process PRIMARY KEY (id),
            CONSTRAINT uq_audited_process_organisation_id_name UNIQUE (organisation_id, name),
            CONSTRAINT ck_audited_process_has_name CHECK (name <> ''),
            CONSTRAINT fk_audited_process_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audited_process_organisation_id ON audited_process (organisation_id)
        """,
        """
        CREATE TABLE process_ownership (
            id BIGSERIAL NOT NULL,
            process_id BIGINT NOT NULL,
            person_id BIGINT NOT NULL,
            since DATE NOT NULL,
            until DATE,
            named_at TIMESTAMP WITH TIME ZONE NOT NULL,
            named_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_process_ownership PRIMARY KEY (id),
            CONSTRAINT ck_process_ownership_days_in_order CHECK (until IS NULL OR until >= since),
            CONSTRAINT fk_process_ownership_process_id FOREIGN KEY(process_id) REFERENCES audited_process (id),
            CONSTRAINT fk_process_ownership_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_process_ownership_named_by FOREIGN KEY(named_by) REFERENCES person (id),
            CONSTRAINT fk_process_ownership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_process_ownership_organisation_id ON process_ownership (organisation_id)
        """,
        """
        CREATE INDEX ix_process_ownership_person_id ON process_ownership (person_id)
        """,
        """
        CREATE INDEX ix_process_ownership_process_id ON process_ownership (process_id)
        """,
        """
        CREATE TABLE auditor_competence (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            audit_kind VARCHAR(20) NOT NULL,
            standard VARCHAR(64) NOT NULL,
            what TEXT NOT NULL,
            evidence TEXT NOT NULL,
            valid_from DATE NOT NULL,
            valid_until DATE NOT NULL,
            recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
            recorded_by BIGINT,
            withdrawn_at TIMESTAMP WITH TIME ZONE,
            withdrawn_reason TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_auditor_competence PRIMARY KEY (id),
            CONSTRAINT ck_auditor_competence_says_what_and_how_known CHECK (what <> '' AND evidence <> ''),
            CONSTRAINT ck_auditor_competence_valid_forwards CHECK (valid_until >= valid_from),
            CONSTRAINT ck_auditor_competence_withdrawn_has_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = '')),
            CONSTRAINT fk_auditor_competence_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_auditor_competence_recorded_by FOREIGN KEY(recorded_by) REFERENCES person (id),
            CONSTRAINT fk_auditor_competence_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_auditor_competence_organisation_id ON auditor_competence (organisation_id)
        """,
        """
        CREATE INDEX ix_auditor_competence_person_id ON auditor_competence (person_id)
        """,
        """
        CREATE TABLE audit_exception (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            person_id BIGINT NOT NULL,
            way VARCHAR(10) NOT NULL,
            ground VARCHAR(10) NOT NULL,
            process_id BIGINT,
            complaint_id BIGINT,
            reason TEXT NOT NULL,
            instead TEXT NOT NULL,
            reviewer VARCHAR(200) NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            made_by BIGINT,
            settled_at TIMESTAMP WITH TIME ZONE,
            outcome TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audit_exception PRIMARY KEY (id),
            CONSTRAINT ck_audit_exception_way_known CHECK (way IN ('mitigation', 'override')),
            CONSTRAINT ck_audit_exception_ground_known CHECK (ground IN ('competence', 'complaint', 'process')),
            CONSTRAINT ck_audit_exception_has_reason CHECK (reason <> ''),
            CONSTRAINT ck_audit_exception_mitigation_says_what_instead CHECK ((way = 'mitigation') = (instead <> '')),
            CONSTRAINT ck_audit_exception_names_process CHECK ((ground = 'process') = (process_id IS NOT NULL)),
            CONSTRAINT ck_audit_exception_names_complaint CHECK ((ground = 'complaint') = (complaint_id IS NOT NULL)),
            CONSTRAINT ck_audit_exception_nobody_for_themselves CHECK (way <> 'override' OR made_by IS NULL OR made_by <> person_id),
            CONSTRAINT ck_audit_exception_settled_has_outcome CHECK ((settled_at IS NULL) = (outcome = '')),
            CONSTRAINT fk_audit_exception_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_exception_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_audit_exception_process_id FOREIGN KEY(process_id) REFERENCES audited_process (id),
            CONSTRAINT fk_audit_exception_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_audit_exception_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_exception_audit_id_person_id ON audit_exception (audit_id, person_id)
        """,
        """
        CREATE INDEX ix_audit_exception_organisation_id ON audit_exception (organisation_id)
        """,
        """ALTER TABLE audit ADD COLUMN kind VARCHAR(20) DEFAULT 'internal' NOT NULL CONSTRAINT ck_audit_kind_known CHECK (kind IN ('follow-up', 'internal', 'outside', 'stage-1', 'stage-2', 'supplier'))""",
        """ALTER TABLE audit ADD COLUMN auditee TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN virtual_places TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN interviewees TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN sampling TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN language TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN confidentiality TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN logistics TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN follow_up TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN distribution TEXT DEFAULT '' NOT NULL""",
        """ALTER TABLE audit ADD COLUMN remote_risk TEXT DEFAULT '' NOT NULL""",
    ),
}
DOWN = (
    "ALTER TABLE audit DROP COLUMN remote_risk",
    "ALTER TABLE audit DROP COLUMN distribution",
    "ALTER TABLE audit DROP COLUMN follow_up",
    "ALTER TABLE audit DROP COLUMN logistics",
    "ALTER TABLE audit DROP COLUMN confidentiality",
    "ALTER TABLE audit DROP COLUMN language",
    "ALTER TABLE audit DROP COLUMN sampling",
    "ALTER TABLE audit DROP COLUMN interviewees",
    "ALTER TABLE audit DROP COLUMN virtual_places",
    "ALTER TABLE audit DROP COLUMN auditee",
    "ALTER TABLE audit DROP COLUMN kind",
    "DROP TABLE audit_exception",
    "DROP TABLE auditor_competence",
    "DROP TABLE process_ownership",
    "DROP TABLE audited_process",
)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
