"""When a recurring audit is due, and what the audits of a cycle cover. Pure.

Held by tests/rules/test_programme_rules.py, where the coverage is computed by hand.
"""

import calendar
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from auditkit.audits.rules import conformity_percent
from auditkit.base.errors import BadInput, Conflict
from auditkit.base.events import event
from auditkit.base.text import N_

PROGRAMME_SAVED = event("programme:saved", N_("Audit programme saved"))
PROGRAMME_REVIEWED = event("programme:reviewed", N_("Audit programme reviewed"))
ITEM_SAVED = event("programme:item-saved", N_("Audit put into the programme"))
ITEM_STOPPED = event("programme:item-stopped", N_("Audit taken out of the programme"))
PERIOD_MADE = event("programme:audit-made", N_("Audit of a period made by the programme"))
PERIOD_FAILED = event("programme:audit-not-made", N_("Audit of a period could not be made"))

CYCLE_YEARS = 3
EVERY = (0, 1, 3, 6, 12, 24, 36)
EVERY_TITLES = {
    0: N_("Once"),
    1: N_("Every month"),
    3: N_("Every quarter"),
    6: N_("Every half-year"),
    12: N_("Every year"),
    24: N_("Every second year"),
    36: N_("Every third year"),
}


class Side(StrEnum):
    """Whether something threatens the programme or helps it."""

    RISK = "risk"
    OPPORTUNITY = "opportunity"


SIDE_TITLES = {Side.RISK: N_("Risk"), Side.OPPORTUNITY: N_("Opportunity")}


class ProgrammeChanged(Conflict):
    message = N_(
        "Somebody else changed the programme meanwhile. Nothing was overwritten: reload the page and try again"
    )


class ProgrammeObjectivesMissing(BadInput):
    message = N_("Enter what the programme is to reach")


class YearOutsideCycle(BadInput):
    message = N_("Enter a first year of the cycle from %(first)s to %(last)s: a cycle has three years")


class ResponsibleUnknown(BadInput):
    message = N_("Choose a member of this organisation who may manage the audit programme")


class RiskHalf(BadInput):
    message = N_(
        "Line %(line)s says only half: write the risk or opportunity, an arrow (->), and what is done about it"
    )


class ConclusionsMissing(BadInput):
    message = N_("Write down what the review concluded")


class HeldInFuture(BadInput):
    message = N_("Enter the day on which the review was held: not after today")


class ItemTitleMissing(BadInput):
    message = N_("Enter a title for the audit")


class ItemDatesReversed(BadInput):
    message = N_("Enter a last period that does not begin before the first day (%(first)s)")


class ItemSpanUnfit(BadInput):
    message = N_("Enter a length from 1 to 60 days")


class AheadUnfit(BadInput):
    message = N_("Enter from 0 to 365 days")


class LeadUnknown(BadInput):
    message = N_("Choose a lead auditor who may run audits")


class KindNotPlannedAhead(BadInput):
    message = N_(
        "Choose another kind: a follow-up is planned when there is something to follow up, and a certification body "
        "plans its audits itself"
    )


class ClausesElsewhere(BadInput):
    message = N_("Choose clauses that the checklist asks about, or none: it asks about none of these")


class FirstTooEarly(BadInput):
    message = N_("Enter a first day that is at most a year ago: the audits missed since then will be made")


class EveryUnknown(BadInput):
    message = N_("Choose how often the audit is due")


class Cover(StrEnum):
    """How far a clause is covered in a span of time. `SKIPPED`: it was on the checklist, and nobody looked."""

    NEVER = "never"
    SKIPPED = "skipped"
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"


COVER_TITLES = {
    Cover.NEVER: N_("Not audited"),
    Cover.SKIPPED: N_("On the checklist, not looked at"),
    Cover.PLANNED: N_("Planned"),
    Cover.RUNNING: N_("Under way"),
    Cover.DONE: N_("Audited"),
}
_RANK = list(Cover)


@dataclass(frozen=True, slots=True)
class Fact:
    """What one audit contributes to one clause (full reference) in one year.

    `answers`: (percent, weight) of its answered questions; `looked_at` counts those answered or found not to apply.
    `question` is the key of the question, 0 where a whole checklist is meant. `via`: the edition that was asked about,
    where a crosswalk leads from there to the clause; such answers say that somebody looked, not how far it conforms.
    """

    audit: str
    year: int
    clause: str
    cover: Cover
    looked_at: int = 0
    answers: tuple[tuple[int, int], ...] = ()
    nonconformities: int = 0
    question: int = 0
    via: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause, or a process, in one year. `percent`: conformity of what was answered in finished audits.

    `via`: the other editions whose audits give it its cover, where no audit of its own edition does.
    """

    cover: Cover
    audits: tuple[str, ...] = ()
    looked_at: int = 0
    percent: int | None = None
    nonconformities: int = 0
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix: one cell a year; `cover` the best of them."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    cover: Cover = field(default=Cover.NEVER)


def years_of(cycle_from: int) -> tuple[int, ...]:
    """The years of a cycle."""
    return tuple(range(cycle_from, cycle_from + CYCLE_YEARS))


def belongs(clause: str, to: Collection[str]) -> bool:
    """Whether a clause is one of `to`, or below one."""
    return any(clause == one or clause.startswith(f"{one}.") for one in to)


def coverage(lines: Sequence[tuple[str, str, tuple[str, ...]]], facts: Sequence[Fact], cycle_from: int) -> list[Line]:
    """The matrix: for each (key, label, clauses) one row, for each year of the cycle one cell.

    A question counts once in a row, however many of the row's clauses it has or a crosswalk gives it.
    """
    years = years_of(cycle_from)
    found = []
    for key, label, clauses in lines:
        mine = _once(fact for fact in facts if belongs(fact.clause, clauses))
        cells = tuple(_cell([fact for fact in mine if fact.year == year]) for year in years)
        best = max((cell.cover for cell in cells), key=_RANK.index)
        found.append(Line(key, label, cells, best))
    return found


def _once(facts: Iterable[Fact]) -> list[Fact]:
    seen: set[int] = set()
    found = []
    for fact in facts:
        if fact.question not in seen:
            found.append(fact)
            seen |= {fact.question} - {0}
    return found


def _cell(facts: Sequence[Fact]) -> Cell:
    if not facts:
        return Cell(Cover.NEVER)
    finished = [fact for fact in facts if fact.cover is Cover.DONE and not fact.via]
    best = max((fact.cover for fact in facts), key=_RANK.index)
    from_where = {fact.via for fact in facts if fact.cover is best}
    return Cell(
        cover=best,
        via=() if "" in from_where else tuple(sorted(from_where)),
        audits=tuple(sorted({fact.audit for fact in facts if fact.audit})),
        looked_at=sum(fact.looked_at for fact in facts),
        percent=conformity_percent(pair for fact in finished for pair in fact.answers),
        nonconformities=sum(fact.nonconformities for fact in facts),
    )


def shifted(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that has fewer days."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def periods(first_on: date, every_months: int, last_on: date | None, until: date) -> Iterator[date]:
    """First days of the periods up to `until` (included). Counted from the first, so that the 31st never drifts."""
    number = 0
    while True:
        day = shifted(first_on, number * every_months)
        if day > until or (last_on is not None and day > last_on):
            return
        yield day
        if every_months == 0:
            return
        number += 1


def due(
    first_on: date, every_months: int, last_on: date | None, ahead_days: int, today: date, made: Collection[date]
) -> list[date]:
    """The periods whose audit should be there by now and is not; those slept through are among them."""
    horizon = today + timedelta(days=ahead_days)
    return [day for day in periods(first_on, every_months, last_on, horizon) if day not in made]


def read_risks(text: str) -> list[tuple[Side, str, str]]:
    """Risks and opportunities, one a line: `- threat -> answer`, `+ chance -> answer`; without a sign it is a risk.

    Raises RiskHalf with the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words:
            continue
        side = Side.OPPORTUNITY if words.startswith("+") else Side.RISK
        what, arrow, response = words.lstrip("+-−– ").replace("→", "->").partition("->")
        if not (arrow and what.strip() and response.strip()):
            raise RiskHalf(line=number)
        found.append((side, what.strip(), response.strip()))
    return found


def write_risks(risks: Iterable[tuple[Side, str, str]]) -> str:
    """What `read_risks` reads."""
    return "\n".join(
        f"{'+' if side is Side.OPPORTUNITY else '-'} {what} -> {response}" for side, what, response in risks
    )


def check_programme(*, year: int, cycle_from: int, objectives: str) -> None:
    """Raises ProgrammeObjectivesMissing or YearOutsideCycle."""
    if not objectives.strip():
        raise ProgrammeObjectivesMissing()
    if not cycle_from <= year < cycle_from + CYCLE_YEARS:
        raise YearOutsideCycle(first=year - CYCLE_YEARS + 1, last=year)


def check_review(*, held_on: date, today: date, conclusions: str) -> None:
    """Raises ConclusionsMissing or HeldInFuture."""
    if not conclusions.strip():
        raise ConclusionsMissing()
    if held_on > today:
        raise HeldInFuture()


def check_item(
    *, title: str, first_on: date, last_on: date | None, every_months: int, days: int, ahead: int, today: date
) -> None:
    """Raises ItemTitleMissing, FirstTooEarly, ItemDatesReversed, EveryUnknown, ItemSpanUnfit or AheadUnfit."""
    if not title.strip():
        raise ItemTitleMissing()
    if first_on < shifted(today, -12):
        raise FirstTooEarly()
    if last_on is not None and last_on < first_on:
        raise ItemDatesReversed(first=first_on)
    if every_months not in EVERY:
        raise EveryUnknown()
    if not 1 <= days <= 60:
        raise ItemSpanUnfit()
    if not 0 <= ahead <= 365:
        raise AheadUnfit()
