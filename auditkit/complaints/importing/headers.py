"""Where a table begins: the row of column names, below titles and above the data, or none at all. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_VALUE = re.compile(
    r"""[-+]?[\d\u06f0-\u06f9\u0660-\u0669][\d\u06f0-\u06f9\u0660-\u0669.,:/ \-TZ+]*%?  # numbers, dates, times
      | https?://\S* | \S+@\S+\.\S+ | true | false""",
    re.VERBOSE | re.IGNORECASE,
)
LOOKED_AT = 60


@dataclass(frozen=True)
class HeaderChoice:
    """`index` of the header among the records looked at, or None; `width` the number of columns.

    `sure` when names were recognised or nothing else could be the header.
    """

    index: int | None
    width: int
    sure: bool


def choose_header(records: Sequence[Sequence[str]], is_known: Callable[[str], bool]) -> HeaderChoice:
    """Find the header among the first records (blank ones included as empty lists)."""
    looked_at = records[:LOOKED_AT]
    filled = [index for index, cells in enumerate(looked_at) if any(cell.strip() for cell in cells)]
    if not filled:
        return HeaderChoice(None, 0, sure=True)
    known = {index: sum(1 for cell in looked_at[index] if cell.strip() and is_known(cell)) for index in filled}
    best = max(filled, key=lambda index: (known[index], -index))
    if known[best] >= 2:
        return HeaderChoice(best, _width(looked_at, best), sure=True)
    width = _usual_width([looked_at[index] for index in filled])
    for index in filled:
        cells = looked_at[index]
        names = [cell.strip() for cell in cells if cell.strip()]
        if len(cells) not in (width, width - 1) or len(names) * 2 < width or (width > 1 and len(names) < 2):
            continue  # a title above the table
        if any(_VALUE.fullmatch(name) for name in names):
            return HeaderChoice(None, width, sure=False)  # data already: there is no header
        return HeaderChoice(index, _width(looked_at, index), sure=known[index] > 0)
    return HeaderChoice(None, width, sure=False)


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(cells) for cells in records)
    return max(widths, key=lambda width: (widths[width] * (width > 1), widths[width], width))


def _width(records: Sequence[Sequence[str]], header: int) -> int:
    """The header's own width, or one more when every row ends in a delimiter and the header does not."""
    width = len(records[header])
    below = [cells for cells in records[header + 1 :] if any(cell.strip() for cell in cells)]
    if below and all(len(cells) == width + 1 and not cells[-1].strip() for cells in below):
        return width + 1
    return width


def display_names(header: Sequence[str], width: int) -> list[str]:
    """Names to show for each column, unique: "Name", "Name (3)", "Column 4" for an empty one."""
    seen: set[str] = set()
    names: list[str] = []
    for position in range(1, width + 1):
        raw = " ".join(header[position - 1].split()) if position <= len(header) else ""
        name = raw or f"Column {position}"
        if name in seen:
            name = f"{name} ({position})"
        seen.add(name)
        names.append(name)
    return names
