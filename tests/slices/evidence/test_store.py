"""The store: once under its digest, never overwritten, nothing left half done, whatever happens to the process."""

import errno
import hashlib
import os
import subprocess
import sys
import textwrap
import time

import pytest

from auditkit.base import clock
from auditkit.base.settings import Settings
from auditkit.evidence import rules
from auditkit.evidence.bucket import CREATE_UP_TO
from auditkit.evidence.places import Disk
from auditkit.evidence.store import Store, storage_error

HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture(params=["disk", "bucket"])
def store(request) -> Store:
    return request.getfixturevalue(request.param)


def incoming(store: Store) -> list:
    return list(store.incoming.glob("*")) if store.incoming.exists() else []


class Torn:
    """A stream that breaks off."""

    def __init__(self) -> None:
        self.calls = 0

    def read(self, size=-1):
        self.calls += 1
        if self.calls > 2:
            raise ConnectionResetError("gone")
        return b"x" * 1000


def test_bytes_come_back_under_their_digest(store):
    assert store.put(b"hello") == (HELLO, True)
    assert b"".join(store.open_stream(HELLO)) == b"hello"
    assert store.size(HELLO) == 5
    assert store.is_intact(HELLO)
    assert incoming(store) == []


def test_the_same_bytes_twice_are_one_object(store):
    store.put(b"hello")
    assert store.put(b"hello") == (HELLO, False)
    assert incoming(store) == []


def test_large_objects_in_both_ways(store):
    data = os.urandom(CREATE_UP_TO + 5)
    digest, new = store.put(data)
    assert new
    assert store.put(data) == (digest, False)
    chunks = list(store.open_stream(digest))
    assert b"".join(chunks) == data
    assert not isinstance(store.place, Disk) or max(map(len, chunks)) < 4 * rules.MIB


def test_an_object_that_is_not_there(store):
    assert store.size(HELLO) is None
    with pytest.raises(rules.StoredObjectMissing, match=HELLO):
        store.open_stream(HELLO)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", HELLO.upper(), f"{HELLO}/.."])
def test_only_digests_lead_into_the_store(store, digest):
    with pytest.raises(ValueError, match="no SHA-256"):
        store.open_stream(digest)


def test_too_much_is_refused_as_soon_as_it_comes(store):
    class Endless:
        def read(self, size=-1):
            return b"x" * size

    with pytest.raises(rules.FileTooLarge, match="larger than 2 MiB"):
        store.stage(Endless(), limit=2 * rules.MIB)
    assert incoming(store) == []


def test_a_stream_that_breaks_off_leaves_nothing(store):
    with pytest.raises(rules.StorageFailed):
        store.stage(Torn())
    assert incoming(store) == []


def test_objects_on_disk_are_read_only_and_lie_by_digest(disk):
    disk.put(b"hello")
    path = disk.local_path(HELLO)
    assert path == disk.place.root / HELLO[:2] / HELLO
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.stat().st_nlink == 1


def test_a_bucket_has_no_paths(bucket):
    bucket.put(b"hello")
    assert bucket.local_path(HELLO) is None


def test_a_missing_file_is_told_not_passed_over(disk):
    with pytest.raises(rules.StoredObjectMissing):
        disk.local_path(HELLO)


def test_a_damaged_object_is_noticed_and_not_relied_on(disk):
    disk.put(b"hello")
    path = disk.local_path(HELLO)
    path.chmod(0o600)
    path.write_bytes(b"hellO")
    assert not disk.is_intact(HELLO)
    with pytest.raises(rules.StoredObjectDamaged, match=HELLO):
        disk.put(b"hello")
    assert path.read_bytes() == b"hellO"
    assert incoming(disk) == []


def test_a_full_disk_says_so():
    with pytest.raises(OSError, match="No space left") as caught, open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, opened as the store does
        full.write(b"x")
        full.flush()
    assert isinstance(storage_error(caught.value), rules.StorageFull)
    assert isinstance(storage_error(OSError(errno.EIO, "Input/output error")), rules.StorageFailed)


def run_child(code: str, tmp_path) -> subprocess.CompletedProcess:
    head = f"""
        import hashlib, io, os, resource, signal, sys
        from pathlib import Path
        from auditkit.evidence.places import Disk
        from auditkit.evidence.store import Store
        from auditkit.evidence import intake, rules
        base = Path({str(tmp_path)!r})
        store = Store(Disk(base / "objects"), base / "incoming")
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_disk_that_refuses_more_leaves_nothing(tmp_path):
    # The kernel itself refuses to write beyond this size, as a full disk does.
    result = run_child(
        """
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
        try:
            store.stage(io.BytesIO(b"x" * 5_000_000))
        except rules.StorageFailed as error:
            print(error)
        print(sorted(path.name for path in base.rglob("*") if path.is_file()))
        """,
        tmp_path,
    )
    assert result.stdout.splitlines() == [
        "The file could not be stored (File too large). Nothing was stored. Tell the administrator",
        "[]",
    ]


def test_a_killed_upload_leaves_no_object_and_its_rest_is_swept(tmp_path, disk):
    result = run_child(
        """
        class Dying:
            sent = 0
            def read(self, size=-1):
                self.sent += 1
                if self.sent == 4:
                    os.kill(os.getpid(), signal.SIGKILL)
                return b"x" * 1_000_000
        store.stage(Dying())
        """,
        tmp_path,
    )
    assert result.returncode == -9
    (left,) = incoming(disk)
    assert [path for path in disk.place.root.rglob("*") if path.is_file()] == []
    assert disk.sweep() == 0, "it might still be running"
    old = time.time() - 2 * 86_400
    os.utime(left, (old, old))
    assert disk.sweep() == 1
    assert incoming(disk) == []


def test_memory_stays_flat_at_100_mib(tmp_path):
    result = run_child(
        """
        class Generated:
            left = 100 * 1024 * 1024
            def read(self, size=-1):
                size = min(size, self.left)
                self.left -= size
                return b"evidence" * (size // 8)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        (received,) = intake.receive([(Generated(), "large.txt")], store)
        assert (received.size, received.kind) == (100 * 1024 * 1024, "txt")
        assert store.is_intact(received.digest)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 24 * 1024, "KiB more at the peak"


def test_the_place_comes_from_the_settings(tmp_path):
    def settings(url):
        return Settings(instance=tmp_path / "instance", evidence_url=url, _env_file=None)

    default = Store.open(settings(""))
    assert default.place.root == (tmp_path / "instance/evidence/objects").resolve()
    elsewhere = Store.open(settings(f"file://{tmp_path}/big%20disk"))
    elsewhere.put(b"hello")
    assert (tmp_path / "big disk/objects" / HELLO[:2] / HELLO).read_bytes() == b"hello"
    bucket = Store.open(settings("s3://records/evidence"))
    assert bucket.local_path(HELLO) is None
    assert type(bucket.place.objects).__name__ == "S3Store"
    assert bucket.place.objects.prefix == "evidence"
    with pytest.raises(Exception, match="gopher"):
        Store.open(settings("gopher://x/y"))


def test_sweeping_asks_the_one_clock(disk):
    disk.incoming.mkdir()
    part = disk.incoming / "x.part"
    part.touch()
    with clock.frozen(clock.now()) as frozen:
        assert disk.sweep() == 0
        frozen.advance(days=2)
        assert disk.sweep() == 1
