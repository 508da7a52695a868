"""Verifies a pack with nothing installed but Python and `cryptography`: `python -m auditkit.packs.verify FILE`.

It imports nothing else of auditkit, so that a stranger may read all that the verdict rests on: `archive` (the ZIP,
read hostilely), `manifests` (BagIt), `hashing`, `signature`, `check` (the order of it all), `report`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.packs.verify.check import verify
    from auditkit.packs.verify.report import Problem, Report, Unusable

__all__ = ["Problem", "Report", "Unusable", "verify"]


def __getattr__(name: str) -> Any:
    """What is offered here, loaded when asked for: who writes packs wants `layout` alone, without `cryptography`."""
    if name not in __all__:
        raise AttributeError(name)
    from auditkit.packs.verify import check, report

    return getattr(check if name == "verify" else report, name)
