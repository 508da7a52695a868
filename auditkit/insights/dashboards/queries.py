"""What dashboards read beside figures: kept ones, what is published, and every organisation of a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.queries import OrganisationView, actor_of, today_of_house
from auditkit.base.db import Session, reading, separate_scope
from auditkit.insights.dashboards.models import PublishedFigures, SavedDashboard
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import Figure, Selection, Span, period_of

OF_ALL = ("received", "acknowledged-on-time", "decided-on-time", "backlog", "backlog-over-60", "time-to-close")


@dataclass(frozen=True)
class Kept:
    """A dashboard that a person keeps. See models.SavedDashboard."""

    id: int
    name: str
    asked: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What everybody may see. `shown` False: nothing."""

    shown: bool = False
    figures: tuple[str, ...] = ()
    span: Span = Span.LAST_YEAR
    introduction: str = ""
    changed_at: datetime | None = None

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings."""
        return self.changed_at.isoformat() if self.changed_at else "-"


@dataclass(frozen=True)
class OfOrganisation:
    """One of a person's organisations with its figures; None where the person may not read them there."""

    organisation: OrganisationView
    selection: Selection
    figures: tuple[Figure, ...] | None


def kept(tx: Session, person_id: int | None) -> list[Kept]:
    """The dashboards of a person, by name."""
    if person_id is None:
        return []
    query = select(SavedDashboard).where(SavedDashboard.person_id == person_id).order_by(SavedDashboard.name)
    return [Kept(row.id, row.name, row.asked, tuple(row.figures)) for row in tx.execute(query).scalars()]


def published(tx: Session) -> Published:
    """What the organisation shows everybody."""
    row = tx.execute(select(PublishedFigures)).scalar_one_or_none()
    if row is None:
        return Published()
    return Published(row.shown, tuple(row.figures), Span(row.span), row.introduction, row.changed_at)


def of_all(
    houses: list[OrganisationView], person: tuple[int, str], span: Span, now: datetime
) -> Iterator[OfOrganisation]:  # fmt: skip
    """The figures of each organisation of a person (id and name), read under its own scope and with the role there."""
    for house in houses:
        actor = actor_of(house, *person)
        with separate_scope():
            tx = reading(actor)
            selection = Selection(period_of(span, today_of_house(tx, now)), span=span)
            figures = Board(tx, selection, now).figures(OF_ALL) if actor.may("complaints.read") else None
            tx.expunge_all()
        yield OfOrganisation(house, selection, figures)
