"""Forms of the clock: working time, own days, sets of limits, limits, pauses, due dates of a case."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, DateField, HiddenField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from auditkit.base.calendar import Unit, public_holidays
from auditkit.base.calendar.kept import OwnDay, Settings
from auditkit.base.text import N_, Lazy, _, lazy_
from auditkit.complaints.clock.queries import LimitView, SetView
from auditkit.complaints.clock.rules import (
    STARTS_TITLES,
    TARGET_TITLES,
    WEEKDAYS,
    PauseRule,
    Scope,
    weekday_title,
)
from auditkit.complaints.clock.service.settings import LimitValues
from auditkit.complaints.rules import CHANNEL_TITLES, KIND_TITLES, SEVERITY_TITLES
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required

UNIT_TITLES = {
    ("hours", False): N_("hours"),
    ("hours", True): N_("working hours"),
    ("days", False): N_("calendar days"),
    ("days", True): N_("working days"),
    ("weeks", False): N_("weeks"),
    ("months", False): N_("months"),
}


def _titled(titles: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(word), _(title)) for word, title in titles.items()]


def _number(label: str, low: int, high: int) -> IntegerField:
    needed = InputRequired(lazy_("Enter a whole number"))
    return IntegerField(lazy_(label), [needed, NumberRange(low, high)])


class CalendarForm(Form):
    """The organisation's working time. Opening hours: both of a day or neither."""

    version = HiddenField()
    zone = ChoiceField(lazy_("Time zone"))
    weekend = TicksField(lazy_("Days that are not worked"))
    country = ChoiceField(lazy_("Public holidays of"), [Optional()])
    opens_1, closes_1 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])
    opens_2, closes_2 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])
    opens_3, closes_3 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])
    opens_4, closes_4 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])
    opens_5, closes_5 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])
    opens_6, closes_6 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])
    opens_7, closes_7 = TimeField(validators=[Optional()]), TimeField(validators=[Optional()])

    def __init__(self, settings: Settings) -> None:
        values = {
            "version": str(settings.version),
            "zone": settings.zone,
            "weekend": [str(day) for day in sorted(settings.weekend)],
            "country": _place(settings.country, settings.part),
        }
        hours: dict[str, time] = {}
        for day, (opens, closes) in settings.hours.items():
            hours[f"opens_{day}"], hours[f"closes_{day}"] = opens, closes
        super().__init__(data={**values, **hours})
        zones = sorted(
            one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix", "right"))
        )
        self.zone.choices = [(one, one) for one in ("UTC", *zones)]
        self.weekend.choices = [(str(day), weekday_title(day)) for day in range(1, 8)]
        self.country.choices = [("", _("No public holidays")), *((one, one) for one in _places())]
        for day, title in enumerate(WEEKDAYS, 1):
            self[f"opens_{day}"].label.text = _("%(day)s, opens", day=_(title))
            self[f"closes_{day}"].label.text = _("%(day)s, closes", day=_(title))

    def days(self) -> list[tuple[Any, Any]]:
        """The two fields of each weekday."""
        return [(self[f"opens_{day}"], self[f"closes_{day}"]) for day in range(1, 8)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Opening needs closing, and the other way round."""
        sound = bool(super().validate(extra_validators))
        for opens, closes in self.days():
            if (opens.data is None) != (closes.data is None):
                lacks = closes if closes.data is None else opens
                lacks.errors = [*lacks.errors, _("Enter both times of the day, or neither")]
                sound = False
        return sound

    @property
    def seen(self) -> int | None:
        """The version of the calendar that the page showed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def settings(self) -> Settings:
        """What was entered."""
        country, _dash, part = (self.country.data or "").partition("-")
        hours = {
            day: (opens.data, closes.data)
            for day, (opens, closes) in enumerate(self.days(), 1)
            if opens.data is not None
        }
        weekend = frozenset(int(day) for day in self.weekend.data or ())
        return Settings(self.zone.data, weekend, hours, country, part)


def _place(country: str, part: str) -> str:
    return f"{country}-{part}" if part else country


def _places() -> list[str]:
    return [
        place
        for country, parts in sorted(public_holidays.countries().items())
        for place in (country, *(f"{country}-{part}" for part in sorted(parts)))
    ]


class OwnDayForm(Form):
    """A day of the organisation's own."""

    day = DateField(lazy_("Day"), [InputRequired(lazy_("Enter a day such as 2026-03-31"))])
    title = LineField(lazy_("What day it is"), [required(lazy_("Say what day it is, such as “Stocktaking”"))])
    worked = ChoiceField(lazy_("What it means"))

    def __init__(self) -> None:
        super().__init__()
        self.worked.choices = [("off", _("It is not worked")), ("worked", _("It is worked although it would not be"))]

    def own_day(self) -> OwnDay:
        """What was entered."""
        day: date = self.day.data
        return OwnDay(day, self.worked.data == "worked", self.title.data)


class SetForm(Form):
    """What a set of limits is called and which complaints it is for. `seen` carries what stood there."""

    seen = HiddenField()
    title = LineField(lazy_("Name"), [required(lazy_("Enter a name, such as “Our promise”"))])
    kinds = TicksField(lazy_("For these kinds of feedback"))
    channels = TicksField(lazy_("Only for what came in by (none ticked: any way)"))
    categories = TicksField(lazy_("Only for these categories (none ticked: any)"))

    def __init__(self, shown: SetView | None, categories: Mapping[str, str]) -> None:
        scope = Scope()
        data: dict[str, Any] = {"kinds": list(scope.kinds)}
        if shown:
            data = {
                "seen": shown.stamp,
                "title": shown.title,
                "kinds": list(shown.kinds),
                "channels": list(shown.channels),
                "categories": list(shown.categories),
            }
        super().__init__(data=data)
        self.kinds.choices = _titled(KIND_TITLES)
        self.channels.choices = _titled(CHANNEL_TITLES)
        kept = {word: word for word in (shown.categories if shown else ()) if word not in categories}
        self.categories.choices = list({**categories, **kept}.items())

    def scope(self) -> Scope:
        """Which complaints were ticked."""
        return Scope(tuple(self.kinds.data or ()), tuple(self.channels.data or ()), tuple(self.categories.data or ()))


class LimitForm(Form):
    """One time limit."""

    target = ChoiceField(lazy_("What must have happened"))
    amount = _number(N_("How much time"), 1, 1000)
    unit = ChoiceField(lazy_("Counted in"))
    starts = ChoiceField(lazy_("From"))
    severities = TicksField(lazy_("Only for these severities (none ticked: all)"))
    priorities = TicksField(lazy_("Only for these priorities (none ticked: all)"))
    binding = BooleanField(lazy_("A law, regulator or contract sets it"))
    pausable = BooleanField(lazy_("Waiting for information stops it"))
    warn_percent = _number(N_("Soon due, at percent of the time"), 1, 100)
    warn_hours = IntegerField(lazy_("Or so many hours before, instead"), [Optional(), NumberRange(1, 2000)])
    very_percent = _number(N_("Long overdue, at percent of the time"), 101, 1000)
    rule = TextField(lazy_("What is asked"), max_length=2_000)
    reference = LineField(lazy_("Where it is said"))

    def __init__(self, shown: LimitView | None, priorities: list[tuple[str, str]]) -> None:
        data: dict[str, Any] = {"starts": "receipt", "unit": "days:working", "pausable": True}
        data |= {"warn_percent": 75, "very_percent": 150}
        if shown:
            data = {**vars(shown), "unit": f"{shown.unit}:working" if shown.working else shown.unit}
            data |= {
                "severities": list(shown.severities),
                "priorities": list(shown.priorities),
                "target": shown.target.value,
                "starts": shown.starts.value,
            }
        super().__init__(data=data)
        self._shown = shown
        self.target.choices = _titled(TARGET_TITLES)
        self.starts.choices = _titled(STARTS_TITLES)
        self.severities.choices = _titled(SEVERITY_TITLES)
        self.priorities.choices = priorities
        self.unit.choices = [
            (f"{unit}:working" if working else unit, _(title)) for (unit, working), title in UNIT_TITLES.items()
        ]

    def values(self) -> LimitValues:
        """What was entered."""
        unit, _colon, working = self.unit.data.partition(":")
        return LimitValues(
            target=self.target.data,
            starts=self.starts.data,
            amount=self.amount.data,
            unit=Unit(unit).value,
            working=bool(working),
            severities=tuple(self.severities.data or ()),
            priorities=tuple(self.priorities.data or ()),
            binding=self.binding.data,
            pausable=self.pausable.data,
            warn_percent=self.warn_percent.data,
            warn_hours=self.warn_hours.data,
            very_percent=self.very_percent.data,
            rule=self.rule.data or "",
            reference=self.reference.data or "",
            source=self._shown.source if self._shown else "",
        )


class PauseForm(Form):
    """Whether waiting for somebody stops the clock. `seen` carries the rule that stood there."""

    seen = HiddenField()
    holds = BooleanField(lazy_("Stops the clock"))
    max_days = _number(N_("For at most so many days"), 1, 365)
    max_count = _number(N_("So many times in one case"), 1, 20)

    def __init__(self, waits_for: str, title: str, rule: PauseRule) -> None:
        super().__init__(prefix=f"{waits_for}-", data={**vars(rule), "seen": _stamp(rule)})
        self.waits_for, self.title = waits_for, title

    def rule(self) -> PauseRule:
        """What was entered."""
        return PauseRule(self.holds.data, self.max_days.data, self.max_count.data)

    def was(self) -> PauseRule | None:
        """The rule that the page showed; None where the form says nothing of it."""
        parts = str(self.seen.data or "").split(":")
        if len(parts) != 3 or not all(one.isascii() and one.isdigit() and len(one) < 4 for one in parts):
            return None
        holds, days, count = map(int, parts)
        return PauseRule(bool(holds), days, count)

    def show(self, rule: PauseRule) -> None:
        """Take `rule` as the one that was seen; what was typed stays."""
        self.seen.data = _stamp(rule)


def _stamp(rule: PauseRule) -> str:
    return f"{rule.holds:d}:{rule.max_days}:{rule.max_count}"


class MissingForm(Form):
    """Set due dates for all that have none: nothing to choose."""


class ReasonForm(Form):
    """Why due dates are computed anew, or why more time is needed."""

    reason = TextField(Lazy(N_("Reason")), [required(lazy_("Give the reason; it stays on record"))], max_length=2_000)
