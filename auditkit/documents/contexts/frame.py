"""Scope and context (clause 5.1), objectives and targets (clause 6.2)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@drawn_from(Kind.DOCUMENT, "source")
@dataclass(frozen=True)
class Scope:
    """What the process covers, as the document in force says it; empty where none says it."""

    text: str
    source: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Issue:
    """An internal or external issue."""

    number: str
    title: str
    kind: str
    effect: str
    weight: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Party:
    """An interested party with what it needs and expects."""

    number: str
    title: str
    needs: str
    met: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Duty:
    """A duty by law, contract or own promise."""

    number: str
    title: str
    demands: str
    kept: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Risk:
    """A risk or an opportunity and what is done about it."""

    number: str
    title: str
    kind: str
    likelihood: str
    impact: str
    treatment: str
    keeper: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Outsourced:
    """Somebody outside who handles complaints in the organisation's name."""

    number: str
    title: str
    does: str
    agreement: str


@drawn_from(Kind.ORGANISATION, "organisation.name")
@dataclass(frozen=True)
class ScopeAndContext:
    """The whole document; template `scope-and-context`."""

    organisation: Organisation
    document: DocumentFacts
    scope: Scope
    issues: tuple[Issue, ...]
    parties: tuple[Party, ...]
    duties: tuple[Duty, ...]
    risks: tuple[Risk, ...]
    outsourced: tuple[Outsourced, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "ScopeAndContext":
        """One line of each."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("CTX-01", "2026-03-02", "2 March 2026"),
            Scope("Complaints about goods, deliveries and repairs in Georgia, by all channels.", "POL-01, version 1"),
            (Issue("ISS-001", "More orders by telephone", "External", "Calls wait longer in the evening", "High"),),
            (Party("PAR-001", "Customers with impaired hearing", "A way without telephone", "Partly"),),
            (Duty("LAW-001", "Consumer protection law", "Answer within 30 days", "Nino Beridze, every year"),),
            (
                Risk("RISK-001", "Complaints by social media are not seen", "Risk", "Likely", "Serious",
                     "Reduce: mailbox is read twice a day", "Maia Lomidze"),
            ),
            (Outsourced("OUT-001", "Call centre Tbilisi", "Takes calls after 18:00", "Agreement of 1 May 2025"),),
            (LeftOut("Retired entries", "They are kept in the registers"),),
        )  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What an objective came to on a day."""

    date: str
    value: str
    note: str


@drawn_from(Kind.ENTRY, "number")
@dataclass(frozen=True)
class Objective:
    """An objective. `latest` is the newest measurement, `state` reached, not reached or not measured."""

    number: str
    title: str
    measure: str
    target: str
    due: str
    keeper: str
    plan: str
    latest: str
    state: str
    measured: tuple[Measured, ...]


@drawn_from(Kind.REGISTER, "document.reference")
@dataclass(frozen=True)
class Objectives:
    """Objectives, targets and results; template `objectives`."""

    organisation: Organisation
    document: DocumentFacts
    objectives: tuple[Objective, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "Objectives":
        """Two objectives, one measured three times."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("OBJ", "2026-03-31", "31 March 2026"),
            (
                Objective("OBJ-001", "Answer sooner", "Share decided within 20 working days", "at least 90 %",
                          "31 December 2026", "Nino Beridze", "One more person on the desk from April", "92 %",
                          "reached",
                          (Measured("31 January 2026", "84 %", ""), Measured("28 February 2026", "88 %", ""),
                           Measured("31 March 2026", "92 %", "new desk"))),
                Objective("OBJ-002", "Be trusted", "Mean satisfaction with the handling", "at least 4.0 of 5",
                          "31 December 2026", "Maia Lomidze", "Call back after each refusal", "", "not measured", ()),
            ),
            (LeftOut("OBJ-002", "Not measured yet"),),
        )  # fmt: skip
