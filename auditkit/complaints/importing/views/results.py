"""What became of an upload, and its refused rows."""

from pathlib import Path

from flask import Response, render_template, send_file

from auditkit.complaints.importing.views.blueprint import bp, uploads
from auditkit.web.access import access


@bp.get("/<token>/result")
@access("complaints.import")
def done(token: str) -> str:
    """What became of the table."""
    staged = uploads().find(token)
    return render_template("complaints/importing/done.html", staged=staged, result=staged.result())


@bp.get("/<token>/refused-rows")
@access("complaints.import")
def refused_rows(token: str) -> Response:
    """The refused rows as CSV."""
    staged = uploads().find(token)
    staged.result()
    name = f"{Path(staged.name).stem}-refused.csv"
    return send_file(staged.rejects, mimetype="text/csv", as_attachment=True, download_name=name)
