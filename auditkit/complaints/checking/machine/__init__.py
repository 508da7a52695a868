"""Tests that need no judgement, run over every complaint of a part of the register in one statement.

Each test gives a complaint one of four states: passed, exception, not checked (no data to check it with) or not
applicable. tests/slices/complaints_checking/test_machine.py compares every test with a slow count by hand.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.complaints.checking.machine.running import (
        PAGE,
        all_exceptions,
        by_references,
        examined,
        exception_references,
        exceptions,
        run,
        spans,
    )
    from auditkit.complaints.checking.machine.stating import SWIFT_MINUTES, Span
    from auditkit.complaints.checking.machine.telling import ABOUT, About, Check, Found, Odd, Result
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "ABOUT",
    "PAGE",
    "SWIFT_MINUTES",
    "About",
    "Check",
    "Found",
    "Odd",
    "Result",
    "Span",
    "all_exceptions",
    "by_references",
    "examined",
    "exception_references",
    "exceptions",
    "run",
    "spans",
]
