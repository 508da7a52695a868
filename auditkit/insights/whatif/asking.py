"""The policy that an address asks for, beside the one in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import lru_cache

from werkzeug.datastructures import MultiDict

from auditkit.base.calendar import Calendar, Limit, Unit, kept
from auditkit.base.calendar.kept import Settings
from auditkit.base.text import _
from auditkit.complaints.clock.forms import UNIT_TITLES
from auditkit.complaints.clock.rules import STARTS_TITLES, TARGET_TITLES
from auditkit.complaints.rules import SEVERITY_TITLES, Severity
from auditkit.insights.whatif.queries import Further, InForce
from auditkit.insights.whatif.rules import (
    AmountUnreadable,
    CalendarAt,
    FilterUnknown,
    HoursUnreadable,
    NothingWorked,
    Policy,
    PriorityUnknown,
    SeverityUnknown,
    Terms,
    UnitUnknown,
)
from auditkit.web.languages import in_own_digits

UNITS = {f"{'working-' if working else ''}{unit}": (unit, working) for unit, working in UNIT_TITLES}
MOST_AMOUNT = 1000
AS_NOW, NONE = "", "none"
"""What the choice of holidays says: those of now, or that holidays are worked."""


@dataclass(frozen=True)
class LimitField:
    """A limit as the form shows it: what is asked for, and what is in force."""

    id: int
    title: str
    amount: str
    unit: str
    before: str


@dataclass(frozen=True)
class Asked:
    """What the form shows again."""

    fields: tuple[LimitField, ...]
    severities: Mapping[str, str]
    priorities: Mapping[str, str]
    weekend: frozenset[int]
    holidays: str
    opens: str
    closes: str
    policy: Policy


def further(args: MultiDict[str, str]) -> Further:
    """By what an address narrows the promises, beside what a selection knows. Raises FilterUnknown."""
    owner, level = args.get("owner", ""), args.get("level", "")
    for text in (owner, level):
        if text and not (text.isascii() and text.isdigit() and len(text) < 18):
            raise FilterUnknown(text=text)
    return Further(
        args.get("priority", "").strip(), int(owner) if owner else None, int(level) if level else None
    )  # fmt: skip


def asked(args: MultiDict[str, str], limits: Sequence[InForce], settings: Settings, known: Sequence[str] = ()) -> Asked:
    """What an address asks for; `known` are the priorities that complaints have.

    Raises AmountUnreadable, UnitUnknown, SeverityUnknown, PriorityUnknown, NothingWorked or HoursUnreadable.
    """
    fields = [_field(args, one) for one in limits]
    terms = {one.rule.id: _terms(field, one) for field, one in zip(fields, limits, strict=True)}
    changed = frozenset(one.rule.id for one in limits if terms[one.rule.id] != one.terms)
    severities = {word.value: _severity(args.get(f"severity-{word.value}", word.value)) for word in Severity}
    words = sorted({*known, *(word for one in limits for word in one.rule.priorities)})
    priorities = {word: _priority(args.get(f"priority-{word}", word), words) for word in words}
    weekend = frozenset(int(day) for day in args.getlist("off") if day in "1234567" and day) or None
    if "changed" in args and weekend is None:
        weekend = frozenset()
    if weekend is not None and len(weekend) > 6:
        raise NothingWorked
    holidays, opens, closes = args.get("holidays", AS_NOW), args.get("opens", ""), args.get("closes", "")
    policy = Policy(
        [one.rule for one in limits], terms, changed, severities, priorities,
        calendar=_calendar(settings, weekend, holidays, _hours(opens, closes)),
    )  # fmt: skip
    shown = settings.weekend if weekend is None else weekend
    return Asked(tuple(fields), severities, priorities, shown, holidays, opens, closes, policy)


def _field(args: MultiDict[str, str], one: InForce) -> LimitField:
    limit, key = one.terms.limit, one.rule.id
    unit = f"{'working-' if limit.working else ''}{limit.unit.value}"
    return LimitField(
        key, limit_title(one), args.get(f"amount-{key}", str(limit.amount)).strip(), args.get(f"unit-{key}", unit),
        f"{in_own_digits(str(limit.amount))} {_(UNIT_TITLES[limit.unit.value, limit.working])}",
    )  # fmt: skip


def limit_title(one: InForce) -> str:
    """What a limit asks, of which complaints, by which framework."""
    rule = one.rule
    words = [_(SEVERITY_TITLES[Severity(word)]) for word in rule.severities] + list(rule.priorities)
    which = f" ({', '.join(words)})" if words else ""
    since = _("from %(start)s on", start=_(STARTS_TITLES[rule.starts]))
    return f"{_(TARGET_TITLES[rule.target])}{which}, {since}: {one.set_title}"


def _terms(field: LimitField, one: InForce) -> Terms:
    if field.unit not in UNITS:
        raise UnitUnknown(unit=field.unit)
    amount = int(field.amount) if field.amount.isascii() and field.amount.isdigit() and len(field.amount) < 5 else 0
    if not 1 <= amount <= MOST_AMOUNT:
        raise AmountUnreadable(limit=field.title)
    unit, working = UNITS[field.unit]
    return replace(one.terms, limit=Limit(amount, Unit(unit), working))


def _severity(word: str) -> str:
    if word not in list(Severity):
        raise SeverityUnknown(word=word)
    return word


def _priority(word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise PriorityUnknown(word=word)
    return word


def _hours(opens: str, closes: str) -> tuple[time, time] | None:
    if not opens and not closes:
        return None
    try:
        hours = time.fromisoformat(opens), time.fromisoformat(closes)
    except ValueError:
        raise HoursUnreadable from None
    if hours[0] >= hours[1]:
        raise HoursUnreadable
    return hours


def _calendar(
    settings: Settings, weekend: frozenset[int] | None, holidays: str, hours: tuple[time, time] | None
) -> CalendarAt | None:
    """The working time asked for; None where it is that of now."""
    changed = settings
    if weekend is not None and weekend != settings.weekend:
        changed = replace(changed, weekend=weekend)
    if holidays == NONE and settings.country:
        changed = replace(changed, country="", part="")
    if hours is not None:
        changed = replace(changed, hours={day: hours for day in range(1, 8) if day not in changed.weekend})
    if changed == settings:
        return None

    @lru_cache(maxsize=64)
    def of_year(year: int) -> Calendar:
        return kept.calendar(changed, year)

    # The local year may still be the one before, as in calendar.kept.current.
    return lambda at: of_year((at - timedelta(days=1)).year)
