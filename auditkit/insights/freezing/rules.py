"""What is kept of the records behind a figure, and what became of them since. Pure."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.insights.rules import Figure

FROZEN = event("figure:frozen", N_("Figure frozen"))
RECOMPUTED = event("figure:recomputed", N_("Frozen figure computed again"), about_records=False)

STATED = ("value", "numerator", "denominator", "low", "high", "n", "note", "unit")


class TooManyRecords(BadInput):
    message = N_("%(count)s complaints are behind this figure, more than can be kept with it. Choose a shorter period")


MOST_RECORDS = 2_000_000


@dataclass(frozen=True)
class Behind:
    """The complaints behind a figure: reference -> version, in the order of recording. `of`: all it is counted of."""

    counted: Mapping[str, int]
    of: Mapping[str, int]


def digest(references: Iterable[str]) -> str:
    """SHA-256 of the references in their order, one a line, in UTF-8: anybody can compute it from a list."""
    found = sha256()
    for reference in references:
        found.update(f"{reference}\n".encode())
    return found.hexdigest()


def packed(behind: Behind) -> bytes:
    """The complaints as they are stored: JSON, compressed; `unpacked` gives them back. Raises TooManyRecords."""
    if len(behind.of) > MOST_RECORDS:
        raise TooManyRecords(count=len(behind.of))
    body = {"of": list(behind.of.items()), "counted": list(behind.counted.items())}
    return zlib.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(stored: bytes) -> Behind:
    """What `packed` stored."""
    body = json.loads(zlib.decompress(stored))
    return Behind(dict(body["counted"]), dict(body["of"]))


def stated(figure: Figure) -> dict[str, Any]:
    """The numbers of a figure as JSON."""
    kept = {name: getattr(figure, name) for name in STATED}
    made = {"parts": figure.parts, "left_out": figure.left_out, "note_facts": figure.note_facts}
    return {**kept, **{name: dict(values) for name, values in made.items()}}


@dataclass(frozen=True)
class Changes:
    """What became of the records since: references that came, that went, and whose record was changed meanwhile."""

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there are some."""
        return bool(self.came or self.went or self.changed)


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> Changes:
    """Compare the records behind a figure then and now, each by reference and version."""
    return Changes(
        came=tuple(one for one in after if one not in before),
        went=tuple(one for one in before if one not in after),
        changed=tuple(one for one in after if one in before and before[one] != after[one]),
    )


def same_numbers(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two `stated` say the same, but for the last bits of a division."""
    return all(_same(before.get(name), after.get(name)) for name in STATED)


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, int | float) and isinstance(after, int | float):
        return abs(before - after) <= 1e-9 * max(1.0, abs(before))
    return bool(before == after)
