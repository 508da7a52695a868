"""The library of the organisation whose page this is. Whoever offers content to people takes it from here.

Looked up once a request: `of_organisation` looks at the instance's folder each time, to see own content that changed.
tests/slices/library/test_library_own_content.py and test_library_languages.py hold it.
"""

from flask import current_app, g, has_request_context, session

from auditkit.content.library import Layered, Library, in_language, of_organisation, shared
from auditkit.content.texts import ENGLISH
from auditkit.web.access import current_organisation
from auditkit.web.languages import locale


def here() -> Layered:
    """The shipped content with that of the installation and of this request's organisation laid over it."""
    found: Layered | None = g.get("library")
    if found is None:
        instance = current_app.extensions["auditkit.settings"].instance
        found = g.library = of_organisation(instance, current_organisation().slug)
    return found


def library() -> Library:
    """The same in the language of content: what the person chose, else that of the screens, else English."""
    found: Library | None = g.get("library_spoken")  # asked for by every text of a page
    if found is None:
        source = here().library
        chosen = session.get("content_locale")
        language = chosen if chosen in source.languages else locale()
        found = g.library_spoken = in_language(source, language if language in source.languages else ENGLISH)
    return found


def lists() -> Library:
    """The same where a page of an organisation is drawn, else the shipped one: for words that jobs name too."""
    return library() if has_request_context() and g.get("organisation") is not None else shared()
