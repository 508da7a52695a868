"""Forks that read for a pack: what they hand over makes the same pack, and what goes wrong in them is told."""

import os

import pytest

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.packs import apart, service, signing
from auditkit.packs.apart import Apart
from auditkit.packs.forks import CAN_FORK, ForkDied, Misasked, Refused
from auditkit.packs.gathering import Register
from auditkit.packs.reading import Here
from auditkit.packs.rules import PackHasGaps

from . import records
from .test_service import asked

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.skipif(not CAN_FORK, reason="this system has no fork")]


def sealed(house, instance, target, command, forked):
    actor = house.actor("quality-manager")
    tx = reading(actor)
    if not forked:
        return service.prepare(tx, command, actor, instance, signing.signer(instance), target).sealed
    with Apart(command, actor, instance) as read:
        return service.prepare(tx, command, actor, instance, signing.signer(instance), target, records=read).sealed


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"form": "redacted", "pack_id": "stage-2", "languages": ("fa", "en")},
        {"pack_id": "single-audit"},
    ],
    ids=["whole", "redacted, two languages", "one audit"],
)
def test_they_make_the_same_pack(acme, year, instance, tmp_path, wish) -> None:
    command = asked(acme, **wish, **({"subject": year} if wish.get("pack_id") == "single-audit" else {}))
    here, there = (
        sealed(acme, instance, tmp_path / f"{forked}.zip", command, forked).file.read_bytes()
        for forked in (False, True)
    )
    assert here == there


def test_rows_of_registers_are_handed_over_as_often_as_asked_and_page_by_page(
    acme, year, instance, monkeypatch
) -> None:
    monkeypatch.setattr(apart, "ROWS_AT_ONCE", 2)
    for number in range(5):
        records.complaint(acme, f"Complaint {number}")
    actor = acme.actor("quality-manager")
    command = asked(acme, pack_id="stage-2")
    here = Here(reading(actor), command, instance).draft()
    with Apart(command, actor, instance) as read:
        there = read.draft()
        registers = [place for place, item in enumerate(here.items) if isinstance(item.content, Register)]
        assert registers
        most = 0
        for place in [*registers, *registers]:
            expected = [(sheet.title, list(sheet.rows)) for sheet in here.items[place].content.sheets()]
            given = [(sheet.title, list(sheet.rows)) for sheet in there.items[place].content.sheets()]
            assert given == expected
            most = max(most, *(len(rows) for _title, rows in given))
        assert most > 4
        assert there.edition is here.edition
        assert there.standards is here.standards


def test_what_they_refuse_is_said_as_this_process_says_it(acme, instance) -> None:
    command = asked(acme, pack_id="single-audit", subject="A-2026-999")
    actor = acme.actor("quality-manager")
    with pytest.raises(NotFound) as here:
        Here(reading(actor), command, instance).draft()
    with Apart(command, actor, instance) as read, pytest.raises(Refused) as there:
        read.draft()
    assert str(there.value) == str(here.value)
    assert not isinstance(there.value, Misasked)


def test_a_pack_with_gaps_is_refused_and_leaves_no_process(acme, instance, year) -> None:
    actor = acme.actor("quality-manager")
    with Apart(asked(acme, reason=""), actor, instance) as read, pytest.raises(PackHasGaps):
        service.prepare(reading(actor), asked(acme, reason=""), actor, instance, signing.signer(instance), records=read)
    for fork in (read._gathers, read._counts):
        with pytest.raises(ChildProcessError):
            os.waitpid(fork._pid, os.WNOHANG)


def test_the_death_of_one_is_told(acme, year, instance, monkeypatch, capfd) -> None:
    monkeypatch.setattr(apart, "standings", lambda *_: 1 // 0)
    actor = acme.actor("quality-manager")
    with pytest.raises(ForkDied), Apart(asked(acme), actor, instance) as read:
        service.prepare(reading(actor), asked(acme), actor, instance, signing.signer(instance), records=read)
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert list(service.packs_folder(instance).iterdir()) == []
