"""Objectives by verbs and pages: an indicator measures them, too few cases do not; light, trend, comment are shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from auditkit.base import clock as time
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.content import library
from auditkit.insights.freezing import queries as freezing
from auditkit.insights.objectives import queries, rules, service
from auditkit.insights.objectives.models import ObjectiveComment, ObjectiveSource
from auditkit.insights.rules import Span, Unit
from auditkit.registers import service as registers
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import refuses
from tests.slices.complaints.recording import registered

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def shape() -> Any:
    return library.shared().register("objectives")


def act(house: House, verb: Any, command: Any, role: str = "quality-manager") -> Any:
    with transaction(house.actor(role)) as tx:
        return verb(tx, command, time.now(), house.actor(role))


@pytest.fixture
def objective(acme: House, clock: FrozenClock) -> str:
    values = {"objective": "Fewer complaints", "measure": "Register", "target": "10", "unit": "complaints",
              "better": "lower", "by": "2026-12-31"}  # fmt: skip
    return str(act(acme, registers.write, registers.WriteEntry(shape(), values)))


def test_an_indicator_measures_and_the_figure_is_frozen(acme: House, objective: str, clock: FrozenClock) -> None:
    with pytest.raises(rules.NoSource):
        act(acme, service.take, service.TakeMeasurement(shape(), objective))
    act(acme, service.set_source, service.SetSource(objective, "received", Span.THIS_MONTH))
    for _number in range(3):
        registered(acme.actor("complaint-handler"), received_at=time.now())
    clock.advance(hours=1)
    act(acme, service.take, service.TakeMeasurement(shape(), objective))

    tx = reading(acme.system)
    found = queries.objective(tx, objective, time.now().date())
    assert [one.value for one in found.measured] == [Decimal(3)]
    assert found.standing.light is rules.Light.REACHED
    [frozen] = freezing.listing(tx)
    assert (frozen.figure.name, frozen.figure.value) == ("received", 3)
    assert f"frozen figure {frozen.id}" in found.measured[0].note


def test_too_few_cases_measure_nothing(acme: House, objective: str) -> None:
    act(acme, service.set_source, service.SetSource(objective, "acknowledged-on-time", Span.THIS_MONTH))
    registered(acme.actor("complaint-handler"), received_at=time.now())
    with pytest.raises(rules.CannotBeTold):
        act(acme, service.take, service.TakeMeasurement(shape(), objective))
    assert queries.objective(reading(acme.system), objective, time.now().date()).measured == ()


@pytest.mark.parametrize(
    ("figure", "span", "refusal"),
    [("weather", Span.THIS_MONTH, rules.UnknownFigure), ("received", Span.OWN, rules.ReadSince)],
)
def test_what_cannot_be_a_source(
    acme: House, objective: str, figure: str, span: Span, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        act(acme, service.set_source, service.SetSource(objective, figure, span))


@pytest.mark.parametrize(
    ("unit", "value", "measured"),
    [(Unit.SHARE, 0.9312, "93.12"), (Unit.MONEY, 1250.0, "12.5"), (Unit.DAYS, 2.5, "2.5"), (Unit.CASES, 3.0, "3")],
)
def test_units(unit: Unit, value: float, measured: str) -> None:
    assert rules.as_measured(unit, value) == Decimal(measured)


def test_tables_refuse(acme: House, objective: str) -> None:
    entry = queries.objective(reading(acme.system), objective, time.now().date()).entry.id
    source = {"organisation_id": acme.id, "entry_id": entry, "figure": "received", "span": "this-month", "set_at": AT}
    refuses(ObjectiveSource.__table__, "source_moves_on", source | {"span": "own"})
    refuses(ObjectiveSource.__table__, "source_moves_on", source | {"figure": ""})
    comment = {"organisation_id": acme.id, "entry_id": entry, "said": "", "at": AT}
    refuses(ObjectiveComment.__table__, "says_something", comment)


@pytest.mark.sqlite_only
def test_pages(browser: Callable[..., Browser], acme: House, objective: str, clock: FrozenClock) -> None:
    manager, base = browser(acme, "quality-manager"), "/o/acme/insights/objectives"
    assert "Not measured" in manager.get(f"{base}/").text
    for days, value in ((0, "14"), (10, "10.5")):
        on = time.now().date() + timedelta(days=days) - timedelta(days=10)
        act(acme, registers.measure, registers.MeasureEntry(shape(), objective, on, Decimal(value)))
    page = manager.get(f"{base}/")
    row = page.soup.select_one("tbody tr").get_text(" ", strip=True)
    for text in ("Near the target", "Getting better", "10.5"):
        assert text in row
    page = manager.get(f"{base}/{objective}")
    assert page.soup.select_one("figure.chart svg") is not None
    page = manager.post_form({"text": "Two handlers more since May"}, action=f"{base}/{objective}/comment")
    assert "Two handlers more since May" in page.text
    page = manager.post_form({"figure": "received", "span": "this-month"}, action=f"{base}/{objective}/source")
    clock.advance(minutes=1)
    page = manager.post_form({}, action=f"{base}/{objective}/take")
    assert "The measurement was taken" in page.text
    assert "Two handlers more" in manager.get(f"{base}/").text
    # Each measurement opens what is behind it: what was written by hand, and the figure that was frozen
    points = [link["href"] for link in manager.get(f"{base}/{objective}").soup.select("figure.chart tbody th a")]
    assert [url.partition("#")[2] for url in points] == ["measurements", "measurements", ""]
    assert "SHA-256" in manager.get(points[-1]).text
    data = manager.get(f"{base}/{objective}?chart=measurements&as=csv", unchecked="CSV").response.data.decode()
    assert "10.5" in data
    browser(acme, "internal-auditor").get(f"{base}/{objective}")
    browser(acme, "internal-auditor").get(f"{base}/")
