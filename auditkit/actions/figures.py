"""Before and after: the figures of a criterion, computed from the registers through `measures`."""

from datetime import date

from auditkit.accounts.queries import day_of_house
from auditkit.actions import measures, rules
from auditkit.actions.models import Action, ActionEffect
from auditkit.actions.rules import Wanted
from auditkit.base.db import Session


def compute_figures(tx: Session, action: Action, effect: ActionEffect, today: date) -> bool | None:
    """Compute and keep the figures as they are `today`; whether they reach the criterion.

    None where the figure is no longer known to this installation or the criterion names none.
    """
    opened_on = day_of_house(tx, action.opened_at)
    found = computed(tx, effect.measure, effect.parameter, opened_on, today, effect.window_days)
    if found is None or effect.wanted_value is None:
        return None
    effect.before_value, effect.after_value = found
    return rules.met(Wanted(effect.wanted), effect.wanted_value, *found)


def computed(
    tx: Session, measure: str, parameter: str, opened_on: date, today: date, window_days: int | None
) -> tuple[float, float] | None:
    """The figure over the days before the action was opened, and over those before `today`."""
    known = measures.named(measure)
    if known is None or window_days is None:
        return None
    spans = (rules.before(opened_on, window_days), rules.after(today, window_days))
    before, after = (known.figure(tx, parameter, span.first, span.last) for span in spans)
    return before, after
