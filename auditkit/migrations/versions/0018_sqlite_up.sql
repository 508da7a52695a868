ALTER TABLE finding ADD COLUMN origin VARCHAR(20) DEFAULT 'free' NOT NULL CONSTRAINT ck_finding_origin_known CHECK (origin IN ('free', 'population', 'reconciliation', 'row', 'sample'))
-- next
ALTER TABLE finding ADD COLUMN origin_id BIGINT
-- next
ALTER TABLE finding ADD COLUMN origin_text TEXT DEFAULT '' NOT NULL
-- next
ALTER TABLE finding ADD COLUMN gap TEXT DEFAULT '' NOT NULL
-- next
ALTER TABLE finding ADD COLUMN grade_reason TEXT DEFAULT '' NOT NULL
-- next
ALTER TABLE finding ADD COLUMN principles JSON DEFAULT '[]' NOT NULL
-- next
UPDATE finding SET origin = 'row' WHERE row_id IS NOT NULL
-- next
CREATE TABLE grade_word (
    id INTEGER NOT NULL,
    grade VARCHAR(15) NOT NULL,
    word VARCHAR(60) NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_grade_word PRIMARY KEY (id),
    CONSTRAINT uq_grade_word_organisation_id_grade UNIQUE (organisation_id, grade),
    CONSTRAINT ck_grade_word_grade_known CHECK (grade IN ('good-practice', 'major', 'minor', 'observation', 'opportunity')),
    CONSTRAINT ck_grade_word_has_word CHECK (word <> ''),
    CONSTRAINT fk_grade_word_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_grade_word_organisation_id ON grade_word (organisation_id)
-- next
CREATE TABLE finding_response (
    id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    kind VARCHAR(15) NOT NULL,
    text TEXT NOT NULL,
    said_by VARCHAR(200) NOT NULL,
    person_id INTEGER,
    in_meeting BOOLEAN NOT NULL,
    responded_at DATETIME NOT NULL,
    recorded_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_finding_response PRIMARY KEY (id),
    CONSTRAINT ck_finding_response_kind_known CHECK (kind IN ('acknowledged', 'commented', 'disputed')),
    CONSTRAINT ck_finding_response_says_something CHECK (kind = 'acknowledged' OR text <> ''),
    CONSTRAINT ck_finding_response_said_by_somebody CHECK (said_by <> ''),
    CONSTRAINT fk_finding_response_finding_id FOREIGN KEY(finding_id) REFERENCES finding (id),
    CONSTRAINT fk_finding_response_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_finding_response_recorded_by FOREIGN KEY(recorded_by) REFERENCES person (id),
    CONSTRAINT fk_finding_response_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_finding_response_finding_id ON finding_response (finding_id)
-- next
CREATE INDEX ix_finding_response_organisation_id ON finding_response (organisation_id)
-- next
CREATE TABLE finding_resolution (
    id INTEGER NOT NULL,
    response_id INTEGER NOT NULL,
    outcome VARCHAR(10) NOT NULL,
    text TEXT NOT NULL,
    resolved_at DATETIME NOT NULL,
    resolved_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_finding_resolution PRIMARY KEY (id),
    CONSTRAINT ck_finding_resolution_outcome_known CHECK (outcome IN ('changed', 'unresolved', 'upheld')),
    CONSTRAINT ck_finding_resolution_has_reason CHECK (text <> ''),
    CONSTRAINT uq_finding_resolution_response_id UNIQUE (response_id),
    CONSTRAINT fk_finding_resolution_response_id FOREIGN KEY(response_id) REFERENCES finding_response (id),
    CONSTRAINT fk_finding_resolution_resolved_by FOREIGN KEY(resolved_by) REFERENCES person (id),
    CONSTRAINT fk_finding_resolution_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_finding_resolution_organisation_id ON finding_resolution (organisation_id)
-- next
CREATE TABLE finding_repeat (
    id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    earlier_id INTEGER NOT NULL,
    verdict VARCHAR(10) NOT NULL,
    reason TEXT NOT NULL,
    likeness INTEGER NOT NULL,
    judged_at DATETIME NOT NULL,
    judged_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_finding_repeat PRIMARY KEY (id),
    CONSTRAINT uq_finding_repeat_finding_id_earlier_id UNIQUE (finding_id, earlier_id),
    CONSTRAINT ck_finding_repeat_repeats_an_earlier_one CHECK (finding_id > earlier_id),
    CONSTRAINT ck_finding_repeat_verdict_known CHECK (verdict IN ('confirmed', 'rejected')),
    CONSTRAINT ck_finding_repeat_likeness_is_percent CHECK (likeness BETWEEN 0 AND 100),
    CONSTRAINT fk_finding_repeat_finding_id FOREIGN KEY(finding_id) REFERENCES finding (id),
    CONSTRAINT fk_finding_repeat_earlier_id FOREIGN KEY(earlier_id) REFERENCES finding (id),
    CONSTRAINT fk_finding_repeat_judged_by FOREIGN KEY(judged_by) REFERENCES person (id),
    CONSTRAINT fk_finding_repeat_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_finding_repeat_earlier_id ON finding_repeat (earlier_id)
-- next
CREATE INDEX ix_finding_repeat_organisation_id ON finding_repeat (organisation_id)
-- next
CREATE TABLE audit_report_text (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    client TEXT NOT NULL,
    process TEXT NOT NULL,
    obstacles TEXT NOT NULL,
    diverging TEXT NOT NULL,
    follow_up TEXT NOT NULL,
    confidentiality TEXT NOT NULL,
    distribution TEXT NOT NULL,
    changed_at DATETIME NOT NULL,
    changed_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_report_text PRIMARY KEY (id),
    CONSTRAINT uq_audit_report_text_audit_id UNIQUE (audit_id),
    CONSTRAINT fk_audit_report_text_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_report_text_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
    CONSTRAINT fk_audit_report_text_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_report_text_organisation_id ON audit_report_text (organisation_id)
-- next
CREATE TABLE audit_auditee (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    named_at DATETIME NOT NULL,
    named_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_auditee PRIMARY KEY (id),
    CONSTRAINT uq_audit_auditee_audit_id UNIQUE (audit_id),
    CONSTRAINT fk_audit_auditee_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_auditee_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_audit_auditee_named_by FOREIGN KEY(named_by) REFERENCES person (id),
    CONSTRAINT fk_audit_auditee_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_auditee_organisation_id ON audit_auditee (organisation_id)
-- next
CREATE INDEX ix_audit_auditee_person_id ON audit_auditee (person_id)
-- next
CREATE TABLE audit_signature (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    typed_name VARCHAR(200) NOT NULL,
    proof VARCHAR(10) NOT NULL,
    content TEXT NOT NULL,
    digest VARCHAR(64) NOT NULL,
    signature VARCHAR(128) NOT NULL,
    key_fingerprint VARCHAR(79) NOT NULL,
    public_key TEXT NOT NULL,
    signed_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_signature PRIMARY KEY (id),
    CONSTRAINT uq_audit_signature_audit_id_serial UNIQUE (audit_id, serial),
    CONSTRAINT ck_audit_signature_serial_counts_from_zero CHECK (serial >= 0),
    CONSTRAINT ck_audit_signature_has_name CHECK (typed_name <> ''),
    CONSTRAINT ck_audit_signature_proof_known CHECK (proof IN ('password', 'session')),
    CONSTRAINT ck_audit_signature_digest_is_sha256 CHECK (content <> '' AND length(digest) = 64),
    CONSTRAINT ck_audit_signature_signature_is_ed25519 CHECK (length(signature) = 128),
    CONSTRAINT fk_audit_signature_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_signature_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_audit_signature_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_signature_organisation_id ON audit_signature (organisation_id)
-- next
CREATE TABLE audit_amendment (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    kind VARCHAR(10) NOT NULL,
    subject VARCHAR(30) NOT NULL,
    changes JSON NOT NULL,
    reason TEXT NOT NULL,
    made_at DATETIME NOT NULL,
    made_by INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_amendment PRIMARY KEY (id),
    CONSTRAINT uq_audit_amendment_audit_id_serial UNIQUE (audit_id, serial),
    CONSTRAINT ck_audit_amendment_serial_counts_from_one CHECK (serial > 0),
    CONSTRAINT ck_audit_amendment_kind_known CHECK (kind IN ('audit', 'finding')),
    CONSTRAINT ck_audit_amendment_has_reason CHECK (reason <> '' AND subject <> ''),
    CONSTRAINT fk_audit_amendment_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_amendment_made_by FOREIGN KEY(made_by) REFERENCES person (id),
    CONSTRAINT fk_audit_amendment_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_amendment_organisation_id ON audit_amendment (organisation_id)
-- next
CREATE TABLE audit_acknowledgement (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    signature_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    typed_name VARCHAR(200) NOT NULL,
    remark TEXT NOT NULL,
    acknowledged_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_acknowledgement PRIMARY KEY (id),
    CONSTRAINT ck_audit_acknowledgement_has_name CHECK (typed_name <> ''),
    CONSTRAINT fk_audit_acknowledgement_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT uq_audit_acknowledgement_signature_id UNIQUE (signature_id),
    CONSTRAINT fk_audit_acknowledgement_signature_id FOREIGN KEY(signature_id) REFERENCES audit_signature (id),
    CONSTRAINT fk_audit_acknowledgement_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_audit_acknowledgement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_acknowledgement_audit_id ON audit_acknowledgement (audit_id)
-- next
CREATE INDEX ix_audit_acknowledgement_organisation_id ON audit_acknowledgement (organisation_id)
-- next
CREATE TABLE audit_report_file (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind VARCHAR(4) NOT NULL,
    language VARCHAR(10) NOT NULL,
    evidence_file_id INTEGER NOT NULL,
    made_at DATETIME NOT NULL,
    made_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_report_file PRIMARY KEY (id),
    CONSTRAINT ck_audit_report_file_version_counts CHECK (version >= 0),
    CONSTRAINT ck_audit_report_file_kind_known CHECK (kind IN ('docx', 'pdf')),
    CONSTRAINT fk_audit_report_file_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_report_file_evidence_file_id FOREIGN KEY(evidence_file_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_audit_report_file_made_by FOREIGN KEY(made_by) REFERENCES person (id),
    CONSTRAINT fk_audit_report_file_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_report_file_audit_id ON audit_report_file (audit_id)
-- next
CREATE INDEX ix_audit_report_file_organisation_id ON audit_report_file (organisation_id)
-- next
CREATE TABLE audit_distribution (
    id INTEGER NOT NULL,
    report_file_id INTEGER NOT NULL,
    recipient VARCHAR(200) NOT NULL,
    address VARCHAR(320) NOT NULL,
    way VARCHAR(10) NOT NULL,
    distributed_at DATETIME NOT NULL,
    distributed_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_distribution PRIMARY KEY (id),
    CONSTRAINT ck_audit_distribution_way_known CHECK (way IN ('by-hand', 'e-mail')),
    CONSTRAINT ck_audit_distribution_has_recipient CHECK (recipient <> ''),
    CONSTRAINT ck_audit_distribution_mail_has_address CHECK ((way = 'e-mail') = (address <> '')),
    CONSTRAINT fk_audit_distribution_report_file_id FOREIGN KEY(report_file_id) REFERENCES audit_report_file (id),
    CONSTRAINT fk_audit_distribution_distributed_by FOREIGN KEY(distributed_by) REFERENCES person (id),
    CONSTRAINT fk_audit_distribution_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_distribution_organisation_id ON audit_distribution (organisation_id)
-- next
CREATE INDEX ix_audit_distribution_report_file_id ON audit_distribution (report_file_id)
-- next
CREATE TRIGGER finding_response_no_update BEFORE UPDATE ON finding_response BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER finding_response_no_delete BEFORE DELETE ON finding_response BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER finding_resolution_no_update BEFORE UPDATE ON finding_resolution BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER finding_resolution_no_delete BEFORE DELETE ON finding_resolution BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_signature_no_update BEFORE UPDATE ON audit_signature BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_signature_no_delete BEFORE DELETE ON audit_signature BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_amendment_no_update BEFORE UPDATE ON audit_amendment BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_amendment_no_delete BEFORE DELETE ON audit_amendment BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_acknowledgement_no_update BEFORE UPDATE ON audit_acknowledgement BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_acknowledgement_no_delete BEFORE DELETE ON audit_acknowledgement BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_report_file_no_update BEFORE UPDATE ON audit_report_file BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_report_file_no_delete BEFORE DELETE ON audit_report_file BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_distribution_no_update BEFORE UPDATE ON audit_distribution BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_distribution_no_delete BEFORE DELETE ON audit_distribution BEGIN SELECT RAISE(ABORT, 'what was written here stands as it is'); END
-- next
CREATE TRIGGER audit_row_signed_insert BEFORE INSERT ON audit_row WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_row_signed_update BEFORE UPDATE ON audit_row WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_row_signed_delete BEFORE DELETE ON audit_row WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_member_signed_insert BEFORE INSERT ON audit_member WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_member_signed_update BEFORE UPDATE ON audit_member WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_member_signed_delete BEFORE DELETE ON audit_member WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_checklist_signed_insert BEFORE INSERT ON audit_checklist WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_checklist_signed_update BEFORE UPDATE ON audit_checklist WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_checklist_signed_delete BEFORE DELETE ON audit_checklist WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER finding_signed_insert BEFORE INSERT ON finding WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER finding_signed_update BEFORE UPDATE ON finding WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER finding_signed_delete BEFORE DELETE ON finding WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_report_text_signed_insert BEFORE INSERT ON audit_report_text WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = NEW.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_report_text_signed_update BEFORE UPDATE ON audit_report_text WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_report_text_signed_delete BEFORE DELETE ON audit_report_text WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.audit_id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.audit_id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_signed_update BEFORE UPDATE OF number, title, objectives, scope, edition_id, edition_name, criteria, checklist_id, checklist_title, places, method, planned_from, planned_to, started_at, started_by, checklist_digest, edition_digest, scale, rows_total, rows_answered, rows_excluded, rows_not_covered, findings, conclusion, reported_at, reported_by ON audit WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_signed_state BEFORE UPDATE OF state ON audit WHEN NEW.state <> 'closed' AND (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
-- next
CREATE TRIGGER audit_signed_delete BEFORE DELETE ON audit WHEN (SELECT count(*) FROM audit_signature WHERE audit_id = OLD.id) > (SELECT count(*) FROM audit_amendment WHERE audit_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'a signed audit stands as it is: amend it'); END
