"""E-mail in: threads, the mails seen, bounces; settings and own wordings of correspondence.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("complaint_thread", "incoming_mail", "complaint_bounce", "correspondence_setting", "letter_wording", "mailbox_position")
SQLITE = (
    """CREATE TABLE complaint_thread (
    complaint_id INTEGER NOT NULL,
    token VARCHAR(16) NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_complaint_thread PRIMARY KEY (complaint_id),
    CONSTRAINT uq_complaint_thread_organisation_id_token UNIQUE (organisation_id, token),
    CONSTRAINT ck_complaint_thread_token_is_whole CHECK (length(token) = 16 AND token = lower(token)),
    CONSTRAINT fk_complaint_thread_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
    CONSTRAINT fk_complaint_thread_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_thread_organisation_id ON complaint_thread (organisation_id)""",
    """CREATE TABLE incoming_mail (
    id INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    content_digest VARCHAR(64) NOT NULL,
    message_id_header VARCHAR(500) NOT NULL,
    source VARCHAR(400) NOT NULL,
    mailbox VARCHAR(400) NOT NULL,
    uid_validity BIGINT,
    uid BIGINT,
    kind VARCHAR(12) NOT NULL,
    outcome VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    complaint_id INTEGER,
    message_id INTEGER,
    original_file_id INTEGER,
    sender_name VARCHAR(200) NOT NULL,
    sender VARCHAR(320) NOT NULL,
    subject VARCHAR(300) NOT NULL,
    language VARCHAR(20) NOT NULL,
    says_about VARCHAR(40) NOT NULL,
    refused JSON NOT NULL,
    notes JSON NOT NULL,
    arrived_at DATETIME,
    taken_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_incoming_mail PRIMARY KEY (id),
    CONSTRAINT uq_incoming_mail_organisation_id_digest UNIQUE (organisation_id, digest),
    CONSTRAINT ck_incoming_mail_outcome_known CHECK (outcome IN ('opened', 'answered', 'bounced', 'noted', 'ignored', 'aside')),
    CONSTRAINT ck_incoming_mail_digest_is_sha256 CHECK (length(digest) = 64),
    CONSTRAINT ck_incoming_mail_outcome_has_case CHECK (outcome NOT IN ('opened', 'answered') OR complaint_id IS NOT NULL),
    CONSTRAINT ck_incoming_mail_answer_has_message CHECK (outcome <> 'answered' OR message_id IS NOT NULL),
    CONSTRAINT ck_incoming_mail_aside_has_reason CHECK (outcome <> 'aside' OR reason <> ''),
    CONSTRAINT ck_incoming_mail_uid_is_whole CHECK ((uid IS NULL) = (uid_validity IS NULL)),
    CONSTRAINT fk_incoming_mail_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
    CONSTRAINT fk_incoming_mail_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id),
    CONSTRAINT fk_incoming_mail_original_file_id FOREIGN KEY(original_file_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_incoming_mail_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_incoming_mail_complaint_id ON incoming_mail (complaint_id)""",
    """CREATE INDEX ix_incoming_mail_message_id ON incoming_mail (message_id)""",
    """CREATE INDEX ix_incoming_mail_organisation_id ON incoming_mail (organisation_id)""",
    """CREATE INDEX ix_incoming_mail_organisation_id_mailbox_uid_validity_uid ON incoming_mail (organisation_id, mailbox, uid_validity, uid)""",
    """CREATE INDEX ix_incoming_mail_organisation_id_message_id_header ON incoming_mail (organisation_id, message_id_header)""",
    """CREATE INDEX ix_incoming_mail_organisation_id_outcome_id ON incoming_mail (organisation_id, outcome, id)""",
    """CREATE TABLE complaint_bounce (
    id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    incoming_id INTEGER NOT NULL,
    action VARCHAR(10) NOT NULL,
    status VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_complaint_bounce PRIMARY KEY (id),
    CONSTRAINT ck_complaint_bounce_bounce_action_known CHECK (action IN ('failed', 'delayed', 'delivered', 'relayed', 'expanded')),
    CONSTRAINT uq_complaint_bounce_message_id_incoming_id UNIQUE (message_id, incoming_id),
    CONSTRAINT fk_complaint_bounce_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id),
    CONSTRAINT fk_complaint_bounce_incoming_id FOREIGN KEY(incoming_id) REFERENCES incoming_mail (id),
    CONSTRAINT fk_complaint_bounce_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_bounce_message_id ON complaint_bounce (message_id)""",
    """CREATE INDEX ix_complaint_bounce_organisation_id ON complaint_bounce (organisation_id)""",
    """CREATE TABLE correspondence_setting (
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    reply_address VARCHAR(254) NOT NULL,
    plus_addresses BOOLEAN NOT NULL,
    sender_name VARCHAR(100) NOT NULL,
    automatic_acknowledgement BOOLEAN NOT NULL,
    automatic_counts BOOLEAN NOT NULL,
    own_lists TEXT NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_correspondence_setting PRIMARY KEY (id),
    CONSTRAINT uq_correspondence_setting_organisation_id UNIQUE (organisation_id),
    CONSTRAINT ck_correspondence_setting_setting_version_from_one CHECK (version >= 1),
    CONSTRAINT ck_correspondence_setting_only_sent_counts CHECK (automatic_acknowledgement OR NOT automatic_counts),
    CONSTRAINT ck_correspondence_setting_plus_needs_address CHECK (reply_address <> '' OR NOT plus_addresses),
    CONSTRAINT fk_correspondence_setting_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_correspondence_setting_organisation_id ON correspondence_setting (organisation_id)""",
    """CREATE TABLE letter_wording (
    id INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    language VARCHAR(20) NOT NULL,
    version INTEGER NOT NULL,
    subject VARCHAR(300) NOT NULL,
    text TEXT NOT NULL,
    person_id INTEGER,
    created_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_letter_wording PRIMARY KEY (id),
    CONSTRAINT uq_letter_wording_organisation_id_kind_language_version UNIQUE (organisation_id, kind, language, version),
    CONSTRAINT ck_letter_wording_letter_known CHECK (kind IN ('automatic', 'acknowledgement', 'progress', 'extension', 'decision', 'closing', 'survey')),
    CONSTRAINT ck_letter_wording_wording_version_from_one CHECK (version >= 1),
    CONSTRAINT ck_letter_wording_wording_is_whole CHECK ((subject = '') = (text = '')),
    CONSTRAINT fk_letter_wording_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_letter_wording_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_letter_wording_organisation_id ON letter_wording (organisation_id)""",
    """CREATE TABLE mailbox_position (
    id INTEGER NOT NULL,
    mailbox VARCHAR(400) NOT NULL,
    uid_validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_mailbox_position PRIMARY KEY (id),
    CONSTRAINT uq_mailbox_position_organisation_id_mailbox UNIQUE (organisation_id, mailbox),
    CONSTRAINT ck_mailbox_position_position_from_zero CHECK (last_uid >= 0),
    CONSTRAINT fk_mailbox_position_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_mailbox_position_organisation_id ON mailbox_position (organisation_id)""",
)
POSTGRESQL = (
    """CREATE TABLE complaint_thread (
    complaint_id BIGINT NOT NULL,
    token VARCHAR(16) NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_complaint_thread PRIMARY KEY (complaint_id),
    CONSTRAINT uq_complaint_thread_organisation_id_token UNIQUE (organisation_id, token),
    CONSTRAINT ck_complaint_thread_token_is_whole CHECK (length(token) = 16 AND token = lower(token)),
    CONSTRAINT fk_complaint_thread_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
    CONSTRAINT fk_complaint_thread_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_thread_organisation_id ON complaint_thread (organisation_id)""",
    """CREATE TABLE incoming_mail (
    id BIGSERIAL NOT NULL,
    digest VARCHAR(64) NOT NULL,
    content_digest VARCHAR(64) NOT NULL,
    message_id_header VARCHAR(500) NOT NULL,
    source VARCHAR(400) NOT NULL,
    mailbox VARCHAR(400) NOT NULL,
    uid_validity BIGINT,
    uid BIGINT,
    kind VARCHAR(12) NOT NULL,
    outcome VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    complaint_id BIGINT,
    message_id BIGINT,
    original_file_id BIGINT,
    sender_name VARCHAR(200) NOT NULL,
    sender VARCHAR(320) NOT NULL,
    subject VARCHAR(300) NOT NULL,
    language VARCHAR(20) NOT NULL,
    says_about VARCHAR(40) NOT NULL,
    refused JSON NOT NULL,
    notes JSON NOT NULL,
    arrived_at TIMESTAMP WITH TIME ZONE,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_incoming_mail PRIMARY KEY (id),
    CONSTRAINT uq_incoming_mail_organisation_id_digest UNIQUE (organisation_id, digest),
    CONSTRAINT ck_incoming_mail_outcome_known CHECK (outcome IN ('opened', 'answered', 'bounced', 'noted', 'ignored', 'aside')),
    CONSTRAINT ck_incoming_mail_digest_is_sha256 CHECK (length(digest) = 64),
    CONSTRAINT ck_incoming_mail_outcome_has_case CHECK (outcome NOT IN ('opened', 'answered') OR complaint_id IS NOT NULL),
    CONSTRAINT ck_incoming_mail_answer_has_message CHECK (outcome <> 'answered' OR message_id IS NOT NULL),
    CONSTRAINT ck_incoming_mail_aside_has_reason CHECK (outcome <> 'aside' OR reason <> ''),
    CONSTRAINT ck_incoming_mail_uid_is_whole CHECK ((uid IS NULL) = (uid_validity IS NULL)),
    CONSTRAINT fk_incoming_mail_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
    CONSTRAINT fk_incoming_mail_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id),
    CONSTRAINT fk_incoming_mail_original_file_id FOREIGN KEY(original_file_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_incoming_mail_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_incoming_mail_complaint_id ON incoming_mail (complaint_id)""",
    """CREATE INDEX ix_incoming_mail_message_id ON incoming_mail (message_id)""",
    """CREATE INDEX ix_incoming_mail_organisation_id ON incoming_mail (organisation_id)""",
    """CREATE INDEX ix_incoming_mail_organisation_id_mailbox_uid_validity_uid ON incoming_mail (organisation_id, mailbox, uid_validity, uid)""",
    """CREATE INDEX ix_incoming_mail_organisation_id_message_id_header ON incoming_mail (organisation_id, message_id_header)""",
    """CREATE INDEX ix_incoming_mail_organisation_id_outcome_id ON incoming_mail (organisation_id, outcome, id)""",
    """CREATE TABLE complaint_bounce (
    id BIGSERIAL NOT NULL,
    message_id BIGINT NOT NULL,
    incoming_id BIGINT NOT NULL,
    action VARCHAR(10) NOT NULL,
    status VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_complaint_bounce PRIMARY KEY (id),
    CONSTRAINT ck_complaint_bounce_bounce_action_known CHECK (action IN ('failed', 'delayed', 'delivered', 'relayed', 'expanded')),
    CONSTRAINT uq_complaint_bounce_message_id_incoming_id UNIQUE (message_id, incoming_id),
    CONSTRAINT fk_complaint_bounce_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id),
    CONSTRAINT fk_complaint_bounce_incoming_id FOREIGN KEY(incoming_id) REFERENCES incoming_mail (id),
    CONSTRAINT fk_complaint_bounce_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_bounce_message_id ON complaint_bounce (message_id)""",
    """CREATE INDEX ix_complaint_bounce_organisation_id ON complaint_bounce (organisation_id)""",
    """CREATE TABLE correspondence_setting (
    id BIGSERIAL NOT NULL,
    version INTEGER NOT NULL,
    reply_address VARCHAR(254) NOT NULL,
    plus_addresses BOOLEAN NOT NULL,
    sender_name VARCHAR(100) NOT NULL,
    automatic_acknowledgement BOOLEAN NOT NULL,
    automatic_counts BOOLEAN NOT NULL,
    own_lists TEXT NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_correspondence_setting PRIMARY KEY (id),
    CONSTRAINT uq_correspondence_setting_organisation_id UNIQUE (organisation_id),
    CONSTRAINT ck_correspondence_setting_setting_version_from_one CHECK (version >= 1),
    CONSTRAINT ck_correspondence_setting_only_sent_counts CHECK (automatic_acknowledgement OR NOT automatic_counts),
    CONSTRAINT ck_correspondence_setting_plus_needs_address CHECK (reply_address <> '' OR NOT plus_addresses),
    CONSTRAINT fk_correspondence_setting_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_correspondence_setting_organisation_id ON correspondence_setting (organisation_id)""",
    """CREATE TABLE letter_wording (
    id BIGSERIAL NOT NULL,
    kind VARCHAR(20) NOT NULL,
    language VARCHAR(20) NOT NULL,
    version INTEGER NOT NULL,
    subject VARCHAR(300) NOT NULL,
    text TEXT NOT NULL,
    person_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_letter_wording PRIMARY KEY (id),
    CONSTRAINT uq_letter_wording_organisation_id_kind_language_version UNIQUE (organisation_id, kind, language, version),
    CONSTRAINT ck_letter_wording_letter_known CHECK (kind IN ('automatic', 'acknowledgement', 'progress', 'extension', 'decision', 'closing', 'survey')),
    CONSTRAINT ck_letter_wording_wording_version_from_one CHECK (version >= 1),
    CONSTRAINT ck_letter_wording_wording_is_whole CHECK ((subject = '') = (text = '')),
    CONSTRAINT fk_letter_wording_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_letter_wording_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_letter_wording_organisation_id ON letter_wording (organisation_id)""",
    """CREATE TABLE mailbox_position (
    id BIGSERIAL NOT NULL,
    mailbox VARCHAR(400) NOT NULL,
    uid_validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_mailbox_position PRIMARY KEY (id),
    CONSTRAINT uq_mailbox_position_organisation_id_mailbox UNIQUE (organisation_id, mailbox),
    CONSTRAINT ck_mailbox_position_position_from_zero CHECK (last_uid >= 0),
    CONSTRAINT fk_mailbox_position_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_mailbox_position_organisation_id ON mailbox_position (organisation_id)""",
)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.get_bind().exec_driver_sql(f"DROP TABLE {table}")
