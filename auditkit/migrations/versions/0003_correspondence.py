"""Messages of a complaint; an outbox that knows whose a mail is, under which Message-ID, and how far it got.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE_OUTBOX = (
    """CREATE TABLE outbox_mail_new (
    id INTEGER NOT NULL,
    organisation_id INTEGER,
    channel VARCHAR(10) NOT NULL,
    recipient VARCHAR(320) NOT NULL,
    subject VARCHAR(400) NOT NULL,
    body TEXT NOT NULL,
    message_id VARCHAR(200) NOT NULL,
    headers JSON NOT NULL,
    about_kind VARCHAR(40) NOT NULL,
    about_id BIGINT,
    reference VARCHAR(40) NOT NULL,
    hidden JSON NOT NULL,
    state VARCHAR(10) NOT NULL,
    attempts INTEGER NOT NULL,
    tried_again INTEGER NOT NULL,
    due_at DATETIME NOT NULL,
    leased_until DATETIME,
    sent_at DATETIME,
    last_error TEXT,
    CONSTRAINT pk_outbox_mail PRIMARY KEY (id),
    CONSTRAINT ck_outbox_mail_state_known CHECK (state IN ('waiting', 'taken', 'sending', 'sent', 'failed', 'uncertain')),
    CONSTRAINT ck_outbox_mail_channel_known CHECK (channel IN ('e-mail', 'sms', 'chat')),
    CONSTRAINT ck_outbox_mail_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT ck_outbox_mail_taken_has_lease CHECK ((state IN ('taken', 'sending')) = (leased_until IS NOT NULL)),
    CONSTRAINT ck_outbox_mail_about_is_whole CHECK ((about_kind = '') = (about_id IS NULL)),
    CONSTRAINT ck_outbox_mail_about_has_organisation CHECK (about_kind = '' OR organisation_id IS NOT NULL),
    CONSTRAINT fk_outbox_mail_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT uq_outbox_mail_message_id UNIQUE (message_id)
)""",
)
SQLITE_OUTBOX_FILLED = """INSERT INTO outbox_mail_new (id, channel, recipient, subject, body, message_id, headers,
    about_kind, reference, hidden, state, attempts, tried_again, due_at, sent_at, last_error)
SELECT id, 'e-mail', recipient, subject, body, '<outbox-' || id || '@auditkit.invalid>', '{}',
    '', '', '[]', state, attempts, 0, due_at, sent_at, last_error FROM outbox_mail"""
OUTBOX_INDEXES = (
    """CREATE INDEX ix_outbox_mail_about_kind_about_id ON outbox_mail (about_kind, about_id)""",
    """CREATE INDEX ix_outbox_mail_organisation_id ON outbox_mail (organisation_id)""",
)
STATE_INDEX = "CREATE INDEX ix_outbox_mail_state_due_at ON outbox_mail (state, due_at)"
SQLITE_MESSAGES = (
    """CREATE TABLE complaint_message (
    id INTEGER NOT NULL,
    complaint_id INTEGER NOT NULL,
    direction VARCHAR(3) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    author VARCHAR(12) NOT NULL,
    person_id INTEGER,
    automatic BOOLEAN NOT NULL,
    language VARCHAR(20) NOT NULL,
    wording VARCHAR(60) NOT NULL,
    created_at DATETIME NOT NULL,
    sent_at DATETIME,
    read_at DATETIME,
    subject VARCHAR(300) NOT NULL,
    text TEXT NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_complaint_message PRIMARY KEY (id),
    CONSTRAINT ck_complaint_message_direction_known CHECK (direction IN ('in', 'out')),
    CONSTRAINT ck_complaint_message_channel_known CHECK (channel IN ('e-mail', 'web', 'sms', 'chat', 'post', 'phone', 'in-person')),
    CONSTRAINT ck_complaint_message_kind_known CHECK (kind IN ('acknowledgement', 'progress', 'extension', 'decision', 'closing', 'survey', 'message', 'reply')),
    CONSTRAINT ck_complaint_message_author_known CHECK (author IN ('person', 'complainant', 'system')),
    CONSTRAINT ck_complaint_message_person_is_named CHECK (author <> 'person' OR person_id IS NOT NULL),
    CONSTRAINT ck_complaint_message_comes_from_complainant CHECK ((direction = 'in') = (author = 'complainant')),
    CONSTRAINT ck_complaint_message_letters_go_out CHECK (direction = 'out' OR kind IN ('message', 'reply')),
    CONSTRAINT ck_complaint_message_reply_comes_in CHECK (kind <> 'reply' OR direction = 'in'),
    CONSTRAINT ck_complaint_message_automatic_is_by_system CHECK (automatic = (author = 'system')),
    CONSTRAINT ck_complaint_message_received_has_time CHECK (direction = 'out' OR sent_at IS NOT NULL),
    CONSTRAINT fk_complaint_message_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
    CONSTRAINT fk_complaint_message_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_complaint_message_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_message_complaint_id_id ON complaint_message (complaint_id, id)""",
    """CREATE INDEX ix_complaint_message_organisation_id ON complaint_message (organisation_id)""",
    """CREATE TABLE complaint_message_file (
    id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_complaint_message_file PRIMARY KEY (id),
    CONSTRAINT uq_complaint_message_file_message_id_file_id UNIQUE (message_id, file_id),
    CONSTRAINT fk_complaint_message_file_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id),
    CONSTRAINT fk_complaint_message_file_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_complaint_message_file_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_message_file_file_id ON complaint_message_file (file_id)""",
    """CREATE INDEX ix_complaint_message_file_organisation_id ON complaint_message_file (organisation_id)""",
)
POSTGRESQL_OUTBOX = (
    "ALTER TABLE outbox_mail DROP CONSTRAINT ck_outbox_mail_state_known",
    "ALTER TABLE outbox_mail ADD COLUMN organisation_id BIGINT",
    "ALTER TABLE outbox_mail ADD COLUMN channel VARCHAR(10) NOT NULL DEFAULT 'e-mail'",
    "ALTER TABLE outbox_mail ADD COLUMN message_id VARCHAR(200)",
    "ALTER TABLE outbox_mail ADD COLUMN headers JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE outbox_mail ADD COLUMN about_kind VARCHAR(40) NOT NULL DEFAULT ''",
    "ALTER TABLE outbox_mail ADD COLUMN about_id BIGINT",
    "ALTER TABLE outbox_mail ADD COLUMN reference VARCHAR(40) NOT NULL DEFAULT ''",
    "ALTER TABLE outbox_mail ADD COLUMN hidden JSON NOT NULL DEFAULT '[]'",
    "ALTER TABLE outbox_mail ADD COLUMN tried_again INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox_mail ADD COLUMN leased_until TIMESTAMP WITH TIME ZONE",
    "UPDATE outbox_mail SET message_id = '<outbox-' || id || '@auditkit.invalid>'",
    "ALTER TABLE outbox_mail ALTER COLUMN message_id SET NOT NULL",
    *(
        f"ALTER TABLE outbox_mail ALTER COLUMN {column} DROP DEFAULT"
        for column in ("channel", "headers", "about_kind", "reference", "hidden", "tried_again")
    ),
    "ALTER TABLE outbox_mail ADD CONSTRAINT ck_outbox_mail_state_known CHECK (state IN ('waiting', 'taken', 'sending', 'sent', 'failed', 'uncertain'))",
    "ALTER TABLE outbox_mail ADD CONSTRAINT ck_outbox_mail_channel_known CHECK (channel IN ('e-mail', 'sms', 'chat'))",
    "ALTER TABLE outbox_mail ADD CONSTRAINT ck_outbox_mail_taken_has_lease CHECK ((state IN ('taken', 'sending')) = (leased_until IS NOT NULL))",
    "ALTER TABLE outbox_mail ADD CONSTRAINT ck_outbox_mail_about_is_whole CHECK ((about_kind = '') = (about_id IS NULL))",
    "ALTER TABLE outbox_mail ADD CONSTRAINT ck_outbox_mail_about_has_organisation CHECK (about_kind = '' OR organisation_id IS NOT NULL)",
    "ALTER TABLE outbox_mail ADD CONSTRAINT fk_outbox_mail_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)",
    "ALTER TABLE outbox_mail ADD CONSTRAINT uq_outbox_mail_message_id UNIQUE (message_id)",
)
POSTGRESQL_MESSAGES = (
    """CREATE TABLE complaint_message (
    id BIGSERIAL NOT NULL,
    complaint_id BIGINT NOT NULL,
    direction VARCHAR(3) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    author VARCHAR(12) NOT NULL,
    person_id BIGINT,
    automatic BOOLEAN NOT NULL,
    language VARCHAR(20) NOT NULL,
    wording VARCHAR(60) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    read_at TIMESTAMP WITH TIME ZONE,
    subject VARCHAR(300) NOT NULL,
    text TEXT NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_complaint_message PRIMARY KEY (id),
    CONSTRAINT ck_complaint_message_direction_known CHECK (direction IN ('in', 'out')),
    CONSTRAINT ck_complaint_message_channel_known CHECK (channel IN ('e-mail', 'web', 'sms', 'chat', 'post', 'phone', 'in-person')),
    CONSTRAINT ck_complaint_message_kind_known CHECK (kind IN ('acknowledgement', 'progress', 'extension', 'decision', 'closing', 'survey', 'message', 'reply')),
    CONSTRAINT ck_complaint_message_author_known CHECK (author IN ('person', 'complainant', 'system')),
    CONSTRAINT ck_complaint_message_person_is_named CHECK (author <> 'person' OR person_id IS NOT NULL),
    CONSTRAINT ck_complaint_message_comes_from_complainant CHECK ((direction = 'in') = (author = 'complainant')),
    CONSTRAINT ck_complaint_message_letters_go_out CHECK (direction = 'out' OR kind IN ('message', 'reply')),
    CONSTRAINT ck_complaint_message_reply_comes_in CHECK (kind <> 'reply' OR direction = 'in'),
    CONSTRAINT ck_complaint_message_automatic_is_by_system CHECK (automatic = (author = 'system')),
    CONSTRAINT ck_complaint_message_received_has_time CHECK (direction = 'out' OR sent_at IS NOT NULL),
    CONSTRAINT fk_complaint_message_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
    CONSTRAINT fk_complaint_message_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_complaint_message_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_message_complaint_id_id ON complaint_message (complaint_id, id)""",
    """CREATE INDEX ix_complaint_message_organisation_id ON complaint_message (organisation_id)""",
    """CREATE TABLE complaint_message_file (
    id BIGSERIAL NOT NULL,
    message_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_complaint_message_file PRIMARY KEY (id),
    CONSTRAINT uq_complaint_message_file_message_id_file_id UNIQUE (message_id, file_id),
    CONSTRAINT fk_complaint_message_file_message_id FOREIGN KEY(message_id) REFERENCES complaint_message (id),
    CONSTRAINT fk_complaint_message_file_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_complaint_message_file_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_message_file_file_id ON complaint_message_file (file_id)""",
    """CREATE INDEX ix_complaint_message_file_organisation_id ON complaint_message_file (organisation_id)""",
)
MESSAGES_GONE = ("DROP TABLE complaint_message_file", "DROP TABLE complaint_message")
# What the earlier program cannot send must not be taken for mail that waits.
STATES_BACK = (
    "UPDATE outbox_mail SET state = 'waiting', leased_until = NULL WHERE state = 'taken'",
    "UPDATE outbox_mail SET state = 'failed', leased_until = NULL WHERE state IN ('sending', 'uncertain')",
    "UPDATE outbox_mail SET state = 'failed' WHERE channel <> 'e-mail' AND state = 'waiting'",
)
SQLITE_OUTBOX_BACK = (
    """CREATE TABLE outbox_mail_old (
    id INTEGER NOT NULL,
    recipient VARCHAR(320) NOT NULL,
    subject VARCHAR(400) NOT NULL,
    body TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    attempts INTEGER NOT NULL,
    due_at DATETIME NOT NULL,
    sent_at DATETIME,
    last_error TEXT,
    CONSTRAINT pk_outbox_mail PRIMARY KEY (id),
    CONSTRAINT ck_outbox_mail_state_known CHECK (state IN ('waiting', 'sent', 'failed')),
    CONSTRAINT ck_outbox_mail_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
)""",
    """INSERT INTO outbox_mail_old (id, recipient, subject, body, state, attempts, due_at, sent_at, last_error)
SELECT id, recipient, subject, body, state, attempts, due_at, sent_at, last_error FROM outbox_mail""",
    "DROP TABLE outbox_mail",
    "ALTER TABLE outbox_mail_old RENAME TO outbox_mail",
    STATE_INDEX,
)
POSTGRESQL_OUTBOX_BACK = (
    *(
        f"ALTER TABLE outbox_mail DROP COLUMN {column} CASCADE"
        for column in (
            "organisation_id", "channel", "message_id", "headers", "about_kind", "about_id", "reference", "hidden",
            "tried_again", "leased_until",
        )
    ),
    "ALTER TABLE outbox_mail DROP CONSTRAINT ck_outbox_mail_state_known",
    "ALTER TABLE outbox_mail ADD CONSTRAINT ck_outbox_mail_state_known CHECK (state IN ('waiting', 'sent', 'failed'))",
)


def _run(*statements: str) -> None:
    connection = op.get_bind()
    for statement in statements:
        connection.exec_driver_sql(statement)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    """Apply."""
    if _is_sqlite():
        _run(*SQLITE_OUTBOX, SQLITE_OUTBOX_FILLED, "DROP TABLE outbox_mail")
        _run("ALTER TABLE outbox_mail_new RENAME TO outbox_mail", STATE_INDEX, *OUTBOX_INDEXES, *SQLITE_MESSAGES)
    else:
        _run(*POSTGRESQL_OUTBOX, *OUTBOX_INDEXES, *POSTGRESQL_MESSAGES)


def downgrade() -> None:
    """Take back."""
    _run(*MESSAGES_GONE, *STATES_BACK)
    _run(*(SQLITE_OUTBOX_BACK if _is_sqlite() else POSTGRESQL_OUTBOX_BACK))
