"""The demo shows actions in every state, each method of causes, a reviewed answer to a body and a failed effect."""

import pytest

from auditkit.accounts import queries as accounts
from auditkit.actions import queries
from auditkit.actions.rules import CauseMethod, Phase, ReviewState
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.instance.demo.story import SLUG
from tests.factories import demo

pytestmark = pytest.mark.sqlite_only


def test_every_page_of_actions_has_something_to_show(app: object) -> None:
    demo.tell(app)
    tx = reading(Actor.system(accounts.organisation_by_slug(reading(), SLUG).id))
    columns = queries.board(tx, queries.Wanted(), clock.now())
    assert {one.phase for one in columns if one.number} == set(Phase)
    paths = [queries.path(tx, row.id) for column in columns for row in column.rows]
    assert {CauseMethod.WHYS, CauseMethod.FISHBONE, CauseMethod.EIGHT_D} <= {one.method for one in paths}
    assert {ReviewState.ACCEPTED, ReviewState.WAITING} <= {one.review for one in paths}
    assert any(one.reopened and one.effects[0].effective is False for one in paths)
    assert any(effect.after_value is not None for one in paths for effect in one.effects)
    (accepted, *_more) = [one for one in paths if one.review is ReviewState.ACCEPTED]
    assert [one.verdict.value for one in accepted.reviews] == ["accepted", "more-needed"]
    assert len(queries.nonconformities(tx)) == 2
    assert len(queries.schemes(tx)) == 2
    assert queries.costs(tx)
    assert len(queries.causes(tx)) > 2
