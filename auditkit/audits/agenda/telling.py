"""What the lines of a timetable are called for whoever reads them. Held by tests/slices/audits/test_audit_agenda.py.

Meetings and breaks are kept under the English title of their kind, sections of the checklist under their title in the
language of whoever made the timetable. Both are read in the reader's language; what a person wrote stays as it is.
"""

from collections.abc import Iterable
from dataclasses import replace

from auditkit.audits.agenda.queries import LineView
from auditkit.audits.agenda.rules import ACTIVITY_TITLES, Activity
from auditkit.audits.wording import Wording
from auditkit.base.text import _


def read(lines: Iterable[LineView], words: Wording | None = None, checklist_id: str = "") -> list[LineView]:
    """The lines under the titles that the reader knows; sections are left as they are without `words`."""
    return [replace(one, activity=title(one.kind, one.activity, words, checklist_id)) for one in lines]


def title(kind: Activity, kept: str, words: Wording | None = None, checklist_id: str = "") -> str:
    """What a line is called, of which `kept` is stored."""
    if kept == ACTIVITY_TITLES[kind]:
        return _(kept)
    return words.sections(checklist_id, kept) if words and kind is Activity.AUDITING else kept


def stored(kind: Activity, written: str, before: LineView | None, shown: str) -> str:
    """What is kept of a title that somebody sent: the same as before where they left what they were `shown`."""
    if before is not None and kind is before.kind and written.strip() == shown.strip():
        return before.activity
    default = ACTIVITY_TITLES[kind]
    return default if written.strip() == _(default) else written
