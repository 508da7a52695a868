"""What other folders of complaints put onto the complainant's own page.

They stand above the intake, which does not know them: they declare themselves here when their public views are
imported.
"""

from collections.abc import Callable

from markupsafe import Markup

from auditkit.complaints.intake.queries import Tracked

Part = Callable[[Tracked], str]
_parts: list[Part] = []


def own_page_part(part: Part) -> Part:
    """Declare a part of the own page: given the complaint it renders its section, or nothing."""
    _parts.append(part)
    return part


def parts_of(found: Tracked) -> list[Markup]:
    """The declared parts for this complaint, ready for the template."""
    return [Markup(part(found)) for part in _parts]  # noqa: S704 - rendered by templates, which escape
