"""Every move at the end of an audit in every state: who may sign, acknowledge, amend, write, take back."""

from collections.abc import Callable
from typing import Any

import pytest

from auditkit.audits.rules import State
from auditkit.audits.signing import rules
from auditkit.audits.signing.rules import Papers, Standing

PLANNED = Papers(State.PLANNED)
RUNNING = Papers(State.RUNNING)
REPORTED = Papers(State.REPORTED)
CLOSED = Papers(State.CLOSED)
SIGNED = Papers(State.REPORTED, 1)
SIGNED_CLOSED = Papers(State.CLOSED, 1)
ACKNOWLEDGED = Papers(State.REPORTED, 1, True)
AMENDED = Papers(State.REPORTED, 2)
ALL = (PLANNED, RUNNING, REPORTED, CLOSED, SIGNED, SIGNED_CLOSED, ACKNOWLEDGED, AMENDED)


def sign(papers: Papers) -> None:
    rules.check_sign(papers, is_lead=True)


def acknowledge(papers: Papers) -> None:
    rules.check_acknowledge(papers, is_auditee=True)


def amend(papers: Papers) -> None:
    rules.check_amend(papers, is_lead=True, reason="A wrong date", changes=["date"])


MOVES: dict[Callable[[Papers], None], dict[Papers, type[Exception] | None]] = {
    sign: {
        PLANNED: rules.ReportFirst,
        RUNNING: rules.ReportFirst,
        REPORTED: None,
        CLOSED: rules.ClosedUnsigned,
        SIGNED: rules.AlreadySigned,
        SIGNED_CLOSED: rules.AlreadySigned,
        ACKNOWLEDGED: rules.AlreadySigned,
        AMENDED: rules.AlreadySigned,
    },
    acknowledge: {
        PLANNED: rules.NotSigned,
        RUNNING: rules.NotSigned,
        REPORTED: rules.NotSigned,
        CLOSED: rules.NotSigned,
        SIGNED: None,
        SIGNED_CLOSED: None,
        ACKNOWLEDGED: rules.AlreadyAcknowledged,
        AMENDED: None,
    },
    amend: {
        PLANNED: rules.NotSigned,
        RUNNING: rules.NotSigned,
        REPORTED: rules.NotSigned,
        CLOSED: rules.NotSigned,
        SIGNED: None,
        SIGNED_CLOSED: None,
        ACKNOWLEDGED: None,
        AMENDED: None,
    },
    rules.check_write: {
        PLANNED: rules.NotBegun,
        RUNNING: None,
        REPORTED: None,
        CLOSED: rules.ClosedUnsigned,
        SIGNED: rules.ReportClosed,
        SIGNED_CLOSED: rules.ReportClosed,
        ACKNOWLEDGED: rules.ReportClosed,
        AMENDED: rules.ReportClosed,
    },
    rules.check_take_back: {
        PLANNED: rules.ReportFirst,
        RUNNING: rules.ReportFirst,
        REPORTED: None,
        CLOSED: rules.ReportFirst,
        SIGNED: rules.AlreadySigned,
        SIGNED_CLOSED: rules.AlreadySigned,
        ACKNOWLEDGED: rules.AlreadySigned,
        AMENDED: rules.AlreadySigned,
    },
}


@pytest.mark.parametrize(
    ("move", "papers", "refusal"),
    [(move, papers, refusal) for move, table in MOVES.items() for papers, refusal in table.items()],
)
def test_moves(move: Callable[[Papers], None], papers: Papers, refusal: type[Exception] | None) -> None:
    if refusal is None:
        move(papers)
        return
    with pytest.raises(refusal):
        move(papers)


def test_the_table_leaves_no_state_out() -> None:
    assert all(set(table) == set(ALL) for table in MOVES.values())
    assert {papers.standing for papers in ALL} == set(Standing)


@pytest.mark.parametrize(
    ("check", "refusal"),
    [
        (lambda: rules.check_sign(REPORTED, is_lead=False), rules.OnlyTheLead),
        (lambda: rules.check_acknowledge(SIGNED, is_auditee=False), rules.OnlyTheAuditee),
        (lambda: rules.check_amend(SIGNED, is_lead=False, reason="x", changes=["x"]), rules.OnlyTheLead),
        (lambda: rules.check_amend(SIGNED, is_lead=True, reason=" ", changes=["x"]), rules.AmendmentReasonMissing),
        (lambda: rules.check_amend(SIGNED, is_lead=True, reason="x", changes=[]), rules.NothingAmended),
    ],
)
def test_who_and_with_what(check: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check()


@pytest.mark.parametrize(("typed", "fits"), [
    ("Nino Beridze", True), ("nino  beridze".replace("  ", " "), True), (" Nino Beridze ", True),
    ("Nino", False), ("", False), ("N. Beridze", False),
])  # fmt: skip
def test_the_name_typed_is_the_persons(typed: str, fits: bool) -> None:
    if fits:
        rules.check_name(typed, "Nino Beridze")
        return
    with pytest.raises(rules.NameDiffers, match="Nino Beridze"):
        rules.check_name(typed, "Nino Beridze")
