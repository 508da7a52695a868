"""The settings of complaints that documents state: time limits, channels, limits of authority, times of keeping.

Each value is JSON that does not depend on a language, so that reading it in another language is no change; `say` turns
it into words. Offered to `policies.facts` when the application is made. tests/slices/policies/test_drift.py.
"""

import json
from collections.abc import Iterator
from typing import Any

from auditkit.accounts.rules import ROLE_TITLES
from auditkit.base.db import Session
from auditkit.base.text import _, ngettext
from auditkit.complaints.clock.queries.limits import limit_sets
from auditkit.complaints.clock.rules import TARGET_TITLES, Target
from auditkit.complaints.intake.channels import channel_title, channels
from auditkit.complaints.intake.promises import span
from auditkit.complaints.privacy.queries.keeping import rules_in_force
from auditkit.complaints.queries.settled import limits, practice
from auditkit.complaints.rules import KIND_TITLES, SEVERITY_TITLES, Channel
from auditkit.policies import facts
from auditkit.policies.facts import Setting
from auditkit.web.languages import listed

TIMES = {
    Target.ACKNOWLEDGE: "acknowledgement_target",
    Target.ASSESS: "assessment_target",
    Target.UPDATE: "update_interval",
    Target.DECIDE: "decision_target",
    Target.REVIEW: "review_target",
    Target.ACT: "remedy_target",
}
CHANNELS = {
    Channel.WEB: "web_form",
    Channel.EMAIL: "email",
    Channel.PHONE: "telephone",
    Channel.POST: "postal_address",
    Channel.IN_PERSON: "places",
}
AUTHORITY = {
    "staff": "contact_staff_limit",
    "complaint-handler": "handler_limit",
    "quality-manager": "representative_limit",
}

_SEVERITIES = {str(word): title for word, title in SEVERITY_TITLES.items()}
_KINDS = {str(word): title for word, title in KIND_TITLES.items()}


def offer() -> None:
    """Offer them all."""
    facts.offer("complaints", settings)


def settings(tx: Session) -> Iterator[Setting]:
    """Every setting of complaints that a document can state, with its value now."""
    yield from _times(tx)
    yield from _channels(tx)
    yield from _authority(tx)
    kept = sorted([one.months, one.kind, one.category] for one in rules_in_force(tx))
    title = _("Time of keeping of complaints")
    yield Setting("complaints.keeping", title, _json(kept), _say_keeping, ("retention_period",))
    own = practice(tx)
    yield Setting("complaints.external-bodies", _("Bodies outside"), own.external_bodies, str, ("external_body",))
    repeat = str(own.repeat_days)
    yield Setting("complaints.repeat", _("Window of a repetition"), repeat, _say_days, ("recurrence_window",))


def _times(tx: Session) -> Iterator[Setting]:
    found: dict[Target, list[list[Any]]] = {target: [] for target in Target}
    for one in limit_sets(tx):
        for limit in one.limits:
            case = sorted([*limit.priorities, *one.channels, *one.categories])
            length = [limit.amount, str(limit.unit), limit.working]
            found[limit.target].append([*length, sorted(limit.severities), case, sorted(one.kinds)])
    for target, values in found.items():
        title = _("Time limit: %(target)s", target=_(TARGET_TITLES[target]))
        blanks = (TIMES[target],) if target in TIMES else ()
        yield Setting(f"complaints.time.{target}", title, _json(sorted(values, key=str)), _say_times, blanks)


def _channels(tx: Session) -> Iterator[Setting]:
    used = [one for one in channels(tx) if one.in_use]
    yield Setting("complaints.channels", _("Channels in use"), _json(sorted(one.name for one in used)), _say_channels)
    supplied = {str(word): blank for word, blank in CHANNELS.items()}
    for one in channels(tx):
        title = _("Channel: %(name)s", name=one.title)
        blanks = (supplied[one.name],) if one.name in supplied else ()
        value = _json([one.in_use, one.address])
        yield Setting(f"complaints.channel.{one.name}", title, value, _say_channel, blanks)


def _authority(tx: Session) -> Iterator[Setting]:
    found: dict[str, list[list[Any]]] = {str(role): [] for role in ROLE_TITLES}
    for limit in limits(tx):
        if limit.role in found:
            found[limit.role].append([limit.currency, limit.amount])
    for role, title in ROLE_TITLES.items():
        said = _("Limit of authority: %(role)s", role=_(title))
        blanks = (AUTHORITY[str(role)],) if str(role) in AUTHORITY else ()
        yield Setting(f"complaints.authority.{role}", said, _json(sorted(found[str(role)])), _say_amounts, blanks)


def _json(value: Any) -> str:
    """Canonical, and empty where there is nothing."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _say_times(value: str) -> str:
    said = []
    for amount, unit, working, severities, case, kinds in json.loads(value):
        words = span(amount, unit, working)
        when = [_(_SEVERITIES[one]) for one in severities] + case
        # That a set is for complaints goes without saying.
        when += [_(_KINDS[one]) for one in kinds] if "complaint" not in kinds and kinds else []
        said.append(f"{words} ({listed(when)})" if when else words)
    return listed(said)


def _say_channels(value: str) -> str:
    return listed(channel_title(name) for name in json.loads(value))


def _say_channel(value: str) -> str:
    in_use, address = json.loads(value)
    return (address or _("in use")) if in_use else _("not in use")


def _say_amounts(value: str) -> str:
    return listed(f"{amount // 100:,}.{amount % 100:02d} {currency}" for currency, amount in json.loads(value))


def _say_keeping(value: str) -> str:
    said = []
    for months, kind, category in json.loads(value):
        words = ngettext("%(num)s month", "%(num)s months", months)
        case = listed(one for one in (kind, category) if one)
        said.append(f"{words} ({case})" if case else words)
    return listed(said)


def _say_days(value: str) -> str:
    return ngettext("%(num)s day", "%(num)s days", int(value))
