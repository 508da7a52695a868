"""What the evidence tests share: a store of their own, and small real files of many kinds."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from auditkit.base.db import transaction
from auditkit.evidence import intake, service
from auditkit.evidence.bucket import Bucket
from auditkit.evidence.places import Disk
from auditkit.evidence.store import Store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def disk(tmp_path: Path) -> Store:
    """A store on disk."""
    return Store(Disk(tmp_path / "objects"), tmp_path / "incoming")


@pytest.fixture
def bucket(tmp_path: Path) -> Store:
    """A store that is no folder, as a bucket is."""
    return Store(Bucket(MemoryStore()), tmp_path / "incoming")


@pytest.fixture
def make_zip() -> Callable[..., bytes]:
    """`make_zip(("name", b"bytes"), ...)`: an archive with these members."""

    def make(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
        return target.getvalue()

    return make


@pytest.fixture
def add() -> Callable[..., list[int]]:
    """`add(house, b"text", name="x.txt", subject=("audit", 1))`: receive bytes and record them; the ids."""

    def run(house, data: bytes = b"one\n", name: str = "note.txt", role: str = "internal-auditor", **more) -> list[int]:
        received = intake.receive([(io.BytesIO(data), name)])
        actor = house.actor(role)
        with transaction(actor) as tx:
            return service.add(tx, service.Add(received, **more), NOW, actor)

    return run
