"""A document that states what an entry of a register says is out of date when the entry says otherwise."""

import pytest
from flask import Flask

from auditkit.base.db import reading, transaction
from auditkit.content.library import shared
from auditkit.policies import facts
from auditkit.policies import service as policies
from auditkit.policies.queries import settings as reads
from auditkit.registers import queries
from auditkit.registers import service as registers
from tests.conftest import House
from tests.slices.policies.conftest import NOW

OBJECTIVE = shared().register("objectives")
NAME = "registers.objectives.OBJ-001"

pytestmark = pytest.mark.usefixtures("clock")


def act(house: House, verb, command, role: str = "quality-manager"):
    actor = house.actor(role)
    with transaction(actor) as tx:
        return verb(tx, command, NOW, actor)


def drifted(house: House) -> dict[str, list[str]]:
    found = reads.out_of_date(reading(house.system), NOW.date())
    return {policy.title: [one.name for one in drift.settings] for policy, drift in found}


def in_force(house: House, title: str, text: str, states: tuple[str, ...] = ()) -> int:
    policy_id = act(house, policies.start_blank, policies.StartBlank(title))
    act(house, policies.add_section, policies.AddSection(policy_id, "One", text))
    if states:
        card = policies.ChangeCard(policy_id, title, "", "other", None, states=states)
        act(house, policies.change_card, card)
    act(house, policies.approve, policies.Approve(policy_id, "x"), "administrator")
    act(house, policies.publish, policies.Publish(policy_id, 1, NOW.date()), "administrator")
    return policy_id


def objective(house: House) -> str:
    values = dict(OBJECTIVE.examples[0].values)
    return str(act(house, registers.write, registers.WriteEntry(OBJECTIVE, values)))


def change(house: House, number: str, **values: str) -> None:
    entry = queries.entry(reading(house.system), "objectives", number, NOW.date())
    command = registers.ChangeEntry(OBJECTIVE, number, entry.version, entry.values | values, None, entry.review_on)
    act(house, registers.change, command)


def test_a_change_of_what_is_stated_makes_exactly_those_documents_out_of_date(app: Flask, acme: House) -> None:
    number = objective(acme)
    in_force(acme, "Bound by its card", "We keep our promises.", (NAME,))
    in_force(acme, "Names it", "What we want: complaints are acknowledged on time, whatever happens.")
    in_force(acme, "Says nothing of it", "We listen.")
    assert drifted(acme) == {}
    # A change of what is not stated changes nothing
    change(acme, number, means="Somebody looks at the mail twice a day")
    assert drifted(acme) == {}
    # Another target makes out of date what states it, by name or by its words
    change(acme, number, target="98")
    assert drifted(acme) == {"Bound by its card": [NAME], "Names it": [NAME]}
    live = facts.live(reading(acme.system))[NAME]
    assert "Target: 98" in live.shown
    change(acme, number, target="95")
    assert drifted(acme) == {}
    # and so does an objective that is given up
    act(acme, registers.retire, registers.RetireEntry("objectives", number, "Given up"))
    assert set(drifted(acme)) == {"Bound by its card", "Names it"}


def test_what_another_organisation_writes_is_not_on_offer(app: Flask, acme: House, globex: House) -> None:
    objective(acme)
    assert NAME in facts.live(reading(acme.system))
    assert NAME not in facts.live(reading(globex.system))
