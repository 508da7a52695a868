"""Audits, findings and actions of a pack as OSCAL 1.2: assessment plan, assessment results, plan of action.

tests/slices/packs/test_formats.py checks them against NIST's schemas where those are at hand. ISO 10002 is guidance:
a control is a clause, and a finding says that an audit found it not satisfied, not that anything is certified.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from auditkit.audits.rules import NONCONFORMITIES
from auditkit.packs.gathering.draft import Draft
from auditkit.packs.gathering.found import number_of

if TYPE_CHECKING:
    from auditkit.audits.queries.plans import AuditHead
    from auditkit.audits.queries.registers import FindingLine
    from auditkit.packs.gathering.outcome import Outcome

VERSION = "1.2.1"
NAMESPACE = "https://auditkit.example/ns/oscal"
PLAN, RESULTS, ACTIONS = "oscal/assessment-plan.json", "oscal/assessment-results.json", "oscal/plan-of-action.json"
ALL_CONTROLS: dict[str, Any] = {"control-selections": [{"include-all": {}}]}
POLICY = {"href": "../data/documents/", "remarks": "The documents in force stand in the place of a system's plan."}


def documents(
    draft: Draft, outcome: "Outcome", dated: datetime, hide: Callable[[str], str]
) -> dict[str, dict[str, Any]]:
    """Path in the bag -> document; one that would be empty is left out, which OSCAL does not allow."""
    made = _Documents(draft, outcome, dated, hide)
    found: dict[str, dict[str, Any]] = {}
    if outcome.audits:
        found[PLAN] = made.plan()
        found[RESULTS] = made.results()
    if outcome.actions:
        found[ACTIONS] = made.plan_of_action()
    return found


class _Documents:
    def __init__(self, draft: Draft, outcome: "Outcome", dated: datetime, hide: Callable[[str], str]) -> None:
        self.draft = draft
        self.outcome = outcome
        self.dated = dated
        self.hide = hide

    def plan(self) -> dict[str, Any]:
        """The audits of the period as tasks of an assessment plan."""
        return {
            "assessment-plan": {
                **self._head("assessment-plan", "Internal audits"),
                "import-ssp": POLICY,
                "reviewed-controls": ALL_CONTROLS,
                "tasks": [self._task(head) for head in self.outcome.audits],
            }
        }

    def _task(self, head: "AuditHead") -> dict[str, Any]:
        return {
            "uuid": self._uuid("audit", head.number),
            "type": "action",
            "title": f"{head.number} {self.hide(head.title)}",
            "description": self._text(head.scope),
            "timing": {"within-date-range": {"start": _moment(head.planned_from), "end": _moment(head.planned_to)}},
            "props": [_prop("checklist", head.checklist_id), _prop("state", head.state)],
        }

    def results(self) -> dict[str, Any]:
        """Each audit with its findings as a result."""
        return {
            "assessment-results": {
                **self._head("assessment-results", "Results of internal audits"),
                "import-ap": {"href": PLAN.rpartition("/")[2]},
                "results": [self._result(head) for head in self.outcome.audits],
            }
        }

    def _result(self, head: "AuditHead") -> dict[str, Any]:
        found = [one for one in self.outcome.findings if one.audit == head.number]
        result: dict[str, Any] = {
            "uuid": self._uuid("result", head.number),
            "title": f"{head.number} {self.hide(head.title)}",
            "description": self._text(head.conclusion or head.objectives),
            "start": (head.started_at or head.planned_at).astimezone(UTC).isoformat(),
            "props": [_prop("state", head.state)],
            "reviewed-controls": ALL_CONTROLS,
        }
        if head.reported_at is not None:
            result["end"] = head.reported_at.astimezone(UTC).isoformat()
        if found:
            result["observations"] = [self._observation(one) for one in found]
            result["findings"] = [self._finding(one) for one in found]
        return result

    def _observation(self, one: "FindingLine") -> dict[str, Any]:
        return {
            "uuid": self._uuid("observation", one.number),
            "title": one.number,
            "description": self._text(one.evidence or one.statement),
            "methods": ["EXAMINE"],
            "types": ["finding"],
            "collected": one.raised_at.astimezone(UTC).isoformat(),
        }

    def _finding(self, one: "FindingLine") -> dict[str, Any]:
        satisfied = "not-satisfied" if one.grade in NONCONFORMITIES else "satisfied"
        return {
            "uuid": self._uuid("finding", one.number),
            "title": one.number,
            "description": self._text(one.statement),
            "props": [_prop("grade", one.grade), _prop("state", one.state), _prop("edition", one.edition_name)],
            "target": {
                "type": "objective-id",
                "target-id": f"c-{number_of(one.clause)}",
                "status": {"state": satisfied},
            },
            "related-observations": [{"observation-uuid": self._uuid("observation", one.number)}],
        }

    def plan_of_action(self) -> dict[str, Any]:
        """The actions as items of a plan of action and milestones."""
        return {
            "plan-of-action-and-milestones": {
                **self._head("plan-of-action", "Actions"),
                "import-ssp": POLICY,
                "poam-items": list(self._items()),
            }
        }

    def _items(self) -> Iterator[dict[str, Any]]:
        for one in self.outcome.actions:
            yield {
                "uuid": self._uuid("action", one.number),
                "title": f"{one.number} {self.hide(one.title)}",
                "description": self._text(one.plan or one.correction or one.title),
                "props": [_prop("kind", one.kind), _prop("state", one.state), _prop("due", one.due_on.isoformat())],
                "remarks": self._text(one.origin_title),
            }

    def _head(self, name: str, title: str) -> dict[str, Any]:
        return {
            "uuid": self._uuid(name),
            "metadata": {
                "title": f"{title}: {self.draft.organisation.name}, {self.draft.start} to {self.draft.end}",
                "last-modified": self.dated.astimezone(UTC).isoformat(),
                "version": self.draft.bag,
                "oscal-version": VERSION,
                "remarks": f"Controls are the clauses of {self.draft.edition.name}; numbers and titles only.",
            },
        }

    def _uuid(self, *names: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, ":".join(("urn:auditkit", self.draft.bag, *names))))

    def _text(self, text: str) -> str:
        return self.hide(text).strip() or "Not stated in the records"


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()


def _prop(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": str(value).strip() or "none"}
