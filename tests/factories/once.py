"""What is made once in a whole run, by whichever worker needs it first; the others wait and take what it left."""

import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows: whoever is not first throws away what it made
    fcntl = None  # type: ignore[assignment]

_OF_THE_RUN: list[Path] = []


def begin(folder: Path) -> None:
    """All workers of this run share `folder`, which is empty when the first of them begins."""
    folder.mkdir(parents=True, exist_ok=True)
    _OF_THE_RUN[:] = [folder]


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, which `make` has filled. Where that fails, the next one to ask tries again."""
    (root,) = _OF_THE_RUN
    folder = root / name
    with _alone(root / f"{name}.lock"):
        if not folder.exists():
            part = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=root))
            try:
                make(part)
                part.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
            finally:
                shutil.rmtree(part, ignore_errors=True)
    return folder


def value(name: str, make: Callable[[], Any]) -> Any:
    """What `make` answers, made once; outside of a run, made now."""
    if not _OF_THE_RUN:
        return make()
    folder = once(name, lambda folder: (folder / "value").write_bytes(pickle.dumps(make())))
    return pickle.loads((folder / "value").read_bytes())


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
