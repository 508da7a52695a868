"""What the policy tests share: the draft of the complaints-handling policy, and answers to all of its questions."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from auditkit.base.db import transaction
from auditkit.content.library import shared as library
from auditkit.policies import service
from auditkit.policies.rules import COMPLAINTS_POLICY

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def answers() -> dict[str, str]:
    """An answer to every question: its example."""
    given = {blank.name: blank.example for blank in library().policy(COMPLAINTS_POLICY).fields}
    assert len(given) > 10
    return given


@pytest.fixture
def do() -> Callable[..., Any]:
    """`do(house, service.approve, command, role="administrator", at=NOW)`: one verb in one transaction."""

    def run(house, verb, command, role: str = "quality-manager", at: datetime = NOW, actor=None) -> Any:
        actor = actor or house.actor(role)
        with transaction(actor) as tx:
            more = {"library": library()} if verb is service.start else {}
            return verb(tx, command, at, actor, **more)

    return run


@pytest.fixture
def started(do, answers) -> Callable[..., int]:
    """`started(house)`: the id of a policy whose draft the quality manager filled in."""

    def run(house) -> int:
        policy_id = do(house, service.start, service.Start())
        do(house, service.answer, service.AnswerQuestions(policy_id, answers))
        return policy_id

    return run


@pytest.fixture
def published(do, started) -> Callable[..., int]:
    """`published(house)`: the id of a policy whose version 1 is in force since 2 March 2026."""

    def run(house) -> int:
        policy_id = started(house)
        do(house, service.approve, service.Approve(policy_id, "First version"), "administrator")
        do(house, service.publish, service.Publish(policy_id, 1, NOW.date()), "administrator")
        return policy_id

    return run
