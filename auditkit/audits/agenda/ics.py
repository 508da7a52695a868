"""Invitations and feeds as iCalendar files (RFC 5545, RFC 5546), written by the library `icalendar` (decision 0009).

Knows no database. tests/slices/audits/test_audit_agenda.py parses what it writes.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from auditkit.audits.agenda.rules import Sending

if TYPE_CHECKING:
    from icalendar import Calendar, Event

PRODUCT = "-//auditkit//audits//EN"


@dataclass(frozen=True)
class Happening:
    """A line of a timetable as it is written into a calendar: moments as ISO text in UTC, and the zone to show them in.

    `description` is left out of feeds: whoever learns their address learns no names.
    """

    uid: str
    sequence: int
    title: str
    starts_at: str
    ends_at: str
    zone: str
    place: str = ""
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, to keep what was sent."""
        return asdict(self)


@dataclass(frozen=True)
class WholeDays:
    """An audit without a timetable, by its days (both included)."""

    uid: str
    sequence: int
    title: str
    first: date
    last: date
    place: str = ""


@dataclass(frozen=True)
class Correspondent:
    """Somebody an invitation goes to or comes from."""

    name: str
    email: str


def invitation(
    happening: Happening, sending: Sending, organiser: Correspondent, attendee: Correspondent, stamp: datetime
) -> bytes:
    """An iTIP message for one person about one line: come, it has changed, or it is off."""
    from icalendar import vCalAddress

    calendar = _calendar()
    calendar.add("method", sending.value)
    event = _event(happening, stamp)
    if happening.description:
        event.add("description", happening.description)
    event.add("status", "CANCELLED" if sending is Sending.CANCEL else "CONFIRMED")
    event.add("organizer", _address(vCalAddress, organiser))
    invited = _address(vCalAddress, attendee)
    invited.params["ROLE"] = "REQ-PARTICIPANT"
    invited.params["PARTSTAT"] = "NEEDS-ACTION"
    invited.params["RSVP"] = "TRUE"
    event.add("attendee", invited)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return _bytes(calendar)


def feed(name: str, happenings: Sequence[Happening], days: Sequence[WholeDays], stamp: datetime) -> bytes:
    """A calendar to subscribe to: titles, times and places, nothing else."""
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for one in happenings:
        calendar.add_component(_event(one, stamp))
    for whole in days:
        calendar.add_component(_whole(whole, stamp))
    calendar.add_missing_timezones()
    return _bytes(calendar)


def _calendar() -> "Calendar":
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _event(one: Happening, stamp: datetime) -> "Event":
    from icalendar import Event

    zone = ZoneInfo(one.zone)
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", stamp)
    event.add("summary", one.title)
    event.add("dtstart", datetime.fromisoformat(one.starts_at).astimezone(zone))
    event.add("dtend", datetime.fromisoformat(one.ends_at).astimezone(zone))
    if one.place:
        event.add("location", one.place)
    return event


def _whole(one: WholeDays, stamp: datetime) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", stamp)
    event.add("summary", one.title)
    event.add("dtstart", one.first)
    event.add("dtend", one.last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if one.place:
        event.add("location", one.place)
    return event


def _address(kind: Any, one: Correspondent) -> Any:
    address = kind(f"mailto:{one.email}")
    address.params["CN"] = one.name
    return address


def _bytes(calendar: "Calendar") -> bytes:
    written: bytes = calendar.to_ical()
    return written
