"""The verbs of the clock: due dates (`dates`, many at once in `catching_up`), settings (`settings`), what the worker
does (`noticing`)."""

from auditkit.complaints.clock.service.catching_up import SetMissing, set_missing
from auditkit.complaints.clock.service.dates import Extend, Recompute, extend, recompute
from auditkit.complaints.clock.service.noticing import NoticeDue, SendDigest, notice_due, send_digest
from auditkit.complaints.clock.service.settings import (
    Adopt,
    ChangeCalendar,
    ChangePause,
    DropDay,
    EndLimit,
    EndSet,
    PutDay,
    PutLimit,
    PutSet,
    adopt,
    change_calendar,
    change_pause,
    drop_day,
    end_limit,
    end_set,
    put_day,
    put_limit,
    put_set,
)

__all__ = [
    "Adopt",
    "ChangeCalendar",
    "ChangePause",
    "DropDay",
    "EndLimit",
    "EndSet",
    "Extend",
    "NoticeDue",
    "PutDay",
    "PutLimit",
    "PutSet",
    "Recompute",
    "SendDigest",
    "SetMissing",
    "adopt",
    "change_calendar",
    "change_pause",
    "drop_day",
    "end_limit",
    "end_set",
    "extend",
    "notice_due",
    "put_day",
    "put_limit",
    "put_set",
    "recompute",
    "send_digest",
    "set_missing",
]
