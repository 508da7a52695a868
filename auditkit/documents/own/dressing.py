"""The organisation's logo in the data of its documents: whoever gathers records knows nothing of it.

Checked by tests/slices/documents/test_documents_logo.py and, in packs, tests/slices/packs/test_logo_in_packs.py.
"""

import base64
from collections.abc import Mapping
from typing import Any

from auditkit.accounts.look import queries
from auditkit.base.db import Session
from auditkit.documents.contexts.facts import NO_PICTURE, Picture


def logo(tx: Session) -> Picture:
    """The logo of the session's organisation as documents take pictures; empty for none."""
    found = queries.logo(tx)
    return Picture(base64.b64encode(found.content).decode()) if found is not None else NO_PICTURE


def dressed(data: Mapping[str, Any], picture: Picture) -> dict[str, Any]:
    """The data of a document with the logo in them."""
    return {**data, "organisation": {**data["organisation"], "logo": picture}}
