"""Runs every benchmark in this folder, or those that are named, and says at the end which missed a goal.

`python benchmarks` or `python benchmarks audit_page`. Each is a process of its own; one that misses or fails does not
keep the others from being run. Exits with 1 when one did.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent


def run(folder: Path, names: Sequence[str] = ()) -> list[str]:
    """The names of those that missed a goal or failed, in the order of their names."""
    scripts = [one for one in sorted(folder.glob("*.py")) if not one.name.startswith("_")]
    if unknown := set(names) - {one.stem for one in scripts}:
        raise SystemExit(f"there is no benchmark {', '.join(sorted(unknown))}")
    missed = []
    for script in scripts:
        if names and script.stem not in names:
            continue
        print(f"== {script.stem}", flush=True)
        if subprocess.run([sys.executable, script], check=False).returncode:
            missed.append(script.stem)
    return missed


def main() -> int:
    """Run them, tell, and answer 1 when a goal was missed."""
    missed = run(HERE, sys.argv[1:])
    print(f"== missed a goal or failed: {', '.join(missed)}" if missed else "== every goal was met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
