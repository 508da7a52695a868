"""Own templates of the installation: numbered files in the instance, and a note which of them is in use.

`instance/doc_templates/<id>/<language>.<number>.docx`, and `<language>.in-use` with the number. Versions are kept.
Checked by tests/slices/documents/test_documents_own.py.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.documents.whole_file import written_whole

FOLDER = "doc_templates"
_LANGUAGE = re.compile("[a-z]{2}")


class TemplateGone(BadInput):
    message = N_("The template in use, %(name)s, is not there any more. Put it back, or run auditkit template drop")


@dataclass(frozen=True)
class Installed:
    """A version in use; `number` from 1."""

    path: Path
    number: int

    @property
    def name(self) -> str:
        """What messages call it: `audit-plan/en.2.docx`."""
        return f"{self.path.parent.name}/{self.path.name}"

    def read_bytes(self) -> bytes:
        """The Word file. Raises TemplateGone; another template is never put in its place."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise TemplateGone(name=self.name) from error


def in_use(instance: Path, template_id: str, language: str) -> Installed | None:
    """The installation's template for a document in a language, if one was taken into use."""
    try:
        number = int(_note(instance, template_id, language).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    return Installed(_file(instance, template_id, language, number), number)


def take(instance: Path, template_id: str, language: str, content: bytes) -> Installed:
    """Keep a template as the next version and take it into use. The caller has examined it."""
    place = instance / FOLDER / template_id
    place.mkdir(parents=True, exist_ok=True)
    taken = [int(path.name.split(".")[1]) for path in place.glob(f"{language}.*.docx")]
    number = max(taken, default=0) + 1
    file = _file(instance, template_id, language, number)
    with written_whole(file) as stream:
        stream.write(content)
    with written_whole(_note(instance, template_id, language)) as stream:
        stream.write(str(number).encode("ascii"))
    return Installed(file, number)


def drop(instance: Path, template_id: str, language: str) -> bool:
    """Use the shipped one again; False where none was in use."""
    note = _note(instance, template_id, language)
    if not note.exists():
        return False
    note.unlink()
    return True


def _file(instance: Path, template_id: str, language: str, number: int) -> Path:
    return instance / FOLDER / template_id / f"{language}.{number}.docx"


def _note(instance: Path, template_id: str, language: str) -> Path:
    if not _LANGUAGE.fullmatch(language):
        raise BadInput(N_("Give the language as two letters, such as fa"))
    return instance / FOLDER / template_id / f"{language}.in-use"
