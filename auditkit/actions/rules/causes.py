"""How the cause was found: five whys, fishbone, 8D, or another method by its name. Pure.

Causes form a tree: each line answers "why?" of the one above it. A fishbone is the same tree, whose first lines hang on
the bones. Checked by tests/rules/test_actions_path_rules.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditkit.actions.rules.core import State
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

CAUSE_ADDED = event("action:cause-added", N_("Line of the analysis of causes written"))
CAUSE_DROPPED = event("action:cause-dropped", N_("Line of the analysis of causes taken out"))
CAUSE_SETTLED = event("action:cause-settled", N_("Cause settled"))
DISCIPLINE_WRITTEN = event("action:discipline-written", N_("Part of the 8D report written"))
CATEGORIES_CHANGED = event("action-causes:changed", N_("List of cause categories changed"))


class CauseMethod(StrEnum):
    """How the cause was looked for. `OTHER` is named in words."""

    WHYS = "five-whys"
    FISHBONE = "fishbone"
    EIGHT_D = "8d"
    OTHER = "other"


class Bone(StrEnum):
    """The bones of the fishbone, in the order in which they are drawn."""

    PEOPLE = "people"
    METHOD = "method"
    SYSTEMS = "systems"
    INFORMATION = "information"
    SURROUNDINGS = "surroundings"
    MEASUREMENT = "measurement"


METHOD_TITLES = {
    CauseMethod.WHYS: N_("Five whys"),
    CauseMethod.FISHBONE: N_("Fishbone"),
    CauseMethod.EIGHT_D: N_("8D"),
    CauseMethod.OTHER: N_("Another method"),
}
BONE_TITLES = {
    Bone.PEOPLE: N_("People"),
    Bone.METHOD: N_("Method"),
    Bone.SYSTEMS: N_("Systems and equipment"),
    Bone.INFORMATION: N_("Information and material"),
    Bone.SURROUNDINGS: N_("Surroundings"),
    Bone.MEASUREMENT: N_("Measurement"),
}
DISCIPLINES = {
    0: N_("Readiness: is 8D the right way here?"),
    1: N_("Team"),
    2: N_("Problem in facts: what, where, when, how much"),
    3: N_("Containment: what protects people now"),
    4: N_("Causes: why it arose, and why nobody noticed"),
    5: N_("Chosen measures, and how it was tried that they work"),
    6: N_("Measures put in place"),
    7: N_("What keeps it from coming back elsewhere"),
    8: N_("Thanks to the team, and what was learned"),
}
SUGGESTED_CATEGORIES = (
    N_("Procedure missing or unclear"),
    N_("Procedure not followed"),
    N_("Training or competence"),
    N_("Too few people or too little time"),
    N_("Information system"),
    N_("Communication between units"),
    N_("Supplier or partner"),
    N_("Product or service design"),
    N_("Not monitored"),
)

DEEPEST = 9
"""Levels of a tree of causes: five whys are the rule of thumb, not the limit."""
MOST_CAUSES = 120
LONGEST_CAUSE = 300


class AnalysisClosed(RuleBroken):
    message = N_("The analysis of causes can be changed while the action is open")


class CauseTextMissing(BadInput):
    message = N_("Write the cause in a few words")


class BoneMissing(BadInput):
    message = N_("Choose the bone on which this cause hangs")


class TooDeep(RuleBroken):
    message = N_("Nine whys are deep enough. Name the cause that can be changed")


class TooManyCauses(RuleBroken):
    message = N_("The analysis holds at most %(most)s causes. Take out those that were ruled out")


class MethodNameMissing(BadInput):
    message = N_("Name the method with which the cause was found")


class NoSuchCause(BadInput):
    message = N_("This line is no longer there. Reload the page")


class DisciplineMissing(RuleBroken):
    message = N_("The 8D report is not complete: write D%(number)s first, %(title)s")


class CategoryTitleMissing(BadInput):
    message = N_("Name the category of causes")


class CategoryThere(RuleBroken):
    message = N_("There is already a category of this name")


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One line of the analysis. `bone` only where nothing stands above it; `root`: this is a root cause."""

    id: int
    parent_id: int | None
    bone: str
    text: str
    root: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A line with those that answer "why?" below it; `depth` counts from one."""

    line: CauseLine
    depth: int
    below: tuple["Branch", ...]

    def walked(self) -> Iterable["Branch"]:
        """This branch, then all below it, from top to bottom."""
        yield self
        for one in self.below:
            yield from one.walked()


def tree(lines: Sequence[CauseLine]) -> tuple[Branch, ...]:
    """The lines as branches, in the order in which they were written."""
    under: dict[int | None, list[CauseLine]] = {}
    for line in lines:
        under.setdefault(line.parent_id, []).append(line)

    def grown(parent: int | None, depth: int) -> tuple[Branch, ...]:
        return tuple(Branch(one, depth, grown(one.id, depth + 1)) for one in under.get(parent, []))

    return grown(None, 1)


def below(lines: Sequence[CauseLine], line_id: int) -> list[int]:
    """The ids of a line and of all below it, deepest first, so that they can be taken out in this order."""
    found = [one for branch in tree(lines) for one in branch.walked() if one.line.id == line_id]
    return [one.line.id for branch in found for one in branch.walked()][::-1]


def check_cause_line(
    lines: Sequence[CauseLine], *, state: State, method: CauseMethod, parent_id: int | None, bone: str, text: str
) -> None:
    """Whether this line may be added.

    Raises AnalysisClosed, CauseTextMissing, NoSuchCause, BoneMissing, TooDeep, TooManyCauses.
    """
    if state is not State.OPEN:
        raise AnalysisClosed()
    if not text.strip():
        raise CauseTextMissing()
    if len(lines) >= MOST_CAUSES:
        raise TooManyCauses(most=MOST_CAUSES)
    depths = {one.line.id: one.depth for branch in tree(lines) for one in branch.walked()}
    if parent_id is not None and parent_id not in depths:
        raise NoSuchCause()
    if parent_id is None and method is CauseMethod.FISHBONE and bone not in list(Bone):
        raise BoneMissing()
    if parent_id is not None and depths[parent_id] >= DEEPEST:
        raise TooDeep()


def check_method(*, state: State, method: CauseMethod, name: str, disciplines: Mapping[int, str]) -> None:
    """Whether the cause can be settled by this method. Raises AnalysisClosed, MethodNameMissing, DisciplineMissing.

    8D asks for the team, the problem and the causes; the rest of its parts follows with the work.
    """
    if state is not State.OPEN:
        raise AnalysisClosed()
    if method is CauseMethod.OTHER and not name.strip():
        raise MethodNameMissing()
    if method is CauseMethod.EIGHT_D:
        for number in (1, 2, 4):
            if not disciplines.get(number, "").strip():
                raise DisciplineMissing(number=number, title=DISCIPLINES[number])
