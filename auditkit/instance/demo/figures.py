"""Figures of the demo: what everybody sees, a kept dashboard, a frozen figure, and orders that rates count by."""

from datetime import date, timedelta

from auditkit.insights.dashboards import service as dashboards
from auditkit.insights.freezing import service as freezing
from auditkit.insights.rules import Period, Selection
from auditkit.insights.volumes import service as volumes
from auditkit.instance.demo.story import Story
from auditkit.instance.demo.tales import Told

MONTHS = 13
"""Of orders, before the month that runs."""
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
    orders = volumes.BringIn(_orders(today))
    story.tell("quentin", lambda tx, actor: volumes.bring_in(tx, orders, now, actor))


def _orders(today: date) -> bytes:
    """Orders of the last whole months as a till would give them: slowly growing, with a busy December."""
    lines, first = ["Month,What is counted,How many,Site"], today.replace(day=1)
    for back in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        orders = 2400 - 25 * back + (600 if first.month == 12 else 0)
        lines += [f"{first:%Y-%m},orders,{orders},", f"{first:%Y-%m},orders,{orders * 7 // 10},{Told.site}"]
    return "\n".join(lines).encode()
