"""Drift: what a version stated when it was approved, against what holds now. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_

FACT_SET = event("policy:fact-set", N_("Fact of the organisation set"))


@dataclass(frozen=True)
class Drift:
    """Something a document states that has changed. `said` and `now` are values; empty: nothing was or is set."""

    name: str
    said: str
    now: str


def drifted(stated: Mapping[str, str], now: Mapping[str, str]) -> list[Drift]:
    """What differs, by name. A name that nobody offers any more is not judged: see `unjudged`."""
    return [Drift(name, said, now[name]) for name, said in sorted(stated.items()) if name in now and now[name] != said]


def unjudged(stated: Collection[str], now: Collection[str]) -> list[str]:
    """What a version stated and nothing tells the value of any more."""
    return sorted(set(stated) - set(now))


SHORTEST = 4
"""Letters. Shorter words stand in texts by chance."""


def stands_in(word: str, folded: str) -> bool:
    """Whether `word` stands written out, as a whole, in a text that was folded already."""
    wanted = fold(word).strip()
    return len(wanted) >= SHORTEST and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded) is not None


def facts_drifted(used: Collection[str], answers: Mapping[str, str], facts: Mapping[str, str]) -> list[Drift]:
    """The facts that a version used and that are different now."""
    return [
        Drift(name, answers.get(name, ""), facts.get(name, ""))
        for name in sorted(used)
        if answers.get(name, "") != facts.get(name, "")
    ]
