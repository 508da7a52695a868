"""The principle-to-control matrix (clause 4), the list of documents with retention (clause 8.1), training records."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@drawn_from(Kind.CLAUSE, "ref")
@dataclass(frozen=True)
class Principle:
    """A principle with what keeps it: documents, records, questions that test it and what came of them."""

    ref: str
    title: str
    documents: tuple[str, ...]
    records: tuple[str, ...]
    questions: int
    result: str


@drawn_from(Kind.ORGANISATION, "organisation.name")
@dataclass(frozen=True)
class PrincipleMatrix:
    """The whole matrix; template `principle-matrix`."""

    organisation: Organisation
    document: DocumentFacts
    standard: str
    principles: tuple[Principle, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "PrincipleMatrix":
        """Two principles."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("MTX-01", "2026-03-02", "2 March 2026"),
            "ISO 10002:2018",
            (
                Principle("4.4", "Transparency", ("POL-01 Policy, 1: How we answer", "LEAF-01 Leaflet, 2: At a glance"),
                          ("Public information", "Communication plan"), 4, "4 of 4 answered, no nonconformity"),
                Principle("4.14", "Competence", (), ("Competence, training and evaluation",), 3,
                          "not checked"),
            ),
            (LeftOut("4.14 Competence", "No document in force is tied to it"),),
        )  # fmt: skip


@drawn_from(Kind.DOCUMENT, "reference")
@dataclass(frozen=True)
class Listed:
    """A document. `version` and `in_force` are empty where no version is in force, which `state` then says."""

    reference: str
    title: str
    kind: str
    version: str
    in_force: str
    owner: str
    review_by: str
    clauses: str
    state: str
    retention: str = ""
    distribution: str = ""


@drawn_from(Kind.SCHEDULE, "record")
@dataclass(frozen=True)
class Retained:
    """A kind of record: how long it is kept, why, where and by whom."""

    record: str
    period: str
    basis: str
    place: str
    keeper: str


@drawn_from(Kind.TEMPLATE, "title")
@dataclass(frozen=True)
class WordTemplate:
    """A template that documents are made with."""

    title: str
    origin: str
    version: str


@drawn_from(Kind.ORGANISATION, "organisation.name")
@dataclass(frozen=True)
class ListOfDocuments:
    """The whole list; template `list-of-documents`."""

    organisation: Organisation
    document: DocumentFacts
    documents: tuple[Listed, ...]
    retention: tuple[Retained, ...]
    templates: tuple[WordTemplate, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ListOfDocuments":
        """Two documents, one kind of record."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("LIST-01", "2026-03-02", "2 March 2026"),
            (
                Listed("POL-01", "Complaints-handling policy", "Policy", "1", "2 March 2026", "Nino Beridze",
                       "1 March 2027", "5.3, 7.1", "In force", "5 years", "All staff, public page"),
                Listed("PRO-02", "Procedure for remedies", "Procedure", "", "", "Maia Lomidze", "", "7.7",
                       "No version in force"),
            ),
            (Retained("Complaint files", "3 years after closing", "Consumer law", "auditkit", "Quality manager"),),
            (WordTemplate("Audit report", "Own template", "2"),),
            (LeftOut("Procedure for remedies", "No version in force"),),
        )  # fmt: skip


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Competence:
    """What somebody must be able to do, how it was reached, and what the evaluation said. Texts may be empty."""

    number: str
    title: str
    person: str
    role: str
    way: str
    done_on: str
    expires_on: str
    evaluated_on: str
    result: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Awareness:
    """A session for many."""

    number: str
    title: str
    audience: str
    date: str
    people: str


@drawn_from(Kind.ORGANISATION, "organisation.name")
@dataclass(frozen=True)
class TrainingRecord:
    """Competence, training and awareness; template `training-record`."""

    organisation: Organisation
    document: DocumentFacts
    competences: tuple[Competence, ...]
    awareness: tuple[Awareness, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "TrainingRecord":
        """Two people."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("TRN-01", "2026-03-02", "2 March 2026"),
            (
                Competence("COMP-001", "Handling difficult calls", "Maia Lomidze", "Complaint handler", "Training",
                           "12 January 2026", "12 January 2028", "20 February 2026", "Met"),
                Competence("COMP-002", "Auditing to ISO 19011", "Ketevan Maisuradze", "Auditor", "Training",
                           "3 March 2025", "", "", "Not evaluated"),
            ),
            (Awareness("AWA-001", "New policy explained", "All staff of the shops", "4 March 2026", "34"),),
            (LeftOut("COMP-002", "Not evaluated yet"),),
        )  # fmt: skip
