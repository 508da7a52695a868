"""Figures that an effect can be judged by: each is computed by the slice whose records it counts, which lies above.

A slice registers its figures when its views are loaded; here only names and functions are held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from auditkit.base.db import Session


@dataclass(frozen=True)
class Measure:
    """A figure over a span of days. `permission` is needed to choose it and to see it.

    `choices(tx)` are (parameter, words) of what it can be asked for; `figure(tx, parameter, first, last)` is the number
    of a span, both days included, computed from the records as they are now.
    """

    title: str
    unit: str
    permission: str
    choices: Callable[[Session], list[tuple[str, str]]]
    figure: Callable[[Session, str, date, date], float]


_measures: dict[str, Measure] = {}


def register(name: str, measure: Measure) -> None:
    """Make a figure known by `name`, such as `complaints.category`."""
    _measures[name] = measure


def known() -> dict[str, Measure]:
    """Every figure by its name, in the order of the names."""
    return dict(sorted(_measures.items()))


def named(name: str) -> Measure | None:
    """The figure of that name; None where no slice of this installation computes it any more."""
    return _measures.get(name)
