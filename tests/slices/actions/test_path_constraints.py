"""Every CHECK of the tables of the path refuses its impossible state, whoever writes past the rules."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Table

from auditkit.actions.models import (
    Action,
    ActionCause,
    ActionDiscipline,
    ActionDue,
    ActionEffect,
    ActionLimit,
    ActionPath,
    ActionScheme,
    ActionStep,
    BodyNonconformity,
    BodyReview,
    CauseCategory,
)
from auditkit.base.db import Model
from tests.conftest import House
from tests.factories.refusals import accepts, refuses
from tests.slices.actions.test_action_constraints import _action

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)
CHECKED = {"checked_on": DAY, "effective": True, "check_from": DAY}
FIGURE = {"measure": "m", "wanted": "at-most", "wanted_value": 1.0, "window_days": 30, "wait_days": 30}

# (model, what is stored, impossible: constraint and what makes it so)
TABLES: list[tuple[type[Model], dict[str, Any], list[tuple[str, dict[str, Any]]]]] = [
    (CauseCategory, {"title": "Wear", "retired": False, "added_at": AT}, [("category_has_title", {"title": ""})]),
    (
        ActionScheme,
        {"title": "Ours", "added_at": AT},
        [
            ("scheme_has_title", {"title": ""}),
            ("scheme_ends_after_it_began", {"ended_at": datetime(2026, 3, 1, tzinfo=UTC)}),
        ],
    ),
    (
        ActionPath,
        {},
        [
            ("path_grade_known", {"grade": "huge"}),
            ("method_known", {"method": "guess"}),
            ("other_method_is_named", {"method": "other"}),
            ("review_known", {"review": "perhaps"}),
            ("correction_says_who_and_when", {"correction_on": DAY}),
            ("correction_says_who_and_when", {"correction_proof": "Seen"}),
            ("extent_says_where_and_what", {"extent_looked": "Doors"}),
            ("plan_ready_says_who", {"plan_ready_at": AT}),
            ("reopened_counts", {"reopened": -1}),
        ],
    ),
    (
        ActionCause,
        {"text": "Worn", "written_at": AT},
        [
            ("cause_has_text", {"text": ""}),
            ("bone_known", {"bone": "tail"}),
            ("bone_at_the_top", {"bone": "people", "parent_id": "self"}),
        ],
    ),
    (
        ActionDiscipline,
        {"number": 1, "text": "Team", "written_at": AT},
        [("discipline_known", {"number": 9}), ("discipline_known", {"number": -1})],
    ),
    (
        ActionStep,
        {"title": "Order", "owner_id": "staff", "due_on": DAY, "planned_at": AT},
        [
            ("step_has_title", {"title": ""}),
            ("step_state_known", {"state": "half", "ended_at": AT, "ended_by": "staff"}),
            ("step_ended_says_who_and_when", {"state": "done"}),
            ("step_ended_says_who_and_when", {"state": "done", "ended_at": AT}),
            ("dropped_step_says_why", {"state": "dropped", "ended_at": AT, "ended_by": "staff"}),
            ("cost_not_negative", {"cost": -1, "currency": "EUR"}),
            ("cost_has_currency", {"cost": 1}),
            ("step_version_counts", {"version": 0}),
        ],
    ),
    (
        ActionEffect,
        {"round": 1, "criterion": "None open", "wait_days": 0, "stated_at": AT},
        [
            ("criterion_has_text", {"criterion": ""}),
            ("wait_in_range", {"wait_days": 731}),
            ("wanted_known", {**FIGURE, "wanted": "more"}),
            ("figure_is_whole", {"measure": "m"}),
            ("figure_is_whole", {**FIGURE, "window_days": None}),
            ("wait_covers_window", {**FIGURE, "wait_days": 29}),
            ("checked_says_result", {"checked_on": DAY}),
            ("confirmed_after_waiting", {**CHECKED, "check_from": None}),
            ("confirmed_after_waiting", {**CHECKED, "check_from": date(2026, 3, 3)}),
            ("confirmed_by_figures", {**FIGURE, **CHECKED}),
        ],
    ),
    (
        ActionLimit,
        {"grade": "major", "target": "plan", "amount": 30, "unit": "days"},
        [
            ("limit_grade_known", {"grade": ""}),
            ("limit_target_known", {"target": "step"}),
            ("limit_starts_known", {"starts": "birth"}),
            ("limit_amount_in_range", {"amount": 0}),
            ("limit_unit_known", {"unit": "hours"}),
            ("limit_working_days_only", {"unit": "weeks", "working": True}),
        ],
    ),
    (
        ActionDue,
        {"target": "done", "starts_at": AT, "due_at": AT, "zone": "UTC", "limit_json": {}, "lines": [], "set_at": AT},
        [
            ("due_target_known", {"target": "wish"}),
            ("due_state_known", {"state": "gone", "ended_at": AT}),
            ("due_ended_says_when", {"state": "met"}),
            ("ended_due_is_not_noticed", {"state": "met", "ended_at": AT, "notice_at": AT}),
            ("due_noticed_known", {"noticed": "loudly"}),
            ("due_of_step_names_it", {"target": "step"}),
            ("due_version_counts", {"version": 0}),
        ],
    ),
    (
        BodyNonconformity,
        {"body": "Body", "number": "7", "grade": "major", "statement": "Late", "raised_on": DAY, "recorded_at": AT},
        [
            ("nc_names_body_and_number", {"body": ""}),
            ("nc_names_body_and_number", {"number": ""}),
            ("nc_grade_known", {"grade": ""}),
            ("nc_has_statement", {"statement": ""}),
            ("nc_due_after_raised", {"plan_due_on": date(2026, 3, 1)}),
            ("nc_due_after_raised", {"evidence_due_on": date(2026, 3, 1)}),
            ("nc_due_after_raised", {"next_audit_on": date(2026, 3, 1)}),
            ("nc_version_counts", {"version": 0}),
        ],
    ),
    (
        BodyReview,
        {"round": 1, "verdict": "accepted", "reviewed_on": DAY, "noted_at": AT},
        [
            ("verdict_known", {"verdict": "perhaps"}),
            ("more_needed_says_what", {"verdict": "more-needed"}),
            ("accepted_opens_nothing", {"completed_at": AT}),
        ],
    ),
]


def _defaults(model: type[Model]) -> dict[str, Any]:
    """What Python would fill in: raw inserts do not."""
    return {
        column.name: column.default.arg
        for column in model.__table__.columns
        if column.default is not None and column.default.is_scalar
    }


def _people(acme: House, values: dict[str, Any]) -> dict[str, Any]:
    found = dict(values)
    for name in ("owner_id", "ended_by", "correction_by", "plan_ready_by"):
        if isinstance(found.get(name), str):
            found[name] = acme.person(found[name])
    return found


def test_what_is_possible_is_stored_and_what_is_impossible_refused(acme: House) -> None:
    action = accepts(Action.__table__, _action(acme))
    known: dict[str, int] = {"action_id": action}
    keys = {ActionScheme: "scheme_id", BodyNonconformity: "nonconformity_id"}
    for model, stored, impossible in TABLES:
        table = model.__table__
        assert isinstance(table, Table)
        above = {name: key for name, key in known.items() if name in table.c and not table.c[name].nullable}
        row = {"organisation_id": acme.id, **_defaults(model), **above, **stored}
        for constraint, changes in impossible:
            values = {**row, **changes}
            if values.get("parent_id") == "self":
                values["parent_id"] = accepts(table, row)
            refuses(table, constraint, _people(acme, values))
        made = accepts(table, _people(acme, row))
        if model in keys:
            known[keys[model]] = made


def test_every_check_has_its_impossible_state() -> None:
    for model, _stored, impossible in TABLES:
        table = model.__table__
        assert isinstance(table, Table)
        named = {
            str(one.name).removeprefix(f"ck_{table.name}_")
            for one in table.constraints
            if isinstance(one, CheckConstraint)
        }
        assert named == {name for name, _changes in impossible}, table.name
