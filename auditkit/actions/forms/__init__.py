"""Forms of actions."""

from auditkit.actions.forms.core import (
    MENDED_BY,
    ActionForm,
    ActionFormBase,
    CloseForm,
    CompleteForm,
    VerifyForm,
)
from auditkit.actions.forms.path import (
    CauseLineForm,
    CorrectionForm,
    CriterionForm,
    DisciplineForm,
    EndStepForm,
    ExtentForm,
    ReadyForm,
    SettleForm,
    StepForm,
)
from auditkit.actions.forms.settings import (
    CategoryForm,
    EmptyForm,
    ImportForm,
    LimitForm,
    NcForm,
    ReviewForm,
    SchemeForm,
)

__all__ = [
    "MENDED_BY",
    "ActionForm",
    "ActionFormBase",
    "CategoryForm",
    "CauseLineForm",
    "CloseForm",
    "CompleteForm",
    "CorrectionForm",
    "CriterionForm",
    "DisciplineForm",
    "EmptyForm",
    "EndStepForm",
    "ExtentForm",
    "ImportForm",
    "LimitForm",
    "NcForm",
    "ReadyForm",
    "ReviewForm",
    "SchemeForm",
    "SettleForm",
    "StepForm",
    "VerifyForm",
]
