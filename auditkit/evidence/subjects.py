"""What the things are called that evidence is attached to, and where their pages are.

The slices above say it at import, because evidence must not know them:

    declare("audit-answer", N_("Answer in an audit"), lambda number: url_for("audits.answer", answer_id=number))

A kind that nobody declared shows as its bare name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from auditkit.base.errors import NotFound
from auditkit.base.text import _

Address = Callable[[int], str | None]


@dataclass(frozen=True)
class SubjectKind:
    """A kind of subject: its title (a message id) and the address of one, None (or NotFound) where it has no page."""

    title: str
    address: Address


_kinds: dict[str, SubjectKind] = {}


def declare(kind: str, title: str, address: Address) -> None:
    """Say what subjects of `kind` are called and where they are shown. Raises ValueError when said twice."""
    if kind in _kinds:
        raise ValueError(f"the kind of subject {kind!r} is declared twice")
    _kinds[kind] = SubjectKind(title, address)


def shown(subject: tuple[str, int]) -> tuple[str, str | None]:
    """Title and address of a subject, for a page."""
    kind, number = subject
    known = _kinds.get(kind)
    if known is None:
        return f"{kind} {number}", None
    try:
        return f"{_(known.title)} {number}", known.address(number)
    except NotFound:  # gone, or not this reader's; that it was attached there stays true
        return f"{_(known.title)} {number}", None
