"""Levels of escalation, which complaints belong together, and whom a note mentions. Pure."""

from datetime import date

import pytest

from auditkit.base.errors import AuditkitError
from auditkit.complaints import rules
from auditkit.complaints.rules import Trigger

TODAY = date(2026, 3, 2)


def outcome(gate, *arguments, **named):
    """The error a gate answers with, or None when it lets pass."""
    try:
        gate(*arguments, **named)
    except AuditkitError as refusal:
        return type(refusal)
    return None


# Escalation


@pytest.mark.parametrize(
    ("signs", "level", "triggers"),
    [
        ({}, None, ()),
        ({"above_limit": True}, 2, (Trigger.AUTHORITY,)),
        ({"overdue": True}, 2, (Trigger.DEADLINE,)),
        ({"severity": "critical"}, 3, (Trigger.SEVERITY,)),
        ({"severity": "high"}, None, ()),
        ({"safety": True}, 3, (Trigger.SAFETY,)),
        ({"facts": ("safety",)}, 3, (Trigger.SAFETY,)),
        ({"refusals": 1}, 2, (Trigger.REFUSAL,)),
        ({"refusals": 2}, 3, (Trigger.REFUSAL,)),
        ({"refusals": 5}, 4, (Trigger.REFUSAL,)),
        ({"conflict": True}, 2, (Trigger.CONFLICT,)),
        ({"repeats": 1}, 2, (Trigger.REPEAT,)),
        ({"facts": ("vulnerable",)}, 2, (Trigger.VULNERABLE,)),
        ({"facts": ("public",)}, 3, (Trigger.PUBLIC,)),
        ({"facts": ("law",)}, 3, (Trigger.PUBLIC,)),
        ({"asked": True}, 2, (Trigger.ASKED,)),
        ({"overdue": True, "severity": "critical"}, 3, (Trigger.DEADLINE, Trigger.SEVERITY)),
        ({"level": 3, "severity": "critical", "overdue": True}, None, ()),
        ({"level": 2, "overdue": True}, None, ()),
        ({"level": 2, "overdue": True, "asked": True}, 3, (Trigger.ASKED,)),
        ({"level": 3, "refusals": 3}, 4, (Trigger.REFUSAL,)),
        ({"level": 4, "refusals": 9, "asked": True}, None, ()),
    ],
)
def test_escalation_is_proposed_with_its_reasons(signs, level, triggers):
    found = rules.proposal(rules.Signs(**{"level": 1, **signs}))
    assert (found.level, found.triggers) == (level, triggers) if found else (level, triggers) == (None, ())


def test_every_trigger_that_a_rule_can_find_is_one_of_the_table():
    all_of_them = rules.Signs(
        level=0, severity="critical", safety=True, facts=("vulnerable", "public"), above_limit=True, overdue=True,
        conflict=True, refusals=1, repeats=1, asked=True,
    )  # fmt: skip
    assert set(rules.proposal(all_of_them).triggers) == set(Trigger) - {Trigger.OTHER}


@pytest.mark.parametrize(
    ("severity", "complexity", "level"), [("low", "simple", 0), ("low", "medium", 1), ("critical", "simple", 1)]
)
def test_where_an_assessed_case_begins(severity, complexity, level):
    assert rules.first_level(severity, complexity) == level


# Links and mentions

ANA = {
    "name": "Ana Ivanova",
    "email": "ana@example.org",
    "phone": "+359 88 123 4567",
    "postcode": "1000",
    "city": "Sofia",
}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"email": "ANA@example.org"}, True),
        ({"phone": "0881234567"}, True),
        ({"phone": "1234567"}, False),
        ({"name": "IVANOVA Ana", "city": "sofia"}, True),
        ({"name": "Ana Ivanova", "postcode": "1000"}, True),
        ({"name": "Ana Ivanova"}, False),
        ({"name": "Ana Petrova", "city": "Sofia"}, False),
        ({"email": "ana@example.com"}, False),
        ({}, False),
    ],
)
def test_the_same_person(other, same):
    assert rules.same_person(ANA, other) is same
    assert rules.same_person(other, ANA) is same


def test_nobody_is_the_same_as_nobody():
    assert not rules.same_person({}, {})


PEOPLE = {1: ("Anna", "anna"), 2: ("Anna Lee", "al"), 3: ("Καλλιόπη Παππά", "kp"), 4: ("سارا", "sara")}


@pytest.mark.parametrize(
    ("note", "people"),
    [
        ("nobody", []),
        ("@anna please look", [1]),
        ("@Anna Lee, please", [2]),
        ("@ANNA! and @kp.", [1, 3]),
        ("@καλλιοπη παππα and @سارا", [3, 4]),
        ("mail to x@annabel", []),
        ("@annalee", []),
        ("@@anna", [1]),
        ("@", []),
    ],
)
def test_mentions(note, people):
    assert rules.mentioned(note, PEOPLE) == people
