"""The form that keeps the matrix."""

from wtforms.validators import Length

from auditkit.base.text import lazy_
from auditkit.readiness.visits.rules import LONGEST_NOTE
from auditkit.web.forms import TOO_LONG, Form, LineField


class VisitForm(Form):
    """A word about the visit."""

    note = LineField(lazy_("Note"), [Length(max=LONGEST_NOTE, message=TOO_LONG)])
