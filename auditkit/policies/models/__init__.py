"""Tables of policies: documents and versions, facts, approval, readers, translations, settings stated, keeping."""

from auditkit.policies.models.approvals import PolicyApprover, PolicyRound, PolicyStep
from auditkit.policies.models.cards import PolicyCard
from auditkit.policies.models.documents import Policy, PolicyVersion
from auditkit.policies.models.facts import OrganisationFact, PolicyStated
from auditkit.policies.models.imports import PolicyImport
from auditkit.policies.models.keeping import RecordKeeping
from auditkit.policies.models.readers import PolicyConfirmation, PolicyNotice, PolicyReader
from auditkit.policies.models.translations import PolicyTranslation, PolicyTranslationVersion

__all__ = [
    "OrganisationFact",
    "Policy",
    "PolicyApprover",
    "PolicyCard",
    "PolicyConfirmation",
    "PolicyImport",
    "PolicyNotice",
    "PolicyReader",
    "PolicyRound",
    "PolicyStated",
    "PolicyStep",
    "PolicyTranslation",
    "PolicyTranslationVersion",
    "PolicyVersion",
    "RecordKeeping",
]
