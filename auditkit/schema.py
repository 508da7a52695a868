"""Imports every slice's models, so that migrations and tests see all tables."""

from auditkit.accounts import models as accounts
from auditkit.actions import models as actions
from auditkit.audits import models as audits
from auditkit.base import jobs, numbering, outbox
from auditkit.base.db import Base
from auditkit.complaints import models as complaints
from auditkit.complaints.importing import models as importing
from auditkit.complaints.intake import models as intake
from auditkit.evidence import models as evidence
from auditkit.journal import models as journal
from auditkit.packs import models as packs
from auditkit.policies import models as policies

MODULES = (
    accounts,
    actions,
    audits,
    complaints,
    evidence,
    importing,
    intake,
    jobs,
    journal,
    numbering,
    outbox,
    packs,
    policies,
)

metadata = Base.metadata
