"""Which field of the data stands in which paragraph of a document, found by rendering it once more.

Every text and number of the data carries its own path through the render (`Traced`); where the template prints it, a
mark follows it into the paragraph. A value that a filter made anew has lost its path and is left out, never guessed.
Runs in the child process. Checked by tests/slices/documents/test_documents_tracing.py.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.parser import parse_xml

from auditkit.documents.digits import PersianNumber
from auditkit.documents.faults import Place
from auditkit.documents.places import paragraphs

OPEN, CLOSE = "\ufdd4", "\ufdd5"
_MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")


class Traced(str):
    """A text that knows its mark."""

    mark = ""


class TracedNumber(int):
    """A whole number that knows its mark."""

    mark = ""


class TracedPersian(TracedNumber):
    """One that is printed in Persian digits."""

    def __str__(self) -> str:
        return str(PersianNumber(self))


def traced(data: Any, paths: list[str], path: str = "") -> Any:
    """The same data, each text and number with a mark; `paths` gets the path that mark n stands for."""
    if isinstance(data, dict):
        return {name: traced(value, paths, f"{path}.{name}" if path else name) for name, value in data.items()}
    if isinstance(data, list):
        return [traced(value, paths, f"{path}[{index}]") for index, value in enumerate(data)]
    if isinstance(data, bool) or not isinstance(data, (str, int)):
        return data
    kept = _kept(data)
    kept.mark = f"{OPEN}{len(paths)}{CLOSE}"
    paths.append(path)
    return kept


def _kept(data: str | int) -> Traced | TracedNumber:
    if isinstance(data, str):
        return Traced(data)
    return TracedPersian(data) if isinstance(data, PersianNumber) else TracedNumber(data)


def found(content: bytes, part: str, paths: list[str]) -> Iterator[tuple[Place, str, list[str]]]:
    """Each paragraph of a rendered part that shows data: its place, its text, the paths in the order printed."""
    for paragraph in paragraphs(parse_xml(content), part):
        numbers = _MARK.findall(paragraph.text)
        if numbers:
            yield paragraph.place, _MARK.sub("", paragraph.text), [paths[int(number)] for number in numbers]
