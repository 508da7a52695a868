"""The sixteen indicators against small registers counted by hand."""

from datetime import date

from auditkit.base import clock as clocks
from auditkit.base.db import reading
from auditkit.complaints.models import Complaint
from auditkit.content.library import shared as library
from auditkit.insights.indicators import computing
from auditkit.insights.rules import Figure, Period, Selection, Side, Unit
from tests.conftest import House

MARCH = Selection(Period(date(2026, 3, 1), date(2026, 3, 31)))


def figures(house: House, selection: Selection = MARCH) -> dict[str, Figure]:
    return {one.name: one for one in computing.compute(reading(house.system), selection, clocks.now())}


def behind(house: House, name: str, side: Side = Side.COUNTED, selection: Selection = MARCH) -> list[str]:
    tx = reading(house.system)
    ids = tx.execute(computing.behind(tx, name, side, selection, clocks.now())).scalars().all()
    return [tx.get_one(Complaint, one).reference for one in ids]


def test_every_figure_belongs_to_an_indicator_of_the_content() -> None:
    known = set(library().indicators)
    assert set(computing.INDICATORS) == known
    assert {computing.indicator_of(name) for name in computing.names()} == known


def test_an_empty_register_says_so_of_every_figure(acme: House) -> None:
    for figure in figures(acme).values():
        assert figure.unit is Unit.CASES or figure.value is None
        assert figure.unit is Unit.CASES or figure.note or figure.denominator == 0
