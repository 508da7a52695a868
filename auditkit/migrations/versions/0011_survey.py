"""The survey after closing, and its settings.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TABLE survey_settings (
    id INTEGER NOT NULL, 
    switched_on BOOLEAN NOT NULL, 
    wait_days SMALLINT NOT NULL, 
    valid_days SMALLINT NOT NULL, 
    remind_days SMALLINT NOT NULL, 
    fewest SMALLINT NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_survey_settings PRIMARY KEY (id), 
    CONSTRAINT uq_survey_settings_organisation_id UNIQUE (organisation_id), 
    CONSTRAINT ck_survey_settings_survey_days_sensible CHECK (wait_days BETWEEN 0 AND 90 AND valid_days BETWEEN 1 AND 180 AND remind_days BETWEEN 0 AND 179), 
    CONSTRAINT ck_survey_settings_fewest_sensible CHECK (fewest BETWEEN 2 AND 1000), 
    CONSTRAINT fk_survey_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_survey_settings_organisation_id ON survey_settings (organisation_id)""",
    """CREATE TABLE complaint_survey (
    id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    state VARCHAR(10) NOT NULL, 
    why VARCHAR(20) NOT NULL, 
    language VARCHAR(20) NOT NULL, 
    planned_at DATETIME NOT NULL, 
    due_at DATETIME, 
    secret_digest VARCHAR(64), 
    sent_at DATETIME, 
    expires_at DATETIME, 
    message_id INTEGER, 
    remind_at DATETIME, 
    reminded_at DATETIME, 
    reminder_id INTEGER, 
    answered_at DATETIME, 
    process_score SMALLINT, 
    outcome_score SMALLINT, 
    accepted VARCHAR(5) NOT NULL, 
    may_contact BOOLEAN NOT NULL, 
    comment TEXT NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_complaint_survey PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_survey_state_known CHECK (state IN ('waiting', 'sent', 'answered', 'not-sent')), 
    CONSTRAINT ck_complaint_survey_why_known CHECK (why IN ('', 'no-address', 'anonymous', 'no-consent', 'reopened', 'erased', 'duplicate')), 
    CONSTRAINT ck_complaint_survey_accepted_known CHECK (accepted IN ('', 'yes', 'no')), 
    CONSTRAINT ck_complaint_survey_not_sent_has_reason CHECK ((state = 'not-sent') = (why <> '')), 
    CONSTRAINT ck_complaint_survey_waiting_has_day CHECK ((state = 'waiting') = (due_at IS NOT NULL)), 
    CONSTRAINT ck_complaint_survey_sent_has_link CHECK ((state IN ('sent', 'answered')) = (sent_at IS NOT NULL) AND (sent_at IS NULL) = (secret_digest IS NULL) AND (sent_at IS NULL) = (expires_at IS NULL)), 
    CONSTRAINT ck_complaint_survey_answered_has_scores CHECK ((state = 'answered') = (answered_at IS NOT NULL) AND (answered_at IS NULL) = (process_score IS NULL) AND (answered_at IS NULL) = (outcome_score IS NULL)), 
    CONSTRAINT ck_complaint_survey_scores_on_scale CHECK ((process_score IS NULL OR process_score BETWEEN 1 AND 5) AND (outcome_score IS NULL OR outcome_score BETWEEN 1 AND 5)), 
    CONSTRAINT ck_complaint_survey_only_answers_say CHECK (state = 'answered' OR (accepted = '' AND NOT may_contact AND comment = '')), 
    CONSTRAINT ck_complaint_survey_one_reminder CHECK (reminded_at IS NULL OR remind_at IS NULL), 
    CONSTRAINT ck_complaint_survey_reminds_who_was_asked CHECK (remind_at IS NULL OR state = 'sent'), 
    CONSTRAINT ck_complaint_survey_survey_secret_is_sha256 CHECK (secret_digest IS NULL OR length(secret_digest) = 64), 
    CONSTRAINT uq_complaint_survey_complaint_id UNIQUE (complaint_id), 
    CONSTRAINT fk_complaint_survey_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT uq_complaint_survey_secret_digest UNIQUE (secret_digest), 
    CONSTRAINT fk_complaint_survey_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id), 
    CONSTRAINT fk_complaint_survey_reminder_id FOREIGN KEY(reminder_id) REFERENCES complaint_message (id), 
    CONSTRAINT fk_complaint_survey_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_survey_due ON complaint_survey (due_at) WHERE due_at IS NOT NULL""",
    """CREATE INDEX ix_complaint_survey_message_id ON complaint_survey (message_id)""",
    """CREATE INDEX ix_complaint_survey_organisation_id ON complaint_survey (organisation_id)""",
    """CREATE INDEX ix_complaint_survey_remind ON complaint_survey (remind_at) WHERE remind_at IS NOT NULL""",
)
POSTGRESQL = (
    """CREATE TABLE survey_settings (
    id BIGSERIAL NOT NULL, 
    switched_on BOOLEAN NOT NULL, 
    wait_days SMALLINT NOT NULL, 
    valid_days SMALLINT NOT NULL, 
    remind_days SMALLINT NOT NULL, 
    fewest SMALLINT NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_survey_settings PRIMARY KEY (id), 
    CONSTRAINT uq_survey_settings_organisation_id UNIQUE (organisation_id), 
    CONSTRAINT ck_survey_settings_survey_days_sensible CHECK (wait_days BETWEEN 0 AND 90 AND valid_days BETWEEN 1 AND 180 AND remind_days BETWEEN 0 AND 179), 
    CONSTRAINT ck_survey_settings_fewest_sensible CHECK (fewest BETWEEN 2 AND 1000), 
    CONSTRAINT fk_survey_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_survey_settings_organisation_id ON survey_settings (organisation_id)""",
    """CREATE TABLE complaint_survey (
    id BIGSERIAL NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    state VARCHAR(10) NOT NULL, 
    why VARCHAR(20) NOT NULL, 
    language VARCHAR(20) NOT NULL, 
    planned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    due_at TIMESTAMP WITH TIME ZONE, 
    secret_digest VARCHAR(64), 
    sent_at TIMESTAMP WITH TIME ZONE, 
    expires_at TIMESTAMP WITH TIME ZONE, 
    message_id BIGINT, 
    remind_at TIMESTAMP WITH TIME ZONE, 
    reminded_at TIMESTAMP WITH TIME ZONE, 
    reminder_id BIGINT, 
    answered_at TIMESTAMP WITH TIME ZONE, 
    process_score SMALLINT, 
    outcome_score SMALLINT, 
    accepted VARCHAR(5) NOT NULL, 
    may_contact BOOLEAN NOT NULL, 
    comment TEXT NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_complaint_survey PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_survey_state_known CHECK (state IN ('waiting', 'sent', 'answered', 'not-sent')), 
    CONSTRAINT ck_complaint_survey_why_known CHECK (why IN ('', 'no-address', 'anonymous', 'no-consent', 'reopened', 'erased', 'duplicate')), 
    CONSTRAINT ck_complaint_survey_accepted_known CHECK (accepted IN ('', 'yes', 'no')), 
    CONSTRAINT ck_complaint_survey_not_sent_has_reason CHECK ((state = 'not-sent') = (why <> '')), 
    CONSTRAINT ck_complaint_survey_waiting_has_day CHECK ((state = 'waiting') = (due_at IS NOT NULL)), 
    CONSTRAINT ck_complaint_survey_sent_has_link CHECK ((state IN ('sent', 'answered')) = (sent_at IS NOT NULL) AND (sent_at IS NULL) = (secret_digest IS NULL) AND (sent_at IS NULL) = (expires_at IS NULL)), 
    CONSTRAINT ck_complaint_survey_answered_has_scores CHECK ((state = 'answered') = (answered_at IS NOT NULL) AND (answered_at IS NULL) = (process_score IS NULL) AND (answered_at IS NULL) = (outcome_score IS NULL)), 
    CONSTRAINT ck_complaint_survey_scores_on_scale CHECK ((process_score IS NULL OR process_score BETWEEN 1 AND 5) AND (outcome_score IS NULL OR outcome_score BETWEEN 1 AND 5)), 
    CONSTRAINT ck_complaint_survey_only_answers_say CHECK (state = 'answered' OR (accepted = '' AND NOT may_contact AND comment = '')), 
    CONSTRAINT ck_complaint_survey_one_reminder CHECK (reminded_at IS NULL OR remind_at IS NULL), 
    CONSTRAINT ck_complaint_survey_reminds_who_was_asked CHECK (remind_at IS NULL OR state = 'sent'), 
    CONSTRAINT ck_complaint_survey_survey_secret_is_sha256 CHECK (secret_digest IS NULL OR length(secret_digest) = 64), 
    CONSTRAINT uq_complaint_survey_complaint_id UNIQUE (complaint_id), 
    CONSTRAINT fk_complaint_survey_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT uq_complaint_survey_secret_digest UNIQUE (secret_digest), 
    CONSTRAINT fk_complaint_survey_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id), 
    CONSTRAINT fk_complaint_survey_reminder_id FOREIGN KEY(reminder_id) REFERENCES complaint_message (id), 
    CONSTRAINT fk_complaint_survey_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_survey_due ON complaint_survey (due_at) WHERE due_at IS NOT NULL""",
    """CREATE INDEX ix_complaint_survey_message_id ON complaint_survey (message_id)""",
    """CREATE INDEX ix_complaint_survey_organisation_id ON complaint_survey (organisation_id)""",
    """CREATE INDEX ix_complaint_survey_remind ON complaint_survey (remind_at) WHERE remind_at IS NOT NULL""",
)


def upgrade():
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade():
    op.execute("DROP TABLE complaint_survey")
    op.execute("DROP TABLE survey_settings")
