"""What a certification body's review of a pack came to."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class ReviewOf:
    """The review. `concluded` is empty while the reviewer has not concluded, and `outcome` with it."""

    body: str
    reviewer: str
    opened: str
    open_until: str
    concluded: str
    outcome: str


@drawn_from(Kind.PACK, "title")
@dataclass(frozen=True)
class ReviewedPack:
    """The pack that was looked at; `root` stands for every byte of it, `key` for who signed it."""

    title: str
    period: str
    form: str
    root: str
    key: str


@drawn_from(Kind.CLAUSE, "number")
@dataclass(frozen=True)
class ClauseRow:
    """A clause: what the pack shows, what the reviewer said last. `comment` and `judged` may be empty."""

    number: str
    title: str
    shown: str
    verdict: str
    comment: str
    judged: str


@drawn_from(Kind.FILE, "title")
@dataclass(frozen=True)
class ItemRow:
    """A document, register, record or file shown for a clause, and what the reviewer said of it last."""

    clause: str
    title: str
    verdict: str
    comment: str
    judged: str


@dataclass(frozen=True)
class CommentRow:
    """A word without a judgement. `clause` says where it stands, `item` is empty unless it is about a file."""

    clause: str
    item: str
    by: str
    text: str
    said: str


@dataclass(frozen=True)
class ConcernRow:
    """A clause or an item that was found not sufficient; `action` is what the organisation does about it."""

    number: str
    comment: str
    action: str


@dataclass(frozen=True)
class RequestRow:
    """A numbered request. `item` is empty unless it is about a file; `files` are those attached to the answer."""

    number: str
    clause: str
    item: str
    text: str
    due: str
    answer: str
    files: str


@dataclass(frozen=True)
class SeenRow:
    """Something the reviewer looked at or took, how often, and when for the last time."""

    what: str
    how: str
    times: str
    last: str


@drawn_from(Kind.ROOM, "document.reference")
@dataclass(frozen=True)
class ReviewOutcome:
    """The whole report; template `review-outcome`."""

    organisation: Organisation
    document: DocumentFacts
    review: ReviewOf
    pack: ReviewedPack
    counts: tuple[Count, ...]
    clauses: tuple[ClauseRow, ...]
    items: tuple[ItemRow, ...]
    concerns: tuple[ConcernRow, ...]
    comments: tuple[CommentRow, ...]
    requests: tuple[RequestRow, ...]
    seen: tuple[SeenRow, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ReviewOutcome":
        """A review with a doubt and a request that was answered."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("ROOM-3", "2026-06-20", "20 June 2026"),
            ReviewOf("Example Certification Ltd", "Rita Reviewer", "2 June 2026", "2 July 2026", "20 June 2026",
                     "Ready for the second stage once the programme of next year is decided."),
            ReviewedPack("Stage 1", "1 January 2026 – 31 May 2026", "People withheld", "9c1f…", "SHA256:4b2e…"),
            (Count("Accepted", 1), Count("Question", 0), Count("Not sufficient", 1), Count("Not judged", 1)),
            (
                ClauseRow("8.5", "Auditing of the process", "Records found", "Not sufficient",
                          "No programme for next year.", "12 June 2026"),
                ClauseRow("8.6", "Management review", "Records found", "Accepted", "", "12 June 2026"),
                ClauseRow("8.7", "Continual improvement", "Gap", "Not judged", "", ""),
            ),
            (ItemRow("8.5", "Audit programme", "Not sufficient", "It ends in December.", "12 June 2026"),),
            (ConcernRow("8.5", "No programme for next year.", "AC-2026-009: Decide the programme, open"),),
            (CommentRow("8.6", "minutes.docx", "Rita Reviewer", "Clear minutes; keep this form.", "12 June 2026"),),
            (RequestRow("1", "8.5", "programme.xlsx", "The audit programme of next year", "26 June 2026",
                        "Decided on 18 June; attached.", "programme-2027.docx"),),
            (SeenRow("data/registers/complaints.xlsx", "taken", "2", "12 June 2026"),),
            (LeftOut("8.7", "The reviewer said nothing of it"),),
        )  # fmt: skip
