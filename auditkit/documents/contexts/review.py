"""Minutes of a management review (clause 8.6)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import (
    EXAMPLE_CHART,
    EXAMPLE_HOUSE,
    ChartFacts,
    DocumentFacts,
    LeftOut,
    Organisation,
)
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class ReviewFacts:
    """The review. `signed` is empty while nobody signed; `digest` and `key` are those of the signature."""

    title: str
    held: str
    period: str
    place: str
    chair: str
    state: str
    signed: str
    digest: str
    key: str


@dataclass(frozen=True)
class Participant:
    """Somebody on the list; `management` says so for top management, else it is empty."""

    name: str
    function: str
    management: str
    state: str


@drawn_from(Kind.FIGURE, "label")
@dataclass(frozen=True)
class InputFigure:
    """A figure: `of` what it is a share of, `before` the same of the period before; both may be empty."""

    label: str
    value: str
    of: str
    before: str


@dataclass(frozen=True)
class InputRecord:
    """A record behind the figures, in one line."""

    text: str


@dataclass(frozen=True)
class ReviewedInput:
    """An input as it was frozen, with the digest that it can be found and checked by."""

    title: str
    digest: str
    figures: tuple[InputFigure, ...]
    charts: tuple[ChartFacts, ...]
    records: tuple[InputRecord, ...]


@dataclass(frozen=True)
class Words:
    """A paragraph of what was written."""

    text: str


@dataclass(frozen=True)
class MinutesItem:
    """An item of the agenda; `words` empty where nothing was written."""

    number: str
    title: str
    question: str
    clauses: str
    inputs: tuple[ReviewedInput, ...]
    words: tuple[Words, ...]


@drawn_from(Kind.ACTION, "action")
@dataclass(frozen=True)
class DecisionRow:
    """A decision; `action` empty until the minutes are signed."""

    label: str
    text: str
    owner: str
    due: str
    action: str


@drawn_from(Kind.REVIEW, "document.reference")
@dataclass(frozen=True)
class ReviewMinutes:
    """The whole minutes; template `review-minutes`."""

    organisation: Organisation
    document: DocumentFacts
    review: ReviewFacts
    participants: tuple[Participant, ...]
    items: tuple[MinutesItem, ...]
    decisions: tuple[DecisionRow, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ReviewMinutes":
        """A signed review of a quarter."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("MR-2026-01", "14", "9 April 2026"),
            ReviewFacts(
                "Management review, first quarter 2026", "7 April 2026", "1 January 2026 to 31 March 2026",
                "Head office, room 2", "Giorgi Kapanadze", "Signed", "8 April 2026, Giorgi Kapanadze",
                "5f0c2a51e1c1d5b7a1e6c5a0d9a5d4c0b8f0b1f4f7a2c3d4e5f60718293a4b5c", "SHA256:Zm9vYmFyYmF6cXV4",
            ),
            (
                Participant("Giorgi Kapanadze", "Managing director", "Top management", "Present"),
                Participant("Nino Beridze", "Quality manager", "", "Present"),
                Participant("Maia Lomidze", "Head of service", "", "Excused: on leave"),
            ),
            (
                MinutesItem(
                    "1", "Decisions of the last review", "What became of each decision?", "8.6.2, 8.7",
                    (
                        ReviewedInput(
                            "Decisions of earlier reviews", "1c2d3e4f",
                            (
                                InputFigure("Decisions followed up", "3", "", "2"),
                                InputFigure("of them done", "2", "3", ""),
                            ),
                            (EXAMPLE_CHART,),
                            (InputRecord("MR-2025-02/1 · Train a second auditor · Open · Overdue"),),
                        ),
                    ),
                    (Words("Two of three are done. The second auditor is trained in May."),),
                ),
                MinutesItem("2", "Suitable", "Does the process still suit the organisation?", "8.6.1", (),
                            (Words("Yes: the share on time rose to 96 % while volume doubled."),)),
            ),
            (
                DecisionRow("MR-2026-01/1", "Train a second auditor", "Nino Beridze", "31 May 2026", "AC-2026-007"),
            ),
            (LeftOut("Files of the inputs", "They stay in the program and are found there by their digests"),),
        )  # fmt: skip
