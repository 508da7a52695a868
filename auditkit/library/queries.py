"""What the library's pages show of a library. Content is English; labels are message ids.

The library is handed in: it is the shipped one with the organisation's own content laid over it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from auditkit.base.text import N_, _
from auditkit.content.blanks import fill
from auditkit.content.checks import full_ref
from auditkit.content.library import Checklist, Counterpart, Edition, Library, Node
from auditkit.content.shapes import (
    FieldKind,
    Item,
    Limit,
    LimitStage,
    Method,
    NodeKind,
    PolicyShape,
    Record,
    Relation,
    Source,
    Step,
    Strength,
    TimeLimitsShape,
    Use,
)
from auditkit.content.texts import like

SUBJECT = "iso10002"
"""The standard this library is about; the others serve it."""

METHODS: Mapping[Method, str] = {
    Method.DOCUMENTS: N_("Documents"),
    Method.INTERVIEW: N_("Interview"),
    Method.OBSERVATION: N_("Observation"),
    Method.RECORDS: N_("Records"),
    Method.TEST: N_("Live test"),
}
STRENGTHS: Mapping[Strength, str] = {
    Strength.SHALL: N_("Requirement (shall)"),
    Strength.SHOULD: N_("Guidance (should)"),
    Strength.LAW: N_("Legal duty"),
    Strength.OWN: N_("Own rule"),
}
SOURCES: Mapping[Source, str] = {
    Source.PUBLISHED: N_("Published"),
    Source.PRACTICE: N_("Practice, not confirmed in print"),
    Source.INFERRED: N_("Inferred, not seen in print"),
}
KINDS: Mapping[NodeKind, str] = {
    NodeKind.CLAUSE: N_("Clause"),
    NodeKind.PRINCIPLE: N_("Guiding principle"),
    NodeKind.ANNEX: N_("Annex"),
}
NATURES: Mapping[str, str] = {
    "guidance": N_("Guidance, not requirements"),
    "requirements": N_("Requirements"),
    "specification": N_("Specification"),
    "law": N_("Law"),
    "scheme": N_("Certification scheme"),
}
STATUSES: Mapping[str, str] = {
    "current": N_("Current edition"),
    "superseded": N_("Superseded"),
    "draft": N_("Draft"),
}
USES: Mapping[Use, str] = {
    Use.AUDIT: N_("Internal audit"),
    Use.SHORT: N_("Short form"),
    Use.PROFILE: N_("Tailored checklist"),
    Use.PRINCIPLES: N_("Guiding principles"),
    Use.GAP: N_("Gap analysis"),
    Use.FILE: N_("Complaint-file test"),
    Use.READINESS: N_("Readiness"),
    Use.REVIEW: N_("Management review"),
    Use.SUPPLIER: N_("Supplier check"),
}
RELATIONS: Mapping[Relation, str] = {
    Relation.SAME: N_("Same"),
    Relation.WIDENED: N_("Widened"),
    Relation.NARROWED: N_("Narrowed"),
    Relation.PARTIAL: N_("In part"),
    Relation.SUPPORTS: N_("Supports"),
    Relation.NEW: N_("Without counterpart on the left"),
    Relation.DROPPED: N_("Without counterpart on the right"),
}
RELATION_TONES: Mapping[Relation, tuple[str, str]] = {
    Relation.SAME: ("good", "check-circle"),
    Relation.WIDENED: ("info", "arrows-angle-expand"),
    Relation.NARROWED: ("info", "arrows-angle-contract"),
    Relation.PARTIAL: ("warn", "circle-half"),
    Relation.SUPPORTS: ("neutral", "link-45deg"),
    Relation.NEW: ("bad", "plus-circle"),
    Relation.DROPPED: ("neutral", "dash-circle"),
}
STAGES: Mapping[LimitStage, str] = {
    LimitStage.ACKNOWLEDGE: N_("Acknowledge"),
    LimitStage.UPDATE: N_("Give news"),
    LimitStage.EARLY: N_("Settle early"),
    LimitStage.DECIDE: N_("Decide"),
    LimitStage.DECIDE_LATEST: N_("Decide at the latest"),
    LimitStage.REVIEW: N_("Review a refused decision"),
    LimitStage.KEEP: N_("Keep the record"),
}
STARTS: Mapping[str, str] = {
    "receipt": N_("from receipt"),
    "acknowledgement": N_("from the acknowledgement"),
    "update": N_("from the last news"),
    "request": N_("from the complainant's request"),
    "closing": N_("from closing"),
}
UNITS: Mapping[tuple[str, str], str] = {
    ("hours", "calendar"): N_("%(amount)s hours"),
    ("days", "calendar"): N_("%(amount)s calendar days"),
    ("days", "working"): N_("%(amount)s working days"),
    ("weeks", "calendar"): N_("%(amount)s weeks"),
    ("months", "calendar"): N_("%(amount)s months"),
    ("years", "calendar"): N_("%(amount)s years"),
}
CHANGES: Mapping[str, str] = {
    "replaced": N_("Own text in place of the shipped one"),
    "added": N_("Own"),
    "retired": N_("Retired"),
}
BETTER: Mapping[str, str] = {
    "lower": N_("Lower is better"),
    "higher": N_("Higher is better"),
    "neither": N_("Neither high nor low is good in itself"),
}
FIELDS: Mapping[str, str] = {
    FieldKind.LINE: N_("a line"),
    FieldKind.TEXT: N_("a text"),
    FieldKind.CHOICE: N_("one of the choices"),
    FieldKind.CHOICES: N_("one or several of the choices"),
    FieldKind.DAY: N_("a day"),
    FieldKind.NUMBER: N_("a number"),
    FieldKind.PERSON: N_("a person of the organisation"),
}


@dataclass(frozen=True)
class Row:
    """One clause in the tree of a standard: the questions that name it, the policy texts that cover it."""

    node: Node
    questions: int
    policies: int


@dataclass(frozen=True)
class Branch:
    """A part of the tree with a heading of its own. `node` is None for clauses and annexes put together."""

    node: Node | None
    first: Node
    last: Node
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ClausePage:
    """Everything the library knows about a clause."""

    edition: Edition
    node: Node
    above: tuple[Node, ...]
    below: tuple[Node, ...]
    asked: tuple[tuple[Checklist, tuple[Item, ...]], ...]
    """The questions that name it, each once, under the checklist it belongs to; audits first."""
    testing: tuple[Item, ...]
    policies: tuple[PolicyShape, ...]
    records: tuple[Record, ...]
    counterparts: tuple[Counterpart, ...]
    previous: Node | None
    next: Node | None


@dataclass(frozen=True)
class PolicyPage:
    """A policy text with its example answers filled in, section by section as Markdown."""

    policy: PolicyShape
    edition: Edition
    sections: tuple[tuple[str, str, tuple[Node, ...], str], ...]  # id, title, clauses, Markdown


def editions(lib: Library) -> list[Edition]:
    """Every edition: those of ISO 10002 before the others, the current one of each standard first."""
    order = {"current": 0, "draft": 1, "superseded": 2}
    return sorted(
        lib.editions.values(),
        key=lambda one: (one.shape.standard != SUBJECT, order[one.shape.status], one.name),
    )


def checklists(lib: Library) -> list[Checklist]:
    """Every checklist by its use, audits first; within a use in the order of the files."""
    order = list(Use)
    return sorted(lib.checklists.values(), key=lambda one: order.index(one.use))


def tree(lib: Library, shown: Edition) -> list[Branch]:
    """The edition in parts: a branch for each clause with subclauses; the others, and the annexes, put together."""
    tops = [node for node in shown.nodes if node.level == 1]
    branches: list[Branch] = []
    for is_annex, group in groupby(tops, key=lambda node: node.kind is NodeKind.ANNEX):
        together = list(group)
        if is_annex:
            branches.append(_branch(lib, None, together))
            continue
        for has_children, part in groupby(together, key=lambda node: bool(node.children)):
            nodes = list(part)
            branches.extend(
                [_branch(lib, node, [node]) for node in nodes] if has_children else [_branch(lib, None, nodes)]
            )
    return branches


def _branch(lib: Library, top: Node | None, nodes: list[Node]) -> Branch:
    rows = tuple(
        Row(node, len(lib.items_for(node.ref)), len(lib.policies_for(node.ref)))
        for one in nodes
        for node in lib.below(one.ref)
        if node is not top
    )
    return Branch(top, nodes[0], nodes[-1], rows)


def clause(lib: Library, edition_id: str, node_id: str) -> ClausePage:
    """Raises NotFound."""
    shown = lib.edition(edition_id)
    node = lib.node(f"{edition_id}:{node_id}")
    place = shown.nodes.index(node)
    return ClausePage(
        edition=shown,
        node=node,
        above=lib.path(node.ref)[:-1],
        below=tuple(lib.node(ref) for ref in node.children),
        asked=_by_checklist(lib, lib.items_for(node.ref)),
        testing=lib.items_testing(node.ref),
        policies=lib.policies_for(node.ref),
        records=lib.records_for(node.ref),
        counterparts=lib.counterparts(node.ref),
        previous=shown.nodes[place - 1] if place else None,
        next=shown.nodes[place + 1] if place + 1 < len(shown.nodes) else None,
    )


def _by_checklist(lib: Library, items: Sequence[Item]) -> tuple[tuple[Checklist, tuple[Item, ...]], ...]:
    left = {item.id: item for item in items}
    groups = []
    for one in checklists(lib):
        held = tuple(left.pop(item.id) for item in items if item.id in left and item.id in one.by_id)
        if held:
            groups.append((one, held))
    return tuple(groups)


def amount_of(limit: Limit) -> str:
    """`3 working days`."""
    return _(UNITS[limit.unit, limit.days], amount=limit.amount)


def severities_of(lib: Library, limit: Limit, limits: TimeLimitsShape) -> list[str]:
    """The labels of the severities a limit holds for; empty where it holds for all."""
    words = {one.id: one.label for one in lib.value_list(limits.severities).values}
    return [words[name] for name in limit.severities]


def nodes_named(lib: Library, edition: str, refs: Sequence[str]) -> list[Node]:
    """The clauses that a preset names, whether in full or by number alone."""
    return [lib.node(full_ref(edition, ref)) for ref in refs]


def policy(lib: Library, policy_id: str) -> PolicyPage:
    """Raises NotFound."""
    shown = lib.policy(policy_id)
    examples = {blank.name: blank.example for blank in shown.fields}
    return PolicyPage(
        policy=shown,
        edition=lib.edition(shown.edition),
        sections=tuple(
            (one.id, one.title, tuple(lib.node(ref) for ref in one.clauses), like(one.text, fill(one.text, examples)))
            for one in shown.sections
        ),
    )


def nodes_of(lib: Library, item: Item | Step | Record) -> list[Node]:
    """The clauses a question, step or kind of record names."""
    return [lib.node(ref) for ref in item.clauses]


def record_of(lib: Library, item: Item) -> Record | None:
    """The operating record that can answer a question, where there is one."""
    return lib.records[item.record] if item.record else None
