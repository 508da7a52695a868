"""Handing the logo out as a picture that nothing runs in; its address changes with it, so browsers may keep it."""

from flask import Response

from auditkit.accounts.look.queries import KeptLogo
from auditkit.accounts.look.rules import NoLogo
from auditkit.evidence.serving import SANDBOX


def handed(logo: KeptLogo | None, digest: str) -> Response:
    """The response. Raises NoLogo, also for one that was replaced."""
    if logo is None or logo.digest != digest:
        raise NoLogo
    answer = Response(logo.content, mimetype=logo.media_type)
    answer.set_etag(digest)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
