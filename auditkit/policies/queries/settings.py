"""What documents state of the organisation's settings and facts, and which of them are out of date (drift)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.folding import fold
from auditkit.content.blanks import blanks_in
from auditkit.policies import facts
from auditkit.policies.facts import Setting
from auditkit.policies.models import PolicyStated
from auditkit.policies.queries.documents import PolicyView, Section, Version, policies
from auditkit.policies.queries.documents import facts as known_facts
from auditkit.policies.rules.drift import Drift, drifted, facts_drifted, stands_in, unjudged


@dataclass(frozen=True)
class Outdated:
    """What of a version no longer holds. `unjudged`: settings it states that nothing tells the value of any more.

    `kept` is False for a version from before settings were kept with it: then only facts are compared.
    """

    version: Version
    settings: tuple[Drift, ...]
    facts: tuple[Drift, ...]
    unjudged: tuple[str, ...]
    stated: Mapping[str, str]
    kept: bool

    @property
    def is_out_of_date(self) -> bool:
        """Whether anything differs."""
        return bool(self.settings or self.facts)


@dataclass(frozen=True)
class Statement:
    """A document whose version in force states a setting; `drift` where the setting is another now."""

    policy: PolicyView
    version: Version
    drift: Drift | None


def stated_by(
    sections: Iterable[Section], answers: Mapping[str, str], also: Iterable[str], live: Mapping[str, Setting]
) -> dict[str, str]:
    """The settings that a text states, name -> value now: by answered blanks, words written out, or named in `also`."""
    texts = [one.text for one in sections]
    used = {name for text in texts for name in blanks_in(text) if answers.get(name)}
    named, written = set(also), fold("\n".join(texts))
    return {
        one.name: one.value
        for one in live.values()
        if one.name in named or used & set(one.blanks) or any(stands_in(word, written) for word in one.words)
    }


def in_question(policy: PolicyView, today: date) -> Version | None:
    """The version whose statements count: the one in force, else the newest that is not withdrawn."""
    found = policy.in_force(today)
    return found or next((one for one in reversed(policy.versions) if one.withdrawn_on is None), None)


def outdated(tx: Session, documents: Sequence[PolicyView], today: date) -> dict[int, Outdated]:
    """Document id -> how its version that counts stands against what holds now; without a version, nothing."""
    live = {name: one.value for name, one in facts.live(tx).items()}
    counting = {one.id: version for one in documents if (version := in_question(one, today)) is not None}
    stated = _stated(tx, [version.id for version in counting.values()])
    known = known_facts(tx)
    found = {}
    for policy in documents:
        if policy.id not in counting:
            continue
        version = counting[policy.id]
        said = stated.get(version.id, {})
        found[policy.id] = Outdated(
            version,
            tuple(drifted(said, live)),
            tuple(_facts_drifted(policy, version, known)),
            tuple(unjudged(said, live)),
            said,
            bool(said) or not _should_state(policy, live),
        )
    return found


def statements(setting: str, documents: Sequence[PolicyView], found: Mapping[int, Outdated]) -> list[Statement]:
    """The documents that state a setting, by reference."""
    return [
        Statement(
            policy,
            found[policy.id].version,
            next((one for one in found[policy.id].settings if one.name == setting), None),
        )
        for policy in documents
        if policy.id in found and setting in found[policy.id].stated
    ]


def out_of_date(tx: Session, today: date) -> list[tuple[PolicyView, Outdated]]:
    """Exactly the documents that state something which is another now, by reference."""
    documents = policies(tx)
    found = outdated(tx, documents, today)
    return [(one, found[one.id]) for one in documents if one.id in found and found[one.id].is_out_of_date]


def _stated(tx: Session, versions: Sequence[int]) -> dict[int, dict[str, str]]:
    query = select(PolicyStated.version_id, PolicyStated.setting, PolicyStated.value)
    found: dict[int, dict[str, str]] = {}
    for row in tx.execute(query.where(PolicyStated.version_id.in_(versions))):
        found.setdefault(row.version_id, {})[row.setting] = row.value
    return found


def _facts_drifted(policy: PolicyView, version: Version, known: Mapping[tuple[str, str], str]) -> list[Drift]:
    """Facts that the version was filled with; what the document says otherwise on purpose is no drift."""
    asked = {one.question.name: one for one in policy.asked}
    used = {name for name in policy.blanks if name in version.answers and name in asked}
    now = {name: known.get((name, asked[name].question.kind), "") for name in used if asked[name].otherwise is None}
    return facts_drifted(now.keys(), version.answers, now)


def _should_state(policy: PolicyView, live: Mapping[str, str]) -> bool:
    return bool(policy.blanks) and bool(live)
