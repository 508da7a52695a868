"""Readiness over the visits and now, as a chart and in words. Checked by tests/slices/readiness/test_trend.py."""

from collections.abc import Sequence
from datetime import date

from flask import url_for

from auditkit.base.charts import Point, RunChart
from auditkit.base.text import _, ngettext
from auditkit.readiness.rules import Matrix
from auditkit.readiness.visits.queries import Visit
from auditkit.web.languages import day, day_there


def chart(found: Sequence[Visit], made: Matrix, today: date) -> RunChart | None:
    """The number at each visit, the oldest first, and now; None before the first visit. `found`: newest first."""
    if not found:
        return None
    here = url_for("readiness_visits.index", edition=made.edition)
    points = [
        Point(day(day_there(one.taken_at)), float(one.percent), f"{here}#visit-{one.id}") for one in reversed(found)
    ]
    now = url_for("readiness.index", edition=made.edition)
    points.append(Point(_("%(day)s, now", day=day(today)), float(made.score.percent), now))
    return RunChart(
        name="trend",
        title=_("Readiness since the first visit"),
        measure=_("Readiness, per cent"),
        of=_("Visit"),
        points=points,
        says=said(made.score.percent - found[0].percent),
        formula=_("Points reached of all that can be reached, in per cent, rounded down; each visit as it was kept"),
        source=_("Visits of this edition, each over its own period; now over the period of this page"),
    )


def said(points: int) -> str:
    """The difference since the last visit in words."""
    if points > 0:
        return ngettext(
            "%(num)s point more than at the last visit.", "%(num)s points more than at the last visit.", points
        )
    if points < 0:
        return ngettext(
            "%(num)s point less than at the last visit.", "%(num)s points less than at the last visit.", -points
        )
    return _("As many points as at the last visit.")
