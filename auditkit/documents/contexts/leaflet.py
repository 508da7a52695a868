"""The leaflet for customers (clause 7.1), with a QR code to the form."""

import base64
from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, Organisation, Picture
from auditkit.documents.contexts.records import Kind, drawn_from
from auditkit.documents.markdown import Block, blocks

# One grey dot: an example holds a picture without importing what draws QR codes.
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")


@dataclass(frozen=True)
class LeafletFacts:
    """`address` is where the form is, `qr` its QR code; both empty where strangers have no page."""

    title: str
    address: str
    qr: Picture
    phone: str
    post: str


@dataclass(frozen=True)
class LeafletSection:
    """A section without number and clauses, which say nothing to customers."""

    title: str
    blocks: tuple[Block, ...]


@drawn_from(Kind.DOCUMENT, "document.reference")
@dataclass(frozen=True)
class Leaflet:
    """The whole leaflet; template `public-leaflet`."""

    organisation: Organisation
    document: DocumentFacts
    leaflet: LeafletFacts
    channels: tuple[str, ...]
    sections: tuple[LeafletSection, ...]

    @classmethod
    def example(cls) -> "Leaflet":
        """Two sections in plain words."""
        tell = "Tell us what happened. It **costs nothing**.\n\n- by telephone\n- in any shop\n"
        then = "### Step by step\n\n1. We confirm within one working day.\n\n> We treat you as before.\n"
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("LEAF-01", "1", "2 March 2026"),
            LeafletFacts(
                "How to complain", "https://complaints.example.org/p/borjomi/", Picture(base64.b64encode(DOT).decode()),
                "0800 123 456", "12 Mill Street, 0105 Tbilisi",
            ),
            ("Telephone", "E-mail", "In every shop"),
            (
                LeafletSection("Something went wrong?", blocks(tell)),
                LeafletSection("What happens then", blocks(then)),
            ),
        )  # fmt: skip
