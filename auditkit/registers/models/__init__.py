"""Tables of registers: entries, what they said before, reviews, measurements, ties to other records.

Checked by tests/slices/registers/test_registers_constraints.py.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.registers.models.beside import (
        VERSION_TRIGGERS,
        RegisterImport,
        RegisterLink,
        RegisterReview,
        RegisterVersion,
    )
    from auditkit.registers.models.entries import RegisterEntry, RegisterMeasurement
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "VERSION_TRIGGERS",
    "RegisterEntry",
    "RegisterImport",
    "RegisterLink",
    "RegisterMeasurement",
    "RegisterReview",
    "RegisterVersion",
]
