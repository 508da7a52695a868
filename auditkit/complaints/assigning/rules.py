"""Rules of assignment: what they ask, which one is taken, and how that is said. Pure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.ids import digest
from auditkit.base.text import N_, _

ASSIGNED_BY_RULE = event("complaint:assigned-by-rule", N_("Owner named by a rule"))
IMPORTED_ASSIGNED = event("complaints:import-assigned", N_("Owners of imported complaints named by rules"))
RULE_PUT = event("assignment-rules:put", N_("Rule of assignment written"))
RULE_MOVED = event("assignment-rules:moved", N_("Order of the rules of assignment changed"))
RULE_REMOVED = event("assignment-rules:removed", N_("Rule of assignment removed"))
ABSENCE_SET = event("absence:set", N_("Absence of a member noted"))
ABSENCE_ENDED = event("absence:ended", N_("Absence of a member taken out"))

RECORDED, ASSESSED, IMPORTED = "recorded", "assessed", "imported"
WHEN_TITLES = {
    RECORDED: N_("when it was recorded"),
    ASSESSED: N_("when it was assessed"),
    IMPORTED: N_("when it was brought in"),
}
MOST_RULES = 200
LONGEST_SITE = 120
ASKED = ("kinds", "channels", "categories", "severities", "sites")
"""What a rule may ask, in the order in which it is said."""


class TooManyRules(RuleBroken):
    message = N_("There are %(most)s rules, which is all there is room for. Remove one first")


class NothingAsked(BadInput):
    message = N_(
        "Choose a kind, channel, category, severity or site at least. What no rule is for goes to the last line"
    )


class OwnerCannotHandle(RuleBroken):
    message = N_("Choose an owner who handles complaints")


class DeputyIsOwner(BadInput):
    message = N_("Choose somebody else to stand in than the owner")


class AwayBackwards(BadInput):
    message = N_("The last day of an absence lies before its first. Enter the first day first")


class DeputyIsAway(BadInput):
    message = N_("Choose somebody else to stand in: nobody stands in for themselves")


class AwayAlready(RuleBroken):
    message = N_("%(name)s is down as away in part of this time. Take that absence out first")


@dataclass(frozen=True)
class Asked:
    """What a rule asks of a complaint: words of lists, and sites as people write them. Empty: any."""

    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def holds(self, about: "About") -> bool:
        """Whether the rule is for this complaint; a site fits whatever accents and capitals it is written with."""
        words = (
            (self.kinds, about.kind),
            (self.channels, about.channel),
            (self.categories, about.category),
            (self.severities, about.severity),
        )
        if any(wanted and word not in wanted for wanted, word in words):
            return False
        return not self.sites or fold(about.site.strip()) in {fold(one) for one in self.sites}

    @property
    def anything(self) -> bool:
        """Whether it asks nothing."""
        return not any(getattr(self, name) for name in ASKED)


@dataclass(frozen=True)
class About:
    """What the rules look at of a complaint."""

    kind: str = ""
    channel: str = ""
    category: str = ""
    severity: str = ""
    site: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule. `number` is its place, from one; 0 for the last line, which takes what no rule is for."""

    id: int
    number: int
    asked: Asked
    owner_id: int
    deputy_id: int | None = None

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same rule, whatever its place."""
        return digest(repr((self.id, self.asked, self.owner_id, self.deputy_id)).encode())


def stamp_of(rule: Rule | None) -> str:
    """The stamp of a rule, or of there being none."""
    return rule.stamp if rule else "none"


def first_for(rules: Iterable[Rule], about: About, may_own: Container[int]) -> Rule | None:
    """The first rule for this complaint whose owner may have it; the last line comes last. None where there is none.

    `may_own`: who handles complaints and is not complained about.
    """
    ordered = sorted(rules, key=lambda rule: (rule.number == 0, rule.number, rule.id))
    return next((rule for rule in ordered if rule.owner_id in may_own and rule.asked.holds(about)), None)


def deputy_for(rule: Rule, stands_in: Mapping[int, int], may_own: Container[int]) -> int | None:
    """Who stands in for the rule's owner: today's deputy of an owner who is away, else the one the rule names."""
    for deputy in (stands_in.get(rule.owner_id), rule.deputy_id):
        if deputy is not None and deputy != rule.owner_id and deputy in may_own:
            return deputy
    return None


def check_asked(asked: Asked, *, last: bool) -> Asked:
    """Raises NothingAsked for a rule that asks nothing and is not the last line."""
    if asked.anything and not last:
        raise NothingAsked
    return asked


def check_absence(person_id: int, deputy_id: int, first_day: date, last_day: date) -> None:
    """Raises AwayBackwards or DeputyIsAway."""
    if last_day < first_day:
        raise AwayBackwards
    if person_id == deputy_id:
        raise DeputyIsAway


def sites_of(text: str) -> tuple[str, ...]:
    """The sites written one on a line, each once."""
    lines = (" ".join(line.split())[:LONGEST_SITE] for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def called(number: int) -> str:
    """A rule by its place, in the language of the screen."""
    return _("rule %(number)s", number=number) if number else _("the last line")
