"""What other folders of audits put onto the pages of one audit: tabs, and parts of the overview and of the report page.

They stand above the core, which does not know them: they declare themselves here when their views are imported.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from auditkit.audits.queries.findings import FindingView
from auditkit.audits.queries.plans import AuditHead
from auditkit.base.text import _
from auditkit.web.access import may

OVERVIEW, REPORT, RUN, SIGNING = "overview", "report", "run", "signing"

Part = Callable[[AuditHead], str]
FindingPart = Callable[[FindingView], str]


@dataclass(frozen=True)
class Tab:
    """A page of its own about one audit. `title` is a message id; `shown` says for which audits it makes sense.

    `outside`: also for one that a certification body did, which has no questions, samples or scores here.
    `within`: blueprints whose pages belong to the tab too.
    """

    order: int
    title: str
    endpoint: str
    permission: str
    shown: Callable[[AuditHead], bool]
    outside: bool
    within: tuple[str, ...] = ()


_parts: dict[str, list[tuple[int, Part]]] = {OVERVIEW: [], REPORT: [], RUN: [], SIGNING: []}
_finding_parts: list[tuple[int, FindingPart]] = []
_tabs: list[Tab] = []


def audit_part(place: str, order: int = 50) -> Callable[[Part], Part]:
    """Declare a part of a page about an audit: given its head it renders a section, or nothing. Lower `order` first."""

    def declare(part: Part) -> Part:
        _parts[place].append((order, part))
        return part

    return declare


def parts_of(place: str, head: AuditHead) -> list[Markup]:
    """The declared parts for this audit, ready for the template."""
    ordered = sorted(_parts[place], key=lambda one: one[0])
    return [Markup(part(head)) for _order, part in ordered]  # noqa: S704 - rendered by templates, which escape


def finding_part(order: int = 50) -> Callable[[FindingPart], FindingPart]:
    """Declare a part of the page about a finding, as `audit_part` does for audits."""

    def declare(part: FindingPart) -> FindingPart:
        _finding_parts.append((order, part))
        return part

    return declare


def finding_parts_of(finding: FindingView) -> list[Markup]:
    """The declared parts for this finding, ready for the template."""
    ordered = sorted(_finding_parts, key=lambda one: one[0])
    return [Markup(part(finding)) for _order, part in ordered]  # noqa: S704 - rendered by templates, which escape


def audit_tab(
    order: int,
    title: str,
    endpoint: str,
    *,
    permission: str = "audits.read",
    shown: Callable[[AuditHead], bool] = lambda _head: True,
    outside: bool = False,
    within: tuple[str, ...] = (),
) -> None:
    """Declare a tab; `endpoint` takes the audit's `number`."""
    _tabs.append(Tab(order, title, endpoint, permission, shown, outside, within))


def tabs_of(head: AuditHead, current: str) -> list[tuple[str, str, bool]]:
    """(text, address, whether it is the page `current`) of this audit's tabs, for `ui.tabs`."""
    inside = current.partition(".")[0]
    return [
        (_(tab.title), url_for(tab.endpoint, number=head.number), tab.endpoint == current or inside in tab.within)
        for tab in sorted(_tabs, key=lambda one: one.order)
        if tab.shown(head) and (tab.outside or not head.from_outside) and may(tab.permission)
    ]
