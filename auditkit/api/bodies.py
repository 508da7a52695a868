"""The body of a request to register: the complaint as JSON, or as `multipart/form-data` together with its files.

Files pass the same checks and limits as those of the public form. Checked by tests/slices/api/test_api_files.py.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

from flask import Request
from werkzeug.datastructures import FileStorage

from auditkit.api.rules import ComplaintPartMissing, ComplaintTooLong, UnknownPart
from auditkit.base.ids import digest
from auditkit.complaints.intake.rules import MAX_FILE_BYTES, MAX_FILES, TooManyFiles
from auditkit.evidence import intake as evidence
from auditkit.evidence import names
from auditkit.evidence.rules import FileRefused, FileTooLarge, UploadsRefused

MAX_BODY = 256 << 10
ROOM = MAX_FILES * MAX_FILE_BYTES + (1 << 20)
COMPLAINT, FILES = "complaint", "files"


@dataclass(frozen=True)
class Body:
    """What was sent. `digest` tells whether the same is sent again; where one part ends and the next begins does not
    count, since programs make that up anew each time."""

    complaint: bytes
    digest: str
    uploads: Sequence[FileStorage] = field(default_factory=tuple)

    def received(self) -> list[evidence.Received]:
        """The files, checked and stored, without a record yet. Raises UploadsRefused, StorageFull, StorageFailed."""
        return evidence.receive_uploads(self.uploads)


def read(request: Request) -> Body:
    """Read the request. Raises ComplaintPartMissing, UnknownPart, ComplaintTooLong, TooManyFiles, UploadsRefused."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_BODY
        body = request.get_data()
        return Body(body, digest(body))
    request.max_content_length = ROOM
    unknown = next((name for name in (*request.form, *request.files) if name not in (COMPLAINT, FILES)), None)
    if unknown is not None:
        raise UnknownPart(part=unknown[:60])
    complaint = _complaint(request)
    uploads = [one for one in request.files.getlist(FILES) if one.filename]
    if len(uploads) > MAX_FILES:
        raise TooManyFiles(most=MAX_FILES)
    too_large = [one for one in uploads if _size(one.stream) > MAX_FILE_BYTES]
    if too_large:
        raise UploadsRefused([_refused(one) for one in too_large])
    sent = [digest(complaint), *([one.filename or "", _digest(one.stream)] for one in uploads)]
    return Body(complaint, digest(json.dumps(sent).encode()), uploads)


def _complaint(request: Request) -> bytes:
    as_file = request.files.get(COMPLAINT)
    if as_file is not None:
        found = as_file.stream.read(MAX_BODY + 1)
    elif COMPLAINT in request.form:
        found = request.form[COMPLAINT].encode()
    else:
        raise ComplaintPartMissing
    if len(found) > MAX_BODY:
        raise ComplaintTooLong(limit=MAX_BODY >> 10)
    return found


def _refused(upload: FileStorage) -> FileRefused:
    refusal = FileTooLarge(limit=MAX_FILE_BYTES >> 20)
    refusal.place = names.shown_name(names.kept_name(upload.filename))
    return refusal


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def _digest(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        found.update(chunk)
    stream.seek(0)
    return found.hexdigest()
