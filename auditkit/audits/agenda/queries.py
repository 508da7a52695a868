"""Timetables with their people, what was sent of them, feeds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.accounts.queries import days_of_house, members, zone_of_house
from auditkit.audits.agenda import models
from auditkit.audits.agenda.ics import Happening, WholeDays
from auditkit.audits.agenda.models import AgendaItem, AgendaPerson
from auditkit.audits.agenda.rules import ACTIVITY_TITLES, Activity, Part, Sending, Slot, Told
from auditkit.audits.models import Audit, AuditMember
from auditkit.audits.rules import AuditKind, Method
from auditkit.base.db import UNSCOPED, Session
from auditkit.base.errors import NotFound
from auditkit.base.text import _, enumerated


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the timetable; moments in UTC, people by id."""

    id: int
    audit_id: int
    uid: str
    sequence: int
    kind: Activity
    activity: str
    clauses: str
    starts_at: datetime
    ends_at: datetime
    method: Method
    place: str
    whom: str
    dropped_at: datetime | None
    version: int
    auditors: tuple[int, ...] = ()
    auditees: tuple[int, ...] = ()

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody of the organisation who takes part."""
        return (*self.auditors, *self.auditees)


_PLAIN = tuple(
    getattr(AgendaItem, name) for name in LineView.__dataclass_fields__ if name not in ("auditors", "auditees")
)


def lines(tx: Session, audit_id: int, *, dropped: bool = False) -> list[LineView]:
    """The timetable of an audit, in order; with those taken out where `dropped`."""
    query = select(*_PLAIN).where(AgendaItem.audit_id == audit_id)
    if not dropped:
        query = query.where(AgendaItem.dropped_at.is_(None))
    return _views(tx, query)


def lines_of_audits(tx: Session, audit_ids: Sequence[int]) -> dict[int, list[LineView]]:
    """The timetables of several audits, in order, without what was taken out; two statements, however many."""
    found: dict[int, list[LineView]] = {one: [] for one in audit_ids}
    query = select(*_PLAIN).where(AgendaItem.audit_id.in_(audit_ids), AgendaItem.dropped_at.is_(None))
    for one in _views(tx, query):
        found[one.audit_id].append(one)
    return found


def line(tx: Session, audit_id: int, line_id: int) -> LineView:
    """One line that is not taken out. Raises NotFound."""
    found = [one for one in lines(tx, audit_id) if one.id == line_id]
    if not found:
        raise NotFound()
    return found[0]


def _views(tx: Session, query: Any) -> list[LineView]:
    rows = tx.execute(query.order_by(AgendaItem.starts_at, AgendaItem.ends_at, AgendaItem.id)).all()
    people = _people(tx, [row.id for row in rows])
    found = []
    for row in rows:
        plain = {column.key: getattr(row, column.key) for column in _PLAIN}
        sides = people.get(row.id, {})
        found.append(
            LineView(
                **{**plain, "kind": Activity(row.kind), "method": Method(row.method)},
                auditors=tuple(sides.get(Part.AUDITOR, ())),
                auditees=tuple(sides.get(Part.AUDITEE, ())),
            )
        )
    return found


def _people(tx: Session, ids: Sequence[int]) -> dict[int, dict[Part, list[int]]]:
    found: dict[int, dict[Part, list[int]]] = {}
    if not ids:
        return found
    query = select(AgendaPerson.item_id, AgendaPerson.person_id, AgendaPerson.part).where(AgendaPerson.item_id.in_(ids))
    for row in tx.execute(query.order_by(AgendaPerson.id)):
        found.setdefault(row.item_id, {}).setdefault(Part(row.part), []).append(row.person_id)
    return found


def busy(
    tx: Session, person_ids: Collection[int], starts_at: datetime, ends_at: datetime, but: int | None
) -> dict[int, list[Slot]]:
    """When these people are busy in that time, in any audit, by person; `but`: a line that does not count."""
    query = (
        select(
            AgendaPerson.person_id,
            AgendaItem.starts_at,
            AgendaItem.ends_at,
            AgendaItem.kind,
            AgendaItem.activity,
            Audit.number,
        )
        .join(AgendaItem, AgendaItem.id == AgendaPerson.item_id)
        .join(Audit, Audit.id == AgendaItem.audit_id)
        .where(
            AgendaPerson.person_id.in_(list(person_ids)),
            AgendaItem.dropped_at.is_(None),
            AgendaItem.starts_at < ends_at,
            AgendaItem.ends_at > starts_at,
            AgendaItem.kind != Activity.BREAK,
        )
        .order_by(AgendaItem.starts_at)
    )
    if but is not None:
        query = query.where(AgendaItem.id != but)
    found: dict[int, list[Slot]] = {}
    for row in tx.execute(query):
        activity = _called(Activity(row.kind), row.activity)
        found.setdefault(row.person_id, []).append(Slot(row.starts_at, row.ends_at, activity, row.number))
    return found


def told(tx: Session, item_ids: Sequence[int]) -> dict[tuple[int, int], Told]:
    """The last thing each person was sent about each line, by (line, person)."""
    query = (
        select(
            models.AgendaInvitation.item_id,
            models.AgendaInvitation.person_id,
            models.AgendaInvitation.sending,
            models.AgendaInvitation.sequence,
        )
        .where(models.AgendaInvitation.item_id.in_(item_ids))
        .order_by(models.AgendaInvitation.id)
    )
    return {(row.item_id, row.person_id): Told(Sending(row.sending), row.sequence) for row in tx.execute(query)}


def sent(tx: Session, audit_id: int) -> list[tuple[datetime, int, int]]:
    """(when, people, messages) of each sending of an audit's timetable, newest first."""
    query = (
        select(models.AgendaInvitation.made_at, models.AgendaInvitation.person_id)
        .join(AgendaItem, AgendaItem.id == models.AgendaInvitation.item_id)
        .where(AgendaItem.audit_id == audit_id)
    )
    found: dict[datetime, list[int]] = {}
    for row in tx.execute(query):
        found.setdefault(row.made_at, []).append(row.person_id)
    return [(at, len(set(people)), len(people)) for at, people in sorted(found.items(), reverse=True)]


def addresses(tx: Session) -> dict[int, tuple[str, str]]:
    """(name, e-mail address) of the members, by person."""
    return {one.person_id: (one.name, one.email) for one in members(tx)}


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What one person was sent, enough to make the file again."""

    event: dict[str, Any]
    sending: Sending
    person_id: int
    made_at: datetime
    number: str


def invitation(tx: Session, invitation_id: int) -> InvitationView:
    """One thing that was sent. Raises NotFound."""
    row = tx.execute(
        select(
            models.AgendaInvitation.event,
            models.AgendaInvitation.sending,
            models.AgendaInvitation.person_id,
            models.AgendaInvitation.made_at,
            Audit.number,
        )
        .join(AgendaItem, AgendaItem.id == models.AgendaInvitation.item_id)
        .join(Audit, Audit.id == AgendaItem.audit_id)
        .where(models.AgendaInvitation.id == invitation_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return InvitationView(row.event, Sending(row.sending), row.person_id, row.made_at, row.number)


# Feeds


@dataclass(frozen=True, slots=True)
class FeedView:
    """A person's feed in one organisation."""

    id: int
    organisation_id: int
    person_id: int
    made_at: datetime


def feed_of(tx: Session, person_id: int) -> FeedView | None:
    """The live feed of a person, or None."""
    row = tx.execute(
        select(
            models.CalendarFeed.id,
            models.CalendarFeed.organisation_id,
            models.CalendarFeed.person_id,
            models.CalendarFeed.made_at,
        ).where(models.CalendarFeed.person_id == person_id, models.CalendarFeed.revoked_at.is_(None))
    ).one_or_none()
    return FeedView(*row) if row else None


def feed_by_secret(session: Session, secret_digest: str) -> FeedView | None:
    """The live feed with this secret, of whatever organisation: its address names none."""
    row = session.execute(
        select(
            models.CalendarFeed.id,
            models.CalendarFeed.organisation_id,
            models.CalendarFeed.person_id,
            models.CalendarFeed.made_at,
        )
        .where(models.CalendarFeed.secret_digest == secret_digest, models.CalendarFeed.revoked_at.is_(None))
        .execution_options(**{UNSCOPED: True})
    ).one_or_none()
    return FeedView(*row) if row else None


def calendar_of(tx: Session, person_id: int, since: date) -> tuple[list[Happening], list[WholeDays]]:
    """A person's lines, and the audits of their teams that have no timetable yet, from a day on."""
    zone, begins = zone_of_house(tx).key, days_of_house(tx, since, since).begins
    mine = select(AgendaPerson.item_id).where(AgendaPerson.person_id == person_id)
    numbers = {row.id: row.number for row in tx.execute(select(Audit.id, Audit.number))}
    found = _views(tx, select(*_PLAIN).where(AgendaItem.id.in_(mine), AgendaItem.dropped_at.is_(None)))
    happenings = [happening(one, numbers[one.audit_id], zone) for one in found if one.starts_at >= begins]
    with_lines = select(AgendaItem.audit_id).where(AgendaItem.dropped_at.is_(None))
    rows = tx.execute(
        select(Audit.number, Audit.title, Audit.planned_from, Audit.planned_to, Audit.places, Audit.version)
        .join(AuditMember, AuditMember.audit_id == Audit.id)
        .where(
            AuditMember.person_id == person_id,
            Audit.planned_to >= since,
            Audit.kind != AuditKind.OUTSIDE,
            Audit.id.not_in(with_lines),
        )
    )
    days = [
        WholeDays(f"{row.number}-{person_id}@auditkit", row.version, f"{row.number} {row.title}", row.planned_from,
                  row.planned_to, ", ".join(row.places.splitlines()))
        for row in rows
    ]  # fmt: skip
    return happenings, days


def _called(kind: Activity, activity: str) -> str:
    """Meetings and breaks are kept under the English title of their kind (`agenda.telling`)."""
    return _(activity) if activity == ACTIVITY_TITLES[kind] else activity


def happening(one: LineView, number: str, zone: str, description: str = "") -> Happening:
    """A line as a calendar knows it, in the language spoken."""
    return Happening(
        uid=one.uid,
        sequence=one.sequence,
        title=_("Audit %(number)s: %(activity)s", number=number, activity=_called(one.kind, one.activity)),
        starts_at=one.starts_at.isoformat(),
        ends_at=one.ends_at.isoformat(),
        zone=zone,
        place=enumerated(one.place.splitlines()),
        description=description,
    )
