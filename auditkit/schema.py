"""Imports every slice's models, so that migrations and tests see all tables."""

from auditkit.accounts import models as accounts
from auditkit.accounts.look import models as look
from auditkit.actions import models as actions
from auditkit.api import models as api
from auditkit.audits import models as audits
from auditkit.audits.agenda import models as agenda
from auditkit.audits.filetest import models as audits_filetest
from auditkit.audits.findings import models as audit_findings
from auditkit.audits.identity import models as audits_identity
from auditkit.audits.independence import models as independence
from auditkit.audits.issuing import models as audit_issuing
from auditkit.audits.machinetest import models as audits_machinetest
from auditkit.audits.offline import models as audits_offline
from auditkit.audits.outside import models as outside_audits
from auditkit.audits.programme import models as programme
from auditkit.audits.reconciling import models as audits_reconciling
from auditkit.audits.recounting import models as audits_recounting
from auditkit.audits.signing import models as audit_signing
from auditkit.audits.tailoring import models as audits_tailoring
from auditkit.audits.workbook import models as audits_workbook
from auditkit.base import jobs, limits, numbering, outbox
from auditkit.base.calendar import kept as calendar
from auditkit.base.db import Base
from auditkit.base.first_use import load_whole
from auditkit.complaints import models as complaints
from auditkit.complaints.assigning import models as assigning
from auditkit.complaints.clock import models as clock
from auditkit.complaints.correspondence import models as correspondence
from auditkit.complaints.exporting import models as exporting
from auditkit.complaints.importing import models as importing
from auditkit.complaints.improving import models as improving
from auditkit.complaints.intake import models as intake
from auditkit.complaints.privacy import models as privacy
from auditkit.complaints.register import models as register
from auditkit.complaints.survey import models as survey
from auditkit.documents.own import models as templates
from auditkit.evidence import models as evidence
from auditkit.evidence.sharing import models as evidence_sharing
from auditkit.insights.dashboards import models as dashboards
from auditkit.insights.freezing import models as freezing
from auditkit.insights.objectives import models as objectives
from auditkit.insights.rollups import models as rollups
from auditkit.insights.sending import models as sending
from auditkit.insights.volumes import models as volumes
from auditkit.journal import models as journal
from auditkit.packs import models as packs
from auditkit.packs.rooms import models as rooms
from auditkit.policies import models as policies
from auditkit.readiness import models as readiness
from auditkit.registers import models as registers
from auditkit.reviews import models as reviews

MODULES = (
    accounts,
    actions,
    api,
    assigning,
    audits,
    audits_filetest,
    audits_identity,
    audits_machinetest,
    audits_reconciling,
    audits_recounting,
    audit_findings,
    audit_issuing,
    audit_signing,
    audits_offline,
    audits_tailoring,
    audits_workbook,
    calendar,
    clock,
    complaints,
    correspondence,
    dashboards,
    evidence,
    evidence_sharing,
    exporting,
    freezing,
    importing,
    independence,
    agenda,
    outside_audits,
    programme,
    improving,
    intake,
    jobs,
    journal,
    limits,
    look,
    numbering,
    objectives,
    outbox,
    packs,
    rooms,
    policies,
    readiness,
    registers,
    register,
    reviews,
    sending,
    volumes,
    rollups,
    privacy,
    survey,
    templates,
)

for _module in MODULES:
    load_whole(_module)

metadata = Base.metadata
