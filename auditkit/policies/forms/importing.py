"""Form that takes a Word document over."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired

from auditkit.base.text import lazy_
from auditkit.policies.forms.base import PolicyForm
from auditkit.policies.forms.drafting import kinds
from auditkit.web.forms import ChoiceField, LineField


class ImportForm(PolicyForm):
    """The file, and what it is."""

    file = FileField(lazy_("Word file (.docx)"), [FileRequired(lazy_("Choose the Word file to take over"))])
    title = LineField(lazy_("Title, if other than in the file"))
    kind = ChoiceField(lazy_("Kind"))
    language = ChoiceField(lazy_("Language of the text"))

    def __init__(self, languages: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = kinds()
        self.language.choices = list(languages)
