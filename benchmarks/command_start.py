"""How long `auditkit --help` takes, against the floor of starting Python and importing click.

Whole processes, run in turn; the figure is the median of the ratios of neighbouring pairs, so that a machine whose
speed drifts does not matter. Goal: at most 2.5.
"""

import os
import resource
import statistics
import subprocess
import sys

GOAL = 2.5
PAIRS = 15

FLOOR = [sys.executable, "-c", "import click"]
OURS = [sys.executable, "-c", "import sys; sys.argv = ['auditkit', '--help']; from auditkit.cli import main; main()"]


def seconds(command: list[str]) -> float:
    """CPU seconds (user and system) of one finished process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Compiled modules are kept, as in an installation; some machines switch that off.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the ratio; exit code 1 when the goal is missed."""
    seconds(FLOOR)
    seconds(OURS)
    ratios = sorted(seconds(OURS) / seconds(FLOOR) for _ in range(PAIRS))
    ratio = statistics.median(ratios)
    print(f"auditkit --help: {ratio:.2f} x importing click (goal {GOAL}; {ratios[0]:.2f} to {ratios[-1]:.2f})")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
