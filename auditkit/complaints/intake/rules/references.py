"""How an organisation's references look, such as `C-2026-000123`, and why none can be taken for another.

The number counts within the year and goes on when the pattern changes. A reference read as text with every run of
digits taken out shows the shape of its pattern; a new pattern has a shape that no earlier one had, or is an earlier one
with another number of zeros. So no two complaints ever share a reference, whatever patterns came and went.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_

DEFAULT_PATTERN = "C-{year}-{number:06}"
LONGEST_PATTERN = 30
_PATTERN = re.compile(
    r"(?P<start>[A-Z0-9.-]*)(?P<one>\{year\}|\{number(?::0\d{1,2})?\})(?P<middle>[A-Z0-9.-]*)"
    r"(?P<two>\{year\}|\{number(?::0\d{1,2})?\})(?P<end>[A-Z0-9.-]*)"
)
_DIGITS = re.compile(r"[0-9]+")


class PatternMalformed(BadInput):
    message = N_(
        "Write the pattern with {year} and {number}, such as C-{year}-{number:06}. Around them only A-Z, 0-9, hyphens "
        "and dots may stand, and no digit right beside them"
    )


class PatternAmbiguous(RuleBroken):
    message = N_(
        "Such references could be taken for those given out as %(earlier)s. Change the letters, or put one in front"
    )


@dataclass(frozen=True)
class Pattern:
    """`start`, `middle` and `end` are fixed texts; `width` the least number of digits of the running number."""

    text: str
    start: str
    middle: str
    end: str
    year_first: bool
    width: int

    def reference(self, year: int, number: int) -> str:
        """The reference of the `number`-th complaint recorded in `year`."""
        parts = [f"{year:04d}", f"{number:0{self.width}d}"]
        one, two = parts if self.year_first else reversed(parts)
        return f"{self.start}{one}{self.middle}{two}{self.end}"

    @property
    def shape(self) -> str:
        """What its references look like with every run of digits as one mark."""
        return _DIGITS.sub("#", f"{self.start}0{self.middle}0{self.end}")

    @property
    def fixed(self) -> tuple[str, str, str, bool]:
        """All of it but the number of zeros."""
        return self.start, self.middle, self.end, self.year_first


def parse_pattern(text: str) -> Pattern:
    """The pattern that `text` writes. Raises PatternMalformed."""
    found = _PATTERN.fullmatch(text.strip())
    if found is None or len(text.strip()) > LONGEST_PATTERN:
        raise PatternMalformed
    start, middle, end = found["start"], found["middle"], found["end"]
    number = found["two"] if found["one"] == "{year}" else found["one"]
    years = [found["one"], found["two"]].count("{year}")
    touching = start[-1:].isdigit() or end[:1].isdigit() or middle[:1].isdigit() or middle[-1:].isdigit()
    if years != 1 or not middle or touching or start[:1] in ("-", "."):
        raise PatternMalformed
    width = int(number.partition(":0")[2].rstrip("}") or 1)
    if not 1 <= width <= 9:
        raise PatternMalformed
    return Pattern(text.strip(), start, middle, end, found["one"] == "{year}", width)


def check_new_pattern(text: str, earlier: Iterable[str]) -> Pattern:
    """The pattern of references from now on. Raises PatternMalformed or PatternAmbiguous."""
    pattern = parse_pattern(text)
    for before in map(parse_pattern, earlier):
        if before.shape == pattern.shape and before.fixed != pattern.fixed:
            raise PatternAmbiguous(earlier=before.text)
    return pattern


def typed_reference(text: str) -> str:
    """What somebody typed as a reference, as it is stored: upper case, plain digits and hyphens, no spaces."""
    plain = unicodedata.normalize("NFKC", text)
    letters = [str(unicodedata.digit(char)) if char.isdigit() else char for char in plain if not char.isspace()]
    return re.sub(r"[‐‑‒–—―−]", "-", "".join(letters)).upper()[:60]
