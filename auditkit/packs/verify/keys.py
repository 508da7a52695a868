"""The organisation's list of keys: which key signed, whether it was retired or revoked, and since when.

The list is the one published at /.well-known/auditkit-keys.json. It must come by another way than the pack: what it
says of a key is trusted as the organisation's word. tests/slices/packs/test_keys.py checks it.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auditkit.packs.verify.report import N_, Report, Unusable, problem, shown
from auditkit.packs.verify.signature import fingerprint, fits, read_public_key

FORMAT = "auditkit-keys/1"
MAX_LIST = 1 << 20


@dataclass(frozen=True)
class ListedKey:
    """A key of the list; days are ISO 8601, empty where nothing happened."""

    key: Ed25519PublicKey
    retired_on: str
    revoked_since: str
    why: str


class KeyList:
    """The keys by fingerprint."""

    def __init__(self, keys: dict[str, ListedKey], signed_with: str) -> None:
        self.keys = keys
        self.signed_with = signed_with

    def tell(self, report: Report, key: Ed25519PublicKey, stamped: str | None) -> None:
        """What the list says of the key that signed. `stamped`: the day a time stamp proves, None without one."""
        one = self.keys[fingerprint(key)]
        dated = str(report.pack.get("dated", ""))[:10]
        if one.revoked_since:
            report.pack["key_state"] = f"revoked since {one.revoked_since}"
            when = stamped or dated
            if when >= one.revoked_since:
                report.problems.append(
                    problem(
                        "revoked-key", None,
                        N_("The key is revoked since %(since)s (%(why)s), and the pack is of %(when)s"),
                        since=one.revoked_since, why=one.why, when=when,
                    )
                )  # fmt: skip
            elif stamped:
                report.did(
                    N_("The key is revoked since %(since)s; a time stamp proves that the pack was signed on %(when)s"),
                    since=one.revoked_since, when=stamped,
                )  # fmt: skip
            else:
                report.left_out(
                    N_(
                        "Whether it was signed before its key was revoked (since %(since)s: %(why)s): not checked, "
                        "because only the pack itself says that it is of %(when)s"
                    ),
                    since=one.revoked_since, why=one.why, when=when,
                )  # fmt: skip
        elif one.retired_on:
            report.pack["key_state"] = f"retired on {one.retired_on}"
            report.did(N_("It is signed with a key retired on %(day)s, as the list of keys says"), day=one.retired_on)
        else:
            report.pack["key_state"] = "current"


def read_key_list(path: Path) -> KeyList:
    """The list in a file. Raises Unusable where it is none, or its signature is not by a key on it that is trusted."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(MAX_LIST))
        keys = {one["fingerprint"]: _listed(one) for one in told["keys"]}
        text = json.dumps(told["keys"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        signature = base64.b64decode(told["signature"])
        signer = keys[told["signed_with"]]
        known = told["format"] == FORMAT
    except OSError as error:
        raise Unusable(
            N_("The list of keys cannot be read: %(reason)s"), reason=error.strerror or str(error)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(N_("This is no list of keys. Ask the organisation for its auditkit-keys.json")) from error
    if not known or signer.revoked_since or not fits(signer.key, signature, text.encode()):
        raise Unusable(N_("The list of keys was changed: its signature is not by the key in force on it"))
    if any(fingerprint(one.key) != name for name, one in keys.items()):
        raise Unusable(N_("The list of keys was changed: a fingerprint on it is not that of its key"))
    return KeyList(keys, told["signed_with"])


def _listed(one: dict[str, Any]) -> ListedKey:
    key = read_public_key(one["public_key"].encode())
    if key is None:
        raise ValueError("no key")
    return ListedKey(
        key, str(one.get("retired_on", "")), str(one.get("revoked_since", "")), shown(str(one.get("why", "")))
    )
