"""Own templates as versions, which of them is in use, and which template made which document.

Checked by tests/slices/documents/test_documents_own_constraints.py.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.documents.own.models.made import MadeDocument
    from auditkit.documents.own.models.templates import VERSION_TRIGGERS, TemplateUse, TemplateVersion
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["VERSION_TRIGGERS", "MadeDocument", "TemplateUse", "TemplateVersion"]
