"""`auditkit complaints retention`."""

from auditkit.base import clock as clock_module
from auditkit.base.db import transaction
from auditkit.complaints.privacy.service import keeping
from tests.slices.complaints_privacy import filling


def test_it_says_what_it_would_do_and_does_it(acme, command, clock):
    actor = acme.actor("quality-manager")
    complaint_id, _reference = filling.registered(actor, filling.identity("qq"), "qq")
    filling.closed(complaint_id, "qq")
    with transaction(actor) as tx:
        keeping.put_rule(tx, keeping.PutRule(1, 10, automatic=True), clock_module.now(), actor)
    for _round in range(2):
        assert command("complaints", "retention", "--org", "acme", "--dry-run", "--json").json["warned"] == 1
    assert command("complaints", "retention", "--org", "acme", "--json").json["warned"] == 1
    clock.advance(days=10)
    done = command("complaints", "retention", "--org", "acme")
    assert done.code == 0
    assert "Erased: 1." in done.out
    assert "Erased: 0." in command("complaints", "retention", "--org", "acme").out
