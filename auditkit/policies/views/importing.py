"""Page that takes an existing Word document over as a draft."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.errors import BadInput
from auditkit.base.ids import digest
from auditkit.base.text import ngettext
from auditkit.policies import service, word
from auditkit.policies.forms.importing import ImportForm
from auditkit.policies.rules.cards import LANGUAGES
from auditkit.policies.views.blueprint import REFUSED, bp, language_name, made
from auditkit.web.access import access


@bp.route("/import", methods=["GET", "POST"])
@access("policies.edit")
def import_word() -> str | AnyResponse:
    """Read a Word file; its headings become sections, and what could not be taken over is listed."""
    form = ImportForm([(code, language_name(code)) for code in LANGUAGES])
    if form.validate_on_submit() and (command := _command(form)) is not None:
        policy_id = made(form, service.import_word, command)
        if policy_id is not REFUSED:
            count = len(command.taken.sections)
            flash(ngettext("%(num)s section was taken over.", "%(num)s sections were taken over.", count), "good")
            return redirect(url_for(".show", policy_id=policy_id))
    return render_template("policies/import.html", form=form)


def _command(form: ImportForm) -> service.ImportWord | None:
    """What was read; None where the file was refused, which the form then says."""
    file = form.file.data
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2] or "?"
    content = file.stream.read(word.MOST_BYTES + 1)
    try:
        taken = word.read(content, name)
    except BadInput as refusal:
        form.refuse("file", refusal)
        return None
    return service.ImportWord(
        name, digest(content), taken, form.kind.data, form.language.data, title=form.title.data or ""
    )
