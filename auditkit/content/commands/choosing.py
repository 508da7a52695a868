"""Whose content a command works on: what is shipped, or an organisation's."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.content.library import Library

ORG_HELP = "With what the installation and this organisation have of their own."


def library_of(slug: str) -> "Library":
    """The shipped library, or that of an organisation of the instance. Raises ContentBroken for faults in its files."""
    from auditkit.base.settings import Settings
    from auditkit.content import library

    if not slug:
        return library.shared()
    found = library.of_organisation(Settings().instance, slug)
    if found.problems:
        raise library.ContentBroken(found.problems)
    return found.library
