"""The manual (clause 6.1), and a role description that appoints somebody (clause 5.4)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.policy import Change, PolicyFacts, PolicySection
from auditkit.documents.contexts.records import Kind, drawn_from
from auditkit.documents.markdown import blocks


@drawn_from(Kind.FORM, "title")
@dataclass(frozen=True)
class ProcessStep:
    """A step of the process: who does it, within what time, and what it leaves on record. Texts may be empty."""

    number: str
    title: str
    who: str
    limit: str
    record: str


@drawn_from(Kind.DOCUMENT, "reference")
@dataclass(frozen=True)
class Reference:
    """A document in force that the manual leads to."""

    reference: str
    title: str
    version: str


@drawn_from(Kind.DOCUMENT, "document.reference")
@dataclass(frozen=True)
class ComplaintsManual:
    """The whole manual; template `complaints-manual`."""

    organisation: Organisation
    document: DocumentFacts
    policy: PolicyFacts
    sections: tuple[PolicySection, ...]
    steps: tuple[ProcessStep, ...]
    documents: tuple[Reference, ...]
    history: tuple[Change, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ComplaintsManual":
        """Two sections, four steps."""
        about = "This manual describes how we **receive, handle and close** complaints.\n\n- It binds all staff.\n"
        chart = "### From receipt to closing\n\n1. Every complaint gets a reference.\n\n> Danger comes first.\n"
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("MAN-01", "2", "2 March 2026"),
            PolicyFacts(
                "Complaints-handling manual", "Nino Beridze, quality manager", "Giorgi Kapanadze, director",
                "27 February 2026", "1 March 2027",
            ),
            (
                PolicySection("1", "About this manual", "6.1", blocks(about)),
                PolicySection("2", "The process at a glance", "6.1, 7", blocks(chart)),
            ),
            (
                ProcessStep("1", "Receipt", "Everybody in contact with customers", "at once", "Complaint register"),
                ProcessStep("2", "Acknowledgement", "Complaints desk", "1 working day", "Letter"),
                ProcessStep("3", "Investigation and decision", "Complaints desk", "20 working days", "Case file"),
                ProcessStep("4", "Closing", "Complaints desk", "", "Closing letter, survey"),
            ),
            (Reference("PRO-01", "Procedure from receipt to closing", "3"), Reference("POL-01", "Policy", "1")),
            (Change("2", "2 March 2026", "Survey added", "Giorgi Kapanadze"),),
            (LeftOut("Time limit of the closing", "No limit is set for this step"),),
        )  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """Who holds a role. Everything may be empty where the register of roles says nothing: it is filled in by hand."""

    name: str
    deputy: str
    limit: str
    appointed_on: str
    reports_to: str


@drawn_from(Kind.DOCUMENT, "document.reference")
@dataclass(frozen=True)
class RoleDescription:
    """The description of a role with its appointment; template `role-description`."""

    organisation: Organisation
    document: DocumentFacts
    policy: PolicyFacts
    holder: Holder
    sections: tuple[PolicySection, ...]
    history: tuple[Change, ...]

    @classmethod
    def example(cls) -> "RoleDescription":
        """The representative of management."""
        duties = "The representative:\n\n- keeps the process up to date;\n- reports to top management every month.\n"
        rights = "### Limits\n\n1. **Decides** up to 5,000 lari.\n\n> Above it top management decides.\n\nIn writing.\n"
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("ROLE-02", "1", "2 March 2026"),
            PolicyFacts(
                "Role description: representative of management for complaints handling",
                "Nino Beridze, quality manager", "Giorgi Kapanadze, director", "27 February 2026", "1 March 2027",
            ),
            Holder("Nino Beridze", "Maia Lomidze", "5,000 lari", "1 February 2026", "Director, weekly"),
            (
                PolicySection("1", "Duties", "5.4.2", blocks(duties)),
                PolicySection("2", "Authority", "5.4", blocks(rights)),
            ),
            (Change("1", "27 February 2026", "First version", "Giorgi Kapanadze"),),
        )  # fmt: skip
