"""A verb asks for its permission before, and owes its journal entry after."""

import pytest

from auditkit.accounts import rules, service
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.base.verbs import VerbLeftNoEntry, verb
from auditkit.journal import queries


@verb("people.manage", leaves=rules.LINK_ISSUED)
def forgetful(tx, command, now, actor):
    """Leave nothing, where an entry was promised."""


def test_a_verb_without_its_entry_is_undone(acme, clock):
    with pytest.raises(VerbLeftNoEntry, match="forgetful"), transaction(acme.system) as tx:
        service.issue_link(tx, service.IssueLink(acme.person("staff")), clock.at, acme.system)
        forgetful(tx, None, clock.at, acme.system)
    assert "account:link-issued" not in [entry.event for entry in queries.page(reading(acme.system), acme.id)[0]], (
        "the first verb's entry went with the transaction"
    )


def test_a_verb_refuses_before_it_acts(acme, clock):
    with pytest.raises(Forbidden, match=r"people\.manage"), transaction(acme.actor("staff")) as tx:
        service.issue_link(tx, service.IssueLink(acme.person("staff")), clock.at, acme.actor("staff"))
