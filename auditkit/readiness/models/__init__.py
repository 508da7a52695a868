"""Tables of readiness: overrides of cells, visits, clauses carried over to another edition, plans of a gap analysis.

The matrix itself is not stored: it is computed from the records. Checked by tests/slices/readiness/test_constraints.py.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.readiness.models.cells import ReadinessCarried, ReadinessOverride
    from auditkit.readiness.models.plans import ReadinessPlan, ReadinessStep, ReadinessVisit
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["ReadinessCarried", "ReadinessOverride", "ReadinessPlan", "ReadinessStep", "ReadinessVisit"]
