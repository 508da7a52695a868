"""How long Word documents with tables of 10, 100, 1,000 and 10,000 rows take, warm, in the limited child process.

Prints ratios, each to something measured in the same run: docxtpl's own render of the same template and data, and the
floor: read the zip, run precompiled Jinja over the prepared parts, write the zip. Exit 1 when a goal is missed: at most
0.1 of docxtpl up to 100 rows, 0.15 at 1,000, ten times the rows in at most eleven times the time, docxtpl's text.
"""

import io
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from typing import Any

import jinja2
from docx import Document
from docxtpl import DocxTemplate

from auditkit.documents import catalogue
from auditkit.documents.render import Renderer

GOALS = {10: 0.1, 100: 0.1, 1_000: 0.15}
ROUNDS = {10: 9, 100: 9, 1_000: 3}
GROWTH = 11.0
TEMPLATE = "findings-and-actions-register"


def data_with(rows: int) -> dict[str, Any]:
    """The example of the register with `rows` findings."""
    entry = catalogue.entry(TEMPLATE)
    data = catalogue.data_of(entry.context.example())
    data["findings"] = [
        {
            "number": f"F-{row}",
            "audit": f"IA-2026-{row % 12:02}",
            "grade": ("Minor nonconformity", "Observation", "Good practice")[row % 3],
            "clause": f"7.{row % 9 + 1}",
            "statement": f"Complaint C-{row:04} was acknowledged {row % 17} days after receipt; target < 3 & kept.",
            "state": "Action open",
        }
        for row in range(rows)
    ]
    return data


def by_docxtpl(source: bytes, data: dict[str, Any]) -> bytes:
    """docxtpl as its manual shows it, with values escaped."""
    template = DocxTemplate(io.BytesIO(source))
    template.render(data, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


class Floor:
    """What any renderer must do: unzip, run compiled Jinja, zip; no checks, no fixing, no other process."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        environment = jinja2.Environment(autoescape=True)
        patch = DocxTemplate(io.BytesIO(source)).patch_xml
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            self._parts = {
                name: environment.from_string(patch(archive.read(name).decode()))
                for name in archive.namelist()
                if name.startswith(("word/document", "word/header", "word/footer"))
            }

    def render(self, data: dict[str, Any]) -> bytes:
        """One document."""
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self._source)) as source,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for name in source.namelist():
                part = self._parts.get(name)
                target.writestr(name, part.render(data) if part else source.read(name))
        return out.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def text_of(content: bytes) -> list[str]:
    """Every text of the document, tables included, in order."""
    body = Document(io.BytesIO(content)).element.body
    return [node.text or "" for node in body.iter() if node.tag.endswith("}t")]


def main() -> int:
    """Measure, print, judge."""
    source = catalogue.entry(TEMPLATE).file.read_bytes()
    renderer = Renderer(size=1)
    floor = Floor(source)

    def ours(data: dict[str, Any]) -> bytes:
        out = io.BytesIO()
        renderer.render(source, data, out)
        return out.getvalue()

    reached = True
    for rows, goal in GOALS.items():
        data = data_with(rows)
        same = text_of(ours(data)) == text_of(by_docxtpl(source, data))
        to_docxtpl, to_floor = [], []
        for _ in range(ROUNDS[rows]):
            # Side by side in each round, so that what else the machine does falls on all of them.
            own = min(seconds(lambda: ours(data)) for _ in range(3))  # noqa: B023 - called at once
            to_docxtpl.append(own / seconds(lambda: by_docxtpl(source, data)))  # noqa: B023 - called at once
            to_floor.append(own / min(seconds(lambda: floor.render(data)) for _ in range(3)))  # noqa: B023 - called at once
        ratio = statistics.median(to_docxtpl)
        reached = reached and ratio <= goal and same
        print(f"Word, {rows:,} rows, warm, in the child process: {ratio:.3f} of docxtpl (goal {goal})")
        print(f"  of the floor (read zip, precompiled Jinja, write zip): {statistics.median(to_floor):.2f}")
        print(f"  text equal to docxtpl's: {'yes' if same else 'NO'}")
    some, many = data_with(1_000), data_with(10_000)
    growth = statistics.median(seconds(lambda: ours(many)) / seconds(lambda: ours(some)) for _ in range(3))
    reached = reached and growth <= GROWTH
    print(f"  10,000 rows take {growth:.1f} times 1,000 rows (goal {GROWTH:g})")
    renderer.close()
    print("goal reached" if reached else "GOAL MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
