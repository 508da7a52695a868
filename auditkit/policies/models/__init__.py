"""Tables of policies: documents and versions, facts, approval, readers, translations, settings stated, keeping."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.policies.models.approvals import PolicyApprover, PolicyRound, PolicyStep
    from auditkit.policies.models.cards import PolicyCard
    from auditkit.policies.models.documents import Policy, PolicyVersion
    from auditkit.policies.models.facts import OrganisationFact, PolicyStated
    from auditkit.policies.models.imports import PolicyImport
    from auditkit.policies.models.keeping import RecordKeeping
    from auditkit.policies.models.readers import PolicyConfirmation, PolicyNotice, PolicyReader
    from auditkit.policies.models.translated import PolicyTranslationVersion
    from auditkit.policies.models.translations import PolicyTranslation
else:
    __getattr__ = on_first_use(__name__)

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
