"""A register and an entry as the data of their Word forms, in the language of the document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditkit.base.long_day import long_day
from auditkit.base.text import _, enumerated, ngettext
from auditkit.content.shapes import FieldKind, RegisterField, RegisterShape
from auditkit.documents.contexts.facts import DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.register_form import (
    EntryHead,
    Field,
    FormEntry,
    MeasurementLine,
    RegisterEntryForm,
    RegisterForm,
    RegisterHead,
    ReviewLine,
    TieLine,
    VersionLine,
)
from auditkit.documents.direction import figure
from auditkit.registers import rules
from auditkit.registers.queries import EntryView, MeasurementView, ReviewView, VersionView
from auditkit.web.languages import day_there

REGISTER, ENTRY = "register", "register-entry"


@dataclass(frozen=True)
class Paper:
    """What both forms are written with: `names` of people by id, the `language` of the document, the day it is made."""

    shape: RegisterShape
    organisation: str
    names: Mapping[int, str]
    language: str
    today: date

    def day(self, value: date | None) -> str:
        """A day as the document writes it; empty for none."""
        return long_day(value, self.language) if value else ""

    def person(self, person_id: int | None) -> str:
        """A person's name; says so where they left."""
        return "" if person_id is None else self.names.get(person_id, _("somebody who left"))

    @property
    def clauses(self) -> str:
        """The clauses that the register serves, without the edition."""
        return ", ".join(ref.rpartition(":")[2] for ref in self.shape.clauses)

    def fields(self, values: Mapping[str, Any]) -> tuple[Field, ...]:
        """The fields that say something, then the levels that come out of them."""
        told = [Field(one.title, self._value(one, values[one.id])) for one in self.shape.fields if one.id in values]
        levels = [Field(one.title, f"{one.band.label} ({one.product})") for one in rules.levels_of(self.shape, values)]
        return (*told, *levels)

    def _value(self, field: RegisterField, value: Any) -> str:
        labels = {one.id: one.label for one in field.choices}
        match field.kind:
            case FieldKind.DAY:
                return self.day(date.fromisoformat(value))
            case FieldKind.PERSON:
                return self.person(value)
            case FieldKind.CHOICE:
                return str(labels.get(value, value))
            case FieldKind.CHOICES:
                return enumerated([str(labels.get(one, one)) for one in value])
        return str(value)


def register(paper: Paper, entries: Sequence[EntryView]) -> RegisterForm:
    """The whole register; entries taken out of use are counted as left out."""
    shape, kept = paper.shape, [one for one in entries if one.retired_at is None]
    months = shape.review_months
    again = ngettext("after %(num)s month", "after %(num)s months", months) if months else _("not by itself")
    left = [_files()]
    if retired := len(entries) - len(kept):
        left.append(LeftOut(_("Entries taken out of use: %(number)s", number=retired), _("They no longer count")))
    return RegisterForm(
        Organisation(paper.organisation),
        DocumentFacts(shape.series, paper.today.isoformat(), paper.day(paper.today)),
        RegisterHead(str(shape.title), str(shape.purpose), paper.clauses, again, len(kept)),
        tuple(
            FormEntry(
                one.number,
                one.title,
                paper.person(one.keeper_id),
                paper.day(one.review_on),
                _(rules.STANDING_TITLES[one.standing]),
                paper.fields(one.values),
            )
            for one in kept
        ),
        tuple(left),
    )


@dataclass(frozen=True)
class About:
    """What an entry's form says beside its fields. `ties` are (kind, what people call it), `hidden` those not shown."""

    versions: Sequence[VersionView]
    reviews: Sequence[ReviewView]
    measured: Sequence[MeasurementView]
    ties: Sequence[tuple[str, str]]
    hidden: int = 0


def entry(paper: Paper, one: EntryView, about: About) -> RegisterEntryForm:
    """One entry with all about it."""
    left = [_files()]
    if about.hidden:
        left.append(LeftOut(_("Ties: %(number)s", number=about.hidden), _("Your role does not read these records")))
    return RegisterEntryForm(
        Organisation(paper.organisation),
        DocumentFacts(one.number, figure(one.version), paper.day(paper.today)),
        EntryHead(
            one.number,
            one.title,
            str(paper.shape.title),
            paper.clauses,
            paper.person(one.keeper_id),
            paper.day(day_there(one.written_at)),
            paper.day(one.review_on),
            _(rules.STANDING_TITLES[one.standing]),
        ),
        paper.fields(one.values),
        tuple(_measured(paper, one, line) for line in about.measured),
        tuple(
            ReviewLine(paper.day(day_there(look.at)), paper.person(look.by_id), look.outcome) for look in about.reviews
        ),
        tuple(TieLine(kind, name) for kind, name in about.ties),
        _versions(paper, about.versions),
        tuple(left),
    )


def _measured(paper: Paper, one: EntryView, line: MeasurementView) -> MeasurementLine:
    value = format(line.value.normalize(), "f")
    aim = rules.aim_of(paper.shape, one.values)
    if aim is None:
        return MeasurementLine(paper.day(line.on), value, "", line.note)
    good = rules.reached(line.value, aim.target, higher_is_better=aim.higher)
    result = _("reached") if good else _("not reached")
    return MeasurementLine(paper.day(line.on), f"{value} {aim.unit}".strip(), result, line.note)


def _versions(paper: Paper, versions: Sequence[VersionView]) -> tuple[VersionLine, ...]:
    titles = {one.id: str(one.title) for one in paper.shape.fields}
    lines, before = [], None
    for one in versions:
        changed = rules.differences(before, one.values) if before is not None else []
        told = enumerated([title for name, title in titles.items() if name in changed])
        lines.append(VersionLine(one.version, paper.day(day_there(one.at)), paper.person(one.by_id), told))
        before = one.values
    return tuple(lines)


def _files() -> LeftOut:
    return LeftOut(_("Files that show it"), _("They stay in the organisation and can be asked for"))
