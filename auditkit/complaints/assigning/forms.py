"""Forms of the rules of assignment and of absences. Choices come in through the constructor."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, HiddenField
from wtforms.validators import InputRequired

from auditkit.base.text import _, lazy_
from auditkit.complaints import rules as core
from auditkit.complaints.assigning.rules import ASKED, Asked, Rule, sites_of, stamp_of
from auditkit.complaints.assigning.service import PutRule, SetAbsence
from auditkit.complaints.forms.act import people, person
from auditkit.complaints.forms.register import titled
from auditkit.web.forms import ChoiceField, Form, TextField, TicksField

Choices = Sequence[tuple[str, str]]


class RuleForm(Form):
    """What a rule asks, and who gets what it is for."""

    categories = TicksField(lazy_("Category"))
    channels = TicksField(lazy_("How it came in"))
    severities = TicksField(lazy_("Severity"))
    kinds = TicksField(lazy_("Kind of feedback"))
    sites = TextField(lazy_("Site or unit"), description=lazy_("One on a line, as complaints name it."))
    owner = ChoiceField(lazy_("Owner"), [InputRequired(lazy_("Choose who answers for these complaints"))])
    deputy = ChoiceField(lazy_("Stands in"))
    seen = HiddenField()

    def __init__(
        self, handlers: Mapping[int, str], channels: Choices, categories: Choices, shown: Rule | None = None
    ) -> None:
        super().__init__(data=_shown(shown) if shown else None)
        self.shown = shown
        self.kinds.choices = titled(core.KIND_TITLES)
        self.severities.choices = titled(core.SEVERITY_TITLES)
        self.channels.choices = _with_own(channels, self.channels.data)
        self.categories.choices = _with_own(categories, self.categories.data)
        self.owner.choices = people(handlers, empty=_("Choose"))
        self.deputy.choices = people(handlers, empty=_("Nobody"))

    def command(self) -> PutRule:
        """What the verb is told."""
        words = {name: tuple(self[name].data or ()) for name in ASKED if name != "sites"}
        asked = Asked(**words, sites=sites_of(self.sites.data or ""))
        rule_id = self.shown.id if self.shown else None
        seen = self.seen.data if self.shown else None
        return PutRule(asked, person(self.owner.data) or 0, person(self.deputy.data), rule_id, seen=seen)


class LastForm(Form):
    """Who gets what no rule is for."""

    owner = ChoiceField(lazy_("What no rule is for goes to"))
    deputy = ChoiceField(lazy_("Stands in"))
    seen = HiddenField()

    def __init__(self, handlers: Mapping[int, str], shown: Rule | None) -> None:
        given = {"owner": str(shown.owner_id), "deputy": str(shown.deputy_id or "")} if shown else {}
        super().__init__(data={**given, "seen": stamp_of(shown)})
        self.owner.choices = people(handlers, empty=_("Nobody: it waits for somebody to take it"))
        self.deputy.choices = people(handlers, empty=_("Nobody"))

    def command(self) -> PutRule | None:
        """What the verb is told; None for nobody."""
        owner_id = person(self.owner.data)
        seen = self.seen.data
        return PutRule(Asked(), owner_id, person(self.deputy.data), last=True, seen=seen) if owner_id else None


class AbsenceForm(Form):
    """Who is away, from when to when, and who stands in."""

    person = ChoiceField(lazy_("Who is away"), [InputRequired(lazy_("Choose who is away"))])
    first_day = DateField(lazy_("First day"), [InputRequired(lazy_("Enter the first day, such as 2026-03-31"))])
    last_day = DateField(lazy_("Last day"), [InputRequired(lazy_("Enter the last day, such as 2026-03-31"))])
    deputy = ChoiceField(lazy_("Who stands in"), [InputRequired(lazy_("Choose who stands in"))])

    def __init__(self, own: Mapping[int, str], handlers: Mapping[int, str], **more: Any) -> None:
        super().__init__(**more)
        self.person.choices = people(own, empty=_("Choose") if len(own) > 1 else "")
        self.deputy.choices = people(handlers, empty=_("Choose"))

    def command(self) -> SetAbsence:
        """What the verb is told."""
        days = self.first_day.data, self.last_day.data
        return SetAbsence(person(self.person.data) or 0, person(self.deputy.data) or 0, *days)


class ButtonForm(Form):
    """A button."""


def _shown(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {name: list(getattr(rule.asked, name)) for name in ASKED if name != "sites"}
    found["seen"] = rule.stamp
    found |= {"sites": "\n".join(rule.asked.sites), "owner": str(rule.owner_id), "deputy": str(rule.deputy_id or "")}
    return found


def _with_own(choices: Choices, chosen: Sequence[str] | None) -> list[tuple[str, str]]:
    """The choices, and what the rule asks though it is no longer offered."""
    known = {word for word, _title in choices}
    return [*choices, *((word, word) for word in chosen or () if word not in known)]
