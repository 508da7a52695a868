"""Imports every slice's models, so that migrations and tests see all tables."""

from auditkit.accounts import models as accounts
from auditkit.base import jobs, outbox
from auditkit.base.db import Base
from auditkit.complaints import models as complaints
from auditkit.evidence import models as evidence
from auditkit.journal import models as journal

MODULES = (accounts, complaints, evidence, jobs, journal, outbox)

metadata = Base.metadata
