"""That a person checked a delivered remedy.

Revision ID: 0049
Revises: 0048
"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE complaint_remedy_check (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            decision_id INTEGER NOT NULL,
            found VARCHAR(20) NOT NULL,
            note TEXT NOT NULL,
            checked_on DATE NOT NULL,
            delivered_on DATE NOT NULL,
            delivered_by INTEGER,
            delivery TEXT NOT NULL,
            checked_at DATETIME NOT NULL,
            checked_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_remedy_check PRIMARY KEY (id),
            CONSTRAINT ck_complaint_remedy_check_found_known CHECK (found IN ('as-promised', 'lacking')),
            CONSTRAINT ck_complaint_remedy_check_says_how CHECK (note <> ''),
            CONSTRAINT ck_complaint_remedy_check_checked_after_delivery CHECK (checked_on >= delivered_on),
            CONSTRAINT ck_complaint_remedy_check_lacking_keeps_delivery CHECK ((found = 'lacking') = (delivery <> '')),
            CONSTRAINT fk_complaint_remedy_check_complaint_id FOREIGN KEY(complaint_id)
                REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_remedy_check_decision_id FOREIGN KEY(decision_id)
                REFERENCES complaint_decision (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_remedy_check_delivered_by FOREIGN KEY(delivered_by)
                REFERENCES person (id),
            CONSTRAINT fk_complaint_remedy_check_checked_by FOREIGN KEY(checked_by)
                REFERENCES person (id),
            CONSTRAINT fk_complaint_remedy_check_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_remedy_check_complaint_id ON complaint_remedy_check (complaint_id)
        """,
        """
        CREATE INDEX ix_complaint_remedy_check_organisation_id ON complaint_remedy_check (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE complaint_remedy_check (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            decision_id BIGINT NOT NULL,
            found VARCHAR(20) NOT NULL,
            note TEXT NOT NULL,
            checked_on DATE NOT NULL,
            delivered_on DATE NOT NULL,
            delivered_by BIGINT,
            delivery TEXT NOT NULL,
            checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
            checked_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_remedy_check PRIMARY KEY (id),
            CONSTRAINT ck_complaint_remedy_check_found_known CHECK (found IN ('as-promised', 'lacking')),
            CONSTRAINT ck_complaint_remedy_check_says_how CHECK (note <> ''),
            CONSTRAINT ck_complaint_remedy_check_checked_after_delivery CHECK (checked_on >= delivered_on),
            CONSTRAINT ck_complaint_remedy_check_lacking_keeps_delivery CHECK ((found = 'lacking') = (delivery <> '')),
            CONSTRAINT fk_complaint_remedy_check_complaint_id FOREIGN KEY(complaint_id)
                REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_remedy_check_decision_id FOREIGN KEY(decision_id)
                REFERENCES complaint_decision (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_remedy_check_delivered_by FOREIGN KEY(delivered_by)
                REFERENCES person (id),
            CONSTRAINT fk_complaint_remedy_check_checked_by FOREIGN KEY(checked_by)
                REFERENCES person (id),
            CONSTRAINT fk_complaint_remedy_check_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_remedy_check_complaint_id ON complaint_remedy_check (complaint_id)
        """,
        """
        CREATE INDEX ix_complaint_remedy_check_organisation_id ON complaint_remedy_check (organisation_id)
        """,
    ),
}


def upgrade() -> None:
    """Apply."""
    for statement in UP[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("DROP TABLE complaint_remedy_check")
