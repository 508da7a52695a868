"""Every input of a review computed from the records, for a period and as of a moment. tests/slices/reviews/ holds each.

What keeps its times (actions, decisions, entries of registers with their versions, measurements) is told as it was at
the moment, whenever it is computed. What keeps none (grades, days of audits) is told as it is: a later computation may
differ, and `content.differences` says where.
"""

from collections.abc import Callable

from auditkit.accounts.queries import days_of_zone
from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput
from auditkit.reviews.inputs import customers, improving, keeping
from auditkit.reviews.inputs.content import Content, Span

Compute = Callable[[Session, Span, Library], Content]

INPUTS: dict[AgendaInput, Compute] = {
    AgendaInput.LAST_DECISIONS: improving.last_decisions,
    AgendaInput.POLICIES: keeping.policies,
    AgendaInput.OBJECTIVES: keeping.objectives,
    AgendaInput.COMPLAINTS: customers.complaints,
    AgendaInput.SATISFACTION: customers.satisfaction,
    AgendaInput.SUGGESTIONS: customers.suggestions,
    AgendaInput.AUDITS: improving.audits,
    AgendaInput.FINDINGS: improving.findings,
    AgendaInput.ACTIONS: improving.actions,
    **{name: keeping.of_register(name, register) for name, register in keeping.REGISTERS.items()},
}


def compute(tx: Session, name: AgendaInput, span: Span, library: Library) -> Content:
    """One input for a period, as of its moment, its days counted by the clocks of its zone."""
    with days_of_zone(tx, span.zone):
        return INPUTS[name](tx, span, library)
