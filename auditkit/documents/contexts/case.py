"""The file of one complaint (clauses 7.3 and 8.1): everything on record, whole or with personal data withheld."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class Labelled:
    """A line: what it is, and what stands on record."""

    label: str
    value: str


@dataclass(frozen=True)
class FiledCase:
    """What the file is about. `extent` says whether it is whole; texts come as their paragraphs."""

    reference: str
    subject: str
    kind: str
    stage: str
    extent: str
    description: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """An assessment, an investigation, a decision ... with what was written."""

    title: str
    facts: tuple[Labelled, ...]


@dataclass(frozen=True)
class FiledDue:
    """A due date and how it was reached."""

    what: str
    due: str
    state: str
    source: str
    explanation: tuple[str, ...]


@drawn_from(Kind.MESSAGE, "title")
@dataclass(frozen=True)
class FiledMessage:
    """A message as it was sent or received; its text by paragraphs."""

    when: str
    title: str
    subject: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Happening:
    """A line of the journal."""

    when: str
    what: str
    who: str


@drawn_from(Kind.FILE, "name")
@dataclass(frozen=True)
class FiledEvidence:
    """A file of the case and its digest."""

    name: str
    kind: str
    digest: str


@drawn_from(Kind.COMPLAINT, "case.reference")
@dataclass(frozen=True)
class ComplaintCaseFile:
    """The whole file; template `complaint-case-file`."""

    organisation: Organisation
    document: DocumentFacts
    case: FiledCase
    facts: tuple[Labelled, ...]
    complainant: tuple[Labelled, ...]
    steps: tuple[Step, ...]
    dues: tuple[FiledDue, ...]
    messages: tuple[FiledMessage, ...]
    timeline: tuple[Happening, ...]
    files: tuple[FiledEvidence, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ComplaintCaseFile":
        """A late delivery, decided and accepted."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("C-2026-000123", "1", "2 March 2026"),
            FiledCase(
                "C-2026-000123", "Washing machine came three weeks late", "Complaint", "Closed", "Whole",
                ("It was promised for 5 January and came on 26 January.", "Nobody answered my calls."),
                ("Refund of the delivery fee",),
            ),
            (Labelled("Received", "27 January 2026, 10:15"), Labelled("Channel", "Phone"),
             Labelled("Category", "Delivery, fulfilment"), Labelled("Outcome", "Upheld")),
            (Labelled("Name", "Nino Beridze"), Labelled("E-mail", "nino@example.org")),
            (Step("Decision 1", (Labelled("Outcome", "Upheld"), Labelled("Reasons", "The carrier lost the parcel"))),),
            (FiledDue("Acknowledgement", "28 January 2026, 23:59", "Kept", "Customer promise",
                      ("Begins with receipt on 27 January", "Day 1: 28 January")),),
            (FiledMessage("27 January 2026, 10:40", "To the complainant · E-mail · Acknowledgement",
                          "Your complaint C-2026-000123", ("Thank you for telling us.", "We answer by 3 February.")),),
            (Happening("27 January 2026, 10:15", "Complaint registered", "Levan Gelashvili"),
             Happening("27 January 2026, 10:40", "Complaint acknowledged", "Levan Gelashvili")),
            (FiledEvidence("delivery-note.pdf", "PDF document", "9f86d081" * 8),),
            (LeftOut("photo.jpg", "Withheld; its digest stands in the list of files"),),
        )  # fmt: skip
