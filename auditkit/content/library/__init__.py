"""The library: the shipped content, read once a process, with everything looked up by id.

`shared()` gives it; `of_organisation()` gives it with an organisation's own content laid over it. Who needs the
clauses alone asks for `standards()` or `standards_of()`, which weigh a fifth of it.
tests/slices/content/test_content_library.py checks the shipped content through this door.
"""

from auditkit.content.digests import canonical, digest_of
from auditkit.content.library.building import load, shared, standards
from auditkit.content.library.languages import in_language, policy_in
from auditkit.content.library.layering import (
    Difference,
    Layered,
    Own,
    layered,
    of_organisation,
    standards_of,
    tried,
)
from auditkit.content.library.lookup import Library, Standards
from auditkit.content.library.parts import (
    Checklist,
    ContentBroken,
    Counterpart,
    Crosswalk,
    Edition,
    Node,
    Row,
    Section,
    thaw,
)

__all__ = [
    "Checklist",
    "ContentBroken",
    "Counterpart",
    "Crosswalk",
    "Difference",
    "Edition",
    "Layered",
    "Library",
    "Node",
    "Own",
    "Row",
    "Section",
    "Standards",
    "canonical",
    "digest_of",
    "in_language",
    "layered",
    "load",
    "of_organisation",
    "policy_in",
    "shared",
    "standards",
    "standards_of",
    "thaw",
    "tried",
]
