"""The process that builds a pack, from its beginning: `python -m auditkit.packs.child`.

What it loads stays until its end, and is not looked through for garbage; `working` is what it then does.
"""

import sys

from auditkit.base.garbage import IN_LITTLE_MEMORY, staying


def main() -> int:
    """Build what standard input asks for, in as little memory as it takes (decision 0007)."""
    with staying(IN_LITTLE_MEMORY):
        from auditkit.packs import working

    return working.main()


if __name__ == "__main__":
    sys.exit(main())
