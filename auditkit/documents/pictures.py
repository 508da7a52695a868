"""Pictures of the data: a picture that the template names `picture: leaflet.qr` shows that field's picture.

The name stands in Word's selection pane; the picture in the template only holds the place and the size. A field is the
picture's bytes in base64; an empty one leaves the template's picture where it is. Within a loop the name is
`each picture: chart.picture`: every turn of the loop shows its own, as wide as the template's and as high as it needs.
Its alternative text may hold tags, as texts do. Runs in the child process.
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
from auditkit.documents.fields import IN_PLACE
from auditkit.documents.package import Member, deflated

LARGEST = 8 * 1024 * 1024
KINDS = {".png": b"\x89PNG\r\n\x1a\n", ".jpeg": b"\xff\xd8\xff", ".jpg": b"\xff\xd8\xff"}
_EACH = re.compile(r"^each picture:\s*([A-Za-z_][\w.]*)$")
_NAMED = re.compile(r"^picture:\s*([A-Za-z_][\w.]*)$")
_PNG = b"\x89PNG"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
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


def mark(root: Any) -> bool:
    """Let each picture of a loop carry its field through the rendering; whether there is any."""
    found = False
    for described in root.iter(_DOCPR):
        match = _EACH.match(described.get("name", ""))
        if match:
            described.set("title", f"{{{{ {match.group(1)}|{IN_PLACE} }}}}")
            found = True
    return found


_DRAWING = re.compile(r"<w:drawing>.*?</w:drawing>", re.DOTALL)
_CARRIED = re.compile(r'(<wp:docPr\b[^>]*?\bname="each picture: [^"]*"[^>]*?)\stitle="([^"]*)"')
_EMBEDDED = re.compile(r'\br:embed="([^"]*)"')
_EXTENT = re.compile(r'(<(?:wp:extent|a:ext) )cx="(\d+)" cy="(\d+)"')
HIGHEST = 7_900_000
"""Of a picture, in English metric units: a page less its margins, its heading and its foot."""


def placed(text: str, part: Member, members: Mapping[str, Member]) -> tuple[str, list[Member]]:
    """A rendered part with the pictures its drawings carry, and the members that hold them, its relations among them.

    Raises Refused for what is no picture of the template's kind.
    """
    relations, targets = office.relations_of(part.name), _targets(part, members)
    found: list[Member] = []
    lines: list[str] = []

    def place(drawing: re.Match[str]) -> str:
        carried = _CARRIED.search(drawing.group())
        embedded = _EMBEDDED.search(drawing.group())
        if carried is None or embedded is None:
            return drawing.group()
        whole = _CARRIED.sub(r"\1", drawing.group(), count=1)
        content = _decoded(carried.group(2), targets.get(embedded.group(1), ""), Place("document", tag="each picture"))
        if content is None:
            return whole
        suffix = PurePosixPath(targets[embedded.group(1)]).suffix
        number = len(found) + 1
        found.append(deflated(f"{PurePosixPath(part.name).parent}/media/of-data-{number}{suffix}", content))
        lines.append(f'<Relationship Id="ofData{number}" Type="{_IMAGE}" Target="media/of-data-{number}{suffix}"/>')
        whole = _EMBEDDED.sub(f'r:embed="ofData{number}"', whole, count=1)
        return _EXTENT.sub(lambda extent: f"{extent.group(1)}{_size(content, int(extent.group(2)))}", whole)

    text = _DRAWING.sub(place, text)
    if found:
        before = members[relations].unpacked().decode()
        found.append(
            deflated(relations, before.replace("</Relationships>", f"{''.join(lines)}</Relationships>").encode())
        )
    return text, found


def _size(content: bytes, width: int) -> str:
    """The extent of a picture so wide, in its own shape; that of JPEG, which seldom stands in a loop, is square."""
    across, down = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20)) if content[:4] == _PNG else (1, 1)
    height = width * down // max(across, 1)
    if height > HIGHEST:
        width, height = width * HIGHEST // height, HIGHEST
    return f'cx="{width}" cy="{height}"'


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
    return _decoded(str(value), member, place)


def _decoded(value: str, member: str, place: Place) -> bytes | None:
    """A picture that can take the place of the template's in `member`; None for none. Raises Refused."""
    if value == "":
        return None
    path = (place.tag or "").removeprefix("picture: ")
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Fault("no-picture", {"field": path}, place)) from error
    wanted = KINDS.get(PurePosixPath(member).suffix.lower())
    if wanted is None or not content.startswith(wanted) or len(content) > LARGEST:
        raise Refused(Fault("no-picture", {"field": path}, place))
    return content
