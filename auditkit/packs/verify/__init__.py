"""Verifies a pack with nothing installed but Python and `cryptography`: `python -m auditkit.packs.verify FILE`.

It imports nothing else of auditkit, so that a stranger may read all that the verdict rests on: `archive` (the ZIP,
read hostilely), `manifests` (BagIt), `hashing`, `signature`, `check` (the order of it all), `report`.
"""

from auditkit.packs.verify.check import verify
from auditkit.packs.verify.report import Problem, Report, Unusable

__all__ = ["Problem", "Report", "Unusable", "verify"]
