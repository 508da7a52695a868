"""The process that builds a pack, from its beginning: `python -m auditkit.packs.child`.

It decides what is loaded before anything is; `working` is what it then does. Decision 0007 has why it matters.
"""

import json
import sys

from auditkit.base.garbage import IN_LITTLE_MEMORY, staying
from auditkit.base.lean import load_less


def main() -> int:
    """Build what standard input asks for, in as little memory as it takes."""
    told = json.loads(sys.stdin.buffer.readline())
    with staying(IN_LITTLE_MEMORY):
        load_less(told["database"])
        from auditkit.packs import working  # only now: it loads nearly everything

    return working.main(told)


if __name__ == "__main__":
    sys.exit(main())
