"""What an inspection tells."""

from dataclasses import dataclass, field
from typing import Any

from auditkit.evidence.kinds import KINDS, Kind

Notice = dict[str, Any]
"""`{"code": one of rules.NOTICES, ...parameters}`, plain JSON."""


@dataclass
class Inspected:
    """The kind by content, what else was seen (plain JSON), and what a person should be told."""

    kind: Kind
    details: dict[str, Any] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def found(kind: str, **details: Any) -> Inspected:
    """A finding of `kind` with `details`."""
    return Inspected(KINDS[kind], details)
