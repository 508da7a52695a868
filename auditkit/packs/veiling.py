"""What a redacted pack withholds: personal values become marks, and each mark a salted leaf.

Every name of a person of the organisation is looked for in every text of a pack, wherever it stands, and so are e-mail
addresses and international telephone numbers; a mark such as `[V-0003]` takes its place. Marks are numbered as they
are met, so the same records give the same marks. The salts come from the signing key, so that they need not be kept
and nobody without the key can make them. `verify/leaves.py` is the reading side; tests/rules/test_packs_veiling.py and
tests/slices/packs/test_redacted.py hold both.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from auditkit.packs.signer import Signer
from auditkit.packs.verify import layout
from auditkit.packs.verify.salting import leaf

PERSON, EMAIL, TELEPHONE = "person", "e-mail", "telephone"
MIN_PART = 4
"""A part of a name shorter than this is only looked for within the whole name: `Li` or `Ann` stand in many words."""

_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_TELEPHONE = r"\+\d[\d ()/-]{6,}\d"
_KEPT_TEXTS = 20_000


@dataclass(frozen=True)
class PersonalValue:
    """A value that a mark stands for. `id` is the mark without brackets."""

    id: str
    kind: str
    value: str


class Veil:
    """Puts marks in the place of personal values. `kept` are texts that stay, whoever is named in them."""

    def __init__(self, people: Iterable[str], kept: Iterable[str] = ()) -> None:
        names = {name for name in people if name.strip()}
        names |= {part for name in names for part in name.split() if len(part) >= MIN_PART}
        self._names = {name.casefold(): name for name in sorted(names)}
        kept = {text for text in kept if text.strip()}
        self._kept = {text.casefold() for text in kept}
        known = sorted({*kept, *names}, key=lambda text: (-len(text), text))
        names_of_people = rf"|(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)" if known else ""
        without_address = rf"(?P<telephone>{_TELEPHONE})" + names_of_people
        self._without_address = re.compile(without_address, re.IGNORECASE)
        self._pattern = re.compile(rf"(?P<email>{_EMAIL})|{without_address}", re.IGNORECASE)
        self._values: dict[tuple[str, str], PersonalValue] = {}
        self._seen: dict[str, str] = {}

    @property
    def values(self) -> list[PersonalValue]:
        """The values that were met so far, in the order of their marks."""
        return list(self._values.values())

    def hide(self, text: str) -> str:
        """The text with marks for personal values."""
        hidden = self._seen.get(text)
        if hidden is None:
            # Looking for addresses takes as long as looking for all else
            pattern = self._pattern if "@" in text else self._without_address
            hidden = pattern.sub(self._mark, text)
            if len(self._seen) < _KEPT_TEXTS:
                self._seen[text] = hidden
        return hidden

    def hide_in(self, value: Any) -> Any:
        """The same plain JSON value with every text in it hidden; keys stay."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, dict):
            return {key: self.hide_in(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.hide_in, value))
        return value

    def _mark(self, match: re.Match[str]) -> str:
        found = match[0]
        if match.lastgroup == "email":
            kind, value = EMAIL, found
        elif match.lastgroup == "telephone":
            kind, value = TELEPHONE, found
        elif (folded := found.casefold()) in self._kept:
            return found
        else:
            kind, value = PERSON, self._names.get(folded, found)
        if (kind, value) not in self._values:
            self._values[kind, value] = PersonalValue(f"V-{len(self._values) + 1:04d}", kind, value)
        return f"[{self._values[kind, value].id}]"


@dataclass(frozen=True, slots=True)
class BothForms:
    """A file of a pack in its two forms: where it lies and its digest; None where the redacted form holds none."""

    whole_path: str
    whole: str
    redacted_path: str
    redacted: str | None


@dataclass
class Leaves:
    """What is committed to: files of both forms, personal values, and the files that each form has for itself."""

    files: list[BothForms] = field(default_factory=list)
    values: list[PersonalValue] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    def sealed(self, signer: Signer, pack: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """`leaves.json` and `personal-values.json`. `pack` says which pack it is; other packs have other salts."""
        salt = partial(_salt, _secret(signer, pack))
        files, opened = [], []
        for one in sorted(self.files, key=lambda one: one.redacted_path):
            hidden = None
            if one.redacted != one.whole or one.redacted_path != one.whole_path:
                own = salt("file", one.redacted_path, one.whole_path, one.whole)
                hidden = leaf(own, one.redacted_path, one.whole_path, one.whole)
                opened.append({"redacted": one.redacted_path, "path": one.whole_path, "sha256": one.whole, "salt": own})
            files.append([one.redacted_path, one.redacted, hidden])
        salted = [(one, salt("value", one.id, one.kind, one.value)) for one in self.values]
        leaves = {
            "format": layout.LEAVES_FORMAT,
            "pack": pack,
            "files": files,
            "own": sorted(self.own),
            "values": [[one.id, one.kind, leaf(own, one.id, one.kind, one.value)] for one, own in salted],
        }
        opening = {
            "format": layout.LEAVES_FORMAT,
            "files": opened,
            "values": [{"id": one.id, "kind": one.kind, "value": one.value, "salt": own} for one, own in salted],
        }
        return leaves, opening


def _secret(signer: Signer, pack: dict[str, Any]) -> bytes:
    """What only the holder of the key can make, the same for the same pack: a signature that is never told."""
    said = json.dumps(["auditkit: salts of a pack", pack], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(signer.sign(said.encode())).digest()


_as_json = json.JSONEncoder(ensure_ascii=False).encode


def _salt(secret: bytes, *said: str) -> str:
    """32 bytes (hex) for one value or file."""
    return hmac.digest(secret, _as_json(said).encode("utf-8", "surrogatepass"), "sha256").hex()
