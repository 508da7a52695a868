"""Forms for opening an action from several complaints."""

from typing import Any

from auditkit.base.text import lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required


class SelectionForm(Form):
    """Several cases by their references."""

    title = LineField(
        lazy_("What do they have in common?"),
        [required(lazy_("Say in a few words what these complaints have in common"))],
    )
    references = TextField(
        lazy_("References, one a line"), [required(lazy_("Enter the references of the complaints, one a line"))]
    )


class CategoryForm(Form):
    """A category that complaints have."""

    category = ChoiceField(lazy_("Category"))

    def __init__(self, categories: dict[str, str], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.category.choices = list(categories.items())
