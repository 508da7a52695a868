"""Frozen inputs as people read them: titles translated, days and numbers written, names of records as links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import g, url_for

from auditkit.base.charts import Chart
from auditkit.base.db import reading
from auditkit.base.text import N_, _
from auditkit.insights.indicators import computing
from auditkit.insights.statistics.naming import word_title
from auditkit.policies.queries.documents import ids_by_reference
from auditkit.reviews.charts import charts, month_label
from auditkit.reviews.inputs import content
from auditkit.reviews.inputs.content import Content, Figure
from auditkit.reviews.inputs.keeping import OBJECTIVES, REGISTERS
from auditkit.reviews.inputs.titles import COLUMN_TITLES, DAYS, FIGURE_TITLES, INPUT_TITLES, TABLE_TITLES, WORDS
from auditkit.reviews.queries import FrozenInput
from auditkit.web.access import may
from auditkit.web.languages import day, in_own_digits


@dataclass(frozen=True)
class ShownFigure:
    """A figure: label, value with its unit, what it is of, and the same of the period before."""

    label: str
    value: str
    of: str
    before: str
    key: int | None = None


@dataclass(frozen=True)
class Cell:
    """A cell: text, whether it comes from records (not to be translated), and where its record is."""

    text: str
    data: bool
    url: str | None = None


@dataclass(frozen=True)
class ShownTable:
    """A table of records."""

    title: str
    headings: list[str]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class ShownInput:
    """An input as it is shown."""

    name: str
    title: str
    digest: str
    figures: list[ShownFigure]
    tables: list[ShownTable]
    left_out: list[str]
    charts: list[Chart]


def shown(frozen: Mapping[str, FrozenInput]) -> dict[str, ShownInput]:
    """Every input by its name."""
    return {name: shown_input(content.read(one.content), one.digest, one.figures) for name, one in frozen.items()}


def shown_input(found: Content, digest: str, keys: Mapping[str, int]) -> ShownInput:
    """One input. Names that a later version of the program does not know are shown as they are stored."""
    return ShownInput(
        found.input,
        _(INPUT_TITLES.get(found.input, found.input)),
        digest,
        [figure(one, keys.get(one.name)) for one in found.figures],
        [_table(found, one) for one in found.tables if one.rows],
        [_(one) for one in found.left_out],
        charts(found, opens=may("complaints.read")),
    )


@dataclass(frozen=True)
class ShownDifference:
    """What an input says now and did not: the title of its figure or table, the record, both sides in words."""

    where: str
    row: Cell
    then: str
    now: str


def shown_differences(then: Content, now: Content) -> list[ShownDifference]:
    """How an input computed again differs from the frozen one, in words of the reader."""
    found = []
    for one in content.differences(then, now):
        if not one.row and any(other.name == one.where for side in (then, now) for other in side.figures):
            where, row, say = figure_title(one.where), Cell("", data=True), _figure_said
        else:
            where, row, say = _(TABLE_TITLES.get(one.where, one.where)), _first_cell(then, one), _row_said
        found.append(ShownDifference(where, row, say(then, one), say(now, one)))
    return found


def _figure_said(side: Content, difference: content.Difference) -> str:
    for one in side.figures:
        if one.name == difference.where:
            told = figure(one)
            of = f" / {told.of}" if told.of else ""
            return f"{told.value}{of}" + (f" ({told.before})" if told.before else "")
    return ""


def _row_said(side: Content, difference: content.Difference) -> str:
    for table in side.tables:
        for row in table.rows if table.name == difference.where else ():
            if row[0] == difference.row:
                cells = (_cell(side, column, value) for column, value in zip(table.columns, row, strict=True))
                return " · ".join(cell.text for cell in [*cells][1:] if cell.text)
    return ""


def _first_cell(side: Content, difference: content.Difference) -> Cell:
    column = next(table.columns[0] for table in side.tables if table.name == difference.where)
    return _cell(side, column, difference.row)


def figure_title(name: str) -> str:
    """What a figure, or a table, is called; a figure of the register as the indicators call it."""
    known = FIGURE_TITLES.get(name) or TABLE_TITLES.get(name)
    register_name, _colon, currency = name.partition(":")
    if known is None and register_name in computing.names():
        title = _(computing.title_of(register_name))
        return f"{title} ({currency})" if currency else title
    return _(known or name)


def figure(one: Figure, key: int | None = None) -> ShownFigure:
    """A figure in words of the reader; `key` of the frozen figure that keeps the complaints behind it."""
    value = _valued(one.value, one.unit) if one.value or not one.note else _(one.note)
    before = _valued(one.before, one.unit) if one.before else ""
    return ShownFigure(figure_title(one.name), value, _number(one.of), before, key)


_UNITS = {
    "percent": N_("%(number)s %%"),
    "hours": N_("%(number)s hours"),
    "days": N_("%(number)s days"),
}


def _valued(value: str, unit: str) -> str:
    if not value:
        return _("cannot be told")
    return _(_UNITS[unit], number=_number(value)) if unit in _UNITS else _number(value)


def _number(value: str) -> str:
    return in_own_digits(value) if value else ""


def _table(found: Content, table: content.Table) -> ShownTable:
    return ShownTable(
        _(TABLE_TITLES.get(table.name, table.name)),
        [_(COLUMN_TITLES.get(one, one)) for one in table.columns],
        [[_cell(found, column, value) for column, value in zip(table.columns, row, strict=True)] for row in table.rows],
    )


def _cell(found: Content, column: str, value: str) -> Cell:
    if column in DAYS and value:
        return Cell(day(date.fromisoformat(value)), data=False)
    if column == "category":
        return Cell(word_title(column, value), data=False)
    if column == "month" and value:
        return Cell(month_label(value), data=True)
    if column == "received":
        return Cell(in_own_digits(value), data=True)
    if column in WORDS and value:
        return Cell(_(value), data=False)
    return Cell(value, data=True, url=_url(found.input, column, value) if value else None)


def _url(name: str, column: str, value: str) -> str | None:
    """Where the record of a cell is, for who may see it."""
    register = OBJECTIVES if name == OBJECTIVES else {one.value: slug for one, slug in REGISTERS.items()}.get(name, "")
    found: dict[str, tuple[str, Callable[[], str | None]]] = {
        "action": ("actions.read", lambda: url_for("actions.show", number=value)),
        "audit": ("audits.read", lambda: url_for("audits.show", number=value)),
        "finding": ("audits.read", lambda: url_for("audits.finding", number=value)),
        "complaint": ("complaints.read", lambda: url_for("complaints.show", reference=value)),
        "entry": ("registers.read", lambda: url_for("registers.show", register=register, number=value)),
        "policy": ("policies.read", lambda: _policy_url(value)),
        "decision": ("reviews.read", lambda: url_for("reviews.show", number=value.partition("/")[0])),
    }
    permission, made = found.get(column, ("", None))
    return made() if made is not None and may(permission) else None


def _policy_url(reference: str) -> str | None:
    """Where a document is; None where its reference is another one by now."""
    if "policy_ids" not in g:
        g.policy_ids = ids_by_reference(reading())
    policy_id = g.policy_ids.get(reference)
    return url_for("policies.show", policy_id=policy_id) if policy_id is not None else None
