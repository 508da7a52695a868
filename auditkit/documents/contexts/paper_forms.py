"""Forms to fill in by hand: for the complainant (Annex C) and for whoever follows a complaint up (Annex F)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class WaysBack:
    """Where the filled form goes. What is not known is empty and left out."""

    post: str
    phone: str
    online: str
    acknowledged_within: str
    decided_within: str


@drawn_from(Kind.FORM, "document.reference")
@dataclass(frozen=True)
class ComplainantForm:
    """The form for those who complain on paper; template `complainant-form`."""

    organisation: Organisation
    document: DocumentFacts
    ways: WaysBack
    problems: tuple[str, ...]
    remedies: tuple[str, ...]

    @classmethod
    def example(cls) -> "ComplainantForm":
        """With three problems and three remedies to tick."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("FORM-01", "1", "2 March 2026"),
            WaysBack(
                "12 Mill Street, 0105 Tbilisi", "0800 123 456", "https://complaints.example.org/p/borjomi/",
                "1 working day", "20 working days",
            ),
            ("Product broken or faulty", "Delivery late or missing", "Behaviour of staff"),
            ("Repair", "Money back", "Apology"),
        )  # fmt: skip


@dataclass(frozen=True)
class FollowUpStep:
    """A step to be ticked off; `limit` is empty where none is set."""

    number: str
    title: str
    limit: str


@drawn_from(Kind.FORM, "document.reference")
@dataclass(frozen=True)
class FollowUpForm:
    """The sheet that goes with a complaint handled on paper; template `follow-up-form`."""

    organisation: Organisation
    document: DocumentFacts
    channels: tuple[str, ...]
    severities: tuple[str, ...]
    steps: tuple[FollowUpStep, ...]
    outcomes: tuple[str, ...]
    remedies: tuple[str, ...]

    @classmethod
    def example(cls) -> "FollowUpForm":
        """With four steps."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("FORM-02", "1", "2 March 2026"),
            ("Telephone", "E-mail", "Shop"),
            ("Low", "Medium", "High", "Critical"),
            (
                FollowUpStep("1", "Acknowledge", "1 working day"),
                FollowUpStep("2", "Assess", "2 working days"),
                FollowUpStep("3", "Decide and tell", "20 working days"),
                FollowUpStep("4", "Close", ""),
            ),
            ("Upheld", "Partly upheld", "Not upheld"),
            ("Repair", "Money back", "Apology"),
        )
