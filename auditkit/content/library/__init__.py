"""The library: the shipped content, read once a process, with everything looked up by id.

`shared()` gives it. tests/slices/content/test_content_library.py checks the shipped content through this door.
"""

from auditkit.content.library.building import load, shared
from auditkit.content.library.lookup import Library
from auditkit.content.library.parts import (
    Checklist,
    ContentBroken,
    Counterpart,
    Crosswalk,
    Edition,
    Node,
    Row,
    Section,
    canonical,
    digest_of,
    thaw,
)

__all__ = [
    "Checklist",
    "ContentBroken",
    "Counterpart",
    "Crosswalk",
    "Edition",
    "Library",
    "Node",
    "Row",
    "Section",
    "canonical",
    "digest_of",
    "load",
    "shared",
    "thaw",
]
