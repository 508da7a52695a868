"""The library: everything looked up by id. Made by `building.shared()` or `building.load()`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditkit.base.text import N_
from auditkit.content.library.parts import Checklist, Counterpart, Crosswalk, Edition, Node, Row, get
from auditkit.content.locate import Found, locale_in
from auditkit.content.problems import Problem
from auditkit.content.shapes import (
    AgendaShape,
    CoverageShape,
    Indicator,
    IndicatorsShape,
    Item,
    MatrixShape,
    PolicyShape,
    ProbesShape,
    Record,
    RegisterShape,
    Scale,
    Shape,
    TimeLimitsShape,
    Use,
    ValuesShape,
)
from auditkit.content.texts import ENGLISH, texts_of


@dataclass(frozen=True)
class Standards:
    """The editions of the standards with their clauses, by id. Not to be changed after it was made."""

    editions: dict[str, Edition]
    nodes: dict[str, Node]

    def edition(self, edition_id: str) -> Edition:
        """An edition by id (`iso10002-2018`). Raises NotFound."""
        return get(self.editions, edition_id, N_("The library has no standard %(id)s"))

    def node(self, ref: str) -> Node:
        """A clause, principle or annex by full reference (`iso10002-2018:7.4`). Raises NotFound."""
        return get(self.nodes, ref, N_("The library has no clause %(id)s"))

    def path(self, ref: str) -> tuple[Node, ...]:
        """A node with those above it, the topmost first. Raises NotFound."""
        node: Node | None = self.node(ref)
        path: list[Node] = []
        while node is not None:
            path.insert(0, node)
            node = self.nodes[node.parent] if node.parent else None
        return tuple(path)

    def below(self, ref: str) -> Iterator[Node]:
        """A node and everything under it, in the order printed. Raises NotFound."""
        node = self.node(ref)
        yield node
        for child in node.children:
            yield from self.below(child)


@dataclass(frozen=True)
class Library(Standards):
    """All content by id. Not to be changed after it was made."""

    scales: dict[str, Scale]
    checklists: dict[str, Checklist]
    policies: dict[str, PolicyShape]
    items: dict[str, Item]
    items_by_node: dict[str, tuple[Item, ...]]
    crosswalks: dict[str, Crosswalk] = field(default_factory=dict)
    values: dict[str, ValuesShape] = field(default_factory=dict)
    matrices: dict[str, MatrixShape] = field(default_factory=dict)
    time_limits: dict[str, TimeLimitsShape] = field(default_factory=dict)
    indicator_sets: dict[str, IndicatorsShape] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    registers: dict[str, RegisterShape] = field(default_factory=dict)
    agendas: dict[str, AgendaShape] = field(default_factory=dict)
    probe_sets: dict[str, ProbesShape] = field(default_factory=dict)
    """What the clause matrix counts, by the edition it belongs to."""
    explained: tuple[CoverageShape, ...] = ()
    shapes: tuple[Shape, ...] = field(default=(), repr=False)
    """What it was made of."""
    sidecars: tuple[Found, ...] = field(default=(), repr=False)
    """Translations, of all languages, not read yet."""
    language: str = ENGLISH
    translated: int = 0
    """How many of its texts are in that language; the others are in English."""
    problems: tuple[Problem, ...] = ()
    """Faults of sidecars that are not used."""
    spoken: dict[str, "Library"] = field(default_factory=dict, repr=False, compare=False)
    """By language, as `languages.in_language` made them."""
    translated_from: "Library | None" = field(default=None, repr=False, compare=False)
    """The library this one says in another language; None for one that was read."""

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """English, and the languages of the sidecars by their codes."""
        return (ENGLISH, *sorted({locale for one in self.sidecars if (locale := locale_in(one.name))} - {ENGLISH}))

    @cached_property
    def worked_out(self) -> dict[tuple[str, str | None], Any]:
        """What others worked out from it and pages ask for often, by name and language. Gone with the library."""
        return {}

    @cached_property
    def texts(self) -> int:
        """How many texts there are to translate."""
        return sum(len(texts_of(shape)) for shape in self.shapes)

    def checklist(self, checklist_id: str) -> Checklist:
        """A checklist by id. Raises NotFound."""
        return get(self.checklists, checklist_id, N_("The library has no checklist %(id)s"))

    def scale(self, scale_id: str) -> Scale:
        """An answer scale by id. Raises NotFound."""
        return get(self.scales, scale_id, N_("The library has no answer scale %(id)s"))

    def policy(self, policy_id: str) -> PolicyShape:
        """A policy text by id, its clauses in full. Raises NotFound."""
        return get(self.policies, policy_id, N_("The library has no policy %(id)s"))

    def crosswalk(self, crosswalk_id: str) -> Crosswalk:
        """A crosswalk by id. Raises NotFound."""
        return get(self.crosswalks, crosswalk_id, N_("The library has no crosswalk %(id)s"))

    def value_list(self, list_id: str) -> ValuesShape:
        """A list of words by id (`problem-categories`). Raises NotFound."""
        return get(self.values, list_id, N_("The library has no list of words %(id)s"))

    def matrix(self, matrix_id: str) -> MatrixShape:
        """A priority matrix by id. Raises NotFound."""
        return get(self.matrices, matrix_id, N_("The library has no matrix %(id)s"))

    def limits(self, limits_id: str) -> TimeLimitsShape:
        """The time limits of a framework by id. Raises NotFound."""
        return get(self.time_limits, limits_id, N_("The library has no time limits %(id)s"))

    def indicator_set(self, set_id: str) -> IndicatorsShape:
        """A set of indicators by id. Raises NotFound."""
        return get(self.indicator_sets, set_id, N_("The library has no indicators %(id)s"))

    def register(self, register_id: str) -> RegisterShape:
        """A register by id (`risks`). Raises NotFound."""
        return get(self.registers, register_id, N_("The library has no register %(id)s"))

    def agenda(self, agenda_id: str) -> AgendaShape:
        """The agenda of a management review by id. Raises NotFound."""
        return get(self.agendas, agenda_id, N_("The library has no agenda %(id)s"))

    @property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by id, in the order of the files."""
        return {one.id: one for group in self.indicator_sets.values() for one in group.indicators}

    def of_use(self, use: Use | str) -> tuple[Checklist, ...]:
        """The checklists for a use, such as `profile` or `short-form`."""
        return tuple(one for one in self.checklists.values() if one.use == use)

    def items_for(self, ref: str) -> tuple[Item, ...]:
        """The questions that name this clause or anything under it."""
        return self.items_by_node.get(self.node(ref).ref, ())

    def items_testing(self, ref: str) -> tuple[Item, ...]:
        """The questions that test this principle in another clause; none where the node is no principle."""
        node = self.node(ref)
        own = {item.id for item in self.items_for(ref)}
        return tuple(
            item
            for item in self.items.values()
            if node.code in item.principles
            and item.id not in own
            and any(self.nodes[clause].edition == node.edition for clause in item.clauses)
        )

    def policies_for(self, ref: str) -> tuple[PolicyShape, ...]:
        """The policy texts with a section that names this clause or anything under it."""
        refs = {node.ref for node in self.below(ref)}
        return tuple(
            policy
            for policy in self.policies.values()
            if any(refs.intersection(section.clauses) for section in policy.sections)
        )

    def records_for(self, ref: str) -> tuple[Record, ...]:
        """The kinds of operating record that show something for this clause or anything under it."""
        refs = {node.ref for node in self.below(ref)}
        return tuple(record for record in self.records.values() if refs.intersection(record.clauses))

    def checklists_with(self, item_id: str) -> tuple[Checklist, ...]:
        """The checklists that ask this question."""
        return tuple(one for one in self.checklists.values() if item_id in one.by_id)

    def crosswalks_of(self, edition_id: str) -> tuple[Crosswalk, ...]:
        """The crosswalks that lead from or to an edition."""
        return tuple(one for one in self.crosswalks.values() if edition_id in (one.from_edition.id, one.to_edition.id))

    def counterparts(self, ref: str) -> tuple[Counterpart, ...]:
        """What corresponds to this clause in other editions, in the order of the crosswalks. Raises NotFound.

        Rows that name the clause itself; in a crosswalk without one, rows that name a clause under it; then rows that
        name the nearest clause above it.
        """
        node = self.node(ref)
        found: list[Counterpart] = []
        for crosswalk in self.crosswalks_of(node.edition):
            for forward in (True, False):
                side = crosswalk.from_edition if forward else crosswalk.to_edition
                if side.id == node.edition:
                    found.extend(self._in(crosswalk, node, forward=forward))
        return tuple(found)

    def _in(self, crosswalk: Crosswalk, node: Node, *, forward: bool) -> list[Counterpart]:
        nearest = [{node.ref}, {one.ref for one in self.below(node.ref)}]
        nearest += [{one.ref} for one in reversed(self.path(node.ref)[:-1])]
        for refs in nearest:
            rows = [row for row in crosswalk.rows if any(one.ref in refs for one in _side(row, own=forward))]
            if rows:
                other = crosswalk.to_edition if forward else crosswalk.from_edition
                return [
                    Counterpart(
                        crosswalk,
                        other,
                        _side(row, own=not forward),
                        _side(row, own=forward),
                        row.relation,
                        row.reason,
                        row.source,
                        forward,
                    )
                    for row in rows
                ]
        return []


def _side(row: Row, *, own: bool) -> tuple[Node, ...]:
    return row.from_nodes if own else row.to_nodes
