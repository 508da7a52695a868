"""Which figures a dashboard shows, for whom, and what can be kept or published. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.insights.rules import Span

DASHBOARD_KEPT = event("dashboard:kept", N_("Dashboard kept"), about_records=False)
DASHBOARD_REMOVED = event("dashboard:removed", N_("Kept dashboard removed"), about_records=False)
FIGURES_PUBLISHED = event("figures:published", N_("Public figures changed"))

LONGEST_NAME = 80
LONGEST_ASKED = 2_000
LONGEST_INTRODUCTION = 5_000
MOST_KEPT = 30
FEWEST_PUBLIC = 20
"""Fewer cases than this are not shown to everybody: people could be recognised in them."""


class View(StrEnum):
    """Dashboards by what a person has to decide."""

    HANDLER = "handler"
    MANAGER = "manager"
    TOP = "top-management"
    ALL = "all"


VIEW_TITLES = {
    View.HANDLER: N_("For handlers"),
    View.MANAGER: N_("For managers"),
    View.TOP: N_("For top management"),
    View.ALL: N_("All indicators"),
}
VIEW_LEADS = {
    View.HANDLER: N_("What waits, what is late, and how long it takes."),
    View.MANAGER: N_("Whether promises are kept, where complaints come from, and what came of them."),
    View.TOP: N_("What complaints say about the organisation, on one page."),
    View.ALL: N_("The sixteen indicators, each with its formula and what to beware of."),
}
FIGURES: dict[View, tuple[str, ...]] = {
    View.HANDLER: (
        "backlog",
        "backlog-over-60",
        "backlog-waiting",
        "acknowledged-on-time",
        "decided-on-time",
        "time-to-acknowledge",
        "time-to-close",
        "refused",
    ),
    View.MANAGER: (
        "received",
        "acknowledged-on-time",
        "decided-on-time",
        "backlog",
        "time-to-acknowledge",
        "time-to-decide",
        "time-to-close",
        "upheld",
        "partly-upheld",
        "not-upheld",
        "reopened",
        "escalated",
    ),
    View.TOP: (
        "received",
        "decided-on-time",
        "backlog-over-60",
        "upheld",
        "overturned",
        "satisfaction-handling",
        "satisfaction-outcome",
        "remedy-cost",
        "repeated",
        "action-effective",
        "safety-time",
    ),
}
PUBLISHABLE = (
    "received",
    "acknowledged-on-time",
    "decided-on-time",
    "time-to-decide",
    "time-to-close",
    "upheld",
    "partly-upheld",
    "not-upheld",
    "reopened",
    "referred",
    "overturned",
    "satisfaction-handling",
    "satisfaction-outcome",
)
"""Figures in which nobody can be recognised, and which say something to those who complain."""


class NameMissing(BadInput):
    message = N_("Enter a name for the dashboard, such as “Branches, this quarter”")


class NothingChosen(BadInput):
    message = N_("Choose at least one figure")


class TooManyKept(RuleBroken):
    message = N_("You have kept %(most)s dashboards, which is all there is room for. Remove one first")


class AskedTooLong(BadInput):
    message = N_("This selection is too long to be kept. Take some of its words out")


class TextTooLong(BadInput):
    message = N_("The text is longer than %(longest)s characters. Shorten it")


def checked_name(name: str) -> str:
    """The name as it is kept. Raises NameMissing."""
    found = " ".join(name.split())[:LONGEST_NAME]
    if not found:
        raise NameMissing
    return found


def chosen(figures: Iterable[str], known: Iterable[str]) -> list[str]:
    """The figures chosen, in the order of `known`; names that are none of them are left out. Raises NothingChosen."""
    wanted = set(figures)
    found = [name for name in known if name in wanted]
    if not found:
        raise NothingChosen
    return found


def checked_span(span: str) -> Span:
    """A period that moves on by itself, for the public page. Raises NothingChosen."""
    if span not in list(Span) or span == Span.OWN:
        raise NothingChosen
    return Span(span)
