"""Cover and clause index of an evidence pack (decision 10)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class PackFacts:
    """The pack in words; `standard` with its edition. `prepared_by` answers questions at `contact`."""

    title: str
    standard: str
    scope: str
    start: str
    end: str
    prepared_by: str
    contact: str


@dataclass(frozen=True)
class PackContent:
    """A folder of the pack."""

    folder: str
    description: str
    files: int


@dataclass(frozen=True)
class Seal:
    """How the pack is sealed: fingerprint of the key (SHA-256), head of the journal and the entry it belongs to."""

    key_fingerprint: str
    journal_head: str
    journal_entry: int


@dataclass(frozen=True)
class Omission:
    """Something the pack does not hold, why, and who accepted that."""

    what: str
    reason: str
    accepted_by: str


@drawn_from(Kind.PACK, "document.reference")
@dataclass(frozen=True)
class PackCover:
    """The whole cover; template `pack-cover`."""

    organisation: Organisation
    document: DocumentFacts
    pack: PackFacts
    contents: tuple[PackContent, ...]
    omissions: tuple[Omission, ...]
    seal: Seal

    @classmethod
    def example(cls) -> "PackCover":
        """A pack for a first review."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("PACK-2026-1", "1", "31 March 2026"),
            PackFacts(
                "Evidence pack for the first stage of certification", "ISO 10002:2018",
                "Complaints about goods, deliveries and repairs; head office and service centre",
                "1 March 2025", "31 March 2026", "Nino Beridze, quality manager", "quality@borjomi.example",
            ),
            (
                PackContent("documents", "Policy, audit plan and report, findings and actions", 5),
                PackContent("registers", "Complaints, findings, actions as tables", 3),
                PackContent("evidence", "Files that answers and actions refer to", 41),
            ),
            (
                Omission("Satisfaction survey (8.3)", "The first survey ends in June 2026", "Nino Beridze"),
                Omission("Complaint C-0240, recording of the call", "Deleted after 90 days as the law asks",
                         "Nino Beridze"),
            ),
            Seal("9f2c 41d7 0be6 5a83 77c1 ee09 3d5b 6f24 a0b8 12c7 94de 58f3 c6a1 7b02 e84d 3596",
                 "5b1e09c4f7a2d8836e40b95f1c7d2a68e3f094b7c15d8a2e6f370914bd8ac5e2", 1874),
        )  # fmt: skip


@dataclass(frozen=True)
class IndexedStandard:
    """The edition the index follows."""

    title: str


@drawn_from(Kind.FILE, "file")
@dataclass(frozen=True)
class IndexedFile:
    """A file or record shown for a clause. `digest` is the beginning of its SHA-256."""

    title: str
    file: str
    version: str
    date: str
    digest: str


@drawn_from(Kind.CLAUSE, "number")
@dataclass(frozen=True)
class IndexedClause:
    """A clause: `state` is records found, gap or not checked; `note` says why where nothing is shown."""

    number: str
    title: str
    state: str
    note: str
    files: tuple[IndexedFile, ...]


@drawn_from(Kind.PACK, "document.reference")
@dataclass(frozen=True)
class ClauseIndex:
    """The whole index; template `clause-index`."""

    organisation: Organisation
    document: DocumentFacts
    standard: IndexedStandard
    totals: tuple[Count, ...]
    clauses: tuple[IndexedClause, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ClauseIndex":
        """Four clauses, one of them a gap."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("PACK-2026-1/I", "1", "31 March 2026"),
            IndexedStandard("ISO 10002:2018"),
            (Count("Records found", 2), Count("Gap", 1), Count("Not checked", 1)),
            (
                IndexedClause("5.3", "Policy", "Records found", "", (
                    IndexedFile("Complaints-handling policy", "documents/complaints-policy.docx", "1.0",
                                "2 March 2026", "3fa94c1e"),
                    IndexedFile("Photograph of the notice in the shop", "evidence/5.3/E-0012 notice.jpg", "",
                                "4 March 2026", "b71d20aa"),
                )),
                IndexedClause("7.4", "Acknowledgement of complaint", "Records found", "", (
                    IndexedFile("Register of complaints", "registers/complaints.xlsx", "", "31 March 2026", "90c3e7f2"),
                )),
                IndexedClause("8.3", "Evaluation of the satisfaction with the complaints-handling process", "Gap",
                              "No survey has been made yet", ()),
                IndexedClause("8.6", "Management review of the complaints-handling process", "Not checked",
                              "The review takes place on 30 April", ()),
            ),
            (LeftOut("Annexes", "Informative; nothing is asked for"),),
        )  # fmt: skip
