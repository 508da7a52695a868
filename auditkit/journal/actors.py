"""Who did something that neither a person, the command line nor the public did, such as a token of the API.

A slice above says how its actors are called; the journal keeps only their role, `kind:number`:

    declare("api", lambda number: _("API: %(name)s", name=...))
"""

from collections.abc import Callable

Named = Callable[[int], str | None]

_kinds: dict[str, Named] = {}


def declare(kind: str, named: Named) -> None:
    """Say how actors of `kind` are called, by number; None for one that is gone. Raises ValueError when said twice."""
    if kind in _kinds:
        raise ValueError(f"the kind of actor {kind!r} is declared twice")
    _kinds[kind] = named


def named(role: str) -> str | None:
    """How the actor behind a role such as `api:12` is called; None for a role of another form."""
    kind, _colon, number = role.partition(":")
    if kind not in _kinds or not number.isdigit():
        return None
    return _kinds[kind](int(number)) or role
