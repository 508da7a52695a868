"""What the forms of a case have in common: what they are given, their fields for people and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from markupsafe import Markup
from wtforms import HiddenField

from auditkit.base.text import Lazy, _, lazy_
from auditkit.complaints.categories import offered
from auditkit.complaints.forms.register import ComplaintForm
from auditkit.complaints.queries import Case, History, Practice
from auditkit.complaints.rules import LONGEST
from auditkit.content.library import Library
from auditkit.web.forms import TextField, required

NOBODY = ""


@dataclass(frozen=True)
class Given:
    """What the forms of a case are made of. `handlers` and `members`: id -> name; `me`: who looks at it."""

    case: Case
    history: History
    handlers: Mapping[int, str]
    members: Mapping[int, str]
    practice: Practice
    library: Library
    today: date
    me: int | None
    next_internal: str = ""
    proposed_level: int | None = None
    triggers: tuple[str, ...] = ()


class ActForm(ComplaintForm):
    """A form of one act over a case; `folded` are fields behind a heading: (message id, names of fields)."""

    version = HiddenField()
    folded: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    rows: ClassVar[dict[str, int]] = {}

    def __init__(self, given: Given, **more: Any) -> None:
        super().__init__(data={"version": str(given.case.version), **self.before(given)}, **more)
        self.given = given
        self.offer(given)

    def before(self, given: Given) -> dict[str, Any]:
        """What stands in the fields at first."""
        return {}

    def offer(self, given: Given) -> None:
        """Fill in the choices."""

    def command(self, files: tuple[int, ...] = ()) -> Any:
        """What the verb is told. `files`: ids of the evidence that was handed in."""
        raise NotImplementedError

    def show_newest(self, version: int) -> None:
        """After a conflict: what was typed stays, and the next try answers to the case as it is now."""
        self.version.data = str(version)

    @property
    def about(self) -> tuple[str, int]:
        """Reference, and the version that the person looked at; 0 for one that cannot be read."""
        text = str(self.version.data or "")
        seen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        return self.given.case.reference, seen

    def text(self, name: str) -> str:
        """What stands in a field, as text."""
        return self[name].data or ""


def people(known: Mapping[int, str], *, empty: str = "") -> list[tuple[str, str]]:
    """Choices of people; `empty` says that nobody is chosen."""
    return ([(NOBODY, empty)] if empty else []) + [(str(number), name) for number, name in known.items()]


def person(chosen: str | None) -> int | None:
    """The person chosen, None for nobody."""
    return int(chosen) if chosen and chosen.isdigit() else None


def marked(label: str) -> Markup:
    """A label out of the library, which is in the language of the content and not of the screen."""
    return Markup('<span translate="no">{}</span>').format(label)


def values(library: Library, name: str) -> list[tuple[str, str]]:
    """Choices of a list of words of the library."""
    return [(one.id, one.label) for one in library.value_list(name).values]


def sorted_as(given: Given) -> list[tuple[str, str]]:
    """Choices of a category: those of the library, and what the case says now."""
    return [("", _("Not sorted yet")), *offered(given.library, given.case.category).items()]


def reason_field(label: str) -> TextField:
    """A field for a reason that must be given; `label` is a message id."""
    return TextField(Lazy(label), [required(lazy_("Give the reason"))], max_length=LONGEST["reason"])
