"""What the indicators counted here are called, how each is counted, what its figure is. Counting is in `indicators`."""

from dataclasses import dataclass
from enum import StrEnum

from auditkit.base.text import N_


class Indicator(StrEnum):
    """Indicators that the register alone can give."""

    RECEIVED = "received"
    ACKNOWLEDGED_ON_TIME = "acknowledged-on-time"
    DECIDED_ON_TIME = "decided-on-time"
    BACKLOG = "backlog"
    UPHELD = "upheld"
    REOPENED = "reopened"
    REFUSED = "refused"
    ESCALATED = "escalated"
    CAUSE_KNOWN = "cause-known"
    TIME_TO_ACKNOWLEDGE = "time-to-acknowledge"
    TIME_TO_DECIDE = "time-to-decide"
    TIME_TO_CLOSE = "time-to-close"
    SATISFACTION_PROCESS = "satisfaction-process"
    SATISFACTION_OUTCOME = "satisfaction-outcome"
    SURVEY_RESPONSE = "survey-response"


class Unit(StrEnum):
    """What a figure is: so many complaints, a share of them in per cent, days, or a score from 1 to 5."""

    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    SCORE = "score"


UNIT_TITLES = {
    Unit.COUNT: N_("complaints"),
    Unit.SHARE: N_("per cent"),
    Unit.DAYS: N_("days"),
    Unit.SCORE: N_("of 5"),
}


@dataclass(frozen=True)
class About:
    """What an indicator is called, how it is counted here, and which entry of the presets it belongs to."""

    preset: str
    title: str
    formula: str
    unit: Unit = Unit.SHARE

    @property
    def is_share(self) -> bool:
        """Whether the figure is a share in per cent."""
        return self.unit is Unit.SHARE

    @property
    def is_measure(self) -> bool:
        """Whether each case has a figure of its own, and the indicator is made of them."""
        return self.unit in (Unit.DAYS, Unit.SCORE)


_KAPLAN_MEIER = N_(
    "Within how many days of receipt half come so far, after Kaplan and Meier: of those received in the period, open "
    "ones counted with the time they waited"
)
_MEAN = N_("Mean of the answers of those whose complaint was closed in the period")
ABOUT = {
    Indicator.RECEIVED: About(
        "received", N_("Complaints received"), N_("All complaints received in the period"), Unit.COUNT),
    Indicator.ACKNOWLEDGED_ON_TIME: About(
        "acknowledged-on-time", N_("Acknowledged on time"),
        N_("Acknowledged by their due date, of those received in the period whose limit was met or has passed")),
    Indicator.DECIDED_ON_TIME: About(
        "decided-on-time", N_("Decided on time"),
        N_("Decided and told by their due date, of those decided in the period and those open beyond their due date "
           "at its end")),
    Indicator.BACKLOG: About(
        "backlog", N_("Open at the end of the period"),
        N_("Received up to the end of the period and not closed by then"), Unit.COUNT),
    Indicator.UPHELD: About(
        "upheld", N_("Upheld"), N_("Decided as upheld, of those decided in the period")),
    Indicator.REOPENED: About(
        "reopened-refused", N_("Opened again"), N_("Opened again at any time, of those decided in the period")),
    Indicator.REFUSED: About(
        "reopened-refused", N_("Decision refused"),
        N_("Decision refused by the complainant, of those decided in the period")),
    Indicator.ESCALATED: About(
        "escalated", N_("Escalated"), N_("At a higher level, or once escalated, of those decided in the period")),
    Indicator.CAUSE_KNOWN: About(
        "causes-and-actions", N_("Cause known"), N_("With a cause on record, of those decided as upheld or partly "
        "upheld in the period")),
    Indicator.TIME_TO_ACKNOWLEDGE: About(
        "time-to-decide", N_("Median time to acknowledge"), _KAPLAN_MEIER, Unit.DAYS),
    Indicator.TIME_TO_DECIDE: About("time-to-decide", N_("Median time to decide"), _KAPLAN_MEIER, Unit.DAYS),
    Indicator.TIME_TO_CLOSE: About("time-to-decide", N_("Median time to close"), _KAPLAN_MEIER, Unit.DAYS),
    Indicator.SATISFACTION_PROCESS: About(
        "satisfaction", N_("Satisfaction with the handling"), _MEAN, Unit.SCORE),
    Indicator.SATISFACTION_OUTCOME: About(
        "satisfaction", N_("Satisfaction with the outcome"), _MEAN, Unit.SCORE),
    Indicator.SURVEY_RESPONSE: About(
        "satisfaction", N_("Answers to the survey"),
        N_("Answered, of those asked whose complaint was closed in the period")),
}  # fmt: skip
