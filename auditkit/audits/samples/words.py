"""How filters, groups and parts of the register are called on pages and in reports."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.sampling import STRATIFY_TITLES, Stratify
from auditkit.base.text import N_, _, enumerated
from auditkit.complaints.categories import known_title
from auditkit.complaints.checking import populations
from auditkit.complaints.rules import (
    CHANNEL_TITLES,
    KIND_TITLES,
    LEVEL_TITLES,
    OUTCOME_TITLES,
    SEVERITY_TITLES,
    STAGE_TITLES,
)
from auditkit.library.here import library, lists

FILTER_TITLES = {
    "kind": N_("Kind"),
    "stage": N_("Stage"),
    "channel": N_("Channel"),
    "severity": N_("Severity"),
    "category": N_("Category"),
    "site": N_("Site"),
    "outcome": N_("Outcome"),
    "priority": N_("Priority"),
    "level": N_("Escalation level"),
    "safety": N_("Flagged for safety"),
    "repeat": N_("Repeat customers"),
    "words": N_("Words in it"),
    "owner": N_("Owner"),
    "deputy": N_("Stands in"),
    "due": N_("Due dates"),
    "import_run": N_("Brought in by"),
}
_VALUES: dict[str, dict[str, str]] = {
    "kind": {str(key): title for key, title in KIND_TITLES.items()},
    "stage": {populations.OPEN_STAGES: N_("Open"), **{str(key): title for key, title in STAGE_TITLES.items()}},
    "channel": {str(key): title for key, title in CHANNEL_TITLES.items()},
    "severity": {str(key): title for key, title in SEVERITY_TITLES.items()},
    "outcome": {str(key): title for key, title in OUTCOME_TITLES.items()},
    "level": {str(level): title for level, title in enumerate(LEVEL_TITLES)},
    "owner": {populations.NOBODY: N_("Nobody")},
    "due": {populations.MISSED: N_("A due date was missed"), populations.KEPT: N_("No due date was missed")},
}
_GROUPS = {
    "age": {
        "0-7": N_("up to 7 days"),
        "8-30": N_("8 to 30 days"),
        "31-60": N_("31 to 60 days"),
        populations.OLDEST: N_("over 60 days"),
    },
    "repeat": {populations.YES: N_("complained more than once"), "no": N_("complained once")},
    "safety": {populations.YES: N_("flagged for safety"), "no": N_("not flagged"), "": N_("not assessed")},
    "outcome": {"": N_("no decision")},
    "severity": {"": N_("not assessed")},
}


def value_title(name: str, value: str, called: Mapping[int, str] | None = None) -> str:
    """The value of a filter as people read it; a word of the organisation's own stays as it is.

    `called`: the names of persons by id.
    """
    if name in ("safety", "repeat"):
        return _("yes")
    if name == "category":
        return known_title(lists(), value)
    title = _VALUES.get(name, {}).get(value)
    if title:
        return _(title)
    if name in ("owner", "deputy"):
        return (called or {}).get(int(value), _("person %(number)s", number=value))
    return _("import %(number)s", number=value) if name == "import_run" else value


def told(filters: Iterable[tuple[str, str]], called: Mapping[int, str] | None = None) -> str:
    """`Severity: High, Stage: Closed`; empty where nothing is filtered."""
    return enumerated(f"{_(FILTER_TITLES[name])}: {value_title(name, value, called)}" for name, value in filters)


def by_title(by: str) -> str:
    """By what a sample is stratified."""
    return _(STRATIFY_TITLES[Stratify(by)])


def group_title(by: str, group: str) -> str:
    """A group of a stratified sample as people read it."""
    if by == "category" and group:
        return known_title(lists(), group)
    title = _GROUPS.get(by, {}).get(group) or _VALUES.get(by, {}).get(group)
    if title:
        return _(title)
    return group or _("not recorded")


def choices(name: str) -> list[tuple[str, str]]:
    """(value, title) of a filter with a fixed list, with nothing chosen first."""
    return [("", _("Any")), *((value, _(title)) for value, title in _VALUES[name].items())]


def criterion(head: AuditHead, clause: str) -> dict[str, Any]:
    """What a finding's form is filled in with for a clause: itself if the audit is on its edition, else its name."""
    content = library()
    node = content.node(clause)
    if node.edition == head.edition_id:
        return {"clause": clause}
    return {"criterion": f"{content.edition(node.edition).name}, {node.label}"}
