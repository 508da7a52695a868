"""A place in the list, and the cursor that stands for it in an address."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"([np])(u?)(-?[0-9]{1,17})\.([0-9]{1,18})")


class CursorUnreadable(BadInput):
    message = N_("The address of this page of the list is damaged. Start again from its first page")


@dataclass(frozen=True)
class Key:
    """Where a row stands: by its moment, then by its id. `undated`: among those without a due date, where the list is
    by due date."""

    at: datetime
    id: int
    undated: bool = False


@dataclass(frozen=True)
class Place:
    """A place between two rows: `forward` looks past the key in the order of the list, else back from it."""

    forward: bool
    key: Key


def cursor(direction: str, key: Key) -> str:
    """The cursor of the rows after ("n") or before ("p") this one."""
    return f"{direction}{'u' if key.undated else ''}{(key.at - EPOCH) // timedelta(microseconds=1)}.{key.id}"


def place_of(text: str) -> Place | None:
    """The place a cursor stands for; None for an empty one. Raises CursorUnreadable."""
    if not text:
        return None
    parts = _CURSOR.fullmatch(text)
    if not parts:
        raise CursorUnreadable
    try:
        at = EPOCH + timedelta(microseconds=int(parts[3]))
    except OverflowError as error:
        raise CursorUnreadable from error
    return Place(parts[1] == "n", Key(at, int(parts[4]), bool(parts[2])))
