"""What a cell can show, what is asked of a clause, what a cell counts, and why it says what it says. Pure."""

from enum import StrEnum

from auditkit.base.text import N_


class State(StrEnum):
    """What a cell shows. A cell that nobody can judge is not a gap, and no record either."""

    FOUND = "found"
    GAP = "gap"
    NOT_CHECKED = "not-checked"


STATE_TITLES = {
    State.FOUND: N_("Records found"),
    State.GAP: N_("Gap"),
    State.NOT_CHECKED: N_("Not checked"),
}


class Column(StrEnum):
    """What is asked of each clause."""

    DOCUMENTS = "documents"
    RECORDS = "records"
    AUDIT = "audit"
    FINDINGS = "findings"
    FRESHNESS = "freshness"


COLUMN_TITLES = {
    Column.DOCUMENTS: N_("Documents in force"),
    Column.RECORDS: N_("Operating records"),
    Column.AUDIT: N_("Audit"),
    Column.FINDINGS: N_("Findings and actions"),
    Column.FRESHNESS: N_("Freshness"),
}
SCORED = (Column.DOCUMENTS, Column.RECORDS, Column.AUDIT, Column.FINDINGS)
"""Columns that count for the number; freshness is shown beside them."""


class PartKind(StrEnum):
    """What a cell counts."""

    PROBE = "probe"
    DOCUMENT = "document"
    EVIDENCE = "evidence"
    AUDIT = "audit"
    FINDING = "finding"
    ACTION = "action"
    CARRIED = "carried"


class Why(StrEnum):
    """Why a cell is not checked, or what is missing."""

    NONE = ""
    NO_PROBE = "no-probe"
    NOTHING_TO_CHECK = "nothing-to-check"
    NO_DOCUMENT_EXPECTED = "no-document-expected"
    NO_DOCUMENT = "no-document"
    NOT_ASKED = "not-asked"
    PLANNED = "planned"
    RUNNING = "running"
    SKIPPED = "skipped"
    NO_DATES = "no-dates"
    STALE = "stale"
    FEW_MONTHS = "few-months"
    EXCEPTIONS = "exceptions"
    OPEN_FINDINGS = "open-findings"
    OVERDUE_REVIEW = "overdue-review"
    BELOW = "below"
    EXAMINE_AGAIN = "examine-again"


WHY_TITLES = {
    Why.NO_PROBE: N_("Nothing that auditkit keeps shows this clause. Attach evidence and name the clause on it"),
    Why.NOTHING_TO_CHECK: N_("There were no records in the period that it could be checked on"),
    Why.NO_DOCUMENT_EXPECTED: N_("The library has no document for this clause"),
    Why.NO_DOCUMENT: N_("No document in force names this clause"),
    Why.NOT_ASKED: N_("No audit of the period asked about this clause"),
    Why.PLANNED: N_("An audit is planned and has not begun"),
    Why.RUNNING: N_("An audit is under way"),
    Why.SKIPPED: N_("On the checklist of an audit, not looked at"),
    Why.NO_DATES: N_("None of the records has a day"),
    Why.STALE: N_("The newest record is too old"),
    Why.FEW_MONTHS: N_("Records stand in too few months of the period"),
    Why.EXCEPTIONS: N_("Missing records, or more exceptions than allowed"),
    Why.OPEN_FINDINGS: N_("Nonconformities are open"),
    Why.OVERDUE_REVIEW: N_("The review of a document is overdue"),
    Why.BELOW: N_("Answers of an audit are below full conformity"),
    Why.EXAMINE_AGAIN: N_("To be examined again: the edition asks for more than the one that was audited"),
}
