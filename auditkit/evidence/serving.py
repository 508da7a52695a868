"""Handing a file out: as an attachment that no browser shows or runs on our address, whatever is in it."""

from flask import Response, request, send_file
from werkzeug.http import is_resource_modified

from auditkit.evidence import names, store
from auditkit.evidence.queries import File

SANDBOX = "default-src 'none'; sandbox"


def attachment(file: File) -> Response:
    """The response that downloads `file`; conditional and range requests work where the store is on disk.

    Raises StoredObjectMissing.
    """
    place = store.current()
    path = place.local_path(file.digest)
    if path is not None:
        response = send_file(path, mimetype=file.kind.served_as, etag=file.digest, last_modified=file.added_at)
    elif not is_resource_modified(request.environ, etag=file.digest):
        response = Response(status=304)
        response.set_etag(file.digest)
    else:
        response = Response(place.open_stream(file.digest), mimetype=file.kind.served_as)
        response.content_length = file.size
        response.set_etag(file.digest)
    response.headers["Content-Type"] = content_type(file)
    response.headers["Content-Disposition"] = names.content_disposition(file.download_name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def content_type(file: File) -> str:
    """The media type, with the charset where the text has a known one."""
    charset = file.details.get("charset")
    if not file.kind.served_as.startswith("text/") or charset in (None, "unknown"):
        return file.kind.served_as
    return f"{file.kind.served_as}; charset={charset.removesuffix('-le').removesuffix('-be')}"


def begins_reading() -> bool:
    """Whether this request takes the file from its start: later parts of one download are not told again."""
    if request.method != "GET":
        return False
    return request.range is None or not request.range.ranges or not request.range.ranges[0][0]
