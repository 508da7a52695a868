"""A register, and one entry of it, as forms on paper (clause 8.1): their fields are content, so they come as rows."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class RegisterHead:
    """What the register is for; `reviewed` says how often its entries are looked at."""

    title: str
    purpose: str
    clauses: str
    reviewed: str
    entries: int


@dataclass(frozen=True)
class Field:
    """A field of an entry and what stands in it."""

    label: str
    value: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class FormEntry:
    """An entry with the fields that say something; `review` empty: not looked at again by itself."""

    number: str
    title: str
    keeper: str
    review: str
    standing: str
    fields: tuple[Field, ...]


@drawn_from(Kind.REGISTER, "document.reference")
@dataclass(frozen=True)
class RegisterForm:
    """The whole register; template `register`."""

    organisation: Organisation
    document: DocumentFacts
    register: RegisterHead
    entries: tuple[FormEntry, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "RegisterForm":
        """Two risks."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("RISK", "2026-03-02", "2 March 2026"),
            RegisterHead("Risks and opportunities", "What could keep complaints from being handled well.",
                         "5.1, 6.1, 8.6", "after 6 months", 2),
            (
                FormEntry("RISK-001", "Spoken complaints are not recorded", "Nino Beridze", "2 September 2026",
                          "Current",
                          (Field("Kind", "Risk"), Field("What would follow", "Patterns stay hidden"),
                           Field("Level", "High (12)"))),
                FormEntry("RISK-002", "Due dates are missed in holidays", "Maia Lomidze", "", "Review overdue",
                          (Field("Kind", "Risk"), Field("Treatment", "Make it less likely"))),
            ),
            (LeftOut("Entries taken out of use: 1", "They stay in the organisation and can be asked for"),),
        )  # fmt: skip


@dataclass(frozen=True)
class EntryHead:
    """One entry as it stands."""

    number: str
    title: str
    register: str
    clauses: str
    keeper: str
    written: str
    review: str
    standing: str


@dataclass(frozen=True)
class ReviewLine:
    """A look at the entry."""

    day: str
    person: str
    outcome: str


@dataclass(frozen=True)
class MeasurementLine:
    """What an objective came to on a day, and against its target."""

    day: str
    value: str
    result: str
    note: str


@dataclass(frozen=True)
class TieLine:
    """A record that the entry has to do with."""

    kind: str
    name: str


@dataclass(frozen=True)
class VersionLine:
    """From when the entry said something else, and in which fields."""

    version: int
    day: str
    person: str
    fields: str


@drawn_from(Kind.ENTRY, "entry.number")
@dataclass(frozen=True)
class RegisterEntryForm:
    """One entry with all about it; template `register-entry`."""

    organisation: Organisation
    document: DocumentFacts
    entry: EntryHead
    fields: tuple[Field, ...]
    measurements: tuple[MeasurementLine, ...]
    reviews: tuple[ReviewLine, ...]
    ties: tuple[TieLine, ...]
    versions: tuple[VersionLine, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "RegisterEntryForm":
        """A risk after its first review."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("RISK-001", "2", "2 September 2026"),
            EntryHead("RISK-001", "Spoken complaints are not recorded", "Risks and opportunities", "5.1, 6.1, 8.6",
                      "Nino Beridze", "2 March 2026", "2 March 2027", "Current"),
            (Field("Kind", "Risk"), Field("What would follow", "Patterns stay hidden"), Field("Level", "High (12)"),
             Field("Level after treatment", "Medium (6)")),
            (MeasurementLine("31 August 2026", "12 calls", "reached", "Counted against visits"),),
            (ReviewLine("2 September 2026", "Nino Beridze", "Twelve calls were recorded in August."),),
            (TieLine("Complaint", "C-2026-000021"), TieLine("Action", "AC-2026-004")),
            (VersionLine(1, "2 March 2026", "Nino Beridze", ""),
             VersionLine(2, "2 September 2026", "Nino Beridze", "Level after treatment")),
            (LeftOut("Files that show it", "They stay in the organisation and can be asked for"),),
        )  # fmt: skip
