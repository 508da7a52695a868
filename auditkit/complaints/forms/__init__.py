"""Forms of the register (`register`), of what is done with a case (`acts`), of its settings (`practice`)."""

from auditkit.complaints.forms.act import ActForm, Given
from auditkit.complaints.forms.practice import LimitForm, PracticeForm, RemoveForm
from auditkit.complaints.forms.register import ALL_STAGES, ComplaintForm, RegisterForm, titled, wanted_from

__all__ = [
    "ALL_STAGES",
    "ActForm",
    "ComplaintForm",
    "Given",
    "LimitForm",
    "PracticeForm",
    "RegisterForm",
    "RemoveForm",
    "titled",
    "wanted_from",
]
