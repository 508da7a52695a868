"""Which encoding a text is in: certain where the bytes prove it, judged by letter frequencies where they cannot.

charset-normalizer alone takes short Turkish for Italian and Cyrillic in KOI8-R for Ukrainian or Hebrew, so the
encodings of our languages are weighed here first; it is asked only when none of them fits. Pure; checked by
tests/rules/test_importing_encodings.py.
"""

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

CERTAIN = "certain"
LIKELY = "likely"
UNSURE = "unsure"

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Letters of each language in per mille of its text, in lower case; from published frequency tables, rounded.
_RUSSIAN = (
    "о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 "
    "з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 "
    "ъ1 ё1 і1 є1 ї1 ґ1"
)
_GREEK = (
    "α100 ο90 ι80 τ80 ε75 ν70 σ50 ς40 η45 υ40 ρ45 π45 κ45 μ35 λ30 ά17 ω18 δ17 γ18 "
    "ί20 ό18 έ15 ή15 χ12 θ12 φ9 ώ9 ύ9 β8 ξ5 ζ4 "
    "ψ2 ϊ1 ΐ1 ϋ1"
)
_TURKISH = "ı51 ü19 ş18 ğ11 ç12 ö8 â1 î1 û1 é1 İ8"
_WESTERN = (
    "é20 ä6 ö5 ü7 ß3 è4 à6 ç3 ñ3 ó7 á6 í6 ú2 ã4 õ1 ê3 ô1 â2 î1 ù1 û1 ò2 ì1 å4 ø3 æ3 "
    "ë1 ï1 œ1 ð1 þ1 ý1 ÿ1 £1 €2 °1 «1 »1 ’8 ‘1 "
    "“3 ”3 –4 …1 ¿1 ¡1 §1"
)
_ARABIC = (
    "ا130 ل110 ي70 م65 و60 ن60 ر55 ت45 ب40 ة25 ع35 د40 س30 ف25 ه50 ك20 ق20 أ15 ح18 "
    "ج15 ش18 ط8 ص8 خ10 ى8 إ7 ض5 ذ6 ز12 ث5 غ4 ء5 "
    "ظ2 ؤ2 ئ3 آ5 پ8 چ3 ژ1 گ10 ک1 ،3 ؟1"
)

_CANDIDATES: tuple[tuple[str, str], ...] = (
    ("cp1251", _RUSSIAN),
    ("koi8-r", _RUSSIAN),
    ("cp866", _RUSSIAN),
    ("cp1253", _GREEK),
    ("cp1254", _TURKISH),
    ("cp1256", _ARABIC),
    ("cp1252", _WESTERN),
)

_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (with a mark)",
    "utf-16": "UTF-16 (with a mark)",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32": "UTF-32",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "cp1252": "Windows-1252 (Western European)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1256": "Windows-1256 (Arabic script)",
}


def known_encodings() -> list[tuple[str, str]]:
    """(codec, name for people) of the encodings a person may choose from."""
    return [(codec, name) for codec, name in _NAMES.items() if "mark" not in name]


_UNKNOWN_LETTER = math.log(2e-5)
_NOT_A_LETTER = math.log(2e-6)
_CAPITAL = -2.5  # once for a word that begins with a capital, and once for a word of capitals
_CASE_JUMP = -4.0  # a capital after a small letter in one word: what KOI8-R read as 1251 looks like
_MIXED_SCRIPTS = -6.0  # a Cyrillic letter beside a Latin one in one word
_ACCENTS_IN_A_ROW = -3.0  # Latin words seldom have three accented letters in a row; misread Greek has nothing else
_GOOD_ENOUGH = -6.5  # mean log-probability of a letter below which the text is in none of our languages
_CLEARLY_BETTER = 0.25  # mean log-probability by which the best must lead
_ENOUGH_LEAD = 3.0  # and in total, so that two letters do not decide
_WORD = re.compile(r"\w+")
SAMPLE_BYTES = 200_000


@dataclass(frozen=True)
class EncodingGuess:
    """`codec` is a Python codec, `certainty` one of CERTAIN, LIKELY, UNSURE; `broken` counts bytes not in UTF-8."""

    codec: str
    certainty: str
    broken: int = 0

    @property
    def name(self) -> str:
        """The name people know the encoding by."""
        return _NAMES.get(self.codec, self.codec)


def judge(blocks: Iterable[bytes]) -> EncodingGuess:
    """The encoding of a text handed over in blocks. Reads all of it; keeps about SAMPLE_BYTES of telling lines."""
    stream = iter(blocks)
    first = next(stream, b"")
    for mark, codec in _BOMS:
        if first.startswith(mark):
            return EncodingGuess(codec, CERTAIN)
    wide = _wide_without_mark(first)
    if wide:
        return EncodingGuess(wide, LIKELY)
    valid, broken, sample = _check_utf8(_chain(first, stream))
    if not broken:
        return EncodingGuess("utf-8", CERTAIN)
    if valid > 20 * broken:  # nearly all of it is UTF-8: the rest is damage, and is told row by row
        return EncodingGuess("utf-8", LIKELY, broken)
    return judge_single_byte(sample)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 without a mark shows as zero bytes on one side of nearly every pair."""
    sample = head[: 4000 - 4000 % 2]
    pairs = len(sample) // 2
    if pairs < 4:
        return None
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > pairs * 0.4 and low < pairs * 0.05:
        return "utf-16-le"
    if low > pairs * 0.4 and high < pairs * 0.05:
        return "utf-16-be"
    return None


def _check_utf8(blocks: Iterable[bytes]) -> tuple[int, int, bytes]:
    """(multi-byte characters that are sound, bytes that are not UTF-8, a sample of lines with bytes over 127)."""
    valid = broken = 0
    sample = bytearray()
    rest = b""
    for block in blocks:
        data = rest + block
        rest = b""
        if data.isascii():
            continue
        while data:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                if error.end == len(data) and error.reason == "unexpected end of data":
                    rest = data[error.start :]
                    text = data[: error.start].decode("utf-8")
                    data = b""
                else:
                    text = data[: error.start].decode("utf-8")
                    broken += error.end - error.start
                    data = data[error.end :]
            else:
                data = b""
            valid += _multibyte(text)
            if broken > 5_000 and valid < broken:
                data = b""
        if len(sample) < SAMPLE_BYTES:
            sample += b"\n".join(line for line in block.splitlines() if not line.isascii())
        if broken > 5_000 and valid < broken and len(sample) >= SAMPLE_BYTES:
            break
    return valid, broken + len(rest), bytes(sample[:SAMPLE_BYTES])


def _multibyte(text: str) -> int:
    return 0 if text.isascii() else sum(1 for char in text if char > "\x7f")


@cache
def _model(table: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for entry in table.split():
        letter, weight = entry[0], entry[1:]
        weights[letter] = float(weight)
    total = sum(weights.values())
    model: dict[str, float] = {}
    for letter, value in weights.items():
        model[letter] = math.log(value / total)
    return model


def judge_single_byte(sample: bytes) -> EncodingGuess:
    """The likeliest single-byte encoding of `sample` (text that is not UTF-8)."""
    scores: list[tuple[float, str, str]] = []
    for codec, table in _CANDIDATES:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        scores.append((score(text, _model(table), latin=table in (_TURKISH, _WESTERN)), codec, text))
    scores.sort(reverse=True)
    if scores:
        best, codec, text = scores[0]
        rivals = [lower for lower, _codec, other in scores[1:] if other != text]  # the same text is no rival
        lead = best - (rivals[0] if rivals else -99.0)
        letters = sum(1 for char in text if char > "\x7f")
        if best > _GOOD_ENOUGH and lead > _CLEARLY_BETTER and lead * letters > _ENOUGH_LEAD:
            return EncodingGuess(codec, LIKELY)
    from charset_normalizer import from_bytes  # heavy, and seldom needed

    asked = from_bytes(sample).best()
    if asked is not None and not scores:
        return EncodingGuess(asked.encoding.replace("_", "-"), UNSURE)
    if asked is not None and scores[0][0] <= _GOOD_ENOUGH:
        return EncodingGuess(asked.encoding.replace("_", "-"), UNSURE)
    return EncodingGuess(scores[0][1] if scores else "cp1252", UNSURE)


def score(text: str, model: dict[str, float], *, latin: bool) -> float:
    """Mean log-probability of the non-ASCII characters of `text` under a `model`, less what no language has."""
    total = 0.0
    count = 0
    for word in _WORD.findall(text):
        if not word.isascii():
            total += _word_score(word, model, latin)
            count += sum(1 for char in word if char > "\x7f")
    for char in text:
        if char > "\x7f" and not (char.isalnum() or char == "_"):
            total += model.get(char, _NOT_A_LETTER)
            count += 1
    return total / count if count else -99.0


def _word_score(word: str, model: dict[str, float], latin: bool) -> float:
    total = 0.0
    run = 0
    capitals = len(word) > 1 and word.isupper()
    if capitals or word[0].isupper():
        total += _CAPITAL
    before = ""
    for char in word:
        if char <= "\x7f":
            run = 0
        else:
            run += 1
            total += model.get(char) or model.get(char.lower(), _UNKNOWN_LETTER if char.isalpha() else _NOT_A_LETTER)
            if latin and run > 2:
                total += _ACCENTS_IN_A_ROW
        if before:
            if not latin and (before > "\x7f") != (char > "\x7f") and before.isalpha() and char.isalpha():
                total += _MIXED_SCRIPTS
            if before.islower() and char.isupper():
                total += _CASE_JUMP
        before = char
    return total
