"""What stays is not looked through for garbage; what is made later is."""

import gc
import subprocess
import sys

INSIDE = """
import gc
from auditkit.base.garbage import OFTEN, staying

class Ring:
    def __init__(self):
        self.self = self

before = gc.get_freeze_count()
with staying():
    assert not gc.isenabled()
    kept = [Ring() for _ in range(1_000)]
assert gc.get_freeze_count() - before > 1_000
assert gc.isenabled() and gc.get_threshold() == OFTEN
Ring()
assert gc.collect() > 0, "garbage of later is found"
del kept
try:
    with staying():
        raise ValueError
except ValueError:
    assert gc.isenabled(), "a fault leaves it as it was"
"""


def test_what_is_made_inside_stays():
    assert gc.isenabled()
    subprocess.run([sys.executable, "-c", INSIDE], check=True)
