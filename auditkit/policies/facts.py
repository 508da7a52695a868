"""What documents state and live settings decide: a registry. Slices above offer their settings, documents bind to them.

A setting is a name for ever, such as `complaints.time.decide`, with a value that does not depend on a language. A
version keeps the values of the settings it states; where one is another now, the document is out of date (drift).
`blanks` are the blanks of policy texts that state it. Checked by tests/slices/policies/test_drift.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditkit.base.db import Session


@dataclass(frozen=True)
class Setting:
    """A live setting with its value now, empty where nothing is set. `title` and `say` speak the reader's language.

    `say` turns a value, also an earlier one, into words. `blanks`: texts with one of these blanks state the setting.
    `words`: so do texts in which one of these stands written out, in any spelling.
    """

    name: str
    title: str
    value: str
    say: Callable[[str], str] = str
    blanks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The value in words."""
        return self.say(self.value) if self.value else ""


Source = Callable[[Session], Iterable[Setting]]
_sources: dict[str, Source] = {}


def offer(subject: str, source: Source) -> None:
    """Offer the settings of a subject; the same subject again takes the place of the one before."""
    _sources[subject] = source


def withdraw(subject: str) -> None:
    """Offer them no longer."""
    _sources.pop(subject, None)


def live(tx: Session) -> dict[str, Setting]:
    """Every setting on offer with its value now, by name."""
    return {one.name: one for subject in sorted(_sources) for one in _sources[subject](tx)}
