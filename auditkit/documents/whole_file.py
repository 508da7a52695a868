"""A file that appears whole or not at all. Checked by tests/slices/documents/test_documents_render.py."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream that becomes `path` when the block ends well; otherwise `path` stays as it was."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
        # mkstemp makes files for their owner alone; a document is read by others where the folder allows it.
        beside.chmod(0o644)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
