"""The case file as a Word document: what was gathered, in the words of the screen's language."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from auditkit.base.text import N_, _
from auditkit.complaints import rules as core
from auditkit.complaints.categories import known_title
from auditkit.complaints.clock import telling
from auditkit.complaints.clock.queries import DueView
from auditkit.complaints.clock.rules import STATE_TITLES as DUE_TITLES
from auditkit.complaints.clock.rules import TARGET_TITLES
from auditkit.complaints.correspondence.rules import CHANNEL_TITLES as WAY_TITLES
from auditkit.complaints.correspondence.rules import DIRECTION_TITLES
from auditkit.complaints.correspondence.rules import KIND_TITLES as LETTER_TITLES
from auditkit.complaints.exporting.gathering import Gathered
from auditkit.complaints.exporting.rules import EXTENT_TITLES, WITHHELD, Extent, paragraphs, printable, withheld
from auditkit.complaints.rules.texts import TEXT_TITLES
from auditkit.documents.contexts.case import (
    ComplaintCaseFile,
    FiledCase,
    FiledDue,
    FiledEvidence,
    FiledMessage,
    Happening,
    Labelled,
    Step,
)
from auditkit.documents.contexts.facts import DocumentFacts, LeftOut, Organisation
from auditkit.documents.direction import figure
from auditkit.evidence.queries import File
from auditkit.library.here import lists
from auditkit.web.languages import day, day_there, moment, zone_here

TEMPLATE = "complaint-case-file"

FACTS = (
    ("received_at", N_("Received")),
    ("happened_on", N_("Happened on")),
    ("channel", N_("How it came in")),
    ("category", N_("Category")),
    ("severity", N_("Severity")),
    ("product", N_("Product or service")),
    ("site", N_("Site or unit")),
    ("external_reference", N_("Reference elsewhere")),
    ("acknowledged_at", N_("Acknowledged")),
    ("decided_at", N_("Decided")),
    ("outcome", N_("Outcome")),
    ("answer", N_("The complainant's answer")),
    ("answered_at", N_("Answered")),
    ("closed_at", N_("Closed")),
    ("closing_ground", N_("Closed because")),
    ("closing_note", N_("Note")),
)
STEPS = (
    ("complaint_assessment", N_("Assessment"), "assessed_at",
     ("severity", "complexity", "priority", "immediate_action", "note")),
    ("complaint_investigation", N_("Investigation"), "begun_at",
     ("plan", "independence", "complainant_side", "other_side", "facts", "cause", "cause_note")),
    ("complaint_decision", N_("Decision"), "proposed_at",
     ("outcome", "reasons", "remedy", "others_note", "options", "told_channel", "delivery", "answer", "answer_note",
      "next_internal", "next_external")),
    ("complaint_escalation", N_("Escalation"), "asked_at", ("reason", "settled_reason")),
    ("complaint_referral", N_("External body"), "recorded_at", ("body", "reference", "outcome")),
    ("complaint_pause", N_("Information awaited"), "began_at", ("awaited", "came")),
    ("complaint_reclassification", N_("Sorted anew"), "changed_at", ("from_kind", "to_kind", "reason")),
    ("complaint_reopening", N_("Opened again"), "reopened_at", ("reason", "closing_note")),
    ("complaint_detriment", N_("Looked for detriment to the complainant"), "checked_at", ("found", "note")),
    ("complaint_remedy_check", N_("Delivered remedy checked"), "checked_at",
     ("found", "checked_on", "delivered_on", "delivery", "note")),
    ("complaint_note", N_("Internal note"), "written_at", ("note",)),
)  # fmt: skip
LABELS = {
    "severity": N_("Severity"),
    "complexity": N_("Complexity"),
    "priority": N_("Priority"),
    "immediate_action": N_("Immediate action"),
    "note": N_("Note"),
    "plan": N_("Plan"),
    "independence": N_("How independence was made sure"),
    "complainant_side": N_("What the complainant says"),
    "other_side": N_("What the other side says"),
    "facts": N_("Facts found"),
    "cause": N_("Cause"),
    "cause_note": N_("On the cause"),
    "outcome": N_("Outcome"),
    "reasons": N_("Reasons"),
    "remedy": N_("Remedy"),
    "answer": N_("Answer"),
    "answer_note": N_("On the answer"),
    "reason": N_("Reason"),
    "settled_reason": N_("Reason of the answer"),
    "reference": N_("Its reference"),
    "from_kind": N_("From"),
    "to_kind": N_("To"),
    "came": N_("What came"),
    "found": N_("Found"),
    "checked_on": N_("Checked on"),
    "delivered_on": N_("Delivered on"),
    "closing_note": N_("Note"),
}
WORDS: dict[str, Mapping[Any, str]] = {
    "channel": core.CHANNEL_TITLES,
    "severity": core.SEVERITY_TITLES,
    "outcome": core.OUTCOME_TITLES,
    "answer": core.ANSWER_TITLES,
    "closing_ground": core.GROUND_TITLES,
    "complexity": core.COMPLEXITY_TITLES,
    "found": {**core.DETRIMENT_TITLES, **core.REMEDY_FOUND_TITLES},
    "from_kind": core.KIND_TITLES,
    "to_kind": core.KIND_TITLES,
}


def context(
    gathered: Gathered, dues: list[DueView], organisation: str, names: Mapping[int, str], made_at: datetime
) -> ComplaintCaseFile:
    """What the template is filled with."""
    case = gathered.case
    return ComplaintCaseFile(
        Organisation(organisation),
        DocumentFacts(gathered.reference, figure(1), day(day_there(made_at))),
        FiledCase(
            gathered.reference,
            printable(case["subject"] or case["product"]),
            _word("to_kind", case["kind"]),
            _(core.STAGE_TITLES[core.Stage(case["stage"])]),
            _(EXTENT_TITLES[gathered.extent]),
            paragraphs(case["description"]),
            paragraphs(case["wanted_remedy"]),
        ),
        tuple(_facts(case)),
        tuple(_complainant(case)),
        tuple(_steps(gathered)),
        tuple(_due(one) for one in dues),
        tuple(_message(one) for one in gathered.of("complaint_message")),
        tuple(Happening(moment(one.at), _(one.title), names.get(one.actor_id or 0, "")) for one in gathered.entries),
        tuple(FiledEvidence(_file_name(gathered, one), _(one.kind.title), one.digest) for one in gathered.files),
        tuple(left_out(gathered)),
    )


def left_out(gathered: Gathered) -> Iterator[LeftOut]:
    """What is not in the file, and why."""
    if gathered.extent is Extent.REDACTED:
        yield LeftOut(
            _("Who complained, texts that people wrote, values beside the journal"),
            _("Personal data is withheld; where something stands, %(mark)s stands", mark=WITHHELD),
        )
        for one in gathered.files:
            if one.id not in gathered.copies and one.id not in gathered.erased_files:
                yield LeftOut(
                    _("File with the digest %(digest)s", digest=one.digest),
                    _("Left out because there is no redacted copy; the digest is that of the original"),
                )
    for one in gathered.files:
        if one.id in gathered.erased_files:
            yield LeftOut(_("File with the digest %(digest)s", digest=one.digest), _("Its content was erased"))


def _file_name(gathered: Gathered, file: File) -> str:
    """How a file is called; what a redacted copy is called says nothing of the original's name."""
    if gathered.extent is Extent.WHOLE:
        return printable(file.name)
    copy = gathered.copies.get(file.id)
    return _("Redacted copy with the digest %(digest)s", digest=copy.digest) if copy else withheld(file.name)


def _facts(case: Mapping[str, Any]) -> Iterator[Labelled]:
    for column, title in FACTS:
        if case[column]:
            yield Labelled(_(title), _shown(column, case[column]))
    zone = zone_here()
    if zone is not None:
        yield Labelled(_("Clock"), _("Times of %(zone)s", zone=zone.key))


def _complainant(case: Mapping[str, Any]) -> Iterator[Labelled]:
    for column in core.IDENTITY:
        if case[column]:
            yield Labelled(_(TEXT_TITLES[column]), printable(case[column]))


def _steps(gathered: Gathered) -> Iterator[Step]:
    for table, title, at, columns in STEPS:
        for number, row in enumerate(gathered.of(table), 1):
            lines = [Labelled(_("When"), _shown(at, row[at]))] if row[at] else []
            lines += [
                Labelled(_(LABELS.get(column) or TEXT_TITLES[column]), _shown(column, row[column]))
                for column in columns
                if row[column]
            ]
            yield Step(_("%(title)s %(number)s", title=_(title), number=number), tuple(lines))


def _due(due: DueView) -> FiledDue:
    lines = tuple(f"{line.when}: {line.text}" if line.when else line.text for line in telling.explanation(due))
    source = due.set_title or _("A day promised by hand")
    return FiledDue(_(TARGET_TITLES[due.target]), moment(due.due_at), _(DUE_TITLES[due.state]), source, lines)


def _message(row: Mapping[str, Any]) -> FiledMessage:
    parts = (DIRECTION_TITLES, row["direction"]), (WAY_TITLES, row["channel"]), (LETTER_TITLES, row["kind"])
    said = " · ".join(_({str(word): title for word, title in titles.items()}[word]) for titles, word in parts)
    return FiledMessage(
        _shown("at", row["sent_at"] or row["created_at"]), said, printable(row["subject"]), paragraphs(row["text"])
    )


def _word(column: str, value: str) -> str:
    if column == "category":
        return printable(known_title(lists(), value))
    titles = {str(word): title for word, title in WORDS.get(column, {}).items()}
    return _(titles[value]) if value in titles else printable(value)


def _shown(column: str, value: Any) -> str:
    text = str(value)
    if column == "at" or column.endswith("_at"):
        return moment(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
    if column.endswith("_on"):
        return day(date.fromisoformat(text))
    return _word(column, text)
