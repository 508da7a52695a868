"""Reported figures counted again: within the rounding or not, kept with each case, a finding in two taps."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits import queries
from auditkit.audits.recounting import queries as recounts
from auditkit.audits.recounting import rules
from auditkit.audits.recounting.models import AuditRecount
from auditkit.audits.recounting.queries import RecountView
from auditkit.audits.recounting.service import Recount, recount
from auditkit.audits.sampling import canonical
from auditkit.base import clock
from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints import service as complaints
from auditkit.complaints.checking.vocabulary import ABOUT, Indicator
from auditkit.content.library import shared
from auditkit.evidence import queries as evidence
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.slices.audits.doing import own_library, started
from tests.slices.audits_samples.test_samples_tab import audit_id
from tests.slices.complaints.recording import decided, do, registered

Opener = Callable[..., Browser]
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


def counted(house: House, audit: str, **changes: Any) -> RecountView:
    actor = house.actor("internal-auditor")
    command = replace(Recount(audit, Indicator.UPHELD, *MARCH, "66.7", "Review, page 4"), **changes)
    with transaction(actor) as tx:
        recount(tx, command, clock.now(), actor)
    return recounts.recounts(reading(house.system), audit_id(house, audit))[0]


@pytest.mark.parametrize(
    ("reported", "numerator", "denominator", "within"),
    [
        ("66.7", 2, 3, True),
        ("66.67", 2, 3, True),
        ("66.6", 2, 3, False),
        ("67", 2, 3, True),
        ("66", 2, 3, False),
        ("98.2", 982, 1000, True),
        ("98.2", 98249, 100000, True),
        ("98.2", 98251, 100000, False),
        ("0", 0, 5, True),
        ("100", 5, 5, True),
        ("100.0", 0, 0, None),
    ],
)
def test_a_figure_agrees_within_its_rounding(
    reported: str, numerator: int, denominator: int, within: bool | None
) -> None:
    found = rules.found(numerator, denominator, is_share=True)
    assert rules.compared(rules.figure(reported), found).within is within


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 3))
def test_what_is_rounded_as_it_is_reported_always_agrees(numerator: int, denominator: int, places: int) -> None:
    found = rules.found(numerator, denominator, is_share=True)
    assert found is not None
    reported = rules.figure(f"{found:.{places}f}")
    compared = rules.compared(reported, found)
    assert compared.within
    off = reported + Decimal(11).scaleb(-places - 1)
    assert not rules.compared(off, found).within


@pytest.mark.parametrize(
    ("text", "figure"),
    [("98,2 %", "98.2"), ("98.20", "98.20"), ("۹۸٫۲٪", "98.2"), (" 12 ", "12"), ("-3", "-3")],
)
def test_figures_are_read_as_people_write_them(text: str, figure: str) -> None:
    assert str(rules.figure(text)) == figure


@pytest.mark.parametrize("text", ["", "many", "1.2.3", "1e5", "NaN", "9" * 40, "<b>1</b>"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(rules.FigureUnreadable):
        rules.figure(text)


def test_a_figure_is_kept_with_each_case(acme: House, number: str) -> None:
    references = [decided(acme.actor("complaint-handler")) for _number in range(3)]
    today = clock.now().date()
    found = counted(acme, number, reported="66.7", covers_from=today, covers_to=today)
    assert (found.numerator, found.denominator, found.found, found.agrees) == (3, 3, Decimal("100.000000"), False)
    assert found.difference == Decimal("-33.3")
    record = json.loads(b"".join(evidence.open_stream(reading(acme.system), found.record.digest)))["record"]
    assert record["counted"] == {"numerator": references, "denominator": references}
    assert hashlib.sha256(canonical(record["counted"])).hexdigest() == found.digest
    assert counted(acme, number, reported="100", covers_from=today, covers_to=today).agrees is True
    assert counted(acme, number).agrees is None, "nothing was decided in those days"
    assert counted(acme, number, indicator=Indicator.RECEIVED, reported="0").agrees is True


def test_a_median_is_counted_again_with_the_time_of_each_case(acme: House, number: str, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    first, second = (registered(handler, received_at=clocks.now()) for _number in range(2))
    clock.advance(days=2)
    do(handler, complaints.acknowledge, complaints.Acknowledge, first)
    clock.advance(days=1)
    today = clocks.now().date()
    found = counted(
        acme, number, indicator=Indicator.TIME_TO_ACKNOWLEDGE, reported="2.0", covers_from=MARCH[0], covers_to=today
    )
    assert (found.found, found.agrees, found.numerator, found.denominator) == (Decimal("2.000000"), True, 1, 2)
    record = json.loads(b"".join(evidence.open_stream(reading(acme.system), found.record.digest)))["record"]
    assert record["counted"]["values"] == ["2.000000", "3.000000+"]
    assert record["counted"]["denominator"] == sorted([first, second])


def test_every_indicator_of_the_library_is_counted_or_named_as_not_counted(
    acme: House, browser: Opener, number: str
) -> None:
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/figures")
    offered = {option["value"] for option in page.soup.find("select", {"name": "indicator"}).find_all("option")}
    assert offered == {one.value for one in Indicator}
    counted_ones = {about.preset for about in ABOUT.values()}
    for one in shared().indicators.values():
        assert (one.id in counted_ones) != (one.title in page.text and one.formula.strip()[:40] in page.text), one.id


def test_an_incomplete_recount_is_refused(acme: House, number: str) -> None:
    for changes, refusal in (
        ({"reported": "many"}, rules.FigureUnreadable),
        ({"source": " "}, rules.FigureSourceMissing),
        ({"covers_to": date(2026, 2, 1)}, rules.RecountPeriodReversed),
        ({"number": "A-2026-099"}, NotFound),
    ):
        with pytest.raises(refusal):
            counted(acme, number, **changes)
    manager = acme.actor("quality-manager")
    with pytest.raises(Forbidden), transaction(manager) as tx:
        recount(tx, Recount(number, Indicator.UPHELD, *MARCH, "1", "x"), clock.now(), manager)
    with pytest.raises(NotFound):
        recounts.place(reading(acme.system), 9)


def test_the_page_counts_and_raises_a_finding(acme: House, browser: Opener, number: str) -> None:
    registered(acme.actor("complaint-handler"))
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/figures")
    values = {"indicator": "received", "covers_from": "2026-01-01", "covers_to": "2026-12-31", "source": "Review"}
    page = auditor.post_form({**values, "reported": "lots"}, action="/figures")
    assert "is no figure" in page.text
    page = auditor.post_form({**values, "reported": "4"}, action="/figures")
    assert "does not agree" in page.text
    assert "1 of 3 figures counted again" in page.text
    assert "rising count may mean" in page.text, "the pitfall of the library stands beside it"
    auditor.get(page.soup.select_one("a[href*='findings/new']")["href"])
    assert "was raised" in auditor.post_form(action="/findings/new").text
    (finding,) = queries.findings.of_audit(reading(acme.system), audit_id(acme, number))
    assert "Reported 4 (Review)" in finding.evidence
    assert "counted again 1" in finding.evidence


def test_a_recount_stands(acme: House, number: str) -> None:
    found = counted(acme, number)
    values = {
        "organisation_id": acme.id, "audit_id": audit_id(acme, number), "serial": 7, "indicator": "upheld",
        "covers_from": MARCH[0], "covers_to": MARCH[1], "reported": "1", "source": "x", "numerator": 0,
        "denominator": 0, "excluded": {}, "found": "", "digest": "a" * 64, "record_file_id": found.record.id,
        "counted_at": clock.now(),
    }  # fmt: skip
    table = AuditRecount.__table__
    refuses(table, "serial_counts_from_one", {**values, "serial": 0})
    refuses(table, "covers_forwards", {**values, "covers_to": date(2026, 1, 1)})
    refuses(table, "reported_says_where", {**values, "source": ""})
    refuses(table, "counts_not_negative", {**values, "numerator": -1})
    refuses(table, "found_is_compared", {**values, "found": "1"})
    refuses(table, "digests_are_sha256", {**values, "digest": "a"})
    accepts(table, values)
    for statement in ("UPDATE audit_recount SET serial = 9", "DELETE FROM audit_recount"):
        trigger_refuses(statement, "stands as it is")
