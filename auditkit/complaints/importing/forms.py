"""The upload form of an import."""

from flask_wtf.file import FileField, FileRequired

from auditkit.base.text import lazy_
from auditkit.web.forms import ChoiceField, Form


class UploadForm(Form):
    """A table, and what its columns mean: found out, a shipped profile, or one from a file."""

    table = FileField(lazy_("File"), [FileRequired(lazy_("Choose the file with the complaints"))])
    profile = ChoiceField(lazy_("What the columns mean"))
    profile_file = FileField(lazy_("Or a profile of your own (YAML)"))
