"""Programmes with what recurs, timetables with invitations and feeds, audits recorded from outside, further criteria.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE audit_criterion (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            source VARCHAR(10) NOT NULL,
            ref VARCHAR(64) NOT NULL,
            title VARCHAR(400) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audit_criterion PRIMARY KEY (id),
            CONSTRAINT uq_audit_criterion_audit_id_position UNIQUE (audit_id, position),
            CONSTRAINT ck_audit_criterion_source_known CHECK (source IN ('policy', 'standard')),
            CONSTRAINT ck_audit_criterion_criterion_is_named CHECK (ref <> '' AND title <> ''),
            CONSTRAINT fk_audit_criterion_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_criterion_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_criterion_organisation_id ON audit_criterion (organisation_id)
        """,
        """
        CREATE TABLE audit_followed (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            followed_id INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audit_followed PRIMARY KEY (id),
            CONSTRAINT ck_audit_followed_follows_another CHECK (audit_id <> followed_id),
            CONSTRAINT uq_audit_followed_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_audit_followed_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_followed_followed_id FOREIGN KEY(followed_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_followed_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_followed_followed_id ON audit_followed (followed_id)
        """,
        """
        CREATE INDEX ix_audit_followed_organisation_id ON audit_followed (organisation_id)
        """,
        """
        CREATE TABLE audit_programme (
            id INTEGER NOT NULL,
            year SMALLINT NOT NULL,
            cycle_from SMALLINT NOT NULL,
            objectives TEXT NOT NULL,
            scope TEXT NOT NULL,
            methods TEXT NOT NULL,
            resources TEXT NOT NULL,
            responsible_id INTEGER NOT NULL,
            saved_at DATETIME NOT NULL,
            saved_by INTEGER,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audit_programme PRIMARY KEY (id),
            CONSTRAINT uq_audit_programme_organisation_id_year UNIQUE (organisation_id, year),
            CONSTRAINT ck_audit_programme_year_in_cycle CHECK (year BETWEEN cycle_from AND cycle_from + 2),
            CONSTRAINT ck_audit_programme_has_objectives CHECK (objectives <> ''),
            CONSTRAINT fk_audit_programme_responsible_id FOREIGN KEY(responsible_id) REFERENCES person (id),
            CONSTRAINT fk_audit_programme_saved_by FOREIGN KEY(saved_by) REFERENCES person (id),
            CONSTRAINT fk_audit_programme_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_programme_organisation_id ON audit_programme (organisation_id)
        """,
        """
        CREATE TABLE programme_risk (
            id INTEGER NOT NULL,
            programme_id INTEGER NOT NULL,
            position SMALLINT NOT NULL,
            side VARCHAR(12) NOT NULL,
            what TEXT NOT NULL,
            response TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_programme_risk PRIMARY KEY (id),
            CONSTRAINT uq_programme_risk_programme_id_position UNIQUE (programme_id, position),
            CONSTRAINT ck_programme_risk_side_known CHECK (side IN ('opportunity', 'risk')),
            CONSTRAINT ck_programme_risk_says_what_is_done CHECK (what <> '' AND response <> ''),
            CONSTRAINT fk_programme_risk_programme_id FOREIGN KEY(programme_id) REFERENCES audit_programme (id),
            CONSTRAINT fk_programme_risk_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_risk_organisation_id ON programme_risk (organisation_id)
        """,
        """
        CREATE TABLE programme_review (
            id INTEGER NOT NULL,
            programme_id INTEGER NOT NULL,
            held_on DATE NOT NULL,
            participants TEXT NOT NULL,
            conclusions TEXT NOT NULL,
            changes TEXT NOT NULL,
            facts JSON NOT NULL,
            recorded_at DATETIME NOT NULL,
            recorded_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_programme_review PRIMARY KEY (id),
            CONSTRAINT ck_programme_review_has_conclusions CHECK (conclusions <> ''),
            CONSTRAINT fk_programme_review_programme_id FOREIGN KEY(programme_id) REFERENCES audit_programme (id),
            CONSTRAINT fk_programme_review_recorded_by FOREIGN KEY(recorded_by) REFERENCES person (id),
            CONSTRAINT fk_programme_review_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_review_organisation_id ON programme_review (organisation_id)
        """,
        """
        CREATE INDEX ix_programme_review_programme_id ON programme_review (programme_id)
        """,
        """
        CREATE TABLE programme_item (
            id INTEGER NOT NULL,
            title VARCHAR(200) NOT NULL,
            kind VARCHAR(20) NOT NULL,
            objectives TEXT NOT NULL,
            scope TEXT NOT NULL,
            auditee TEXT NOT NULL,
            checklist_id VARCHAR(64) NOT NULL,
            clauses JSON NOT NULL,
            method VARCHAR(10) NOT NULL,
            lead_id INTEGER NOT NULL,
            first_on DATE NOT NULL,
            last_on DATE,
            every_months SMALLINT NOT NULL,
            days SMALLINT NOT NULL,
            ahead_days SMALLINT NOT NULL,
            problem TEXT NOT NULL,
            stopped_at DATETIME,
            saved_at DATETIME NOT NULL,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_programme_item PRIMARY KEY (id),
            CONSTRAINT ck_programme_item_item_is_complete CHECK (title <> '' AND objectives <> '' AND scope <> ''),
            CONSTRAINT ck_programme_item_kind_known CHECK (kind IN ('follow-up', 'internal', 'outside', 'stage-1', 'stage-2', 'supplier') AND kind <> 'outside'),
            CONSTRAINT ck_programme_item_method_known CHECK (method IN ('hybrid', 'on-site', 'remote')),
            CONSTRAINT ck_programme_item_every_known CHECK (every_months IN (0, 1, 3, 6, 12, 24, 36)),
            CONSTRAINT ck_programme_item_days_in_order CHECK (last_on IS NULL OR last_on >= first_on),
            CONSTRAINT ck_programme_item_spans_fit CHECK (days BETWEEN 1 AND 60 AND ahead_days BETWEEN 0 AND 365),
            CONSTRAINT fk_programme_item_lead_id FOREIGN KEY(lead_id) REFERENCES person (id),
            CONSTRAINT fk_programme_item_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_item_organisation_id ON programme_item (organisation_id)
        """,
        """
        CREATE INDEX ix_programme_item_organisation_id_first_on ON programme_item (organisation_id, first_on)
        """,
        """
        CREATE TABLE programme_period (
            id INTEGER NOT NULL,
            item_id INTEGER NOT NULL,
            starts_on DATE NOT NULL,
            audit_id INTEGER NOT NULL,
            made_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_programme_period PRIMARY KEY (id),
            CONSTRAINT uq_programme_period_item_id_starts_on UNIQUE (item_id, starts_on),
            CONSTRAINT fk_programme_period_item_id FOREIGN KEY(item_id) REFERENCES programme_item (id),
            CONSTRAINT uq_programme_period_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_programme_period_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_programme_period_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_period_organisation_id ON programme_period (organisation_id)
        """,
        """
        CREATE TABLE agenda_item (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            uid VARCHAR(80) NOT NULL,
            sequence INTEGER NOT NULL,
            kind VARCHAR(12) NOT NULL,
            activity VARCHAR(200) NOT NULL,
            clauses VARCHAR(400) NOT NULL,
            starts_at DATETIME NOT NULL,
            ends_at DATETIME NOT NULL,
            method VARCHAR(10) NOT NULL,
            place TEXT NOT NULL,
            whom TEXT NOT NULL,
            dropped_at DATETIME,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_agenda_item PRIMARY KEY (id),
            CONSTRAINT ck_agenda_item_kind_known CHECK (kind IN ('auditing', 'break', 'closing', 'opening', 'team')),
            CONSTRAINT ck_agenda_item_method_known CHECK (method IN ('hybrid', 'on-site', 'remote')),
            CONSTRAINT ck_agenda_item_says_what_is_done CHECK (activity <> ''),
            CONSTRAINT ck_agenda_item_ends_after_it_starts CHECK (ends_at > starts_at),
            CONSTRAINT ck_agenda_item_sequence_counts_up CHECK (sequence >= 0),
            CONSTRAINT fk_agenda_item_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT uq_agenda_item_uid UNIQUE (uid),
            CONSTRAINT fk_agenda_item_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_agenda_item_audit_id_starts_at ON agenda_item (audit_id, starts_at)
        """,
        """
        CREATE INDEX ix_agenda_item_organisation_id ON agenda_item (organisation_id)
        """,
        """
        CREATE TABLE agenda_person (
            id INTEGER NOT NULL,
            item_id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            part VARCHAR(10) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_agenda_person PRIMARY KEY (id),
            CONSTRAINT uq_agenda_person_item_id_person_id UNIQUE (item_id, person_id),
            CONSTRAINT ck_agenda_person_part_known CHECK (part IN ('auditee', 'auditor')),
            CONSTRAINT fk_agenda_person_item_id FOREIGN KEY(item_id) REFERENCES agenda_item (id),
            CONSTRAINT fk_agenda_person_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_agenda_person_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_agenda_person_organisation_id ON agenda_person (organisation_id)
        """,
        """
        CREATE INDEX ix_agenda_person_person_id ON agenda_person (person_id)
        """,
        """
        CREATE TABLE agenda_invitation (
            id INTEGER NOT NULL,
            item_id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            sending VARCHAR(10) NOT NULL,
            sequence INTEGER NOT NULL,
            event JSON NOT NULL,
            made_at DATETIME NOT NULL,
            made_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_agenda_invitation PRIMARY KEY (id),
            CONSTRAINT uq_agenda_invitation_item_id_person_id_sequence_sending UNIQUE (item_id, person_id, sequence, sending),
            CONSTRAINT ck_agenda_invitation_sending_known CHECK (sending IN ('CANCEL', 'REQUEST')),
            CONSTRAINT ck_agenda_invitation_sequence_counts_up CHECK (sequence >= 0),
            CONSTRAINT fk_agenda_invitation_item_id FOREIGN KEY(item_id) REFERENCES agenda_item (id),
            CONSTRAINT fk_agenda_invitation_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_agenda_invitation_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_agenda_invitation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_agenda_invitation_organisation_id ON agenda_invitation (organisation_id)
        """,
        """
        CREATE INDEX ix_agenda_invitation_person_id ON agenda_invitation (person_id)
        """,
        """
        CREATE TABLE calendar_feed (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            secret_digest VARCHAR(64) NOT NULL,
            made_at DATETIME NOT NULL,
            revoked_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
            CONSTRAINT ck_calendar_feed_digest_is_sha256 CHECK (length(secret_digest) = 64),
            CONSTRAINT fk_calendar_feed_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT uq_calendar_feed_secret_digest UNIQUE (secret_digest),
            CONSTRAINT fk_calendar_feed_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_calendar_feed_organisation_id ON calendar_feed (organisation_id)
        """,
        """
        CREATE UNIQUE INDEX uq_calendar_feed_one_live ON calendar_feed (organisation_id, person_id) WHERE revoked_at IS NULL
        """,
        """
        CREATE TABLE outside_audit (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            body VARCHAR(200) NOT NULL,
            reference VARCHAR(100) NOT NULL,
            auditors TEXT NOT NULL,
            accredited VARCHAR(10) NOT NULL,
            accreditation VARCHAR(200) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_outside_audit PRIMARY KEY (id),
            CONSTRAINT ck_outside_audit_names_body CHECK (body <> ''),
            CONSTRAINT ck_outside_audit_accredited_known CHECK (accredited IN ('no', 'unknown', 'yes')),
            CONSTRAINT uq_outside_audit_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_outside_audit_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_outside_audit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_outside_audit_organisation_id ON outside_audit (organisation_id)
        """,
        """
        CREATE TABLE outside_finding (
            id INTEGER NOT NULL,
            finding_id INTEGER NOT NULL,
            number VARCHAR(60) NOT NULL,
            response_due DATE,
            responded_on DATE,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_outside_finding PRIMARY KEY (id),
            CONSTRAINT ck_outside_finding_has_their_number CHECK (number <> ''),
            CONSTRAINT uq_outside_finding_finding_id UNIQUE (finding_id),
            CONSTRAINT fk_outside_finding_finding_id FOREIGN KEY(finding_id) REFERENCES finding (id),
            CONSTRAINT fk_outside_finding_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_outside_finding_organisation_id ON outside_finding (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE audit_criterion (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            position INTEGER NOT NULL,
            source VARCHAR(10) NOT NULL,
            ref VARCHAR(64) NOT NULL,
            title VARCHAR(400) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audit_criterion PRIMARY KEY (id),
            CONSTRAINT uq_audit_criterion_audit_id_position UNIQUE (audit_id, position),
            CONSTRAINT ck_audit_criterion_source_known CHECK (source IN ('policy', 'standard')),
            CONSTRAINT ck_audit_criterion_criterion_is_named CHECK (ref <> '' AND title <> ''),
            CONSTRAINT fk_audit_criterion_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_criterion_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_criterion_organisation_id ON audit_criterion (organisation_id)
        """,
        """
        CREATE TABLE audit_followed (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            followed_id BIGINT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audit_followed PRIMARY KEY (id),
            CONSTRAINT ck_audit_followed_follows_another CHECK (audit_id <> followed_id),
            CONSTRAINT uq_audit_followed_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_audit_followed_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_followed_followed_id FOREIGN KEY(followed_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_followed_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_followed_followed_id ON audit_followed (followed_id)
        """,
        """
        CREATE INDEX ix_audit_followed_organisation_id ON audit_followed (organisation_id)
        """,
        """
        CREATE TABLE audit_programme (
            id BIGSERIAL NOT NULL,
            year SMALLINT NOT NULL,
            cycle_from SMALLINT NOT NULL,
            objectives TEXT NOT NULL,
            scope TEXT NOT NULL,
            methods TEXT NOT NULL,
            resources TEXT NOT NULL,
            responsible_id BIGINT NOT NULL,
            saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
            saved_by BIGINT,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audit_programme PRIMARY KEY (id),
            CONSTRAINT uq_audit_programme_organisation_id_year UNIQUE (organisation_id, year),
            CONSTRAINT ck_audit_programme_year_in_cycle CHECK (year BETWEEN cycle_from AND cycle_from + 2),
            CONSTRAINT ck_audit_programme_has_objectives CHECK (objectives <> ''),
            CONSTRAINT fk_audit_programme_responsible_id FOREIGN KEY(responsible_id) REFERENCES person (id),
            CONSTRAINT fk_audit_programme_saved_by FOREIGN KEY(saved_by) REFERENCES person (id),
            CONSTRAINT fk_audit_programme_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_programme_organisation_id ON audit_programme (organisation_id)
        """,
        """
        CREATE TABLE programme_risk (
            id BIGSERIAL NOT NULL,
            programme_id BIGINT NOT NULL,
            position SMALLINT NOT NULL,
            side VARCHAR(12) NOT NULL,
            what TEXT NOT NULL,
            response TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_programme_risk PRIMARY KEY (id),
            CONSTRAINT uq_programme_risk_programme_id_position UNIQUE (programme_id, position),
            CONSTRAINT ck_programme_risk_side_known CHECK (side IN ('opportunity', 'risk')),
            CONSTRAINT ck_programme_risk_says_what_is_done CHECK (what <> '' AND response <> ''),
            CONSTRAINT fk_programme_risk_programme_id FOREIGN KEY(programme_id) REFERENCES audit_programme (id),
            CONSTRAINT fk_programme_risk_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_risk_organisation_id ON programme_risk (organisation_id)
        """,
        """
        CREATE TABLE programme_review (
            id BIGSERIAL NOT NULL,
            programme_id BIGINT NOT NULL,
            held_on DATE NOT NULL,
            participants TEXT NOT NULL,
            conclusions TEXT NOT NULL,
            changes TEXT NOT NULL,
            facts JSON NOT NULL,
            recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
            recorded_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_programme_review PRIMARY KEY (id),
            CONSTRAINT ck_programme_review_has_conclusions CHECK (conclusions <> ''),
            CONSTRAINT fk_programme_review_programme_id FOREIGN KEY(programme_id) REFERENCES audit_programme (id),
            CONSTRAINT fk_programme_review_recorded_by FOREIGN KEY(recorded_by) REFERENCES person (id),
            CONSTRAINT fk_programme_review_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_review_organisation_id ON programme_review (organisation_id)
        """,
        """
        CREATE INDEX ix_programme_review_programme_id ON programme_review (programme_id)
        """,
        """
        CREATE TABLE programme_item (
            id BIGSERIAL NOT NULL,
            title VARCHAR(200) NOT NULL,
            kind VARCHAR(20) NOT NULL,
            objectives TEXT NOT NULL,
            scope TEXT NOT NULL,
            auditee TEXT NOT NULL,
            checklist_id VARCHAR(64) NOT NULL,
            clauses JSON NOT NULL,
            method VARCHAR(10) NOT NULL,
            lead_id BIGINT NOT NULL,
            first_on DATE NOT NULL,
            last_on DATE,
            every_months SMALLINT NOT NULL,
            days SMALLINT NOT NULL,
            ahead_days SMALLINT NOT NULL,
            problem TEXT NOT NULL,
            stopped_at TIMESTAMP WITH TIME ZONE,
            saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_programme_item PRIMARY KEY (id),
            CONSTRAINT ck_programme_item_item_is_complete CHECK (title <> '' AND objectives <> '' AND scope <> ''),
            CONSTRAINT ck_programme_item_kind_known CHECK (kind IN ('follow-up', 'internal', 'outside', 'stage-1', 'stage-2', 'supplier') AND kind <> 'outside'),
            CONSTRAINT ck_programme_item_method_known CHECK (method IN ('hybrid', 'on-site', 'remote')),
            CONSTRAINT ck_programme_item_every_known CHECK (every_months IN (0, 1, 3, 6, 12, 24, 36)),
            CONSTRAINT ck_programme_item_days_in_order CHECK (last_on IS NULL OR last_on >= first_on),
            CONSTRAINT ck_programme_item_spans_fit CHECK (days BETWEEN 1 AND 60 AND ahead_days BETWEEN 0 AND 365),
            CONSTRAINT fk_programme_item_lead_id FOREIGN KEY(lead_id) REFERENCES person (id),
            CONSTRAINT fk_programme_item_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_item_organisation_id ON programme_item (organisation_id)
        """,
        """
        CREATE INDEX ix_programme_item_organisation_id_first_on ON programme_item (organisation_id, first_on)
        """,
        """
        CREATE TABLE programme_period (
            id BIGSERIAL NOT NULL,
            item_id BIGINT NOT NULL,
            starts_on DATE NOT NULL,
            audit_id BIGINT NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_programme_period PRIMARY KEY (id),
            CONSTRAINT uq_programme_period_item_id_starts_on UNIQUE (item_id, starts_on),
            CONSTRAINT fk_programme_period_item_id FOREIGN KEY(item_id) REFERENCES programme_item (id),
            CONSTRAINT uq_programme_period_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_programme_period_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_programme_period_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_programme_period_organisation_id ON programme_period (organisation_id)
        """,
        """
        CREATE TABLE agenda_item (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            uid VARCHAR(80) NOT NULL,
            sequence INTEGER NOT NULL,
            kind VARCHAR(12) NOT NULL,
            activity VARCHAR(200) NOT NULL,
            clauses VARCHAR(400) NOT NULL,
            starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
            method VARCHAR(10) NOT NULL,
            place TEXT NOT NULL,
            whom TEXT NOT NULL,
            dropped_at TIMESTAMP WITH TIME ZONE,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_agenda_item PRIMARY KEY (id),
            CONSTRAINT ck_agenda_item_kind_known CHECK (kind IN ('auditing', 'break', 'closing', 'opening', 'team')),
            CONSTRAINT ck_agenda_item_method_known CHECK (method IN ('hybrid', 'on-site', 'remote')),
            CONSTRAINT ck_agenda_item_says_what_is_done CHECK (activity <> ''),
            CONSTRAINT ck_agenda_item_ends_after_it_starts CHECK (ends_at > starts_at),
            CONSTRAINT ck_agenda_item_sequence_counts_up CHECK (sequence >= 0),
            CONSTRAINT fk_agenda_item_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT uq_agenda_item_uid UNIQUE (uid),
            CONSTRAINT fk_agenda_item_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_agenda_item_audit_id_starts_at ON agenda_item (audit_id, starts_at)
        """,
        """
        CREATE INDEX ix_agenda_item_organisation_id ON agenda_item (organisation_id)
        """,
        """
        CREATE TABLE agenda_person (
            id BIGSERIAL NOT NULL,
            item_id BIGINT NOT NULL,
            person_id BIGINT NOT NULL,
            part VARCHAR(10) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_agenda_person PRIMARY KEY (id),
            CONSTRAINT uq_agenda_person_item_id_person_id UNIQUE (item_id, person_id),
            CONSTRAINT ck_agenda_person_part_known CHECK (part IN ('auditee', 'auditor')),
            CONSTRAINT fk_agenda_person_item_id FOREIGN KEY(item_id) REFERENCES agenda_item (id),
            CONSTRAINT fk_agenda_person_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_agenda_person_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_agenda_person_organisation_id ON agenda_person (organisation_id)
        """,
        """
        CREATE INDEX ix_agenda_person_person_id ON agenda_person (person_id)
        """,
        """
        CREATE TABLE agenda_invitation (
            id BIGSERIAL NOT NULL,
            item_id BIGINT NOT NULL,
            person_id BIGINT NOT NULL,
            sending VARCHAR(10) NOT NULL,
            sequence INTEGER NOT NULL,
            event JSON NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            made_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_agenda_invitation PRIMARY KEY (id),
            CONSTRAINT uq_agenda_invitation_item_id_person_id_sequence_sending UNIQUE (item_id, person_id, sequence, sending),
            CONSTRAINT ck_agenda_invitation_sending_known CHECK (sending IN ('CANCEL', 'REQUEST')),
            CONSTRAINT ck_agenda_invitation_sequence_counts_up CHECK (sequence >= 0),
            CONSTRAINT fk_agenda_invitation_item_id FOREIGN KEY(item_id) REFERENCES agenda_item (id),
            CONSTRAINT fk_agenda_invitation_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_agenda_invitation_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_agenda_invitation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_agenda_invitation_organisation_id ON agenda_invitation (organisation_id)
        """,
        """
        CREATE INDEX ix_agenda_invitation_person_id ON agenda_invitation (person_id)
        """,
        """
        CREATE TABLE calendar_feed (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            secret_digest VARCHAR(64) NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            revoked_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
            CONSTRAINT ck_calendar_feed_digest_is_sha256 CHECK (length(secret_digest) = 64),
            CONSTRAINT fk_calendar_feed_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT uq_calendar_feed_secret_digest UNIQUE (secret_digest),
            CONSTRAINT fk_calendar_feed_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_calendar_feed_organisation_id ON calendar_feed (organisation_id)
        """,
        """
        CREATE UNIQUE INDEX uq_calendar_feed_one_live ON calendar_feed (organisation_id, person_id) WHERE revoked_at IS NULL
        """,
        """
        CREATE TABLE outside_audit (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            body VARCHAR(200) NOT NULL,
            reference VARCHAR(100) NOT NULL,
            auditors TEXT NOT NULL,
            accredited VARCHAR(10) NOT NULL,
            accreditation VARCHAR(200) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_outside_audit PRIMARY KEY (id),
            CONSTRAINT ck_outside_audit_names_body CHECK (body <> ''),
            CONSTRAINT ck_outside_audit_accredited_known CHECK (accredited IN ('no', 'unknown', 'yes')),
            CONSTRAINT uq_outside_audit_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_outside_audit_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_outside_audit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_outside_audit_organisation_id ON outside_audit (organisation_id)
        """,
        """
        CREATE TABLE outside_finding (
            id BIGSERIAL NOT NULL,
            finding_id BIGINT NOT NULL,
            number VARCHAR(60) NOT NULL,
            response_due DATE,
            responded_on DATE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_outside_finding PRIMARY KEY (id),
            CONSTRAINT ck_outside_finding_has_their_number CHECK (number <> ''),
            CONSTRAINT uq_outside_finding_finding_id UNIQUE (finding_id),
            CONSTRAINT fk_outside_finding_finding_id FOREIGN KEY(finding_id) REFERENCES finding (id),
            CONSTRAINT fk_outside_finding_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_outside_finding_organisation_id ON outside_finding (organisation_id)
        """,
    ),
}
DOWN = (
    "DROP TABLE outside_finding",
    "DROP TABLE outside_audit",
    "DROP TABLE calendar_feed",
    "DROP TABLE agenda_invitation",
    "DROP TABLE agenda_person",
    "DROP TABLE agenda_item",
    "DROP TABLE programme_period",
    "DROP TABLE programme_item",
    "DROP TABLE programme_review",
    "DROP TABLE programme_risk",
    "DROP TABLE audit_programme",
    "DROP TABLE audit_followed",
    "DROP TABLE audit_criterion",
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
