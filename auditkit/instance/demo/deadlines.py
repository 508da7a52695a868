"""The demo's working time and time limits: British holidays, the generic limits, and a promise of its own."""

from datetime import date, time

from auditkit.base.calendar.kept import OwnDay, Settings
from auditkit.complaints.clock import service
from auditkit.complaints.clock.adopting import preset
from auditkit.complaints.clock.service.settings import LimitValues
from auditkit.instance.demo.story import DAYS, Story


def tell(story: Story) -> None:
    """What was settled before the first complaint came in."""
    when = story.at(DAYS - 1)
    hours = {day: (time(9), time(17, 30)) for day in range(1, 6)}
    settings = Settings(zone="Europe/London", hours=hours, country="GB", part="ENG")
    stocktaking = OwnDay(date(when.year, 6, 30), False, "Stocktaking")
    generic = preset(story.library.limits("time-limits-generic"))
    remedy = LimitValues("act", "answer", 10, "days", working=True, rule="What was promised comes within two weeks.")

    quentin = "quentin"
    story.tell(quentin, lambda tx, actor: service.change_calendar(tx, service.ChangeCalendar(settings), when, actor))
    story.tell(quentin, lambda tx, actor: service.put_day(tx, service.PutDay(stocktaking), when, actor))
    story.tell(quentin, lambda tx, actor: service.adopt(tx, service.Adopt(generic), when, actor))
    promise = story.tell(
        quentin, lambda tx, actor: service.put_set(tx, service.PutSet(None, "Lakeside promise"), when, actor)
    )
    story.tell(quentin, lambda tx, actor: service.put_limit(tx, service.PutLimit(promise, None, remedy), when, actor))
