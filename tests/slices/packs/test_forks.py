"""A fork that answers: what crosses, what does not, what is told when it cannot."""

import os
import time
from pathlib import Path

import pytest

from auditkit.base.errors import Conflict
from auditkit.packs.forks import CAN_FORK, Fork, ForkDied, Line, Misasked, Refused
from auditkit.packs.rules import LanguagesUnfit

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this system has no fork")


@pytest.fixture
def begin():
    """`begin(serve, shared)` begins a fork that is closed at the end."""
    begun = []

    def begin_it(serve, shared=()):
        begun.append(Fork(serve, shared))
        return begun[-1].line

    yield begin_it
    for one in begun:
        one.close()


def _echo(line: Line) -> None:
    while True:
        line.say([os.getpid(), line.hear()])


def test_it_answers_one_thing_after_another_from_a_process_of_its_own(begin) -> None:
    line = begin(_echo)
    for said in ("a", {"b": 2}, "x" * 1_000_000):
        line.say(said)
        process, heard = line.hear()
        assert heard == said
        assert process != os.getpid()


def test_what_both_had_is_named_and_not_copied(begin) -> None:
    common, other = ["kept"], ["copied"]
    line = begin(_echo, (common,))
    line.say([common, other])
    heard = line.hear()[1]
    assert heard == [common, other]
    assert heard[0] is common
    assert heard[1] is not other


def _raise(error: Exception):
    def serve(_line: Line) -> None:
        raise error

    return serve


def test_a_refusal_is_told_in_its_words_and_as_what_it_is(begin) -> None:
    with pytest.raises(Refused) as refused:
        begin(_raise(Conflict())).hear()
    assert str(refused.value) == str(Conflict())
    with pytest.raises(Misasked) as misasked:
        begin(_raise(LanguagesUnfit())).hear()
    assert misasked.value.exit_code == 2


def test_its_death_is_told_and_its_last_words_are_left(begin, capfd) -> None:
    with pytest.raises(ForkDied):
        begin(_raise(ZeroDivisionError("by nothing"))).hear()
    assert "ZeroDivisionError: by nothing" in capfd.readouterr().err


def test_it_ends_when_nobody_listens_any_more_whatever_it_is_at() -> None:
    idle, busy = Fork(_echo), Fork(lambda _line: time.sleep(600))
    began = time.monotonic()
    for one in (idle, busy):
        one.close()
        with pytest.raises(ChildProcessError):
            os.waitpid(one._pid, os.WNOHANG)
    assert time.monotonic() - began < 60


def test_an_orphan_ends_by_itself(begin) -> None:
    """Its parent is killed, which closes nothing in good order; the fork of the fork must not stay."""

    def bear(line: Line) -> None:
        line.say(Fork(_echo)._pid)
        os._exit(1)

    orphan = begin(bear).hear()
    until = time.monotonic() + 30
    while _lives(orphan) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _lives(orphan)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
