"""The demo's look: its logo, and its own Word template, the audit plan in the house's colour from the shipped file."""

import io
import zipfile
from importlib.resources import files

from auditkit.accounts.look import service as look
from auditkit.documents import catalogue
from auditkit.documents.own import service
from auditkit.evidence.logos.drawing import cleaned
from auditkit.instance.demo.story import Story

TEMPLATE = "audit-plan"
STYLES, BODY = "word/styles.xml", "word/document.xml"
LAKE = "0B5C6B"
LOGO = "lakeside.png"
CHANGES = {
    STYLES: (
        '<w:rPr><w:b/><w:sz w:val="52"/></w:rPr>',
        f'<w:rPr><w:b/><w:color w:val="{LAKE}"/><w:sz w:val="52"/></w:rPr>',
    ),
    BODY: ("{{ organisation.name }}</w:t>", "{{ organisation.name }} · Quality and service</w:t>"),
}
"""Member -> what stands in the shipped file, and what the house wants there."""


def tell(story: Story) -> None:
    """The administrator sets the logo; Quentin restyles the plan, uploads it and takes it into use."""
    picture = cleaned(files(__package__).joinpath(LOGO).read_bytes())
    story.tell("ada", lambda tx, actor: look.set_logo(tx, look.SetLogo(picture), story.at(112), actor))
    shipped = catalogue.entry(TEMPLATE).file.read_bytes()
    note = "Our colour, and the department beside the name"
    added = service.Add(TEMPLATE, "en", "audit-plan Lakeside.docx", restyled(shipped), note)
    number = story.tell("quentin", lambda tx, actor: service.add(tx, added, story.at(112), actor))
    taken = service.Take(TEMPLATE, "en", number)
    story.tell("quentin", lambda tx, actor: service.take(tx, taken, story.at(112), actor))


def restyled(shipped: bytes) -> bytes:
    """The shipped Word file with the house's changes. Raises ValueError where it no longer holds what they replace."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shipped)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename in CHANGES:
                was, wanted = CHANGES[member.filename]
                if was not in content.decode():
                    raise ValueError(f"{member.filename} of {TEMPLATE} no longer holds {was}")
                content = content.decode().replace(was, wanted, 1).encode()
            told = zipfile.ZipInfo(member.filename, (2026, 1, 1, 0, 0, 0))
            target.writestr(told, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
