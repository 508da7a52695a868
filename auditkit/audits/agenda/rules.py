"""What a timetable must be, how one is suggested, and when somebody is told of a change. Pure.

Held by tests/rules/test_agenda_rules.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.limits import Limit
from auditkit.base.text import N_

AGENDA_CHANGED = event("audit:agenda-changed", N_("Timetable of the audit changed"))
INVITED = event("audit:invited", N_("Invitations to the audit sent"))
FEED_MISSES = Limit("audits.feed-misses", 60)
"""Feed addresses that do not exist, asked for from one network in an hour; a calendar whose feed was taken back asks
a few times."""
FEED_MADE = event("calendar-feed:made", N_("Address of a calendar feed made"), about_records=False)
FEED_REVOKED = event("calendar-feed:revoked", N_("Address of a calendar feed taken back"), about_records=False)


class Activity(StrEnum):
    """What a line of the timetable is."""

    OPENING = "opening"
    AUDITING = "auditing"
    BREAK = "break"
    TEAM = "team"
    CLOSING = "closing"


ACTIVITY_TITLES = {
    Activity.OPENING: N_("Opening meeting"),
    Activity.AUDITING: N_("Auditing"),
    Activity.BREAK: N_("Break"),
    Activity.TEAM: N_("Team meeting"),
    Activity.CLOSING: N_("Closing meeting"),
}


class Part(StrEnum):
    """On which side of the table somebody sits."""

    AUDITOR = "auditor"
    AUDITEE = "auditee"


class Sending(StrEnum):
    """What an invitation says (iTIP, RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class ActivityMissing(BadInput):
    message = N_("Enter what is done then")


class EndsBeforeItStarts(BadInput):
    message = N_("Enter an end that is after the start (%(start)s)")


class OutsideTheDays(BadInput):
    message = N_("Enter a day of the audit: from %(first)s to %(last)s")


class Overlap(RuleBroken):
    message = N_("%(person)s is already busy then: %(activity)s, %(start)s to %(end)s (%(audit)s)")


class NobodyToInvite(RuleBroken):
    message = N_("Nothing to send: everybody in the timetable has its present state. Change it, or add people, first")


class AgendaIsThere(RuleBroken):
    message = N_("There is a timetable already. Take its lines out first, or change them one by one")


class AgendaStands(RuleBroken):
    message = N_("This audit is reported, so its timetable stands as it was")


class LineChanged(Conflict):
    message = N_("Somebody else changed this line meanwhile. Nothing was overwritten: reload the page and try again")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which somebody is busy; `audit` is its number."""

    starts_at: datetime
    ends_at: datetime
    activity: str
    audit: str

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the two have a moment in common; one may begin when the other ends."""
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Suggested:
    """A line of a suggested timetable, in UTC."""

    kind: Activity
    activity: str
    clauses: str
    starts_at: datetime
    ends_at: datetime
    auditor: int | None


def check_line(
    *, activity: str, day: date, starts_at: datetime, ends_at: datetime, first: date, last: date, zone: ZoneInfo
) -> None:
    """Raises ActivityMissing, OutsideTheDays or EndsBeforeItStarts."""
    if not activity.strip():
        raise ActivityMissing()
    if not first <= day <= last:
        raise OutsideTheDays(first=first, last=last)
    if ends_at <= starts_at:
        raise EndsBeforeItStarts(start=starts_at.astimezone(zone).time())


def check_free(busy: Mapping[int, Sequence[Slot]], names: Mapping[int, str], start: datetime, end: datetime,
               zone: ZoneInfo) -> None:  # fmt: skip
    """That nobody is in two places at once; `busy`: by person. Raises Overlap, which says where."""
    for person, slots in busy.items():
        for slot in slots:
            if slot.overlaps(start, end):
                raise Overlap(
                    person=names.get(person, ""),
                    activity=slot.activity,
                    start=slot.starts_at.astimezone(zone),
                    end=slot.ends_at.astimezone(zone).time(),
                    audit=slot.audit,
                )


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time of day in the organisation's zone, as a moment."""
    return datetime.combine(day, clock, zone)


OPENS, CLOSES = time(9), time(16, 30)
LUNCH = (time(12, 30), time(13, 15))
MEETING = timedelta(minutes=30)
LEAST = timedelta(minutes=30)


def suggest(
    sections: Sequence[tuple[str, str, int]],
    days: Sequence[date],
    auditors: Sequence[int],
    zone: ZoneInfo,
    words: Mapping[Activity, str],
) -> list[Suggested]:
    """A timetable from opening to closing meeting: each section (title, clauses, questions) gets time by its questions.

    Every auditor takes the next section as soon as they are free; with nobody, one column without names. `days` are
    the working days of the audit. Lunch is kept free, sections are not split over it.
    """
    columns: list[int | None] = list(auditors) or [None]
    first, last = days[0], days[-1]
    opening = at(first, OPENS, zone)
    closing = at(last, CLOSES, zone) - MEETING
    frames = _frames(days, opening + MEETING, closing - MEETING, zone)
    lines = [Suggested(Activity.OPENING, words[Activity.OPENING], "", opening, opening + MEETING, None)]
    lines += _filled(sections, frames, columns)
    lines += [
        Suggested(Activity.BREAK, words[Activity.BREAK], "", at(day, LUNCH[0], zone), at(day, LUNCH[1], zone), None)
        for day in days
    ]
    lines.append(Suggested(Activity.TEAM, words[Activity.TEAM], "", closing - MEETING, closing, None))
    lines.append(Suggested(Activity.CLOSING, words[Activity.CLOSING], "", closing, closing + MEETING, None))
    return sorted(lines, key=lambda one: (one.starts_at, one.ends_at))


def _frames(days: Sequence[date], start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The mornings and afternoons in which sections can be looked at."""
    found = []
    for day in days:
        opens = start if day == days[0] else at(day, OPENS, zone)
        closes = end if day == days[-1] else at(day, CLOSES, zone)
        found.append((opens, at(day, LUNCH[0], zone)))
        found.append((at(day, LUNCH[1], zone), closes))
    return [frame for frame in found if frame[1] - frame[0] >= LEAST]


def _filled(
    sections: Sequence[tuple[str, str, int]], frames: Sequence[tuple[datetime, datetime]], columns: Sequence[int | None]
) -> list[Suggested]:
    """Sections shared out over half days and auditors in their order, with time by their number of questions."""
    halves = [(frame, column) for frame in frames for column in columns]
    total = sum(count for _title, _clauses, count in sections) or 1
    room = sum(((end - start).total_seconds() for (start, end), _column in halves), 0.0)
    shares: list[list[tuple[str, str, int]]] = [[] for _ in halves]
    before, place = 0, 0
    for section in sections:
        middle = (before + section[2] / 2) / total * room
        place = _half_of(halves, middle, place)
        shares[place].append(section)
        before += section[2]
    return [line for half, share in zip(halves, shares, strict=True) for line in _half(half, share)]


def _half_of(halves: Sequence[tuple[tuple[datetime, datetime], int | None]], seconds: float, least: int) -> int:
    passed = 0.0
    for place, ((start, end), _column) in enumerate(halves):
        passed += (end - start).total_seconds()
        if seconds < passed and place >= least:
            return place
    return len(halves) - 1


def _half(half: tuple[tuple[datetime, datetime], int | None], share: Iterable[tuple[str, str, int]]) -> list[Suggested]:
    """The sections of one half day one after the other; with too many for their least time, several in one line."""
    (start, end), column = half
    sections = list(share)
    fit = max(1, int((end - start) / LEAST))
    size = -(-len(sections) // fit) if sections else 1
    groups = [sections[place : place + size] for place in range(0, len(sections), size)]
    total = sum(count for group in groups for _title, _clauses, count in group) or 1
    lines, begins = [], start
    for number, group in enumerate(groups):
        count = sum(one[2] for one in group)
        left = len(groups) - number - 1
        length = max(LEAST, _rounded((end - start) * (count / total)))
        ends = end if left == 0 else min(begins + length, end - LEAST * left)
        title = "; ".join(one[0] for one in group)
        clauses = ", ".join(dict.fromkeys(one[1] for one in group if one[1]))
        lines.append(Suggested(Activity.AUDITING, _cut(title, 200), _cut(clauses, 400), begins, ends, column))
        begins = ends
    return lines


def _cut(text: str, most: int) -> str:
    """The text, or its beginning with a sign that there is more."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _rounded(length: timedelta) -> timedelta:
    return timedelta(minutes=5 * round(length.total_seconds() / 300))


@dataclass(frozen=True, slots=True)
class Told:
    """The last thing somebody was sent about a line."""

    sending: Sending
    sequence: int


def to_send(present: bool, dropped: bool, sequence: int, last: Told | None) -> Sending | None:
    """What a person is to be sent about a line now: the line, its newest state, that it is off, or nothing.

    `present`: the person takes part in it. Nobody hears that something is off who never heard of it.
    """
    if present and not dropped:
        heard = last is not None and last.sending is Sending.REQUEST and last.sequence == sequence
        return None if heard else Sending.REQUEST
    if last is not None and last.sending is Sending.REQUEST:
        return Sending.CANCEL
    return None
