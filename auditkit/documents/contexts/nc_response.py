"""Response to a nonconformity (clauses 8.5 and 8.7; domain reference 4.3)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation, Picture
from auditkit.documents.contexts.records import Kind, drawn_from

EXAMPLE_PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
"""One grey dot."""


@drawn_from(Kind.NONCONFORMITY, "number")
@dataclass(frozen=True)
class AnsweredNonconformity:
    """What is answered. Empty texts: not known, or raised by nobody from outside."""

    body: str
    number: str
    grade: str
    audit: str
    clause: str
    statement: str
    evidence: str
    raised: str
    accepted: str


@dataclass(frozen=True)
class ResponseFacts:
    """The action that answers it, part by part; an empty text means that it is not written yet.

    `fishbone` is empty where the cause was found by another method.
    """

    number: str
    title: str
    owner: str
    state: str
    correction: str
    correction_who: str
    correction_proof: str
    extent_looked: str
    extent_found: str
    cause: str
    cause_method: str
    cause_category: str
    fishbone: Picture
    plan: str
    done: str
    done_who: str
    criterion: str
    criterion_wait: str
    figures: str
    verification: str
    verified_who: str
    closed: str


@dataclass(frozen=True)
class CauseRow:
    """A line of the analysis; `level` 1 at the top, `root` empty where it is no root cause."""

    level: str
    text: str
    root: str


@dataclass(frozen=True)
class EightDRow:
    """A part of the 8D report."""

    part: str
    text: str


@dataclass(frozen=True)
class StepRow:
    """A step of the plan; `done` empty: not yet."""

    title: str
    owner: str
    due: str
    cost: str
    done: str
    proof: str


@dataclass(frozen=True)
class DeadlineRow:
    """A time limit and whether it was kept."""

    what: str
    due: str
    state: str


@dataclass(frozen=True)
class ReviewRow:
    """What the body said."""

    day: str
    verdict: str
    text: str


@drawn_from(Kind.ACTION, "response.number")
@dataclass(frozen=True)
class NcResponse:
    """The whole response; template `nc-response`."""

    organisation: Organisation
    document: DocumentFacts
    nonconformity: AnsweredNonconformity
    response: ResponseFacts
    deadlines: tuple[DeadlineRow, ...]
    causes: tuple[CauseRow, ...]
    eight_d: tuple[EightDRow, ...]
    steps: tuple[StepRow, ...]
    reviews: tuple[ReviewRow, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "NcResponse":
        """A major nonconformity, answered and verified."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("AC-2026-004", "7", "15 June 2026"),
            AnsweredNonconformity(
                "Example Certification Ltd", "NC-2", "Major nonconformity", "Stage 2, 2 and 3 March 2026",
                "ISO 10002:2018, 7.4", "Complaints are not acknowledged within the time that is promised.",
                "Register: 4 of 20 files sampled, acknowledged after three to five working days.",
                "3 March 2026, Lead Auditor", "Nino Beridze",
            ),
            ResponseFacts(
                "AC-2026-004", "Acknowledgement by the register itself", "Nino Beridze", "Closed",
                "The four complainants were written to.", "4 March 2026, Maia Lomidze", "Letters in the case files",
                "All complaints since January, both service centres",
                "Three further late acknowledgements in the service centre North; answered the same day",
                "Acknowledgement waits for the person who opens the mail", "Five whys", "Procedure missing or unclear",
                Picture(EXAMPLE_PICTURE),
                "The register acknowledges by itself; a deputy reads the mailbox.",
                "Automatic acknowledgement in use since 16 March.", "20 March 2026, Nino Beridze",
                "At most one late acknowledgement in 60 days", "60 days after it is done",
                "before 7, after 0, over 60 days each", "The register was searched: none late.",
                "1 June 2026, Ketevan Maisuradze", "3 June 2026",
            ),
            (
                DeadlineRow("Response with plan", "2 April 2026", "Done in time"),
                DeadlineRow("Effect verified", "1 June 2026", "Done in time"),
            ),
            (
                CauseRow("1", "Acknowledged late", ""),
                CauseRow("2", "The mail was not opened", ""),
                CauseRow("3", "One person opens it, without a deputy", "Root cause"),
            ),
            (EightDRow("D1 Team", "Nino Beridze, Maia Lomidze"),),
            (
                StepRow("Switch the automatic acknowledgement on", "Maia Lomidze", "16 March 2026", "120.00 EUR",
                        "16 March 2026", "Test complaint C-2026-000021"),
                StepRow("Name a deputy for the mailbox", "Nino Beridze", "20 March 2026", "", "18 March 2026",
                        "Rota of March"),
            ),
            (ReviewRow("10 June 2026", "Accepted", "To be seen again at the next surveillance."),),
            (LeftOut("Files that show it", "They stay in the organisation and can be asked for"),),
        )  # fmt: skip
