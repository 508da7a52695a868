"""Tables of timetables, of what was sent of them, and of calendar feeds. The CHECKs repeat the rules."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.audits.agenda.models.lines import AgendaItem, AgendaPerson
    from auditkit.audits.agenda.models.sending import AgendaInvitation, CalendarFeed
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["AgendaInvitation", "AgendaItem", "AgendaPerson", "CalendarFeed"]
