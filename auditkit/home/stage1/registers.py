"""How the registers of the path stand; a register's own features say to which step it belongs."""

from typing import Any

from auditkit.base.text import _, ngettext
from auditkit.content.shapes import RegisterShape
from auditkit.home.stage1.looking import Look
from auditkit.home.stage1.rules import Line, Standing, each_once
from auditkit.registers import queries

CERTIFICATES = "certificates"
"""The register of certificates belongs to the last step."""


def registers_of_risks(look: Look) -> list[RegisterShape]:
    """The registers that work out a level from two judgements: those are the analysis of risks."""
    return [one for one in look.library.registers.values() if one.levels]


def registers_beside(look: Look) -> list[RegisterShape]:
    """The registers that are neither risks nor certificates."""
    return [one for one in look.library.registers.values() if not one.levels and one.id != CERTIFICATES]


def register_line(look: Look, title: str, shape: RegisterShape) -> Line:
    """How a register stands: kept or not, and what of it is to be looked at again."""
    counts = look.register_counts.get(shape.id)
    place: tuple[str, dict[str, Any]] = ("registers.entries", {"register": shape.id})
    if counts is None or not counts.entries:
        return Line(title, Standing.MISSING, _("Nothing written yet"), place, shape.title)
    waiting = look.register_days.get(shape.id)
    due, who = (waiting.on, each_once([waiting.keeper_id])) if waiting else (None, ())
    late = counts.overdue + counts.expired
    if late:
        said = ngettext("%(num)s entry is overdue", "%(num)s entries are overdue", late)
        return Line(title, Standing.UNDER_WAY, said, place, shape.title, due, who)
    said = ngettext("%(num)s entry", "%(num)s entries", counts.entries)
    return Line(title, Standing.DONE, said, place, shape.title, due, who)


def certificate_lines(look: Look) -> list[Line]:
    """The certificates: sought, or valid until when. Without the register in the library there is no line."""
    shape = look.library.registers.get(CERTIFICATES)
    if shape is None:
        return []
    found = queries.every(look.tx, CERTIFICATES, look.today, retired=False)
    title = _("Certificate")
    if not found:
        said = _("None is sought yet. Write down the certification body and the standard")
        return [Line(title, Standing.MISSING, said, ("registers.new", {"register": CERTIFICATES}))]
    return [_certificate(look, shape, title, one) for one in found]


def _certificate(look: Look, shape: RegisterShape, title: str, entry: queries.EntryView) -> Line:
    field = shape.field("state")
    state = str(entry.values.get("state", ""))
    label = next((one.label for one in field.choices if one.id == state), state) if field else state
    good = state == "valid" and not (entry.expires_on and entry.expires_on < look.today)
    place = ("registers.show", {"register": CERTIFICATES, "number": entry.number})
    due, name = entry.expires_on or entry.review_on, f"{entry.number} {entry.title} – {label}"
    standing = Standing.DONE if good else Standing.UNDER_WAY
    return Line(title, standing, "", place, name, due, each_once([entry.keeper_id]))
