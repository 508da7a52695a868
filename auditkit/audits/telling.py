"""How plan and report name what an audit is judged against and how it is done. Pure; tests/rules/test_audit_telling.py.

The method is told as it comes out of everything planned: an audit on site with an interview by video is not wholly on
site, whatever its form says.
"""

from collections.abc import Collection, Iterable, Iterator

from auditkit.audits.queries.plans import AuditHead, Further
from auditkit.audits.rules import CRITERION_TITLES, METHOD_TITLES, Method
from auditkit.base.text import N_, SEMICOLON, _, enumerated
from auditkit.documents.contexts.facts import Criterion

NOT_STATED = N_("Not stated in the records")


def method_of(planned: Method, lines: Collection[Method], virtual_places: Collection[str]) -> Method:
    """The method that plan, timetable and places come to."""
    used = {*lines, planned}
    if virtual_places:
        used.add(Method.REMOTE)
    return used.pop() if len(used) == 1 else Method.HYBRID


def method_told(planned: Method, lines: Collection[Method], virtual_places: Collection[str]) -> str:
    """The same in words, with what is looked at from afar where only a part is."""
    method = method_of(planned, lines, virtual_places)
    told = _(METHOD_TITLES[method])
    if method is not Method.HYBRID or not virtual_places:
        return told
    return _("%(method)s (remote: %(places)s)", method=told, places=enumerated(virtual_places, SEMICOLON))


def criteria(head: AuditHead, further: Further, asked: str = "") -> Iterator[Criterion]:
    """Every criterion by its kind; `asked`: the clauses of the first that are asked about."""
    for position, (kind, title) in enumerate(further.named(head)):
        yield Criterion(_(CRITERION_TITLES[kind]), title.lstrip("-*•").strip(), "" if position else asked)


def guidelines(further: Further) -> str:
    """The guidelines it is conducted after, by name."""
    return further.guidelines.title if further.guidelines else _(NOT_STATED)


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something, list marks taken off: the templates set their own."""
    return tuple(line.strip().lstrip("-*•").strip() for line in text.splitlines() if line.strip(" -*•\t"))


def places(head: AuditHead) -> Iterable[str]:
    """Places, the virtual ones said to be so."""
    yield from lines_of(head.places)
    yield from (_("%(place)s (virtual)", place=one) for one in lines_of(head.virtual_places))
