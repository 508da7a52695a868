"""The clock: working time, time limits, due dates, pauses that hold, mails of what is due.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE working_calendar (
            id INTEGER NOT NULL,
            zone VARCHAR(60) NOT NULL,
            weekend VARCHAR(6) NOT NULL,
            hours JSON NOT NULL,
            country VARCHAR(2) NOT NULL,
            part VARCHAR(10) NOT NULL,
            version INTEGER NOT NULL,
            changed_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_working_calendar PRIMARY KEY (id),
            CONSTRAINT uq_working_calendar_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_working_calendar_version_counts_from_one CHECK (version >= 1),
            CONSTRAINT ck_working_calendar_part_has_country CHECK (part = '' OR country <> ''),
            CONSTRAINT fk_working_calendar_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_working_calendar_organisation_id ON working_calendar (organisation_id)
        """,
        """
        CREATE TABLE calendar_day (
            id INTEGER NOT NULL,
            day DATE NOT NULL,
            worked BOOLEAN NOT NULL,
            title VARCHAR(200) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_calendar_day PRIMARY KEY (id),
            CONSTRAINT uq_calendar_day_organisation_id_day UNIQUE (organisation_id, day),
            CONSTRAINT ck_calendar_day_own_day_has_title CHECK (title <> ''),
            CONSTRAINT fk_calendar_day_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_calendar_day_organisation_id ON calendar_day (organisation_id)
        """,
        """
        CREATE TABLE frozen_calendar (
            id INTEGER NOT NULL,
            digest VARCHAR(64) NOT NULL,
            body JSON NOT NULL,
            made_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_frozen_calendar PRIMARY KEY (id),
            CONSTRAINT uq_frozen_calendar_organisation_id_digest UNIQUE (organisation_id, digest),
            CONSTRAINT ck_frozen_calendar_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT fk_frozen_calendar_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_frozen_calendar_organisation_id ON frozen_calendar (organisation_id)
        """,
        """
        CREATE TABLE time_limit_set (
            id INTEGER NOT NULL,
            title VARCHAR(200) NOT NULL,
            source VARCHAR(100) NOT NULL,
            source_digest VARCHAR(64) NOT NULL,
            kinds JSON NOT NULL,
            channels JSON NOT NULL,
            categories JSON NOT NULL,
            added_at DATETIME NOT NULL,
            ended_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_time_limit_set PRIMARY KEY (id),
            CONSTRAINT ck_time_limit_set_limit_set_has_title CHECK (title <> ''),
            CONSTRAINT ck_time_limit_set_source_has_digest CHECK ((source = '') = (source_digest = '')),
            CONSTRAINT ck_time_limit_set_ended_after_added CHECK (ended_at IS NULL OR ended_at >= added_at),
            CONSTRAINT fk_time_limit_set_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_time_limit_set_organisation_id ON time_limit_set (organisation_id)
        """,
        """
        CREATE TABLE complaint_clock (
            complaint_id INTEGER NOT NULL,
            chosen_at DATETIME NOT NULL,
            assumed_severity VARCHAR(20) NOT NULL,
            severity VARCHAR(20) NOT NULL,
            priority VARCHAR(40) NOT NULL,
            news_at DATETIME,
            owner_id INTEGER,
            deputy_id INTEGER,
            paused_until DATETIME,
            paused_seconds INTEGER NOT NULL,
            next_target VARCHAR(20) NOT NULL,
            next_warn_at DATETIME,
            next_due_at DATETIME,
            next_very_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_clock PRIMARY KEY (complaint_id),
            CONSTRAINT ck_complaint_clock_assumed_severity_known CHECK (assumed_severity IN ('low', 'medium', 'high', 'critical')),
            CONSTRAINT ck_complaint_clock_paused_not_negative CHECK (paused_seconds >= 0),
            CONSTRAINT ck_complaint_clock_next_is_whole CHECK ((next_due_at IS NULL) = (next_warn_at IS NULL) AND (next_due_at IS NULL) = (next_very_at IS NULL) AND (next_due_at IS NULL) = (next_target = '')),
            CONSTRAINT fk_complaint_clock_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_clock_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_clock_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_clock_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_clock_deputy ON complaint_clock (organisation_id, deputy_id, next_due_at, complaint_id) WHERE next_due_at IS NOT NULL
        """,
        """
        CREATE INDEX ix_complaint_clock_owner ON complaint_clock (organisation_id, owner_id, next_due_at, complaint_id) WHERE next_due_at IS NOT NULL
        """,
        """
        CREATE INDEX ix_complaint_clock_organisation_id ON complaint_clock (organisation_id)
        """,
        """
        CREATE INDEX ix_complaint_clock_due ON complaint_clock (organisation_id, next_due_at, complaint_id) WHERE next_due_at IS NOT NULL
        """,
        """
        CREATE TABLE clock_hold (
            pause_id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            waits_for VARCHAR(20) NOT NULL,
            verdict VARCHAR(20) NOT NULL,
            began_at DATETIME NOT NULL,
            holds_until DATETIME,
            ended_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_clock_hold PRIMARY KEY (pause_id),
            CONSTRAINT ck_clock_hold_verdict_known CHECK (verdict IN ('holds', 'not-a-ground', 'too-often')),
            CONSTRAINT ck_clock_hold_holding_has_limit CHECK ((verdict = 'holds') = (holds_until IS NOT NULL)),
            CONSTRAINT ck_clock_hold_holds_after_began CHECK (holds_until IS NULL OR holds_until > began_at),
            CONSTRAINT ck_clock_hold_ended_after_began CHECK (ended_at IS NULL OR ended_at >= began_at),
            CONSTRAINT fk_clock_hold_pause_id FOREIGN KEY(pause_id) REFERENCES complaint_pause (id) ON DELETE CASCADE,
            CONSTRAINT fk_clock_hold_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_clock_hold_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_clock_hold_complaint_id ON clock_hold (complaint_id)
        """,
        """
        CREATE INDEX ix_clock_hold_organisation_id ON clock_hold (organisation_id)
        """,
        """
        CREATE TABLE pause_limit (
            id INTEGER NOT NULL,
            waits_for VARCHAR(20) NOT NULL,
            holds BOOLEAN NOT NULL,
            max_days SMALLINT NOT NULL,
            max_count SMALLINT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_pause_limit PRIMARY KEY (id),
            CONSTRAINT uq_pause_limit_organisation_id_waits_for UNIQUE (organisation_id, waits_for),
            CONSTRAINT ck_pause_limit_waits_for_known CHECK (waits_for IN ('complainant', 'colleague', 'partner', 'expert', 'authority')),
            CONSTRAINT ck_pause_limit_days_sensible CHECK (max_days BETWEEN 1 AND 365),
            CONSTRAINT ck_pause_limit_count_sensible CHECK (max_count BETWEEN 1 AND 20),
            CONSTRAINT fk_pause_limit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_pause_limit_organisation_id ON pause_limit (organisation_id)
        """,
        """
        CREATE TABLE due_digest (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            day DATE NOT NULL,
            cases INTEGER NOT NULL,
            put_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_due_digest PRIMARY KEY (id),
            CONSTRAINT uq_due_digest_organisation_id_person_id_day UNIQUE (organisation_id, person_id, day),
            CONSTRAINT ck_due_digest_digest_has_cases CHECK (cases >= 1),
            CONSTRAINT fk_due_digest_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_due_digest_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_due_digest_organisation_id ON due_digest (organisation_id)
        """,
        """
        CREATE TABLE time_limit (
            id INTEGER NOT NULL,
            set_id INTEGER NOT NULL,
            target VARCHAR(20) NOT NULL,
            starts VARCHAR(20) NOT NULL,
            severities JSON NOT NULL,
            priorities JSON NOT NULL,
            amount INTEGER NOT NULL,
            unit VARCHAR(10) NOT NULL,
            working BOOLEAN NOT NULL,
            binding BOOLEAN NOT NULL,
            pausable BOOLEAN NOT NULL,
            warn_percent SMALLINT NOT NULL,
            warn_hours SMALLINT,
            very_percent SMALLINT NOT NULL,
            rule TEXT NOT NULL,
            reference VARCHAR(300) NOT NULL,
            source VARCHAR(100) NOT NULL,
            added_at DATETIME NOT NULL,
            ended_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_time_limit PRIMARY KEY (id),
            CONSTRAINT ck_time_limit_target_known CHECK (target IN ('acknowledge', 'assess', 'update', 'decide', 'decide-latest', 'review', 'act', 'close')),
            CONSTRAINT ck_time_limit_starts_known CHECK (starts IN ('receipt', 'acknowledgement', 'assessment', 'update', 'decision', 'answer')),
            CONSTRAINT ck_time_limit_unit_known CHECK (unit IN ('hours', 'days', 'weeks', 'months')),
            CONSTRAINT ck_time_limit_amount_sensible CHECK (amount BETWEEN 1 AND 1000),
            CONSTRAINT ck_time_limit_working_time_in_hours_or_days CHECK (NOT working OR unit IN ('hours', 'days')),
            CONSTRAINT ck_time_limit_warning_before_due CHECK (warn_percent BETWEEN 1 AND 100),
            CONSTRAINT ck_time_limit_warning_hours_sensible CHECK (warn_hours IS NULL OR warn_hours BETWEEN 1 AND 2000),
            CONSTRAINT ck_time_limit_very_overdue_after_due CHECK (very_percent BETWEEN 101 AND 1000),
            CONSTRAINT ck_time_limit_ended_after_added CHECK (ended_at IS NULL OR ended_at >= added_at),
            CONSTRAINT fk_time_limit_set_id FOREIGN KEY(set_id) REFERENCES time_limit_set (id),
            CONSTRAINT fk_time_limit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_time_limit_set_id ON time_limit (set_id)
        """,
        """
        CREATE INDEX ix_time_limit_organisation_id ON time_limit (organisation_id)
        """,
        """
        CREATE TABLE complaint_due (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            limit_id INTEGER,
            set_id INTEGER,
            set_title VARCHAR(200) NOT NULL,
            target VARCHAR(20) NOT NULL,
            number INTEGER NOT NULL,
            state VARCHAR(10) NOT NULL,
            starts_at DATETIME NOT NULL,
            starts_is_day BOOLEAN NOT NULL,
            warn_at DATETIME NOT NULL,
            due_at DATETIME NOT NULL,
            very_at DATETIME NOT NULL,
            ended_at DATETIME,
            late BOOLEAN NOT NULL,
            noticed VARCHAR(20) NOT NULL,
            notice_at DATETIME,
            mail_due BOOLEAN NOT NULL,
            binding BOOLEAN NOT NULL,
            pausable BOOLEAN NOT NULL,
            calendar_id INTEGER NOT NULL,
            set_at DATETIME NOT NULL,
            explanation JSON NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_due PRIMARY KEY (id),
            CONSTRAINT ck_complaint_due_target_known CHECK (target IN ('acknowledge', 'assess', 'update', 'decide', 'decide-latest', 'review', 'act', 'close')),
            CONSTRAINT ck_complaint_due_state_known CHECK (state IN ('running', 'met', 'dropped', 'extended')),
            CONSTRAINT ck_complaint_due_noticed_known CHECK (noticed IN ('', 'warned', 'overdue', 'very-overdue')),
            CONSTRAINT ck_complaint_due_number_counts_from_one CHECK (number >= 1),
            CONSTRAINT ck_complaint_due_running_has_no_end CHECK ((state = 'running') = (ended_at IS NULL)),
            CONSTRAINT ck_complaint_due_moments_in_order CHECK (starts_at <= due_at AND warn_at <= due_at AND due_at <= very_at),
            CONSTRAINT ck_complaint_due_late_was_met CHECK (NOT late OR state = 'met'),
            CONSTRAINT ck_complaint_due_notices_of_running_only CHECK (notice_at IS NULL OR state = 'running'),
            CONSTRAINT ck_complaint_due_limit_has_set CHECK ((limit_id IS NULL) = (set_id IS NULL)),
            CONSTRAINT fk_complaint_due_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_due_limit_id FOREIGN KEY(limit_id) REFERENCES time_limit (id),
            CONSTRAINT fk_complaint_due_set_id FOREIGN KEY(set_id) REFERENCES time_limit_set (id),
            CONSTRAINT fk_complaint_due_calendar_id FOREIGN KEY(calendar_id) REFERENCES frozen_calendar (id),
            CONSTRAINT fk_complaint_due_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_due_organisation_id ON complaint_due (organisation_id)
        """,
        """
        CREATE INDEX ix_complaint_due_notice ON complaint_due (notice_at) WHERE notice_at IS NOT NULL
        """,
        """
        CREATE INDEX ix_complaint_due_target ON complaint_due (organisation_id, target, starts_at)
        """,
        """
        CREATE INDEX ix_complaint_due_complaint ON complaint_due (complaint_id, state)
        """,
        """
        CREATE INDEX ix_complaint_due_mail ON complaint_due (organisation_id, id) WHERE mail_due
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE working_calendar (
            id BIGSERIAL NOT NULL,
            zone VARCHAR(60) NOT NULL,
            weekend VARCHAR(6) NOT NULL,
            hours JSON NOT NULL,
            country VARCHAR(2) NOT NULL,
            part VARCHAR(10) NOT NULL,
            version INTEGER NOT NULL,
            changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_working_calendar PRIMARY KEY (id),
            CONSTRAINT uq_working_calendar_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_working_calendar_version_counts_from_one CHECK (version >= 1),
            CONSTRAINT ck_working_calendar_part_has_country CHECK (part = '' OR country <> ''),
            CONSTRAINT fk_working_calendar_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_working_calendar_organisation_id ON working_calendar (organisation_id)
        """,
        """
        CREATE TABLE calendar_day (
            id BIGSERIAL NOT NULL,
            day DATE NOT NULL,
            worked BOOLEAN NOT NULL,
            title VARCHAR(200) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_calendar_day PRIMARY KEY (id),
            CONSTRAINT uq_calendar_day_organisation_id_day UNIQUE (organisation_id, day),
            CONSTRAINT ck_calendar_day_own_day_has_title CHECK (title <> ''),
            CONSTRAINT fk_calendar_day_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_calendar_day_organisation_id ON calendar_day (organisation_id)
        """,
        """
        CREATE TABLE frozen_calendar (
            id BIGSERIAL NOT NULL,
            digest VARCHAR(64) NOT NULL,
            body JSON NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_frozen_calendar PRIMARY KEY (id),
            CONSTRAINT uq_frozen_calendar_organisation_id_digest UNIQUE (organisation_id, digest),
            CONSTRAINT ck_frozen_calendar_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT fk_frozen_calendar_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_frozen_calendar_organisation_id ON frozen_calendar (organisation_id)
        """,
        """
        CREATE TABLE time_limit_set (
            id BIGSERIAL NOT NULL,
            title VARCHAR(200) NOT NULL,
            source VARCHAR(100) NOT NULL,
            source_digest VARCHAR(64) NOT NULL,
            kinds JSON NOT NULL,
            channels JSON NOT NULL,
            categories JSON NOT NULL,
            added_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_time_limit_set PRIMARY KEY (id),
            CONSTRAINT ck_time_limit_set_limit_set_has_title CHECK (title <> ''),
            CONSTRAINT ck_time_limit_set_source_has_digest CHECK ((source = '') = (source_digest = '')),
            CONSTRAINT ck_time_limit_set_ended_after_added CHECK (ended_at IS NULL OR ended_at >= added_at),
            CONSTRAINT fk_time_limit_set_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_time_limit_set_organisation_id ON time_limit_set (organisation_id)
        """,
        """
        CREATE TABLE complaint_clock (
            complaint_id BIGINT NOT NULL,
            chosen_at TIMESTAMP WITH TIME ZONE NOT NULL,
            assumed_severity VARCHAR(20) NOT NULL,
            severity VARCHAR(20) NOT NULL,
            priority VARCHAR(40) NOT NULL,
            news_at TIMESTAMP WITH TIME ZONE,
            owner_id BIGINT,
            deputy_id BIGINT,
            paused_until TIMESTAMP WITH TIME ZONE,
            paused_seconds INTEGER NOT NULL,
            next_target VARCHAR(20) NOT NULL,
            next_warn_at TIMESTAMP WITH TIME ZONE,
            next_due_at TIMESTAMP WITH TIME ZONE,
            next_very_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_clock PRIMARY KEY (complaint_id),
            CONSTRAINT ck_complaint_clock_assumed_severity_known CHECK (assumed_severity IN ('low', 'medium', 'high', 'critical')),
            CONSTRAINT ck_complaint_clock_paused_not_negative CHECK (paused_seconds >= 0),
            CONSTRAINT ck_complaint_clock_next_is_whole CHECK ((next_due_at IS NULL) = (next_warn_at IS NULL) AND (next_due_at IS NULL) = (next_very_at IS NULL) AND (next_due_at IS NULL) = (next_target = '')),
            CONSTRAINT fk_complaint_clock_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_clock_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_clock_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_clock_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_clock_deputy ON complaint_clock (organisation_id, deputy_id, next_due_at, complaint_id) WHERE next_due_at IS NOT NULL
        """,
        """
        CREATE INDEX ix_complaint_clock_owner ON complaint_clock (organisation_id, owner_id, next_due_at, complaint_id) WHERE next_due_at IS NOT NULL
        """,
        """
        CREATE INDEX ix_complaint_clock_organisation_id ON complaint_clock (organisation_id)
        """,
        """
        CREATE INDEX ix_complaint_clock_due ON complaint_clock (organisation_id, next_due_at, complaint_id) WHERE next_due_at IS NOT NULL
        """,
        """
        CREATE TABLE clock_hold (
            pause_id BIGINT NOT NULL,
            complaint_id BIGINT NOT NULL,
            waits_for VARCHAR(20) NOT NULL,
            verdict VARCHAR(20) NOT NULL,
            began_at TIMESTAMP WITH TIME ZONE NOT NULL,
            holds_until TIMESTAMP WITH TIME ZONE,
            ended_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_clock_hold PRIMARY KEY (pause_id),
            CONSTRAINT ck_clock_hold_verdict_known CHECK (verdict IN ('holds', 'not-a-ground', 'too-often')),
            CONSTRAINT ck_clock_hold_holding_has_limit CHECK ((verdict = 'holds') = (holds_until IS NOT NULL)),
            CONSTRAINT ck_clock_hold_holds_after_began CHECK (holds_until IS NULL OR holds_until > began_at),
            CONSTRAINT ck_clock_hold_ended_after_began CHECK (ended_at IS NULL OR ended_at >= began_at),
            CONSTRAINT fk_clock_hold_pause_id FOREIGN KEY(pause_id) REFERENCES complaint_pause (id) ON DELETE CASCADE,
            CONSTRAINT fk_clock_hold_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_clock_hold_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_clock_hold_complaint_id ON clock_hold (complaint_id)
        """,
        """
        CREATE INDEX ix_clock_hold_organisation_id ON clock_hold (organisation_id)
        """,
        """
        CREATE TABLE pause_limit (
            id BIGSERIAL NOT NULL,
            waits_for VARCHAR(20) NOT NULL,
            holds BOOLEAN NOT NULL,
            max_days SMALLINT NOT NULL,
            max_count SMALLINT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_pause_limit PRIMARY KEY (id),
            CONSTRAINT uq_pause_limit_organisation_id_waits_for UNIQUE (organisation_id, waits_for),
            CONSTRAINT ck_pause_limit_waits_for_known CHECK (waits_for IN ('complainant', 'colleague', 'partner', 'expert', 'authority')),
            CONSTRAINT ck_pause_limit_days_sensible CHECK (max_days BETWEEN 1 AND 365),
            CONSTRAINT ck_pause_limit_count_sensible CHECK (max_count BETWEEN 1 AND 20),
            CONSTRAINT fk_pause_limit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_pause_limit_organisation_id ON pause_limit (organisation_id)
        """,
        """
        CREATE TABLE due_digest (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            day DATE NOT NULL,
            cases INTEGER NOT NULL,
            put_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_due_digest PRIMARY KEY (id),
            CONSTRAINT uq_due_digest_organisation_id_person_id_day UNIQUE (organisation_id, person_id, day),
            CONSTRAINT ck_due_digest_digest_has_cases CHECK (cases >= 1),
            CONSTRAINT fk_due_digest_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_due_digest_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_due_digest_organisation_id ON due_digest (organisation_id)
        """,
        """
        CREATE TABLE time_limit (
            id BIGSERIAL NOT NULL,
            set_id BIGINT NOT NULL,
            target VARCHAR(20) NOT NULL,
            starts VARCHAR(20) NOT NULL,
            severities JSON NOT NULL,
            priorities JSON NOT NULL,
            amount INTEGER NOT NULL,
            unit VARCHAR(10) NOT NULL,
            working BOOLEAN NOT NULL,
            binding BOOLEAN NOT NULL,
            pausable BOOLEAN NOT NULL,
            warn_percent SMALLINT NOT NULL,
            warn_hours SMALLINT,
            very_percent SMALLINT NOT NULL,
            rule TEXT NOT NULL,
            reference VARCHAR(300) NOT NULL,
            source VARCHAR(100) NOT NULL,
            added_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_time_limit PRIMARY KEY (id),
            CONSTRAINT ck_time_limit_target_known CHECK (target IN ('acknowledge', 'assess', 'update', 'decide', 'decide-latest', 'review', 'act', 'close')),
            CONSTRAINT ck_time_limit_starts_known CHECK (starts IN ('receipt', 'acknowledgement', 'assessment', 'update', 'decision', 'answer')),
            CONSTRAINT ck_time_limit_unit_known CHECK (unit IN ('hours', 'days', 'weeks', 'months')),
            CONSTRAINT ck_time_limit_amount_sensible CHECK (amount BETWEEN 1 AND 1000),
            CONSTRAINT ck_time_limit_working_time_in_hours_or_days CHECK (NOT working OR unit IN ('hours', 'days')),
            CONSTRAINT ck_time_limit_warning_before_due CHECK (warn_percent BETWEEN 1 AND 100),
            CONSTRAINT ck_time_limit_warning_hours_sensible CHECK (warn_hours IS NULL OR warn_hours BETWEEN 1 AND 2000),
            CONSTRAINT ck_time_limit_very_overdue_after_due CHECK (very_percent BETWEEN 101 AND 1000),
            CONSTRAINT ck_time_limit_ended_after_added CHECK (ended_at IS NULL OR ended_at >= added_at),
            CONSTRAINT fk_time_limit_set_id FOREIGN KEY(set_id) REFERENCES time_limit_set (id),
            CONSTRAINT fk_time_limit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_time_limit_set_id ON time_limit (set_id)
        """,
        """
        CREATE INDEX ix_time_limit_organisation_id ON time_limit (organisation_id)
        """,
        """
        CREATE TABLE complaint_due (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            limit_id BIGINT,
            set_id BIGINT,
            set_title VARCHAR(200) NOT NULL,
            target VARCHAR(20) NOT NULL,
            number INTEGER NOT NULL,
            state VARCHAR(10) NOT NULL,
            starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
            starts_is_day BOOLEAN NOT NULL,
            warn_at TIMESTAMP WITH TIME ZONE NOT NULL,
            due_at TIMESTAMP WITH TIME ZONE NOT NULL,
            very_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            late BOOLEAN NOT NULL,
            noticed VARCHAR(20) NOT NULL,
            notice_at TIMESTAMP WITH TIME ZONE,
            mail_due BOOLEAN NOT NULL,
            binding BOOLEAN NOT NULL,
            pausable BOOLEAN NOT NULL,
            calendar_id BIGINT NOT NULL,
            set_at TIMESTAMP WITH TIME ZONE NOT NULL,
            explanation JSON NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_due PRIMARY KEY (id),
            CONSTRAINT ck_complaint_due_target_known CHECK (target IN ('acknowledge', 'assess', 'update', 'decide', 'decide-latest', 'review', 'act', 'close')),
            CONSTRAINT ck_complaint_due_state_known CHECK (state IN ('running', 'met', 'dropped', 'extended')),
            CONSTRAINT ck_complaint_due_noticed_known CHECK (noticed IN ('', 'warned', 'overdue', 'very-overdue')),
            CONSTRAINT ck_complaint_due_number_counts_from_one CHECK (number >= 1),
            CONSTRAINT ck_complaint_due_running_has_no_end CHECK ((state = 'running') = (ended_at IS NULL)),
            CONSTRAINT ck_complaint_due_moments_in_order CHECK (starts_at <= due_at AND warn_at <= due_at AND due_at <= very_at),
            CONSTRAINT ck_complaint_due_late_was_met CHECK (NOT late OR state = 'met'),
            CONSTRAINT ck_complaint_due_notices_of_running_only CHECK (notice_at IS NULL OR state = 'running'),
            CONSTRAINT ck_complaint_due_limit_has_set CHECK ((limit_id IS NULL) = (set_id IS NULL)),
            CONSTRAINT fk_complaint_due_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_due_limit_id FOREIGN KEY(limit_id) REFERENCES time_limit (id),
            CONSTRAINT fk_complaint_due_set_id FOREIGN KEY(set_id) REFERENCES time_limit_set (id),
            CONSTRAINT fk_complaint_due_calendar_id FOREIGN KEY(calendar_id) REFERENCES frozen_calendar (id),
            CONSTRAINT fk_complaint_due_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_due_organisation_id ON complaint_due (organisation_id)
        """,
        """
        CREATE INDEX ix_complaint_due_notice ON complaint_due (notice_at) WHERE notice_at IS NOT NULL
        """,
        """
        CREATE INDEX ix_complaint_due_target ON complaint_due (organisation_id, target, starts_at)
        """,
        """
        CREATE INDEX ix_complaint_due_complaint ON complaint_due (complaint_id, state)
        """,
        """
        CREATE INDEX ix_complaint_due_mail ON complaint_due (organisation_id, id) WHERE mail_due
        """,
    ),
}
TABLES = ("due_digest", "pause_limit", "clock_hold", "complaint_due", "complaint_clock", "time_limit", "time_limit_set", "frozen_calendar", "calendar_day", "working_calendar")


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.get_bind().exec_driver_sql(f"DROP TABLE {table}")
