"""The complaints-handling policy (clause 5.3)."""

from dataclasses import dataclass, replace

from auditkit.base.jalali import persian_digits
from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from
from auditkit.documents.markdown import Block, blocks


@dataclass(frozen=True)
class PolicyFacts:
    """Approval and review. `approved_by` and `approved_on` are empty for a draft, which the document then says."""

    title: str
    owner: str
    approved_by: str
    approved_on: str
    review_by: str


@dataclass(frozen=True)
class PolicySection:
    """A numbered section. `clauses` names the clauses it answers (`4.6, 7.4`) and may be empty."""

    number: str
    title: str
    clauses: str
    blocks: tuple[Block, ...]


def section(number: int, title: str, clauses: str, markdown: str, language: str) -> PolicySection:
    """A section as the template takes it: its number and those of its steps in the digits of `language`."""
    steps = tuple(replace(one, label=numeral(one.label, language)) for one in blocks(markdown))
    return PolicySection(numeral(str(number), language), title, clauses, steps)


def numeral(number: str, language: str) -> str:
    """A number of the document's own in its digits. Numbers of clauses are names and stay as they are."""
    return persian_digits(number) if language == "fa" else number


@dataclass(frozen=True)
class Change:
    """A line of the version history."""

    version: str
    date: str
    change: str
    approved_by: str


@drawn_from(Kind.DOCUMENT, "document.reference")
@dataclass(frozen=True)
class ComplaintsPolicy:
    """The whole policy; template `complaints-policy`."""

    organisation: Organisation
    document: DocumentFacts
    policy: PolicyFacts
    sections: tuple[PolicySection, ...]
    history: tuple[Change, ...]

    @classmethod
    def example(cls) -> "ComplaintsPolicy":
        """A short approved policy."""
        purpose = """We want to hear when something went wrong, put it right and learn from it.

This policy covers:

- goods and services sold in our shops and on our web site;
- deliveries and repairs done in our name by partners;
- the way an earlier complaint was handled.
"""
        answer = """### What you can expect

1. **We confirm** that we have your complaint within one working day.
2. **We decide** and send our answer, with reasons, within twenty working days.
3. **We keep you informed**: if we need longer we tell you why and when.

> Complaining costs you nothing and has no effect on how you are served.
"""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("POL-01", "1.0", "2 March 2026"),
            PolicyFacts(
                "Complaints-handling policy", "Nino Beridze, quality manager", "Giorgi Kapanadze, director",
                "2 March 2026", "1 March 2027",
            ),
            (
                PolicySection("1", "Purpose and scope", "5.1, 5.3", blocks(purpose)),
                PolicySection("2", "How we answer", "4.6, 7.4, 7.8", blocks(answer)),
            ),
            (Change("1.0", "2 March 2026", "First version", "Giorgi Kapanadze"),),
        )  # fmt: skip
