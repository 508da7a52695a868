"""References between content files lead somewhere: clauses, principles, questions, scales, steps, records."""

from collections.abc import Iterable, Iterator, Sequence

from auditkit.base.text import _
from auditkit.content.blanks import blanks_in
from auditkit.content.checks.defining import Index, full_ref, items_with_loc, sections
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile, Where
from auditkit.content.shapes import ChecklistShape, Item, PolicyShape, Scale, SectionShape, Step
from auditkit.content.yaml_reader import Loc


def known_edition(file: ReadFile, edition: str, loc: Loc, index: Index) -> Iterator[Problem]:
    """A problem where there is no such edition."""
    if edition not in index.editions:
        yield file.problem(
            loc,
            _("There is no edition `%(id)s`. Write one of: %(known)s", id=edition, known=listed(index.editions)),
        )


def known_clauses(file: ReadFile, edition: str, refs: Sequence[str], loc: Loc, index: Index) -> Iterator[Problem]:
    """A problem for each reference to a clause that is not there."""
    for number, ref in enumerate(refs):
        if full_ref(edition, ref) not in index.nodes:
            yield file.problem(
                (*loc, number),
                _(
                    "%(edition)s has no clause “%(ref)s”. Correct the number",
                    edition=full_ref(edition, ref).partition(":")[0],
                    ref=ref.rpartition(":")[2],
                ),
            )


def known_record(file: ReadFile, record: str | None, loc: Loc, index: Index) -> Iterator[Problem]:
    """A problem where there is no such kind of record."""
    if record is not None and record not in index.records:
        yield file.problem(
            loc,
            _("There is no record `%(id)s`. Write one of: %(known)s", id=record, known=listed(index.records)),
        )


def listed(names: Iterable[str]) -> str:
    """Names for a message."""
    return ", ".join(names) or _("(none)")


# --- policies --------------------------------------------------------------------------------------------------


def of_policy(file: ReadFile, shape: PolicyShape, index: Index) -> Iterator[Problem]:
    """Clauses are there, and the blanks of the text are those that are asked for."""
    asked: set[str] = set()
    for number, blank in enumerate(shape.fields):
        if blank.name in asked:
            yield file.problem(("fields", number, "name"), _("`%(name)s` is asked for twice", name=blank.name))
        asked.add(blank.name)
    used: set[str] = set()
    for number, section in enumerate(shape.sections):
        yield from known_clauses(file, shape.edition, section.clauses, ("sections", number, "clauses"), index)
        for name in blanks_in(section.text):
            used.add(name)
            if name not in asked:
                yield file.problem(
                    ("sections", number, "text"),
                    _("Nobody is asked for {{%(name)s}}. Add it under `fields:` or correct the name", name=name),
                )
    for number, blank in enumerate(shape.fields):
        if blank.name not in used:
            yield file.problem(
                ("fields", number, "name"), _("No section uses {{%(name)s}}. Use it or take it out", name=blank.name)
            )


# --- checklists ------------------------------------------------------------------------------------------------


def of_checklist(file: ReadFile, shape: ChecklistShape, index: Index) -> Iterator[Problem]:
    """Everything a checklist names is there, and no question is asked twice."""
    scale = index.scales.get(shape.scale)
    if scale is None:
        yield file.problem(
            ("scale",),
            _("There is no answer scale `%(id)s`. Write one of: %(known)s", id=shape.scale, known=listed(index.scales)),
        )
    held: dict[str, Where] = {}
    yield from _base(file, shape, scale, index, held)
    for section, loc in sections(shape):
        yield from known_clauses(file, shape.edition, section.clauses, (*loc, "clauses"), index)
        yield from _principles(file, shape.edition, section.principles, (*loc, "principles"), index)
        yield from _selected(file, section.select, (*loc, "select"), scale, index, held)
        for number, item in enumerate(section.items):
            yield from _held_once(file, (*loc, "items", number), item.id, held)
    for item, loc in items_with_loc(shape):
        yield from of_item(file, shape.edition, shape.steps, item, loc, scale, index)
    for name in shape.weights:
        if name not in held:
            yield file.problem(("weights", name), _("This checklist does not ask `%(id)s`. Correct the id", id=name))
    yield from _steps(file, shape, index)


def of_item(
    file: ReadFile,
    edition: str,
    plan: Sequence[Step],
    item: Item,
    loc: Loc,
    scale: Scale | None,
    index: Index,
) -> Iterator[Problem]:
    """Everything a question names is there."""
    yield from known_clauses(file, edition, item.clauses, (*loc, "clauses"), index)
    yield from _principles(file, edition, item.principles, (*loc, "principles"), index)
    yield from known_record(file, item.record, (*loc, "record"), index)
    for need in ("note", "evidence"):
        yield from _answers(file, getattr(item.demands, need), (*loc, "demands", need), scale)
    steps = [step.id for step in plan]
    for number, lead in enumerate(item.leads_to):
        here = (*loc, "leads_to", number)
        yield from _answers(file, lead.answers, (*here, "answers"), scale)
        if lead.step not in steps:
            yield file.problem(
                (*here, "step"),
                _("There is no step `%(id)s`. Write one of: %(known)s", id=lead.step, known=listed(steps)),
            )


def _base(
    file: ReadFile, shape: ChecklistShape, scale: Scale | None, index: Index, held: dict[str, Where]
) -> Iterator[Problem]:
    """What a profile says about the checklist it builds on."""
    if shape.based_on is None:
        return
    base = index.checklists.get(shape.based_on)
    if base is None or base.based_on is not None or base.id == shape.id:
        known = [one.id for one in index.checklists.values() if one.based_on is None and one.id != shape.id]
        message = _(
            "`%(id)s` is no checklist to build on. Write one of: %(known)s", id=shape.based_on, known=listed(known)
        )
        yield file.problem(("based_on",), message)
        return
    asked = [name for section in base.sections for name in _names(section)]
    place = index.places["checklist", base.id]
    left_out: set[str] = set()
    for number, exclusion in enumerate(shape.exclude):
        for position, name in enumerate(exclusion.items):
            loc: Loc = ("exclude", number, "items", position)
            if name not in asked:
                yield file.problem(loc, _("%(base)s does not ask `%(id)s`. Correct the id", base=base.id, id=name))
            if name in left_out:
                yield file.problem(loc, _("`%(id)s` is left out already. Name it once", id=name))
            left_out.add(name)
    held.update(dict.fromkeys((name for name in asked if name not in left_out), place))
    for name in asked:
        if name not in left_out and name in index.items:
            yield from demanded(file, ("based_on",), index.items[name], scale)
    known_sections = [section.id for section in base.sections]
    for number, addition in enumerate(shape.add):
        if addition.section not in known_sections:
            message = _(
                "%(base)s has no section `%(id)s`. Write one of: %(known)s",
                base=base.id,
                id=addition.section,
                known=listed(known_sections),
            )
            yield file.problem(("add", number, "section"), message)
        yield from _selected(file, addition.select, ("add", number, "select"), scale, index, held)
        for position, item in enumerate(addition.items):
            yield from _held_once(file, ("add", number, "items", position), item.id, held)
    for section, loc in sections(shape):
        if section.id in known_sections:
            message = _("%(base)s has a section `%(id)s`. Write into it under `add:`", base=base.id, id=section.id)
            yield file.problem((*loc, "id"), message)


def _names(section: SectionShape) -> tuple[str, ...]:
    return (*section.select, *(item.id for item in section.items))


def _selected(
    file: ReadFile, names: Sequence[str], loc: Loc, scale: Scale | None, index: Index, held: dict[str, Where]
) -> Iterator[Problem]:
    for number, name in enumerate(names):
        here = (*loc, number)
        if name not in index.items:
            yield file.problem(here, _("No checklist has a question `%(id)s`. Correct the id or take it out", id=name))
        else:
            yield from demanded(file, here, index.items[name], scale)
        yield from _held_once(file, here, name, held)


def demanded(file: ReadFile, loc: Loc, item: Item, scale: Scale | None) -> Iterator[Problem]:
    """A question that is asked where it was not written must not demand anything for answers nobody can give there."""
    if scale is None:
        return
    known = {answer.id for answer in scale.answers}
    strange = [name for name in dict.fromkeys((*item.demands.note, *item.demands.evidence)) if name not in known]
    if strange:
        message = _(
            "`%(id)s` demands something for the answers %(answers)s, which the scale %(scale)s has not. Ask it with "
            "the scale it was written for, or write a question of your own",
            id=item.id,
            answers=listed(strange),
            scale=scale.id,
        )
        yield file.problem(loc, message)


def _held_once(file: ReadFile, loc: Loc, name: str, held: dict[str, Where]) -> Iterator[Problem]:
    if name in held:
        message = _(
            "This checklist asks `%(id)s` already (%(place)s). Keep it in one section", id=name, place=str(held[name])
        )
        yield file.problem(loc, message)
    else:
        held[name] = file.where(loc)


def _steps(file: ReadFile, shape: ChecklistShape, index: Index) -> Iterator[Problem]:
    earlier: list[str] = []
    led_to = {lead.step for item, _loc in items_with_loc(shape) for lead in item.leads_to}
    for number, step in enumerate(shape.steps):
        loc = ("steps", number)
        yield from known_clauses(file, shape.edition, step.clauses, (*loc, "clauses"), index)
        for position, name in enumerate(step.policies):
            if name not in index.policies:
                message = _("There is no policy text `%(id)s`. Correct the id or take it out", id=name)
                yield file.problem((*loc, "policies", position), message)
        for position, name in enumerate(step.after):
            if name not in earlier:
                message = _("`%(id)s` is no earlier step of this plan. Put the steps into their order", id=name)
                yield file.problem((*loc, "after", position), message)
        if step.id not in led_to:
            message = _("No answer leads to this step. Name it under `leads_to:` of a question, or take it out")
            yield file.problem((*loc, "id"), message)
        earlier.append(step.id)


def _answers(file: ReadFile, answers: Sequence[str], loc: Loc, scale: Scale | None) -> Iterator[Problem]:
    if scale is None:
        return
    known = [answer.id for answer in scale.answers]
    for number, answer in enumerate(answers):
        if answer not in known:
            yield file.problem(
                (*loc, number),
                _("The scale has no answer `%(id)s`. Write one of: %(known)s", id=answer, known=listed(known)),
            )


def _principles(file: ReadFile, edition: str, codes: Sequence[str], loc: Loc, index: Index) -> Iterator[Problem]:
    known = index.codes.get(edition, set())
    for number, code in enumerate(codes):
        if code not in known:
            yield file.problem(
                (*loc, number),
                _(
                    "%(edition)s has no principle %(code)s. Write one of: %(known)s",
                    edition=edition,
                    code=code,
                    known=listed(sorted(known)),
                ),
            )
