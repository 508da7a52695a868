"""Inputs from documents and registers: policies, objectives, risks, changes, duties, means."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput, RegisterShape
from auditkit.insights.objectives.rules import LIGHT_TITLES, TREND_TITLES, Light, standing
from auditkit.policies import queries as documents
from auditkit.policies.queries import readers
from auditkit.registers import queries as registers
from auditkit.registers import rules as register_rules
from auditkit.registers.queries import Stood
from auditkit.reviews.inputs.content import Content, Figure, Span, Table, decimal_text, made
from auditkit.reviews.inputs.titles import HAPPENED, LEFT_OUT

OBJECTIVES = "objectives"
REGISTERS = {
    AgendaInput.CHANGES: "changes",
    AgendaInput.CONTEXT: "context-issues",
    AgendaInput.LEGAL_DUTIES: "legal-duties",
    AgendaInput.RISKS: "risks",
    AgendaInput.RESOURCES: "resources",
    AgendaInput.COMPETENCE: "competence",
    AgendaInput.PARTNERS: "outsourced",
}


def policies(tx: Session, span: Span, library: Library) -> Content:
    """The documents in force on the last day: version, day of review, how many of those who must have read them."""
    day = span.today
    confirmed: dict[int, tuple[int, int]] = {}
    for one in readers.readings(tx, day):
        asked = [reader.person_id for reader in one.readers]
        said = [one.confirmed[person].confirmed_at for person in asked if person in one.confirmed]
        confirmed[one.version.id] = (sum(moment <= span.until for moment in said), len(asked))
    rows, late, in_force = [], 0, []
    for policy in documents.policies(tx):
        version = policy.in_force(day)
        if version is None:
            continue
        read = "{} / {}".format(*confirmed[version.id]) if version.id in confirmed else ""
        review_by = version.review_by.isoformat() if version.review_by else ""
        in_force.append(version.id)
        late += version.review_by is not None and version.review_by < day
        rows.append((policy.reference, version.title, str(version.number), review_by, read))
    figures = (
        Figure("policies-in-force", str(len(rows))),
        Figure("policies-review-overdue", str(late), of=str(len(rows))),
        Figure(
            "policies-read",
            str(sum(confirmed[one][0] for one in in_force if one in confirmed)),
            of=str(sum(confirmed[one][1] for one in in_force if one in confirmed)),
        ),
    )
    columns = ("policy", "title", "version", "review-by", "read")
    return made(AgendaInput.POLICIES, span, figures, [Table("policies", columns, tuple(rows))])


def objectives(tx: Session, span: Span, library: Library) -> Content:
    """Every objective in use: target, last measurement up to the moment, light, trend."""
    shape = _shape(library, OBJECTIVES)
    entries = [one for one in registers.stood(tx, OBJECTIVES, span.until, span.begins) if one.retired_at is None]
    measured = registers.measurements(tx, [one.id for one in entries])
    rows, lights = [], dict.fromkeys(Light, 0)
    for entry in entries:
        values, today = entry.values, span.today
        told = [(one.on, one.value) for one in measured.get(entry.id, []) if one.on <= today and one.at <= span.until]
        by = values.get("by")
        found = standing(
            told,
            target=Decimal(values["target"]),
            higher_is_better=values.get("better") != "lower",
            by=date.fromisoformat(by) if by else None,
            today=today,
        )
        lights[found.light] += 1
        rows.append(
            (
                entry.number,
                _title(shape, entry),
                f"{values['target']} {values['unit']}",
                decimal_text(found.value, 6),
                found.on.isoformat() if found.on else "",
                LIGHT_TITLES[found.light],
                TREND_TITLES[found.trend],
            )
        )
    figures = [Figure("objectives", str(len(rows)))]
    figures += [Figure(f"objectives-{light.value}", str(count), of=str(len(rows))) for light, count in lights.items()]
    columns = ("entry", "title", "target", "value", "on", "light", "trend")
    left_out = () if rows else (LEFT_OUT["no-objective"],)
    return made(AgendaInput.OBJECTIVES, span, figures, [Table("objectives", columns, tuple(rows))], left_out)


def of_register(name: AgendaInput, register: str) -> Callable[[Session, Span, Library], Content]:
    """How the input of one register is computed: its entries, and what happened to them in the period."""

    def computed(tx: Session, span: Span, library: Library) -> Content:
        shape = _shape(library, register)
        entries = registers.stood(tx, register, span.until, span.begins)
        used = [one for one in entries if one.retired_at is None]
        rows, happened = [], dict.fromkeys(HAPPENED, 0)
        for entry in entries:
            what = _what_happened(entry, span)
            if what:
                happened[what] += 1
                levels = _levels(shape, entry.values), _levels(shape, entry.values_before)
                rows.append((entry.number, _title(shape, entry), HAPPENED[what], *(levels if shape.levels else ())))
        figures = [Figure("entries", str(len(used)))]
        figures += [Figure(f"entries-{what}", str(count)) for what, count in happened.items()]
        if shape.levels:
            figures.append(Figure("entries-high", str(_highest(shape, used)), of=str(len(used))))
        columns = ("entry", "title", "what", *(("level", "level-before") if shape.levels else ()))
        left_out = (LEFT_OUT["retired-as-now"],) if entries else (LEFT_OUT["no-register"],)
        return made(name, span, figures, [Table("entries", columns, tuple(rows))], left_out)

    return computed


def _shape(library: Library, register: str) -> RegisterShape:
    return library.register(register)


def _title(shape: RegisterShape, entry: Stood) -> str:
    return str(entry.values.get(shape.fields[0].id, ""))


def _what_happened(entry: Stood, span: Span) -> str:
    """`new`, `changed`, `retired` or empty, within the period up to its moment."""
    if entry.retired_at is not None:
        return "retired" if entry.retired_at >= span.begins else ""
    if entry.values_before is None:
        return "new"
    return "changed" if entry.values != entry.values_before else ""


def _levels(shape: RegisterShape, values: dict[str, Any] | None) -> str:
    """The levels of an entry in words, the last one (after treatment) counting; empty where none can be told."""
    found = register_rules.levels_of(shape, values) if values is not None else []
    return found[-1].band.label if found else ""


def _highest(shape: RegisterShape, entries: list[Stood]) -> int:
    """Entries whose level, after treatment where it is told, is the highest there is."""
    highest = {level.bands[-1].id for level in shape.levels}
    levels = [register_rules.levels_of(shape, one.values) for one in entries]
    return sum(bool(found) and found[-1].band.id in highest for found in levels)
