"""Reads QR codes as a telephone does, without its mending of damage: from the picture to the text (ISO/IEC 18004).

The tables of blocks and of alignment patterns are segno's; how a symbol is laid out and read is written here anew.
"""

import io
import itertools
import re
from collections.abc import Callable, Iterator

from PIL import Image
from segno import consts

Modules = list[list[bool]]
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
FORMAT_MASK, LEVELS = 0x5412, {0: consts.ERROR_LEVEL_M, 1: consts.ERROR_LEVEL_L, 2: consts.ERROR_LEVEL_H,
                               3: consts.ERROR_LEVEL_Q}  # fmt: skip
BYTES = 4


def of_png(content: bytes) -> tuple[Modules, int]:
    """The modules of a picture, and how many modules wide the quiet zone around them is at its narrowest."""
    with Image.open(io.BytesIO(content)) as picture:
        grey = picture.convert("L")
    width, height = grey.size
    dark = [[grey.getpixel((x, y)) < 128 for x in range(width)] for y in range(height)]
    rows = [y for y in range(height) if any(dark[y])]
    columns = [x for x in range(width) if any(line[x] for line in dark)]
    top, left = rows[0], columns[0]
    finder = next(x for x in range(left, width) if not dark[top][x]) - left  # seven modules wide
    side, rest = divmod(finder, 7)
    assert rest == 0, "modules of unequal width"
    count, rest = divmod(columns[-1] + 1 - left, side)
    assert rest == 0
    assert count == (rows[-1] + 1 - top) / side, "not a square"
    modules = [
        [dark[top + y * side + side // 2][left + x * side + side // 2] for x in range(count)] for y in range(count)
    ]
    for y, x in itertools.product(range(rows[-1] + 1 - top), range(columns[-1] + 1 - left)):
        assert dark[top + y][left + x] == modules[y // side][x // side], "a module of two colours"
    quiet = min(top, left, width - 1 - columns[-1], height - 1 - rows[-1])
    return modules, quiet // side


def of_svg(drawn: str) -> tuple[Modules, int]:
    """The same of a picture that stands in a page: one path of runs, `M x y h width v1 h-width z`, on white."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', drawn)[1])
    runs = [tuple(map(int, one)) for one in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn)]
    dark = {(y, x + step) for x, y, width in runs for step in range(width)}
    quiet = min(min(y for y, _x in dark), min(x for _y, x in dark))
    assert max(y for y, _x in dark) == max(x for _y, x in dark) == size - 1 - quiet
    inner = range(quiet, size - quiet)
    return [[(y, x) in dark for x in inner] for y in inner], quiet


def read(modules: Modules) -> str:
    """The text of a symbol in the mode of bytes."""
    size = len(modules)
    version = (size - 17) // 4
    level, mask = _format(modules)
    free = _free(size, version)
    bits = [modules[y][x] != MASKS[mask](y, x) for y, x in _path(size) if (y, x) in free]
    words = [_number(bits[at : at + 8]) for at in range(0, len(bits) // 8 * 8, 8)]
    data = "".join(f"{one:08b}" for one in _data(words, version, level))
    assert int(data[:4], 2) == BYTES, "another mode"
    long = 8 if version < 10 else 16
    count = int(data[4 : 4 + long], 2)
    begin = 4 + long
    return bytes(int(data[at : at + 8], 2) for at in range(begin, begin + 8 * count, 8)).decode()


def _number(bits: list[bool]) -> int:
    return int("".join("1" if one else "0" for one in bits), 2)


def _format(modules: Modules) -> tuple[int, int]:
    """Level of correction and mask, from beside the upper left finder."""
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    said = _number([modules[y][x] for y, x in places]) ^ FORMAT_MASK
    return LEVELS[said >> 13], said >> 10 & 7


def _free(size: int, version: int) -> set[tuple[int, int]]:
    """Where data stand: what is no finder, timing, alignment, format or version."""
    free = set(itertools.product(range(size), repeat=2))
    free -= set(itertools.product(range(9), range(9)))
    free -= set(itertools.product(range(9), range(size - 8, size)))
    free -= set(itertools.product(range(size - 8, size), range(9)))
    free -= {place for at in range(size) for place in ((6, at), (at, 6))}
    if version > 1:
        centres, last = consts.ALIGNMENT_POS[version - 2], size - 7
        for y, x in itertools.product(centres, repeat=2):
            if (y, x) not in ((6, 6), (6, last), (last, 6)):
                free -= set(itertools.product(range(y - 2, y + 3), range(x - 2, x + 3)))
    if version > 6:
        free -= set(itertools.product(range(6), range(size - 11, size - 8)))
        free -= set(itertools.product(range(size - 11, size - 8), range(6)))
    return free


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Pairs of columns from the right, upwards and downwards by turns; the column of the timing is left out."""
    columns = [x for x in range(size - 1, -1, -1) if x != 6]
    for number, at in enumerate(range(0, len(columns), 2)):
        for step in range(size):
            y = step if number % 2 else size - 1 - step
            yield from ((y, x) for x in columns[at : at + 2])


def _data(words: list[int], version: int, level: int) -> list[int]:
    """The words of data in their order: those of several blocks come by turns."""
    lengths = [one.num_data for one in consts.ECC[version][level] for _number_of in range(one.num_blocks)]
    blocks: list[list[int]] = [[] for _length in lengths]
    source = iter(words)
    for turn in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if turn < length:
                block.append(next(source))
    return [word for block in blocks for word in block]
