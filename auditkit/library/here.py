"""The library of the organisation whose page this is. Whoever offers content to people takes it from here.

Looked up once a request: `of_organisation` looks at the instance's folder each time, to see own content that changed.
tests/slices/library/test_library_own_content.py holds it.
"""

from flask import current_app, g

from auditkit.content.library import Layered, of_organisation
from auditkit.web.access import current_organisation


def here() -> Layered:
    """The shipped content with that of the installation and of this request's organisation laid over it."""
    found: Layered | None = g.get("library")
    if found is None:
        instance = current_app.extensions["auditkit.settings"].instance
        found = g.library = of_organisation(instance, current_organisation().slug)
    return found
