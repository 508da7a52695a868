"""A due date told line by line in the language of the screen: what began, what was counted, what was not, the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from auditkit.actions.queries import DueView
from auditkit.actions.rules import GRADE_TITLES, STARTS_TITLES, Grade, LimitRule, Starts
from auditkit.base.calendar.days import zone_of
from auditkit.base.text import N_, N_plural, _, ngettext
from auditkit.web.languages import day, listed, local_moment

UNITS = {
    ("days", False): N_plural("%(num)s calendar day", "%(num)s calendar days"),
    ("days", True): N_plural("%(num)s working day", "%(num)s working days"),
    ("weeks", False): N_plural("%(num)s week", "%(num)s weeks"),
    ("months", False): N_plural("%(num)s month", "%(num)s months"),
}
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


@dataclass(frozen=True)
class Told:
    """One line: when it was (a day, days or a moment) and what is said of it; `counts` where it moved the count on."""

    when: str
    text: str
    counts: bool = False


def amount(number: int, unit: str, working: bool) -> str:
    """A limit in words: "10 working days"."""
    one, many = UNITS[unit, working]
    return ngettext(one, many, number)


def limit_words(limit: LimitRule) -> str:
    """A limit of a scheme in words: "30 calendar days from the day it was raised"."""
    words = amount(limit.amount, limit.unit.value, limit.working)
    return _("%(time)s from %(start)s", time=words, start=_(STARTS_TITLES[limit.starts]))


def local(at: datetime, zone: str) -> str:
    """A moment as the clocks of `zone` show it."""
    return local_moment(at, zone_of(zone))


def last_day(due: DueView) -> date:
    """The day on which the time is up, where the organisation is."""
    return due.due_at.astimezone(zone_of(due.zone)).date()


def explanation(due: DueView) -> list[Told]:
    """How this due date was reached, from its start to its end."""
    lines: list[Told] = []
    for line in due.lines:
        lines.append(_TELLERS[line["is"]](due, line))
        if line["is"] == "start" and due.limit:
            asked = amount(due.limit["amount"], due.limit["unit"], due.limit["working"])
            grade = _(GRADE_TITLES[Grade(due.limit["grade"])])
            text = _("%(time)s by “%(scheme)s” for: %(grade)s", time=asked, scheme=due.limit["scheme"], grade=grade)
            lines.append(Told("", text))
    return lines


def calendar_words(due: DueView) -> str:
    """By which clock and calendar it was computed."""
    parts = [_("Times of %(zone)s.", zone=due.zone)]
    if due.calendar and due.limit.get("working"):
        days = listed(_(WEEKDAYS[one - 1]) for one in due.calendar["weekend"])
        if days:
            parts.append(_("Weekend: %(days)s.", days=days))
        if due.calendar["holidays_from"]:
            parts.append(_("Public holidays: %(source)s.", source=due.calendar["holidays_from"]))
    return " ".join(parts)


def _start(due: DueView, line: Mapping[str, Any]) -> Told:
    at = datetime.fromisoformat(line["at"])
    begun = _(STARTS_TITLES[Starts(due.limit.get("starts", "raised"))])
    if line["day_only"]:
        known = day(at.astimezone(zone_of(due.zone)).date())
        return Told(known, _("Begins with %(start)s; the hour is not known, so with the day", start=begun))
    return Told(local(at, due.zone), _("Begins with %(start)s", start=begun))


def _counted(due: DueView, line: Mapping[str, Any]) -> Told:
    first, last = line["first"], line["last"]
    one = first == last
    text = _("Day %(number)s", number=first) if one else _("Days %(first)s to %(last)s", first=first, last=last)
    if line.get("title"):
        text = _("%(days)s, worked: %(title)s", days=text, title=line["title"])
    return Told(_days(line), text, counts=True)


def _weekend(due: DueView, line: Mapping[str, Any]) -> Told:
    return Told(_days(line), _("Weekend, does not count"))


def _holiday(due: DueView, line: Mapping[str, Any]) -> Told:
    return Told(_days(line), _("Public holiday, does not count: %(title)s", title=line.get("title", "")))


def _off(due: DueView, line: Mapping[str, Any]) -> Told:
    return Told(_days(line), _("Day off, does not count: %(title)s", title=line.get("title", "")))


def _unknown(due: DueView, line: Mapping[str, Any]) -> Told:
    return Told(str(line["year"]), _("From here on no public holidays were known when this was computed"))


def _named(due: DueView, line: Mapping[str, Any]) -> Told:
    text = _("The day that the certification body named") if line.get("by") == "body" else _("The day that was agreed")
    return Told(day(date.fromisoformat(line["day"])), text, counts=True)


def _end(due: DueView, line: Mapping[str, Any]) -> Told:
    at = local(datetime.fromisoformat(line["at"]), due.zone)
    return Told(at, _("Due at closing time") if line.get("closing") else _("Due at the end of the day"))


_TELLERS = {
    "start": _start,
    "counted": _counted,
    "weekend": _weekend,
    "holiday": _holiday,
    "off": _off,
    "unknown": _unknown,
    "named": _named,
    "end": _end,
}


def _days(line: Mapping[str, Any]) -> str:
    first, last = date.fromisoformat(line["from"]), date.fromisoformat(line["to"])
    if first == last:
        return _("%(weekday)s, %(day)s", weekday=_(WEEKDAYS[first.isoweekday() - 1]), day=day(first))
    return _("%(first)s to %(last)s", first=day(first), last=day(last))
