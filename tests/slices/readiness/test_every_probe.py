"""Change what one probe counts, and exactly the cells that count it change: over every probe that content declares.

What moves each probe among the records is tested where its records are: the machine tests over complaints in
tests/slices/complaints_checking/, the rest here and in test_matrix.py.
"""

from dataclasses import replace

import pytest

from auditkit.base import clock as clocks
from auditkit.base.db import db, reading, transaction
from auditkit.content.library import shared
from auditkit.content.shapes import FieldKind, ProbesShape
from auditkit.readiness import rules
from auditkit.readiness.probing import PROBES, Probe, Reads
from auditkit.readiness.probing.registers import OBJECTIVES, REGISTERS
from auditkit.readiness.queries.counting import counting
from auditkit.readiness.queries.matrix import build
from auditkit.readiness.rules import Column, Reading
from auditkit.registers import service as registers
from tests.slices.readiness.matrices import EDITION, changed_cells, changed_probes, clauses_of, matrix

pytestmark = pytest.mark.sqlite_only


def declared() -> ProbesShape:
    return shared().probe_sets[EDITION]


def one_more(reading: Reading) -> Reading:
    """The reading after one more record that is as it should be, of today."""
    of = None if reading.of is None else reading.of + 1
    return replace(reading, found=reading.found + 1, of=of, newest=clocks.now().date())


def test_exactly_the_cells_of_a_probe_change_with_it(acme, clock, monkeypatch) -> None:
    db.session.rollback()
    now, how = clocks.now(), counting(shared(), EDITION)
    reads = Reads(reading(acme.system), rules.year_to(now.date()), now)  # reads each source once for all matrices
    before = build(reads, shared(), how)
    assert {probe.id for probe in declared().probes} == set(before.readings) == set(PROBES)
    for probe in declared().probes:
        counted = one_more(before.readings[probe.id])
        with monkeypatch.context() as patch:
            patch.setitem(PROBES, probe.id, Probe(lambda _reads, counted=counted: counted))
            after = build(reads, shared(), how)
        cells = changed_cells(before, after)
        assert changed_probes(before, after) == {probe.id}
        assert {number for number, column in cells if column is Column.RECORDS} == clauses_of({probe.id}), probe.id
        assert clauses_of({probe.id}), probe.id
        assert {column for _number, column in cells} <= {Column.RECORDS, Column.FRESHNESS}, probe.id
        assert {number for number, column in cells} <= clauses_of({probe.id}), probe.id


def test_an_entry_of_any_register_moves_the_probe_of_that_register_alone(acme, clock) -> None:
    manager = acme.actor("quality-manager")
    before = matrix(acme)
    for name in REGISTERS:
        shape = shared().register(name)
        people = {one.id: acme.person("staff") for one in shape.fields if one.kind is FieldKind.PERSON}
        command = registers.WriteEntry(shape, {**shape.examples[0].values, **people}, None)
        with transaction(manager) as tx:
            registers.write(tx, command, clocks.now(), manager)
        after = matrix(acme)
        changed, before = changed_probes(before, after) - {"journal-kept"}, after
        assert changed - {"objectives-measured"} == {f"register-{name}"}, name
        assert ("objectives-measured" in changed) == (name == OBJECTIVES)
