"""The same picture as PNG, for Word and for download: white ground, dark ink, whatever the screen shows."""

import re
from functools import lru_cache

from auditkit.base.charts.drawing import drawn
from auditkit.base.charts.manner import Manner
from auditkit.base.charts.pen import ARABIC, GEORGIAN, OTHERS
from auditkit.base.charts.shapes import Chart
from auditkit.base.text import N_, _

SCRIPTS: tuple[tuple[str, str, re.Pattern[str], str, str], ...] = (
    ("latin", N_("Latin"), re.compile("[A-Za-z\u00c0-\u024f]"), "ağz", OTHERS),
    ("greek", N_("Greek"), re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "αβγ", OTHERS),
    ("cyrillic", N_("Cyrillic"), re.compile("[\u0400-\u052f]"), "ажы", OTHERS),
    ("georgian", N_("Georgian"), re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]"), "ქარ", GEORGIAN),
    ("arabic", N_("Persian and Arabic"), re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]"), "شکی", ARABIC),
)
"""Scripts of our languages: key, name, which letters are of it, a few letters to try, the fonts that are asked."""
_IN_NO_FONT = "\u0378\u0379\u0380"


def png(chart: Chart, manner: Manner, *, zoom: float = 2.0) -> bytes:
    """The chart as PNG, 640 units wide times `zoom`. Raises ValueError where the picture cannot be made."""
    return _painted(str(drawn(chart, manner)), zoom)


def fonts_missing(chart: Chart, manner: Manner) -> list[str]:
    """Names of scripts in this chart for which the machine has no font, so that its PNG has gaps; usually empty."""
    letters = str(drawn(chart, manner))
    # Attributes and names of elements are Latin anyhow: without that nothing can be drawn.
    return [_(title) for key, title, letter, _few, _family in SCRIPTS if letter.search(letters) and not _has(key)]


def missing_letters(chart: Chart, manner: Manner) -> str:
    """What to tell the reader of a document about letters that could not be drawn; empty where all could."""
    missing = fonts_missing(chart, manner)
    if not missing:
        return ""
    return _(
        "This computer has no font for %(scripts)s, so letters are missing in the picture. Install the Noto fonts; "
        "the table holds every word",
        scripts=", ".join(missing),
    )


@lru_cache(maxsize=16)
def _has(key: str) -> bool:
    """Whether some font has the letters of a script: they look otherwise than letters that no font has."""
    few, family = next((one[3], one[4]) for one in SCRIPTS if one[0] == key)
    blank = _painted(_word("", family), 1)
    return _painted(_word(few, family), 1) not in (blank, _painted(_word(_IN_NO_FONT, family), 1))


def _word(letters: str, family: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 30" width="80" height="30">'
        f'<text x="10" y="22" font-size="16" font-family="{family}">{letters}</text></svg>'
    )


def _painted(svg: str, zoom: float) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", zoom=zoom))
