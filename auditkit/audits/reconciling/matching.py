"""Which complaint an entry of a log is, how surely, and why. Pure; tests/rules/test_audits_matching.py."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from auditkit.audits.reconciling.rules import Standing, Strength
from auditkit.complaints.checking.matching import Candidate

LIKE, RATHER_LIKE = 0.5, 0.25
SHOWN = 3
_ORDER = list(Strength)


@dataclass(frozen=True)
class Entry:
    """An entry of a log as it is compared. `names`: references found in it, plain; `who`: hashes."""

    position: int
    at: datetime | None
    names: frozenset[str]
    who: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A complaint the entry could be; `days` apart, `alike` the share of the entry's words it has."""

    complaint_id: int
    reference: str
    strength: Strength
    by_reference: bool = False
    by_sender: bool = False
    days: int | None = None
    alike: float = 0.0

    def plain(self) -> dict[str, object]:
        """As plain JSON."""
        return {
            "complaint_id": self.complaint_id,
            "reference": self.reference,
            "strength": self.strength.value,
            "by_reference": self.by_reference,
            "by_sender": self.by_sender,
            "days": self.days,
            "alike": round(self.alike * 100),
        }


@dataclass(frozen=True)
class Judged:
    """What became of an entry: its standing, and the matches, the best first."""

    standing: Standing
    matches: tuple[Match, ...] = field(default=())


class Register:
    """The complaints to compare with, found by reference, by sender and by words without walking all of them."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_name: dict[str, list[Candidate]] = {}
        self._by_who: dict[str, list[Candidate]] = {}
        self._by_word: dict[str, list[Candidate]] = {}
        self.size = 0
        for one in candidates:
            self.size += 1
            for name in one.names:
                self._by_name.setdefault(name, []).append(one)
            for who in one.who:
                self._by_who.setdefault(who, []).append(one)
            for word in one.words:
                self._by_word.setdefault(word, []).append(one)

    def near(self, entry: Entry) -> list[Candidate]:
        """The complaints that share anything with the entry that not many complaints have."""
        found: dict[int, Candidate] = {}
        for name in entry.names:
            found |= {one.id: one for one in self._by_name.get(name, ())}
        for who in entry.who:
            found |= {one.id: one for one in self._by_who.get(who, ())}
        shared: Counter[int] = Counter()
        for word in entry.words:
            holders = self._by_word.get(word, ())
            if len(holders) <= max(20, self.size // 20):
                for one in holders:
                    shared[one.id] += 1
                    found.setdefault(one.id, one)
        often = {key for key, _times in shared.most_common(200)}
        return [one for one in found.values() if one.id in often or one.names & entry.names or one.who & entry.who]


def judge(entry: Entry, register: Register, days: int) -> Judged:
    """What the entry is: in the register if one complaint surely is it, doubtful if a person must say, not found."""
    found = [match for one in register.near(entry) if (match := compared(entry, one, days)) is not None]
    found.sort(key=lambda one: (_ORDER.index(one.strength), one.days if one.days is not None else 999, one.reference))
    sure = [one for one in found if one.strength is Strength.STRONG]
    if len(sure) == 1:
        return Judged(Standing.MATCHED, tuple(found[:SHOWN]))
    return Judged(Standing.DOUBTFUL if found else Standing.UNMATCHED, tuple(found[:SHOWN]))


def compared(entry: Entry, one: Candidate, days: int) -> Match | None:
    """How the entry and a complaint fit; None where they do not."""
    by_reference = bool(entry.names & one.names)
    by_sender = bool(entry.who & one.who)
    apart = abs((one.received_at - entry.at).total_seconds()) / 86_400 if entry.at else None
    near = apart is not None and apart <= days
    alike = len(entry.words & one.words) / len(entry.words) if entry.words else 0.0
    strength = _strength(by_reference=by_reference, by_sender=by_sender, near=near, apart=apart, alike=alike)
    if strength is Strength.NONE:
        return None
    return Match(
        one.id, one.reference, strength, by_reference, by_sender, None if apart is None else round(apart), alike
    )


def _strength(*, by_reference: bool, by_sender: bool, near: bool, apart: float | None, alike: float) -> Strength:
    if by_reference:
        return Strength.STRONG
    if by_sender:
        if near and (alike >= RATHER_LIKE or (apart is not None and apart <= 1)):
            return Strength.STRONG
        return Strength.PROBABLE if near or alike >= LIKE else Strength.WEAK
    if alike >= LIKE and (near or apart is None):
        return Strength.PROBABLE
    return Strength.WEAK if near and alike >= RATHER_LIKE else Strength.NONE


def period(entries: Sequence[Entry]) -> tuple[datetime, datetime] | None:
    """The first and the last moment of the entries; None where one has none (then any complaint may be it)."""
    moments = [one.at for one in entries]
    if not moments or any(at is None for at in moments):
        return None
    known = [at for at in moments if at is not None]
    return min(known), max(known)
