"""A due date told line by line in the language of the screen: what began, what was counted, what was not, the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from auditkit.base.calendar.days import zone_of
from auditkit.base.text import N_, SEMICOLON, N_plural, _, enumerated, ngettext
from auditkit.complaints.clock.queries import DueView, LimitView
from auditkit.complaints.clock.rules import STARTS_TITLES, WHY_TITLES, weekday_title
from auditkit.complaints.rules import SEVERITY_TITLES, WAITS_FOR_TITLES
from auditkit.web.languages import day, listed, local_moment

UNITS = {
    ("hours", False): N_plural("%(num)s hour", "%(num)s hours"),
    ("hours", True): N_plural("%(num)s working hour", "%(num)s working hours"),
    ("days", False): N_plural("%(num)s calendar day", "%(num)s calendar days"),
    ("days", True): N_plural("%(num)s working day", "%(num)s working days"),
    ("weeks", False): N_plural("%(num)s week", "%(num)s weeks"),
    ("months", False): N_plural("%(num)s month", "%(num)s months"),
}


@dataclass(frozen=True)
class Told:
    """One line: when it was (a day, days or a moment) and what is said of it; `counts` where it moved the count on."""

    when: str
    text: str
    counts: bool = False


def amount(number: int, unit: str, working: bool) -> str:
    """A limit in words: "3 working days"."""
    one, many = UNITS[unit, working]
    return ngettext(one, many, number)


def limit_words(limit: LimitView) -> str:
    """A limit of the settings in words: "3 working days from receipt"."""
    words = amount(limit.amount, limit.unit, limit.working)
    return _("%(time)s from %(start)s", time=words, start=_(STARTS_TITLES[limit.starts]))


def explanation(due: DueView) -> list[Told]:
    """How this due date was reached, from its start to its end."""
    teller = _Teller(due)
    lines: list[Told] = []
    for line in due.explanation["lines"]:
        lines.append(teller.line(line))
        if line["is"] == "start":
            lines += teller.rule()
    return lines


def history(due: DueView) -> list[Told]:
    """When and why it was moved, and from which date."""
    zone = zone_of(due.zone)
    return [
        Told(
            local_moment(datetime.fromisoformat(one["at"]), zone),
            _(
                "%(why)s; it was %(date)s before",
                why=_(WHY_TITLES[one["why"]]),
                date=local_moment(datetime.fromisoformat(one["from"]), zone),
            ),
        )
        for one in due.explanation.get("history", [])
    ]


def calendar_words(due: DueView) -> str:
    """By which clock and calendar it was computed."""
    calendar = due.explanation["calendar"]
    days = listed(weekday_title(one) for one in calendar["weekend"])
    parts = [_("Times of %(zone)s.", zone=calendar["zone"])]
    if days:
        parts.append(_("Weekend: %(days)s.", days=days))
    if calendar["holidays_from"]:
        parts.append(_("Public holidays: %(source)s.", source=calendar["holidays_from"]))
    return " ".join(parts)


class _Teller:
    def __init__(self, due: DueView) -> None:
        self.due = due
        self.limit: Mapping[str, Any] = due.explanation.get("limit", {})
        self.zone = zone_of(due.zone)

    def line(self, line: Mapping[str, Any]) -> Told:
        told: Told = getattr(self, f"_{line['is']}")(line)
        return told

    def rule(self) -> list[Told]:
        """What the limit asks, by which framework, and for which severity."""
        if not self.limit:
            return []
        asked = amount(self.limit["amount"], self.limit["unit"], self.limit["working"])
        said = [_("%(time)s by “%(framework)s”", time=asked, framework=self.due.set_title)]
        if self.limit["by_severity"]:
            severity = _(SEVERITY_TITLES.get(self.limit["severity"], self.limit["severity"]))
            assumed = N_("not assessed yet, taken as “%(severity)s”")
            known = N_("for severity “%(severity)s”")
            said.append(_(assumed if self.limit["assumed"] else known, severity=severity))
        if self.limit["reference"]:
            said.append(self.limit["reference"])
        return [Told("", enumerated(said, SEMICOLON))]

    def _start(self, line: Mapping[str, Any]) -> Told:
        at = datetime.fromisoformat(line["at"])
        if not self.limit:
            return Told(self._moment(at), _("Put on record"))
        begun = _(STARTS_TITLES[self.limit["starts"]])
        if self.limit["again"] and self.limit["starts"] == "receipt":
            begun = _("the reopening of the case")
        if line["day_only"]:
            day_known = day(at.astimezone(self.zone).date())
            return Told(day_known, _("Begins with %(start)s; the hour is not known, so with the day", start=begun))
        return Told(self._moment(at), _("Begins with %(start)s", start=begun))

    def _counted(self, line: Mapping[str, Any]) -> Told:
        first, last = line["first"], line["last"]
        text = (
            _("Day %(number)s", number=first)
            if first == last
            else _("Days %(first)s to %(last)s", first=first, last=last)
        )
        if line.get("title"):
            text = _("%(days)s, worked: %(title)s", days=text, title=line["title"])
        return Told(self._days(line), text, counts=True)

    def _weekend(self, line: Mapping[str, Any]) -> Told:
        return Told(self._days(line), _("Weekend, does not count"))

    def _holiday(self, line: Mapping[str, Any]) -> Told:
        return Told(self._days(line), _("Public holiday, does not count: %(title)s", title=line.get("title", "")))

    def _off(self, line: Mapping[str, Any]) -> Told:
        return Told(self._days(line), _("Day off, does not count: %(title)s", title=line.get("title", "")))

    def _paused(self, line: Mapping[str, Any]) -> Told:
        return Told(self._days(line), self._waiting(line))

    def _stood(self, line: Mapping[str, Any]) -> Told:
        return Told(self._span(line), self._waiting(line))

    def _ran(self, line: Mapping[str, Any]) -> Told:
        return Told(self._span(line), _("%(time)s counted", time=_length(line["seconds"])), counts=True)

    def _unknown(self, line: Mapping[str, Any]) -> Told:
        return Told(str(line["year"]), _("From here on no public holidays were known when this was computed"))

    def _promised(self, line: Mapping[str, Any]) -> Told:
        return Told(day(date.fromisoformat(line["day"])), _("The day that was promised"), counts=True)

    def _end(self, line: Mapping[str, Any]) -> Told:
        at = self._moment(datetime.fromisoformat(line["at"]))
        if line.get("closing"):
            return Told(at, _("Due at closing time"))
        ends_day = self.limit.get("unit") != "hours"
        return Told(at, _("Due at the end of the day") if ends_day else _("Due"))

    def _waiting(self, line: Mapping[str, Any]) -> str:
        who = WAITS_FOR_TITLES.get(line.get("reason", ""))
        return _("The clock stands. Awaited from: %(who)s", who=_(who)) if who else _("The clock stands")

    def _days(self, line: Mapping[str, Any]) -> str:
        first, last = date.fromisoformat(line["from"]), date.fromisoformat(line["to"])
        if first == last:
            return _("%(weekday)s, %(day)s", weekday=weekday_title(first.isoweekday()), day=day(first))
        return _("%(first)s to %(last)s", first=day(first), last=day(last))

    def _span(self, line: Mapping[str, Any]) -> str:
        first, last = datetime.fromisoformat(line["from"]), datetime.fromisoformat(line["to"])
        return _("%(first)s to %(last)s", first=self._moment(first), last=self._moment(last))

    def _moment(self, at: datetime) -> str:
        return local_moment(at, self.zone)


def _length(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(num)s minute", "%(num)s minutes", rest)
    said = ngettext("%(num)s hour", "%(num)s hours", hours)
    return f"{said} {ngettext('%(num)s minute', '%(num)s minutes', rest)}" if rest else said


def local(at: datetime, zone: str) -> str:
    """A moment as the clocks of `zone` show it, in the language of the screen."""
    return local_moment(at, zone_of(zone))


def distance(until: datetime, now: datetime) -> str:
    """How far a moment is away, in the largest unit that fits: "in 3 days", "2 hours ago"."""
    ahead = until >= now
    gap: timedelta = abs(until - now)
    days, hours = gap.days, gap.seconds // 3600
    if days:
        words = ngettext("%(num)s day", "%(num)s days", days)
    elif hours:
        words = ngettext("%(num)s hour", "%(num)s hours", hours)
    else:
        words = ngettext("%(num)s minute", "%(num)s minutes", gap.seconds // 60)
    return _("in %(time)s", time=words) if ahead else _("%(time)s ago", time=words)
