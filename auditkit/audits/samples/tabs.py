"""The pages behind the samples tab: each folder that tests the register declares its own."""

from flask import url_for

from auditkit.audits.queries.plans import AuditHead
from auditkit.base.text import _

_pages: list[tuple[int, str, str]] = []


def sample_page(order: int, title: str, endpoint: str) -> None:
    """Declare a page; `title` is a message id, `endpoint` takes the audit's `number`."""
    _pages.append((order, title, endpoint))


def pages_of(head: AuditHead, current: str) -> list[tuple[str, str, bool]]:
    """(text, address, whether it is the page `current`), for `ui.tabs`."""
    return [
        (_(title), url_for(endpoint, number=head.number), endpoint.partition(".")[0] == current.partition(".")[0])
        for _order, title, endpoint in sorted(_pages)
    ]
