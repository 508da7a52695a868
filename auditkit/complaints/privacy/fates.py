"""What anonymisation does to every column of every table that hangs on a complaint.

A test walks the tables: one that hangs on `complaint` and is not here, or a column that is not, fails it. Whoever adds
a table or a column says here what becomes of it; whoever keeps a text that people write gives a reason.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a column; of a whole table only GO."""

    KEEP = "keep"
    """Says nothing about who complained: dates, words of lists, amounts, members of the organisation, digests."""
    BLANK = "blank"
    """Becomes an empty text."""
    MARK = "mark"
    """Where a text stood, `rules.MARK` stands: that something was written is part of the record."""
    SIFT = "sift"
    """A text that figures are made of: kept, unless something of the complainant's identity stands in it."""
    NULL = "null"
    EMPTY = "empty"
    """A list becomes empty."""
    REMAKE = "remake"
    """Made anew from what is left."""
    GO = "go"
    """The rows go."""


TableFates = Fate | Mapping[Fate, str]

FATES: dict[str, TableFates] = {
    "clock_hold": {
        Fate.KEEP: "pause_id complaint_id waits_for verdict began_at holds_until ended_at organisation_id",
    },
    "complaint": {
        Fate.KEEP: (
            "id reference version kind stage channel category severity received_at received_is_day happened_on "
            "recorded_at changed_at acknowledged_at decided_at outcome answer answered_at closed_at closed_is_day "
            "closed_date_unknown closes_before_received closing_ground owner_id deputy_id review_on priority "
            "level reopened import_run_id row_digest organisation_id"
        ),
        Fate.BLANK: (
            "subject external_reference complainant_name complainant_email complainant_phone complainant_street "
            "complainant_postcode complainant_city complainant_region complainant_country wanted_remedy remedy "
            "closing_note description"
        ),
        Fate.SIFT: "product site source_status",
        Fate.MARK: "decision",
        Fate.REMAKE: "search_words",
    },
    "complaint_anonymisation": {
        Fate.KEEP: "id complaint_id ground reason rule_id request_id done_at done_by erased kept organisation_id",
    },
    "complaint_assessment": {
        Fate.KEEP: (
            "id complaint_id severity safety complexity reach facts immediate_needed immediate_possible "
            "compensation priority level assessed_at assessed_by organisation_id"
        ),
        Fate.MARK: "immediate_action note",
    },
    "complaint_assignment": {
        Fate.KEEP: "complaint_id rule_id number asked owner_id happened assigned_at organisation_id",
    },
    "complaint_bounce": {
        Fate.KEEP: "id message_id incoming_id action status at organisation_id",
        Fate.MARK: "reason",
    },
    "complaint_clock": {
        Fate.KEEP: (
            "complaint_id chosen_at assumed_severity severity priority news_at owner_id deputy_id paused_until "
            "paused_seconds next_target next_warn_at next_due_at next_very_at organisation_id"
        ),
    },
    "complaint_decision": {
        Fate.KEEP: (
            "id complaint_id number state from_stage outcome remedies amount currency others proposed_at "
            "proposed_by limit_amount settled_at settled_by told_at told_channel told_by promised_on delivered_on "
            "delivered_by answer answered_at organisation_id"
        ),
        Fate.MARK: (
            "reasons remedy others_note return_reason options delivery answer_note next_internal next_external"
        ),
    },
    "complaint_due": {
        Fate.KEEP: (
            "id complaint_id limit_id set_id set_title target number state starts_at starts_is_day warn_at due_at "
            "very_at ended_at late noticed notice_at mail_due binding pausable calendar_id set_at explanation "
            "organisation_id"
        ),
    },
    "complaint_remedy_check": {
        Fate.KEEP: (
            "id complaint_id decision_id found checked_on delivered_on delivered_by checked_at checked_by "
            "organisation_id"
        ),
        Fate.MARK: "note delivery",
    },
    "complaint_detriment": {
        Fate.KEEP: "id complaint_id found checked_at checked_by organisation_id",
        Fate.MARK: "note",
    },
    "complaint_escalation": {
        Fate.KEEP: (
            "id complaint_id state from_level to_level triggers asked_at settled_at settled_by organisation_id"
        ),
        Fate.MARK: "reason settled_reason",
    },
    "complaint_gathered": {
        Fate.KEEP: "id gathering_id complaint_id organisation_id",
    },
    "complaint_hold": {
        Fate.KEEP: "id complaint_id placed_at placed_by lifted_at lifted_by organisation_id",
        Fate.MARK: "reason lift_reason",
    },
    "complaint_intake": {
        Fate.KEEP: (
            "id complaint_id source language preference anonymous consent_at may_share recurrent organisation_id"
        ),
        Fate.BLANK: "order_reference representative authority contact_person accessibility recipient referred_by",
        Fate.SIFT: "batch segment unit department",
        Fate.NULL: "purchased_on",
    },
    "complaint_investigation": {
        Fate.KEEP: (
            "id complaint_id investigator_id cause cause_method begun_at begun_by ended_at ended_by organisation_id"
        ),
        Fate.MARK: "plan independence complainant_side other_side facts cause_note",
    },
    "complaint_link": {
        Fate.KEEP: "id complaint_id other_id relation linked_at linked_by organisation_id",
    },
    "complaint_mention": {
        Fate.KEEP: "id note_id person_id seen_at organisation_id",
    },
    "complaint_message": {
        Fate.KEEP: (
            "id complaint_id direction channel kind author person_id automatic language wording created_at "
            "sent_at read_at organisation_id"
        ),
        Fate.MARK: "subject text",
    },
    "complaint_message_file": {
        Fate.KEEP: "id message_id file_id position organisation_id",
    },
    "complaint_note": {
        Fate.KEEP: "id complaint_id written_at written_by organisation_id",
        Fate.MARK: "note",
    },
    "complaint_party": Fate.GO,
    "complaint_pause": {
        Fate.KEEP: "id complaint_id waits_for began_at began_by ended_at ended_by organisation_id",
        Fate.MARK: "awaited came",
    },
    "complaint_receipt": {
        Fate.KEEP: "id complaint_id form_digest content_digest document signature made_at organisation_id",
        Fate.NULL: "content",
    },
    "complaint_reclassification": {
        Fate.KEEP: "id complaint_id from_kind to_kind changed_at changed_by organisation_id",
        Fate.MARK: "reason",
    },
    "complaint_redacted_copy": {
        Fate.KEEP: "id complaint_id file_id copy_id original_digest added_at added_by organisation_id",
    },
    "complaint_referral": {
        Fate.KEEP: (
            "id complaint_id body referred_on recorded_at recorded_by ended_on ended_by overturned organisation_id"
        ),
        Fate.BLANK: "reference",
        Fate.MARK: "outcome",
    },
    "complaint_reopening": {
        Fate.KEEP: "id complaint_id number reopened_at reopened_by closed_at closing_ground organisation_id",
        Fate.MARK: "reason closing_note",
    },
    "complaint_secret_reissue": {
        Fate.KEEP: "id complaint_id reissued_at reissued_by handed organisation_id",
        Fate.MARK: "checked",
    },
    "complaint_survey": {
        Fate.KEEP: (
            "id complaint_id state why language planned_at due_at secret_digest sent_at expires_at message_id "
            "remind_at reminded_at reminder_id answered_at process_score outcome_score accepted may_contact "
            "organisation_id"
        ),
        Fate.MARK: "comment",
    },
    "complaint_thread": Fate.GO,
    "complaint_tracking": Fate.GO,
    "complaint_untimed": {
        Fate.KEEP: "complaint_id organisation_id",
    },
    "consent_withdrawal": {
        Fate.KEEP: "id complaint_id consent withdrawn_at withdrawn_by organisation_id",
    },
    "imported_reference": {
        Fate.KEEP: "complaint_id organisation_id key",
    },
    "incoming_mail": {
        Fate.KEEP: (
            "id digest content_digest mailbox uid_validity uid kind outcome complaint_id message_id "
            "original_file_id language says_about arrived_at taken_at organisation_id"
        ),
        Fate.BLANK: "message_id_header sender_name sender subject",
        Fate.MARK: "source reason",
        Fate.EMPTY: "refused notes",
    },
    "privacy_request_case": {
        Fate.KEEP: "id request_id complaint_id verdict organisation_id",
        Fate.MARK: "reason",
    },
    "retention_warning": {
        Fate.KEEP: "id complaint_id rule_id until warned_at organisation_id",
    },
}

REACHED_BY = {
    "complaint_mention": ("note_id", "complaint_note"),
    "complaint_message_file": ("message_id", "complaint_message"),
    "complaint_bounce": ("message_id", "complaint_message"),
}
"""Tables without a complaint_id: the column that leads to one that has it."""

KEPT_TEXTS = {
    "complaint.row_digest": "a file imported again must not bring the person back",
    "imported_reference.key": "a file imported again must not bring the person back",
    "complaint_receipt.document": "what was signed names no person: reference, day, digests",
    "complaint_receipt.content_digest": "the signed receipt holds it; what it is the digest of is erased",
    "incoming_mail.digest": "a mail fetched again must not bring the person back",
    "incoming_mail.content_digest": "as digest",
    "complaint_anonymisation.reason": "written when everything else went, by whoever decided it",
    "complaint_intake.language": "a word of a list",
    "complaint_due.explanation": "how a date was counted",
}
"""Why some columns stay that could be taken for personal."""

APART = {
    "outbox_mail": "parcels about a complaint are blanked by `erasing`",
    "privacy_request": "answers to requests about a complaint are marked by `erasing`",
    "journal_personal": "values about a complaint, its mails and files are erased by `erasing`",
    "journal_entry": "holds salted hashes only; must never change",
    "evidence_file": "files of a complaint alone are erased by `erasing`; shared ones are kept and named",
    "evidence_link": "says where a file is used; its note goes with the file",
    "evidence_erasure": "digests and reasons of the program",
    "evidence_sharing": "what an outsider may see of a file, and why; it names the file by its number only",
    "import_run": "counts, and the name of a file that a member gave; the file itself goes after a day",
    "job": "ids and choices only",
}
"""Tables that may hold something of a complaint without hanging on it, and what looks after them."""


BESIDE = {
    "register_filter": "filters",
    "import_profile": "import-profiles",
    "api_token": "api-tokens",
    "api_request": "api-requests",
    "outbox_mail": "mail-to-members",
    "incoming_mail": "mails-aside",
    "job": "jobs",
}
"""Tables of which some rows hang on no case: the kind of record whose time of keeping holds for those (`beside`)."""

STAYS = {
    "assignment_rule": "words of lists and members of the organisation",
    "calendar_day": "days and their names",
    "calendar_feed": "the digest of a member's own secret",
    "cause_category": "words of the organisation's list",
    "complaint_authority": "amounts and members of the organisation",
    "complaint_channel": "ways in, with the members who look after them",
    "complaint_gathering": "what a measure was taken from, in words of lists",
    "complaint_practice": "settings, with the names of external bodies",
    "correspondence_setting": "the organisation's own addresses",
    "due_digest": "that a member was mailed on a day, how many cases",
    "frozen_calendar": "days",
    "handler_absence": "days on which a member is away",
    "import_undo": "numbers: no later complaint may get an id of one that was taken back",
    "intake_settings": "the organisation's own addresses",
    "keeping_time": "days",
    "letter_wording": "wordings with blanks, written by members",
    "limit_count": "hashes under a salt that goes with its day",
    "limit_salt": "random, goes with its day",
    "mailbox_fetch": "how the organisation's own mailbox is read",
    "mailbox_position": "how far the organisation's own mailbox was read",
    "numbering": "numbers",
    "pause_limit": "rules",
    "privacy_settings": "settings",
    "reference_pattern": "patterns",
    "register_export": "digests, how many cases, and the member who took them",
    "register_export_block": "numbers of cases",
    "retention_rule": "rules, with the law behind them",
    "survey_settings": "settings",
    "time_limit": "rules",
    "time_limit_set": "rules",
    "working_calendar": "opening hours",
}
"""Tables of complaints, of the API and of the base that hold nothing of complainants, and what they hold."""

SLICES = {
    "accounts": "members of the organisation; who leaves stays named where the records name them",
    "actions": "the organisation's measures and the members who take them, kept with what they came from",
    "audits": "the record of audits, with members and the people they spoke with, kept as the audit's record",
    "documents": "the organisation's own templates, and which of them made a document, without what stood in it",
    "evidence": "files of cases go with their case; others are the record that they prove",
    "insights": "figures over records, references of cases and words of lists; members who chose or entered them",
    "journal": "salted hashes; the values beside them go with what they are about",
    "packs": "what was built, and what reviewers said of it; reviewers are named as those of a certification body",
    "policies": "the organisation's documents and the members who wrote, approved and read them",
    "readiness": "what assessors said of clauses and plans, from counted records, and the members who said it",
    "registers": "the organisation's own registers, such as risks and objectives, and the members who keep them",
    "reviews": "minutes of management reviews: figures, numbers of records, and the members and guests who took part",
}
"""Slices whose tables hang on no case, and what is kept in them of people: data of members, not of complainants."""


def columns(table: str) -> Iterator[tuple[str, Fate]]:
    """Every column of a table with its fate; none for a table whose rows go."""
    fates = FATES[table]
    if isinstance(fates, Fate):
        return
    for fate, names in fates.items():
        for name in names.split():
            yield name, fate
