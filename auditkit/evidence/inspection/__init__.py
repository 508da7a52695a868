"""Finds out what a file is by its content, and refuses what may do harm. Nothing is decoded, unpacked or parsed as XML.

`inspect()` reads headers and structure from disk in bounded memory. tests/slices/evidence/test_bad_inputs.py runs the
shared bad inputs through it, tests/slices/evidence/test_inspection.py what is made on the spot.
"""

from auditkit.evidence.inspection.content import inspect
from auditkit.evidence.inspection.findings import Inspected, Notice

__all__ = ["Inspected", "Notice", "inspect"]
