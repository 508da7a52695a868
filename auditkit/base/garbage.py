"""When Python looks for garbage. A process that loads much and keeps it is looked through less often.

tests/slices/base/test_garbage.py.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OFTEN = (20_000, 10, 10)
"""How much is made before Python looks for garbage, once an application stands; its own 700 is for small programs."""
IN_LITTLE_MEMORY = (700, 10, 10)


@contextmanager
def staying(often: tuple[int, int, int] = OFTEN) -> Iterator[None]:
    """What is made inside stays until the process ends: looking for garbage in it took a quarter of every start.

    And a fifth of every request, whose own garbage is little and is found among little. A process that must stay
    small looks more `often`.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*often)
        gc.enable()
