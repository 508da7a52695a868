"""Pictures of the data: a picture that the template names `picture: leaflet.qr` shows that field's picture.

The name stands in Word's selection pane; the picture in the template only holds the place and the size. A field is the
picture's bytes in base64; an empty one leaves the template's picture where it is. Within a loop the name is
`each picture: chart.picture`: every turn of the loop shows its own, as wide as the template's and as high as it needs.
`fitted picture: organisation.logo` shows a picture of any shape, PNG or JPEG, as large as the template's has room for,
and nothing at all where the field is empty. Alternative texts may hold tags, as texts do. Runs in the child process.
Checked by tests/slices/documents/test_documents_pictures.py.
"""

import base64
import binascii
import hashlib
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
_CARRYING = re.compile(r"^(?:each|fitted) picture:\s*([A-Za-z_][\w.]*)$")
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
    """Let pictures of loops, and those that are fitted, carry their fields through the rendering; whether any does."""
    found = False
    for described in root.iter(_DOCPR):
        match = _CARRYING.match(described.get("name", ""))
        if match:
            described.set("title", f"{{{{ {match.group(1)}|{IN_PLACE} }}}}")
            found = True
    return found


_DRAWING = re.compile(r"<w:drawing>.*?</w:drawing>", re.DOTALL)
_CARRIED = re.compile(r'(<wp:docPr\b[^>]*?\bname="(each|fitted) picture: [^"]*"[^>]*?)\stitle="([^"]*)"')
_EMBEDDED = re.compile(r'\br:embed="([^"]*)"')
_EXTENT = re.compile(r'(<(?:wp:extent|a:ext) )cx="(\d+)" cy="(\d+)"')
HIGHEST = 7_900_000
"""Of a picture, in English metric units: a page less its margins, its heading and its foot."""


CONTENT_TYPES = "[Content_Types].xml"


def placed(text: str, part: Member, members: Mapping[str, Member]) -> tuple[str, list[Member]]:
    """A rendered part with the pictures its drawings carry, and the members that hold them, its relations among them.

    Raises Refused for what is no picture, or not of the template's kind where it is not fitted.
    """
    relations, targets = office.relations_of(part.name), _targets(part, members)
    found: dict[str, Member] = {}
    lines: list[str] = []

    def place(drawing: re.Match[str]) -> str:
        carried = _CARRIED.search(drawing.group())
        embedded = _EMBEDDED.search(drawing.group())
        if carried is None or embedded is None:
            return drawing.group()
        fits = carried.group(2) == "fitted"
        member, tag = targets.get(embedded.group(1), ""), Place("document", tag=f"{carried.group(2)} picture")
        content = _decoded(carried.group(3), None if fits else member, tag)
        if content is None:
            return "" if fits else _CARRIED.sub(r"\1", drawing.group(), count=1)
        whole = _CARRIED.sub(r"\1", drawing.group(), count=1)
        # By digest: what several parts show lies in the file once.
        name = f"of-data-{hashlib.sha256(content).hexdigest()[:24]}{kind_of(content)}"
        held = f"{PurePosixPath(part.name).parent}/media/{name}"
        found[held] = deflated(held, content)
        lines.append(f'<Relationship Id="ofData{len(lines) + 1}" Type="{_IMAGE}" Target="media/{name}"/>')
        whole = _EMBEDDED.sub(f'r:embed="ofData{len(lines)}"', whole, count=1)
        sized = _fitted if fits else _as_wide
        return _EXTENT.sub(
            lambda extent: f"{extent.group(1)}{sized(content, int(extent.group(2)), int(extent.group(3)))}", whole
        )

    text = _DRAWING.sub(place, text)
    if found:
        before = members[relations].unpacked().decode()
        whole = before.replace("</Relationships>", f"{''.join(lines)}</Relationships>")
        found[relations] = deflated(relations, whole.encode())
        found |= _told(members, {PurePosixPath(name).suffix for name in found if name != relations})
    return text, list(found.values())


def _told(members: Mapping[str, Member], suffixes: set[str]) -> dict[str, Member]:
    """The list of content types, where it lacks kinds of pictures."""
    before = members[CONTENT_TYPES].unpacked().decode()
    extensions = {one.lower() for one in re.findall(r'<Default\b[^>]*?\bExtension="([^"]*)"', before)}
    lacking = sorted(name[1:] for name in suffixes if name[1:] not in extensions)
    if not lacking:
        return {}
    lines = "".join(f'<Default Extension="{name}" ContentType="image/{name}"/>' for name in lacking)
    whole = re.sub(r"<Types\b[^>]*>", lambda types: types.group() + lines, before, count=1)
    return {CONTENT_TYPES: deflated(CONTENT_TYPES, whole.encode())}


def kind_of(content: bytes) -> str:
    """`.png` or `.jpeg`, by how a picture begins; empty for anything else."""
    return next((suffix for suffix, start in KINDS.items() if content.startswith(start)), "")


def _as_wide(content: bytes, width: int, _height: int) -> str:
    """The extent of a picture so wide, in its own shape, but no higher than a page has room for."""
    return _fitted(content, width, HIGHEST)


def _fitted(content: bytes, width: int, height: int) -> str:
    """The largest extent within these sides that has the picture's own shape."""
    across, down = sides(content)
    if width * down > height * across:
        width = height * across // down
    else:
        height = width * down // across
    return f'cx="{width}" cy="{height}"'


def sides(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG picture in pixels, 1 by 1 where its beginning does not tell."""
    if content.startswith(_PNG):
        across, down = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
        return max(across, 1), max(down, 1)
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            down, across = (int.from_bytes(content[place : place + 2], "big") for place in (at + 5, at + 7))
            return max(across, 1), max(down, 1)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 1, 1


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


def _decoded(value: str, member: str | None, place: Place) -> bytes | None:
    """A picture that can take the place of the template's in `member` (None: of any kind); None for none.

    Raises Refused.
    """
    if value == "":
        return None
    path = (place.tag or "").removeprefix("picture: ")
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Fault("no-picture", {"field": path}, place)) from error
    kind = PurePosixPath(member).suffix.lower() if member is not None else kind_of(content)
    wanted = KINDS.get(kind)
    if wanted is None or not content.startswith(wanted) or len(content) > LARGEST:
        raise Refused(Fault("no-picture", {"field": path}, place))
    return content
