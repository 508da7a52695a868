"""Application to a certification body (iso10002.md 4.4, item 1): what is on record is filled in, the rest by hand."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class Applicant:
    """Facts of the organisation from its documents; empty ones leave a line to write on."""

    legal_name: str
    address: str
    phone: str
    email: str
    website: str
    representative: str
    people: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Certificate:
    """A certificate that is held or was held."""

    number: str
    title: str
    body: str
    valid_until: str
    state: str


@drawn_from(Kind.DOCUMENT, "reference")
@dataclass(frozen=True)
class Enclosure:
    """A document that goes with the application."""

    reference: str
    title: str
    version: str


@drawn_from(Kind.ENTRY, "title")
@dataclass(frozen=True)
class OutsideHandler:
    """An outsourced part of the process."""

    title: str
    does: str


@drawn_from(Kind.ORGANISATION, "organisation.name")
@dataclass(frozen=True)
class Application:
    """The whole application; template `certification-application`."""

    organisation: Organisation
    document: DocumentFacts
    applicant: Applicant
    standard: str
    scope: str
    complaints_a_year: str
    languages: str
    outsourced: tuple[OutsideHandler, ...]
    certificates: tuple[Certificate, ...]
    enclosures: tuple[Enclosure, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "Application":
        """A first application."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("APP-01", "1", "2 March 2026"),
            Applicant(
                "Borjomi Home Appliances Ltd", "12 Mill Street, 0105 Tbilisi", "0800 123 456", "quality@example.org",
                "https://example.org", "Nino Beridze, quality manager", "120",
            ),
            "ISO 10002:2018", "Complaints about goods, deliveries and repairs", "214", "Georgian, English",
            (OutsideHandler("Call centre Tbilisi", "Takes calls after 18:00"),),
            (Certificate("CERT-001", "ISO 9001:2015", "A body", "31 May 2027", "Valid"),),
            (Enclosure("POL-01", "Complaints-handling policy", "1"), Enclosure("MAN-01", "Manual", "2")),
            (LeftOut("Trade register extract", "To be added on paper"),),
        )  # fmt: skip
