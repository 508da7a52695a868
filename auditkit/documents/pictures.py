"""Pictures of the data: a picture that the template names `picture: leaflet.qr` shows that field's picture.

The name stands in Word's selection pane; the picture in the template only holds the place and the size. A field is the
picture's bytes in base64; an empty one leaves the template's picture where it is. Runs in the child process.
Checked by tests/slices/documents/test_documents_pictures.py.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from docx.oxml.parser import parse_xml

from auditkit.documents import office
from auditkit.documents.faults import Fault, Place, Refused
from auditkit.documents.package import Member

SHOW = "show"
"""The use of a field by a picture, beside those of `fields.py`."""
LARGEST = 8 * 1024 * 1024
KINDS = {".png": b"\x89PNG\r\n\x1a\n", ".jpeg": b"\xff\xd8\xff", ".jpg": b"\xff\xd8\xff"}
_NAMED = re.compile(r"^picture:\s*([A-Za-z_][\w.]*)$")
_DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def named(root: Any, part: Member, members: Mapping[str, Member]) -> Iterator[tuple[str, str]]:
    """(field, member that holds its picture) for each picture of a part that is named after a field."""
    targets = _targets(part, members)
    for described in root.iter(_DOCPR):
        match = _NAMED.match(described.get("name", ""))
        blip = next(described.getparent().iter(_BLIP), None) if match else None
        if match and blip is not None and blip.get(_EMBED) in targets:
            yield match.group(1), targets[blip.get(_EMBED)]


def _targets(part: Member, members: Mapping[str, Member]) -> dict[str, str]:
    relations = members.get(office.relations_of(part.name))
    if relations is None:
        return {}
    folder = str(PurePosixPath(part.name).parent)
    return {
        element.get("Id", ""): office.resolved(folder, element.get("Target", ""))
        for element in parse_xml(relations.unpacked())
    }


def of(data: Mapping[str, Any], path: str, member: str) -> bytes | None:
    """The bytes of the picture at `path`; None where it is empty. Raises Refused for what is no such picture."""
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    place = Place("document", tag=f"picture: {path}")
    if value is None:
        raise Refused(Fault("unknown-field", {"field": path}, place))
    if value == "":
        return None
    try:
        content = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Fault("no-picture", {"field": path}, place)) from error
    wanted = KINDS.get(PurePosixPath(member).suffix.lower())
    if wanted is None or not content.startswith(wanted) or len(content) > LARGEST:
        raise Refused(Fault("no-picture", {"field": path}, place))
    return content
