"""Forms of the logo."""

from flask_wtf.file import FileField, FileRequired

from auditkit.base.text import lazy_
from auditkit.web.forms import Form


class LogoForm(Form):
    """A picture."""

    file = FileField(lazy_("Picture (PNG or JPEG)"), [FileRequired(lazy_("Choose the picture"))])
