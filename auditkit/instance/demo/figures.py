"""Figures of the demo: what everybody sees, a dashboard that Maya keeps, a figure that was frozen for a report."""

from datetime import timedelta

from auditkit.insights.dashboards import service as dashboards
from auditkit.insights.freezing import service as freezing
from auditkit.insights.rules import Period, Selection
from auditkit.instance.demo.story import Story

SHOWN = ("received", "acknowledged-on-time", "time-to-decide", "upheld")


def tell(story: Story) -> None:
    """Publish, keep, freeze."""
    now, today = story.today, story.today.date()
    words = "We publish how we handle complaints, because promises that nobody can check are none."
    public = dashboards.Publish(True, SHOWN, "12-months", words)
    story.tell("maya", lambda tx, actor: dashboards.publish(tx, public, now, actor))
    kept = dashboards.Keep("Service this year", "period=this-year&category=service-performance", SHOWN)
    story.tell("maya", lambda tx, actor: dashboards.keep(tx, kept, now, actor))
    quarter = Selection(Period(today - timedelta(days=90), today))
    story.tell("quentin", lambda tx, actor: freezing.freeze(tx, freezing.Freeze("received", quarter), now, actor))
