"""A letter to a complainant (clauses 7.4 and 7.8), for those who are not reached by e-mail."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class LetterFacts:
    """What stands around the text. `direction` is ltr or rtl."""

    reference: str
    date: str
    subject: str
    direction: str


@dataclass(frozen=True)
class Recipient:
    """To whom it goes; `lines` are the known lines of the postal address."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Foot:
    """The foot of each page in the letter's language: which form it is in which version, the words around the numbers.

    `Page 1 of 3` is `before` 1 `between` 3 `after`.
    """

    form: str
    before: str
    between: str
    after: str


@drawn_from(Kind.COMPLAINT, "letter.reference")
@dataclass(frozen=True)
class Letter:
    """The whole letter; template `complaint-letter`."""

    organisation: Organisation
    letter: LetterFacts
    recipient: Recipient
    paragraphs: tuple[str, ...]
    foot: Foot

    @classmethod
    def example(cls) -> "Letter":
        """A short answer by post."""
        return cls(
            organisation=EXAMPLE_HOUSE,
            letter=LetterFacts("C-2026-000123", "2 March 2026", "Our decision on your complaint C-2026-000123", "ltr"),
            recipient=Recipient("Ann Smith", ("12 Mill Lane", "0105 Tbilisi", "Georgia")),
            paragraphs=(
                "Dear Ann Smith,",
                "We have looked into your complaint. Our decision: upheld. You get a new kettle.",
                "Yours sincerely\nNino Beridze\nBorjomi Home Appliances",
            ),
            foot=Foot("Decision letter, version 3", "Page ", " of ", " in all"),
        )
