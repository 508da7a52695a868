"""Timetables: lines are suggested, changed and taken out; people are invited, told of changes, and uninvited.

tests/slices/audits/test_audit_agenda.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import delete, select

from auditkit.accounts.queries import members, reads_in, zone_of_house
from auditkit.audits.agenda import ics, queries, rules, telling
from auditkit.audits.agenda.models import AgendaInvitation, AgendaItem, AgendaPerson, CalendarFeed
from auditkit.audits.agenda.queries import LineView
from auditkit.audits.agenda.rules import ACTIVITY_TITLES, Activity, Part, Sending
from auditkit.audits.models import Audit
from auditkit.audits.queries import house, plans
from auditkit.audits.rules import METHOD_TITLES, Method, NotAnAuditor, State, TeamRole
from auditkit.audits.service.taking import taken
from auditkit.audits.wording import Wording
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.calendar.days import zone_of
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.base.delivery import Attachment
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest, new_secret
from auditkit.base.outbox import About
from auditkit.base.text import Points, _, language_written, spoken
from auditkit.base.verbs import verb
from auditkit.content.library import Library, in_language
from auditkit.documents.direction import figure
from auditkit.evidence import queries as evidence_of
from auditkit.evidence import service as evidence
from auditkit.evidence.intake import Received
from auditkit.journal.service import record
from auditkit.web.languages import day_in

INVITATION, FEED = "agenda-invitation", "calendar-feed"


@dataclass(frozen=True)
class SaveLine:
    """A line in the organisation's local time, a new one where `line_id` is None. People are members, by id."""

    number: str
    kind: Activity
    activity: str
    day: date
    start: time
    end: time
    method: Method = Method.ON_SITE
    clauses: str = ""
    place: str = ""
    whom: str = ""
    auditors: tuple[int, ...] = ()
    auditees: tuple[int, ...] = ()
    line_id: int | None = None
    version: int = 0


@dataclass(frozen=True)
class DropLine:
    number: str
    line_id: int


@dataclass(frozen=True)
class Suggest:
    number: str


@dataclass(frozen=True)
class Invite:
    """Tell everybody what they have not heard. `sender` is the address the invitations come from.

    `plan`: the plan as a Word file; everybody invited gets it with the first of their invitations.
    """

    number: str
    sender: str
    organiser: str
    plan: Received | None = None


@dataclass(frozen=True)
class MakeFeed:
    """A calendar feed for oneself; an earlier address stops working."""


@dataclass(frozen=True)
class RevokeFeed:
    """No feed any more."""


@verb("audits.plan", leaves=rules.AGENDA_CHANGED)
def save_line(tx: Session, command: SaveLine, now: datetime, actor: Actor) -> int:
    """Save a line; returns its id. A change that people were told of before counts up its sequence.

    Raises NotFound, AgendaStands, what `rules.check_line` refuses, Overlap, NotAnAuditor for strangers, LineChanged.
    """
    audit = _open_audit(tx, command.number)
    zone = zone_of_house(tx)
    start, end = rules.at(command.day, command.start, zone), rules.at(command.day, command.end, zone)
    rules.check_line(
        activity=command.activity,
        day=command.day,
        starts_at=start,
        ends_at=end,
        first=audit.planned_from,
        last=audit.planned_to,
        zone=zone,
    )
    people = _people(tx, command)
    if command.kind is not Activity.BREAK:
        names = {one.person_id: one.name for one in members(tx)}
        rules.check_free(queries.busy(tx, people, start, end, command.line_id), names, start, end, zone)
    item = _item(tx, audit, command)
    item.kind, item.activity, item.clauses = command.kind, command.activity.strip(), command.clauses.strip()
    item.starts_at, item.ends_at, item.method = start, end, command.method
    item.place, item.whom = command.place.strip(), command.whom.strip()
    item.version += 1
    tx.flush()
    _set_people(tx, item.id, people)
    _tell(tx, audit, now, actor, line=item.id, sequence=item.sequence)
    return item.id


def _open_audit(tx: Session, number: str) -> Audit:
    audit = taken(tx, number)
    if audit.state not in (State.PLANNED, State.RUNNING):
        raise rules.AgendaStands()
    return audit


def _people(tx: Session, command: SaveLine) -> dict[int, Part]:
    people = dict.fromkeys(command.auditees, Part.AUDITEE) | dict.fromkeys(command.auditors, Part.AUDITOR)
    if not set(people) <= {one.person_id for one in members(tx)}:
        raise NotAnAuditor()
    return people


def _item(tx: Session, audit: Audit, command: SaveLine) -> AgendaItem:
    """The line to write; its sequence goes up where its present state was sent to anybody."""
    if command.line_id is None:
        item = AgendaItem(audit_id=audit.id, uid=f"{new_secret(18)}@auditkit", sequence=0, version=0)
        tx.add(item)
        return item
    item = _line(tx, audit, command.line_id)
    if item.version != command.version:
        raise rules.LineChanged()
    if _was_sent(tx, item):
        item.sequence += 1
    return item


def _line(tx: Session, audit: Audit, line_id: int) -> AgendaItem:
    query = select(AgendaItem).where(
        AgendaItem.id == line_id, AgendaItem.audit_id == audit.id, AgendaItem.dropped_at.is_(None)
    )
    item = tx.execute(query).scalar_one_or_none()
    if item is None:
        raise NotFound()
    return item


def _was_sent(tx: Session, item: AgendaItem) -> bool:
    query = select(AgendaInvitation.id).where(
        AgendaInvitation.item_id == item.id, AgendaInvitation.sequence == item.sequence
    )
    return tx.execute(query.limit(1)).first() is not None


def _set_people(tx: Session, item_id: int, people: Mapping[int, Part]) -> None:
    tx.execute(delete(AgendaPerson).where(AgendaPerson.item_id == item_id))
    for person, part in people.items():
        tx.add(AgendaPerson(item_id=item_id, person_id=person, part=part))
    tx.flush()


def _tell(tx: Session, audit: Audit, now: datetime, actor: Actor, **facts: object) -> None:
    """Journal it; the timetable is part of the plan, so the plan has changed."""
    audit.changed_at = now
    subject = ("audit", audit.id)
    record(tx, rules.AGENDA_CHANGED, now=now, actor=actor, subject=subject, facts={"number": audit.number, **facts})


@verb("audits.plan", leaves=rules.AGENDA_CHANGED)
def drop_line(tx: Session, command: DropLine, now: datetime, actor: Actor) -> None:
    """Take a line out; where people were told of it, it stays to tell them that it is off. Raises NotFound."""
    audit = _open_audit(tx, command.number)
    item = _line(tx, audit, command.line_id)
    heard = tx.execute(select(AgendaInvitation.id).where(AgendaInvitation.item_id == item.id).limit(1)).first()
    if heard is None:
        tx.execute(delete(AgendaPerson).where(AgendaPerson.item_id == item.id))
        tx.delete(item)
    else:
        item.sequence += 1
        item.dropped_at = now
    tx.flush()
    _tell(tx, audit, now, actor, dropped=command.line_id)


@verb("audits.plan", leaves=rules.AGENDA_CHANGED)
def suggest(tx: Session, command: Suggest, now: datetime, actor: Actor, *, library: Library) -> int:
    """Fill an empty timetable from the sections of the checklist; returns the number of lines.

    Raises NotFound, AgendaStands, AgendaIsThere, and Overlap where somebody of the team is busy in another audit.
    """
    audit = _open_audit(tx, command.number)
    if queries.lines(tx, audit.id):
        raise rules.AgendaIsThere()
    zone = zone_of_house(tx)
    team = {one.person_id: one.role for one in plans.team(tx, audit.id)}
    auditors = [person for person, role in team.items() if role in (TeamRole.LEAD, TeamRole.AUDITOR)]
    checklist = plans.checklist(tx, audit.id) or library.checklist(audit.checklist_id)
    found = rules.suggest(
        [(one.title, ", ".join(_numbers(one.clauses)), len(one.items)) for one in checklist.sections],
        house.working_days(tx, audit.planned_from, audit.planned_to),
        auditors,
        zone,
        ACTIVITY_TITLES,  # kept in English; whoever reads the timetable reads them in their language
    )
    names = {one.person_id: one.name for one in members(tx)}
    for one in found:
        people = [] if one.kind is Activity.BREAK else [one.auditor] if one.auditor is not None else list(team)
        rules.check_free(queries.busy(tx, people, one.starts_at, one.ends_at, None), names, one.starts_at,
                         one.ends_at, zone)  # fmt: skip
        _add(tx, audit, one, people)
    _tell(tx, audit, now, actor, lines=len(found))
    return len(found)


def _numbers(clauses: Iterable[str]) -> list[str]:
    return [one.rpartition(":")[2] for one in clauses]


def _add(tx: Session, audit: Audit, one: rules.Suggested, people: Iterable[int]) -> None:
    places = audit.virtual_places if audit.method == Method.REMOTE else audit.places
    item = AgendaItem(
        audit_id=audit.id,
        uid=f"{new_secret(18)}@auditkit",
        kind=one.kind,
        activity=one.activity,
        clauses=one.clauses,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        method=audit.method,
        place=next(iter(places.splitlines()), ""),
    )
    tx.add(item)
    tx.flush()
    for person in people:
        tx.add(AgendaPerson(item_id=item.id, person_id=person, part=Part.AUDITOR))
    tx.flush()


# Telling people


@verb("audits.plan", leaves=rules.INVITED)
def invite(tx: Session, command: Invite, now: datetime, actor: Actor, *, library: Library | None = None) -> int:
    """Put invitations, changes and cancellations into the outbox; returns how many.

    Everybody is told only what they have not heard, in the language in which they read; the sections of the checklist
    too, where the `library` is given. Raises NotFound, AgendaStands, NobodyToInvite.
    """
    audit = _open_audit(tx, command.number)
    everything = queries.lines(tx, audit.id, dropped=True)
    told = queries.told(tx, [one.id for one in everything])
    addresses = queries.addresses(tx)
    plan = evidence.add(tx, evidence.Add([command.plan]), now, actor)[0] if command.plan else None
    planned = set[int]()
    count = 0
    for line in everything:
        for person in sorted(set(line.people) | {who for item, who in told if item == line.id}):
            last = told.get((line.id, person))
            sending = rules.to_send(person in line.people, line.dropped_at is not None, line.sequence, last)
            if sending is not None and person in addresses:
                first = sending is Sending.REQUEST and person not in planned
                planned |= {person} if first else set()
                to = (person, addresses[person])
                _send(tx, command, audit, line, to, sending, now, actor, plan if first else None, library)
                count += 1
    if not count:
        raise rules.NobodyToInvite()
    facts = {"number": audit.number, "messages": count}
    if command.plan:
        facts["plan"] = command.plan.digest
    record(tx, rules.INVITED, now=now, actor=actor, subject=("audit", audit.id), facts=facts)
    return count


def _send(
    tx: Session,
    command: Invite,
    audit: Audit,
    line: LineView,
    to: tuple[int, tuple[str, str]],
    sending: Sending,
    now: datetime,
    actor: Actor,
    plan: int | None,
    library: Library | None,
) -> None:
    person, (_name, email) = to
    language = reads_in(tx, person)
    words = Wording(in_language(library, language)) if library else None
    with spoken(language):
        (line,) = telling.read([line], words, audit.checklist_id)
        about = _about(audit, line)
        event = queries.happening(line, audit.number, zone_of_house(tx).key, about)
        subject = _("Off: %(title)s", title=event.title) if sending is Sending.CANCEL else event.title
        body = _body(event, about, sending)
    one = AgendaInvitation(
        item_id=line.id,
        person_id=person,
        sending=sending,
        sequence=line.sequence,
        event={**event.as_json(), "organiser": command.organiser, "sender": command.sender, "plan": plan},
        made_at=now,
        made_by=actor.person_id,
    )
    tx.add(one)
    tx.flush()
    outbox.put(
        tx,
        to=email,
        subject=subject,
        body=body,
        now=now,
        about=About(actor.organisation_id, INVITATION, one.id, audit.number),
    )


def _about(audit: Audit, line: LineView) -> str:
    """What an invitation says beside title, time and place."""
    parts = [audit.title, _(METHOD_TITLES[line.method])]
    if line.clauses:
        parts.append(_("Clauses: %(clauses)s", clauses=line.clauses))
    if line.whom:
        parts.append(_("With: %(people)s", people=Points(line.whom.splitlines())))
    return "\n".join(parts)


def _body(event: ics.Happening, about: str, sending: Sending) -> str:
    zone = zone_of(event.zone)
    start, end = (datetime.fromisoformat(one).astimezone(zone) for one in (event.starts_at, event.ends_at))
    day = day_in(day_of(start, zone), language_written())
    when = f"{day} {figure(f'{start:%H:%M} – {end:%H:%M}')} ({event.zone})"
    first = _("This is off:") if sending is Sending.CANCEL else _("You are asked to take part in an audit:")
    lines = [first, "", event.title, when, *([event.place] if event.place else []), "", about]
    return "\n".join([*lines, "", _("The attached file puts it into your calendar.")])


@outbox.attaches(INVITATION)
def _attached(tx: Session, invitation_id: int) -> list[Attachment]:
    """The calendar file of an invitation, and the plan where it goes with it, as when it was put into the outbox."""
    one = queries.invitation(tx, invitation_id)
    name, email = queries.addresses(tx).get(one.person_id, ("", "nobody@auditkit.invalid"))
    event = dict(one.event)
    plan = event.pop("plan", None)
    organiser = ics.Correspondent(event.pop("organiser", ""), event.pop("sender", ""))
    data = ics.invitation(ics.Happening(**event), one.sending, organiser, ics.Correspondent(name, email), one.made_at)
    found = [Attachment("invitation.ics", f"text/calendar; method={one.sending.value}; charset=UTF-8", data)]
    if plan is not None:
        file = evidence_of.file(tx, plan)
        content = b"".join(evidence_of.open_stream(tx, file.digest))
        found.append(Attachment(file.download_name, file.media_type, content))
    return found


# Feeds


@verb("audits.read", leaves=rules.FEED_MADE)
def make_feed(tx: Session, command: MakeFeed, now: datetime, actor: Actor) -> str:
    """Make an address for one's own calendar and return its secret, which is shown once; an earlier one ends."""
    _end_feed(tx, now, actor)
    secret = new_secret()
    feed = CalendarFeed(person_id=actor.person_id, secret_digest=digest(secret.encode()), made_at=now)
    tx.add(feed)
    tx.flush()
    record(tx, rules.FEED_MADE, now=now, actor=actor, subject=(FEED, feed.id), facts={"person": actor.person_id})
    return secret


@verb("audits.read", leaves=rules.FEED_REVOKED)
def revoke_feed(tx: Session, command: RevokeFeed, now: datetime, actor: Actor) -> None:
    """Take the address back. Raises NotFound where there is none."""
    feed = _end_feed(tx, now, actor)
    if feed is None:
        raise NotFound()
    record(tx, rules.FEED_REVOKED, now=now, actor=actor, subject=(FEED, feed.id), facts={"person": actor.person_id})


def _end_feed(tx: Session, now: datetime, actor: Actor) -> CalendarFeed | None:
    query = select(CalendarFeed).where(CalendarFeed.person_id == actor.person_id, CalendarFeed.revoked_at.is_(None))
    feed = tx.execute(query.with_for_update()).scalar_one_or_none()
    if feed is not None:
        feed.revoked_at = now
        tx.flush()
    return feed
