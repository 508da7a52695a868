"""The demo shows every side of documents: two versions, 75 % read, a translation behind, one not, approval, drift."""

import pytest

from auditkit.accounts.queries import organisation_by_slug
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.content.library import shared as library
from auditkit.instance.demo.story import SLUG
from auditkit.policies.queries import keeping, listing
from auditkit.policies.queries import settings as reads
from auditkit.policies.queries.listing import Mark
from tests.factories import demo

pytestmark = pytest.mark.sqlite_only


def test_every_side_of_documents_has_something_to_show(app):
    demo.tell(app)
    tx = reading(Actor.system(organisation_by_slug(reading(), SLUG).id))
    today = clock.now().date()
    lines = {line.policy.reference: line for line in listing.lines(tx, today)}
    policy, escalation, remedies = lines["POL-01"], lines["PRO-02"], lines["PRO-01"]
    assert len(policy.policy.versions) == 2
    assert policy.coverage.percent == 75
    assert policy.languages == {"ru": True, "fa": False}, "the Russian one is behind, the Persian one is not"
    assert {Mark.STALE_TRANSLATION, Mark.UNREAD, Mark.IN_FORCE} <= set(policy.marks)
    assert Mark.UNDER_APPROVAL in escalation.marks
    drifted = [one.reference for one, _found in reads.out_of_date(tx, today)]
    assert drifted == ["PRO-01"]
    assert Mark.OUT_OF_DATE in remedies.marks
    rows = {one.record or one.title: one for one in keeping.table(tx, library())}
    assert rows["Recordings of telephone calls"].period == "90 days"
