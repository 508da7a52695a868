"""Cells of the clause matrix, their states, the number made of them, and what a first stage stops at. Pure.

tests/rules/test_readiness_rules.py computes each by hand.
"""

from auditkit.readiness.rules.cells import Cell, Override, Part, Reading, Row, Via
from auditkit.readiness.rules.judging import Asked, audit, documents, findings, freshness, judge, last_looked, records
from auditkit.readiness.rules.matrix import Matrix, NoProbes
from auditkit.readiness.rules.overriding import (
    LONGEST_REASON,
    OVERRIDDEN,
    WITHDRAWN,
    NothingOverridden,
    OverrideGone,
    ReasonMissing,
    check_override,
    overridden,
)
from auditkit.readiness.rules.periods import MOST_MONTHS, Period, PeriodUnfit, check_period, months_before, year_to
from auditkit.readiness.rules.scoring import Score, Weights, score
from auditkit.readiness.rules.states import (
    COLUMN_TITLES,
    SCORED,
    STATE_TITLES,
    WHY_TITLES,
    Column,
    PartKind,
    State,
    Why,
)
from auditkit.readiness.rules.stopping import Stopped, stop, worst_first

__all__ = [
    "COLUMN_TITLES",
    "LONGEST_REASON",
    "MOST_MONTHS",
    "OVERRIDDEN",
    "SCORED",
    "STATE_TITLES",
    "WHY_TITLES",
    "WITHDRAWN",
    "Asked",
    "Cell",
    "Column",
    "Matrix",
    "NoProbes",
    "NothingOverridden",
    "Override",
    "OverrideGone",
    "Part",
    "PartKind",
    "Period",
    "PeriodUnfit",
    "Reading",
    "ReasonMissing",
    "Row",
    "Score",
    "State",
    "Stopped",
    "Via",
    "Weights",
    "Why",
    "audit",
    "check_override",
    "check_period",
    "documents",
    "findings",
    "freshness",
    "judge",
    "last_looked",
    "months_before",
    "overridden",
    "records",
    "score",
    "stop",
    "worst_first",
    "year_to",
]
