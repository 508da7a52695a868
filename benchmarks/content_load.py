"""How long the content library takes to load, in CPU seconds of a fresh process, imports counted.

Floors, measured in the same run: parsing the same files with PyYAML's C loader and nothing else. Goal: under 0.4 s.
The second is the bound the issue sets; the ratio says how much of it is ours.
"""

import subprocess
import sys

GOAL_SECONDS = 0.4
ROUNDS = 5

LOAD = "from auditkit.content import library; library.shared()"
FLOOR = """
import pathlib, yaml
from auditkit.content import locate
for name in ("checklists", "policies"):
    for path in pathlib.Path(str(locate.folder(name))).rglob("*.yaml"):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""


def seconds(code: str) -> float:
    """CPU seconds of `code` in a process of its own; the best of the rounds."""
    timed = f"import time; began = time.process_time()\n{code}\nprint(time.process_time() - began)"
    return min(
        float(subprocess.run([sys.executable, "-c", timed], check=True, capture_output=True, text=True).stdout)
        for _ in range(ROUNDS)
    )


def main() -> int:
    """Print the figures; exit code 1 when the goal is missed."""
    ours, floor = seconds(LOAD), seconds(FLOOR)
    print(f"content library: {ours:.2f} s of CPU (goal {GOAL_SECONDS}), {ours / floor:.2f} x parsing the same YAML")
    return 0 if ours < GOAL_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
