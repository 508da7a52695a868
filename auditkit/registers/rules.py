"""What an entry of a register must say, where it stands, when it is looked at again. Pure.

tests/rules/test_registers_rules.py holds it; the tables repeat what a database can hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_, _
from auditkit.content.shapes import Band, FieldKind, Level, RegisterField, RegisterShape

WRITTEN = event("register-entry:written", N_("Entry of a register written"))
CHANGED = event("register-entry:changed", N_("Entry of a register changed"))
REVIEWED = event("register-entry:reviewed", N_("Entry of a register reviewed"))
MEASURED = event("register-entry:measured", N_("Objective measured"))
RETIRED = event("register-entry:retired", N_("Entry of a register taken out of use"))
RESTORED = event("register-entry:restored", N_("Entry of a register brought back into use"))
LINKED = event("register-entry:linked", N_("Entry of a register tied to something"))
UNLINKED = event("register-entry:unlinked", N_("Entry of a register no longer tied to something"))
DEFINED = event("register:defined", N_("Register of one's own written or changed"))
BROUGHT_IN = event("register:brought-in", N_("Workbook of a register brought in"))

LONGEST_LINE = 300
LONGEST_TEXT = 20_000
LONGEST_DEFINITION = 60_000
"""Characters of a register's definition: the largest shipped one has a sixth of that."""
LARGEST_NUMBER = Decimal(10) ** 12
SOON = timedelta(days=30)
REMIND_AGAIN_AFTER = timedelta(days=14)


class Standing(StrEnum):
    """Where an entry stands today. The first that is true counts."""

    RETIRED = "retired"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    SOON = "soon"
    CURRENT = "current"


STANDING_TITLES = {
    Standing.RETIRED: N_("Taken out of use"),
    Standing.EXPIRED: N_("Expired"),
    Standing.OVERDUE: N_("Review overdue"),
    Standing.SOON: N_("Review due soon"),
    Standing.CURRENT: N_("Current"),
}


class EntryRefused(BadInput):
    """Values that cannot be stored; `faults` says by field what to write instead."""

    message = N_("%(count)s fields want another look: %(first)s")

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(count=len(faults), first=next(iter(faults.values())))
        self.faults = dict(faults)


class EntryChanged(Conflict):
    message = N_("Somebody else changed this entry meanwhile. Nothing was overwritten: reload the page and try again")


class EntryRetired(RuleBroken):
    message = N_("This entry was taken out of use. Bring it back first")


class NotRetired(RuleBroken):
    message = N_("This entry is in use already")


class ReasonMissing(BadInput):
    message = N_("Say why: the reason stays with the entry")


class OutcomeMissing(BadInput):
    message = N_("Write down what the review found, also when nothing has changed")


class ReviewTooEarly(BadInput):
    message = N_("Enter a day after the review for the next one")


class NotMeasured(RuleBroken):
    message = N_("Entries of this register are not measured")


class MeasuredInFuture(BadInput):
    message = N_("Enter a day that is not in the future")


class LinkedAlready(RuleBroken):
    message = N_("This entry is tied to %(label)s already")


class NothingByThatName(BadInput):
    message = N_("There is no %(kind)s “%(name)s” here. Enter its number as its page shows it")


@dataclass(frozen=True)
class LevelFound:
    """A level that was worked out: its title, the band, the product."""

    title: str
    band: Band
    product: int


def number(series: str, serial: int) -> str:
    """`RISK-007`: what people call an entry."""
    return f"{series}-{serial:03d}"


def values_of(shape: RegisterShape, given: Mapping[str, Any], people: Iterable[int]) -> dict[str, Any]:
    """What is stored of `given`: by field id, empty ones left out; days as ISO text, numbers as decimal text.

    `given` may be typed (`date`, `Decimal`, `int` of a person, list of words) or text. `people` may be named in fields
    of people. Raises EntryRefused with every fault.
    """
    faults: dict[str, str] = {}
    stored: dict[str, Any] = {}
    known = set(people)
    for field in shape.fields:
        value = given.get(field.id)
        if value is None or value in ("", [], ()) or (isinstance(value, str) and not value.strip()):
            if field.required:
                faults[field.id] = _("Enter “%(field)s”", field=field.title)
            continue
        try:
            stored[field.id] = _stored(field, value, known)
        except _Fault as fault:
            faults[field.id] = str(fault)
    for name in given.keys() - {field.id for field in shape.fields}:
        faults[name] = _("This register has no field “%(field)s”", field=name)
    if faults:
        raise EntryRefused(faults)
    return stored


def people_in(shape: RegisterShape, values: Mapping[str, Any]) -> set[int]:
    """Who is named in an entry: they may stay named there after they left."""
    return {values[one.id] for one in shape.fields if one.kind is FieldKind.PERSON and one.id in values}


class _Fault(Exception):
    """Why one value cannot be stored, translated."""


def _stored(field: RegisterField, value: Any, people: set[int]) -> Any:
    match field.kind:
        case FieldKind.LINE | FieldKind.TEXT:
            return _text(field, str(value))
        case FieldKind.CHOICE:
            return _word(field, str(value))
        case FieldKind.CHOICES:
            words = value.split(",") if isinstance(value, str) else value
            chosen = {_word(field, str(word)) for word in words if str(word).strip()}
            return [one.id for one in field.choices if one.id in chosen]
        case FieldKind.DAY:
            return _day(field, value).isoformat()
        case FieldKind.NUMBER:
            return format(_number(field, value), "f")
        case FieldKind.PERSON:
            if not str(value).isdecimal() or int(value) not in people:
                raise _Fault(_("Choose a person of this organisation for “%(field)s”", field=field.title))
            return int(value)


def _text(field: RegisterField, value: str) -> str:
    longest = LONGEST_LINE if field.kind is FieldKind.LINE else LONGEST_TEXT
    text = " ".join(value.split()) if field.kind is FieldKind.LINE else value.strip().replace("\r\n", "\n")
    if len(text) > longest:
        raise _Fault(
            _("“%(field)s” is %(length)s characters long; at most %(longest)s are kept", field=field.title,
              length=len(text), longest=longest)
        )  # fmt: skip
    return text


def _word(field: RegisterField, value: str) -> str:
    """The id of a choice, given as id or as its label in any case."""
    wanted = value.strip().casefold()
    for choice in field.choices:
        if wanted in (choice.id, choice.label.casefold()):
            return choice.id
    known = [choice.label for choice in field.choices]
    raise _Fault(_("“%(value)s” is no choice of “%(field)s”. Write one of: %(known)s", value=value, field=field.title,
                   known=known))  # fmt: skip


def _day(field: RegisterField, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise _Fault(_("Write the day for “%(field)s” as 2026-01-31", field=field.title)) from None


def _number(field: RegisterField, value: Any) -> Decimal:
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > LARGEST_NUMBER:
        raise _Fault(_("Write a number for “%(field)s”, such as 95 or 2.5", field=field.title))
    whole = found.to_integral_value()
    return whole if whole == found else found.normalize()


def level_of(shape: RegisterShape, level: Level, values: Mapping[str, Any]) -> LevelFound | None:
    """What a level comes to for these values; None while one of its two fields is empty."""
    ranks = []
    for name in level.of:
        field = shape.field(name)
        chosen = next((one for one in field.choices if one.id == values.get(name)), None) if field else None
        if chosen is None or chosen.rank is None:
            return None
        ranks.append(chosen.rank)
    product = ranks[0] * ranks[1]
    return LevelFound(level.title, level.band(product), product)


def levels_of(shape: RegisterShape, values: Mapping[str, Any]) -> list[LevelFound]:
    """Every level that can be worked out."""
    return [found for level in shape.levels if (found := level_of(shape, level, values)) is not None]


def next_review(shape: RegisterShape, today: date) -> date | None:
    """The day on which an entry is looked at again when it was written or reviewed `today`."""
    return None if shape.review_months is None else months_later(today, shape.review_months)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for candidate in range(day.day, 27, -1):
        try:
            return date(year, month + 1, candidate)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def expires_on(shape: RegisterShape, values: Mapping[str, Any]) -> date | None:
    """The last day on which the entry holds, where the register knows one."""
    told = values.get(shape.expires) if shape.expires else None
    return date.fromisoformat(told) if told else None


def standing(*, retired: bool, review_on: date | None, expires: date | None, today: date) -> Standing:
    """Where an entry stands on `today`."""
    if retired:
        return Standing.RETIRED
    if expires is not None and expires < today:
        return Standing.EXPIRED
    due = [day for day in (review_on, expires) if day is not None]
    if review_on is not None and review_on < today:
        return Standing.OVERDUE
    if any(day - today <= SOON for day in due):
        return Standing.SOON
    return Standing.CURRENT


def check_outcome(outcome: str, today: date, following: date | None) -> str:
    """The outcome as it is kept. Raises OutcomeMissing, ReviewTooEarly."""
    if not outcome.strip():
        raise OutcomeMissing()
    if following is not None and following <= today:
        raise ReviewTooEarly()
    return outcome.strip()


def check_reason(reason: str) -> str:
    """The reason as it is kept. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()


def trend(measured: Sequence[Decimal], *, higher_is_better: bool) -> str:
    """`better`, `worse`, `same` from the last two measurements; empty with fewer."""
    if len(measured) < 2:
        return ""
    before, after = measured[-2:]
    if before == after:
        return "same"
    return "better" if (after > before) is higher_is_better else "worse"


def reached(value: Decimal, target: Decimal, *, higher_is_better: bool) -> bool:
    """Whether a measurement reaches the target."""
    return value >= target if higher_is_better else value <= target


@dataclass(frozen=True)
class Aim:
    """What a measured entry is to reach."""

    target: Decimal
    unit: str
    higher: bool


def aim_of(shape: RegisterShape, values: Mapping[str, Any]) -> Aim | None:
    """What a measured entry is to reach; None where its register is not measured or no target is written."""
    if shape.measured is None or shape.measured.target not in values:
        return None
    target, unit = values[shape.measured.target], str(values.get(shape.measured.unit, ""))
    return Aim(Decimal(target), unit, values.get(shape.measured.better) == "higher")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The ids of the fields that differ, in the order of their names."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
