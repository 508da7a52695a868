"""Presets hold together: matrices are complete, limits name severities that exist, indicators name records."""

from collections.abc import Iterator
from itertools import product

from auditkit.base.text import _
from auditkit.content.checks.defining import Index
from auditkit.content.checks.referring import known_clauses, known_edition, known_record, listed
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import (
    AgendaShape,
    CoverageShape,
    IndicatorsShape,
    MatrixShape,
    ProbesShape,
    RecordsShape,
    TimeLimitsShape,
)
from auditkit.content.yaml_reader import Loc


def of_matrix(file: ReadFile, shape: MatrixShape, index: Index) -> Iterator[Problem]:
    """One cell for every severity and reach, with a priority that exists."""
    severities = _words(shape.severities, index)
    if not severities:
        yield from _no_list(file, shape.severities, ("severities",), index)
        return
    reaches = [one.id for one in shape.reaches]
    priorities = [one.id for one in shape.priorities]
    seen: set[tuple[str, str]] = set()
    for number, cell in enumerate(shape.cells):
        for field, name, known in (
            ("severity", cell.severity, severities),
            ("reach", cell.reach, reaches),
            ("priority", cell.priority, priorities),
        ):
            if name not in known:
                message = _("There is no `%(id)s` here. Write one of: %(known)s", id=name, known=listed(known))
                yield file.problem(("cells", number, field), message)
        if (cell.severity, cell.reach) in seen:
            yield file.problem(("cells", number), _("This cell is given twice. Keep one of them"))
        seen.add((cell.severity, cell.reach))
    for severity, reach in product(severities, reaches):
        if (severity, reach) not in seen:
            message = _("The cell for %(severity)s and %(reach)s is missing. Add it", severity=severity, reach=reach)
            yield file.problem(("cells",), message)


def of_time_limits(file: ReadFile, shape: TimeLimitsShape, index: Index) -> Iterator[Problem]:
    """Severities and the framework are there, and no stage has two limits for one severity."""
    if shape.framework:
        yield from known_edition(file, shape.framework, ("framework",), index)
    severities = _words(shape.severities, index)
    if not severities:
        yield from _no_list(file, shape.severities, ("severities",), index)
        return
    held: dict[tuple[str, str], str] = {}
    for number, limit in enumerate(shape.limits):
        for position, name in enumerate(limit.severities):
            if name not in severities:
                message = _("There is no `%(id)s` here. Write one of: %(known)s", id=name, known=listed(severities))
                yield file.problem(("limits", number, "severities", position), message)
        for name in limit.severities or severities:
            if (limit.stage, name) in held:
                message = _(
                    "`%(first)s` gives a limit for this stage and %(severity)s already. Keep one of them",
                    first=held[limit.stage, name],
                    severity=name,
                )
                yield file.problem(("limits", number, "stage"), message)
            else:
                held[limit.stage, name] = limit.id


def of_indicators(file: ReadFile, shape: IndicatorsShape, index: Index) -> Iterator[Problem]:
    """Clauses and records are there, and numbers are given once."""
    numbers: set[int] = set()
    for number, indicator in enumerate(shape.indicators):
        loc = ("indicators", number)
        yield from known_clauses(file, shape.edition, indicator.clauses, (*loc, "clauses"), index)
        yield from known_record(file, indicator.record, (*loc, "record"), index)
        if indicator.number in numbers:
            yield file.problem((*loc, "number"), _("Number %(number)s is taken", number=indicator.number))
        numbers.add(indicator.number)


def of_records(file: ReadFile, shape: RecordsShape, index: Index) -> Iterator[Problem]:
    """Clauses are there."""
    for number, record in enumerate(shape.records):
        yield from known_clauses(file, shape.edition, record.clauses, ("records", number, "clauses"), index)


def of_agenda(file: ReadFile, shape: AgendaShape, index: Index) -> Iterator[Problem]:
    """Clauses are there."""
    for number, item in enumerate(shape.items):
        yield from known_clauses(file, shape.edition, item.clauses, ("items", number, "clauses"), index)


def of_probes(file: ReadFile, shape: ProbesShape, index: Index) -> Iterator[Problem]:
    """Clauses, records and questions are there. Whether code counts a probe is checked where that code is."""
    for number, probe in enumerate(shape.probes):
        yield from known_clauses(file, shape.edition, probe.clauses, ("probes", number, "clauses"), index)
        yield from known_record(file, probe.record, ("probes", number, "record"), index)
    for number, stop in enumerate(shape.stops):
        yield from known_clauses(file, shape.edition, stop.documents, ("stops", number, "documents"), index)
        if stop.item is not None and stop.item not in index.items:
            message = _("There is no question `%(id)s`. Correct the id", id=stop.item)
            yield file.problem(("stops", number, "item"), message)


def of_coverage(file: ReadFile, shape: CoverageShape, index: Index) -> Iterator[Problem]:
    """Clauses are there, and nothing is explained twice."""
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(shape.explained):
        loc: Loc = ("explained", number, "clauses")
        yield from known_clauses(file, shape.edition, one.clauses, loc, index)
        for position, ref in enumerate(one.clauses):
            if (one.lacks, ref) in seen:
                yield file.problem((*loc, position), _("This is explained already. Name it once"))
            seen.add((one.lacks, ref))


def _words(name: str, index: Index) -> list[str]:
    found = index.values.get(name)
    return [one.id for one in found.values] if found else []


def _no_list(file: ReadFile, name: str, loc: Loc, index: Index) -> Iterator[Problem]:
    message = _("There is no list of words `%(id)s`. Write one of: %(known)s", id=name, known=listed(index.values))
    yield file.problem(loc, message)
