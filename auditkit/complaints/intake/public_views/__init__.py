"""The pages of strangers and complainants: the form (`form`), the own page (`tracking`), the organisation's page
(`about`), and the key that receipts are signed with (`key`)."""

from auditkit.complaints.intake.public_views import about, form, tracking
from auditkit.complaints.intake.public_views.about import home_bp
from auditkit.complaints.intake.public_views.blueprint import bp
from auditkit.complaints.intake.public_views.key import key_bp

__all__ = ["about", "bp", "form", "home_bp", "key_bp", "tracking"]
