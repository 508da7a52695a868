"""Reads of readiness: the matrix (`matrix`), one cell with all behind it (`cells`), what people said (`stated`)."""

from auditkit.readiness.queries.cells import Behind, CellView, cell, with_exceptions
from auditkit.readiness.queries.counting import Counting, counting, editions
from auditkit.readiness.queries.matrix import band_of, matrix
from auditkit.readiness.queries.stated import Carried, OverrideLine

SUBJECT = "readiness-cell"

__all__ = [
    "SUBJECT",
    "Behind",
    "Carried",
    "CellView",
    "Counting",
    "OverrideLine",
    "band_of",
    "cell",
    "counting",
    "editions",
    "matrix",
    "with_exceptions",
]
