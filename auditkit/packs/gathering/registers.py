"""What packs take from the registers that an organisation keeps beside its complaints: each as a table."""

from collections.abc import Iterator

from auditkit.base.text import _
from auditkit.content.shapes import RegisterShape
from auditkit.documents.tables import Sheet
from auditkit.packs.gathering.found import Missing, Register, Scope
from auditkit.registers import queries, workbook
from auditkit.registers.queries import EntryView


def _kept(scope: Scope) -> list[tuple[RegisterShape, list[EntryView]]]:
    """Each register with its entries as they stand, retired ones included."""

    def read() -> list[tuple[RegisterShape, list[EntryView]]]:
        shapes = scope.spoken.registers
        held = queries.every_of(scope.tx, sorted(shapes), scope.end)
        return [(shapes[name], entries) for name, entries in held.items()]

    return scope.once("registers", read)


def every_register(scope: Scope) -> list[Register] | str:
    """A table for each register that holds something, or that none does."""
    found = [(shape, entries) for shape, entries in _kept(scope) if entries]
    if not found:
        return _("Nothing is written in any register yet")
    return [_register(scope, shape, entries) for shape, entries in found]


def _register(scope: Scope, shape: RegisterShape, entries: list[EntryView]) -> Register:
    def sheets() -> Iterator[Sheet]:
        yield workbook.sheet(shape, entries, scope.people)

    newest = max(entry.changed_at for entry in entries)
    clauses = tuple(scope.ref(clause) for clause in shape.clauses)
    return Register(shape.title, sheets, len(entries), newest, shape.id, clauses)


def empty_registers(scope: Scope) -> list[Missing]:
    """The registers that hold nothing."""
    return [
        Missing(_("Register: %(title)s", title=shape.title), _("Nothing is written in it"))
        for shape, entries in _kept(scope)
        if not entries
    ]
