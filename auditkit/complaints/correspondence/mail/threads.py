"""Which complaint a mail belongs to: only our reference together with the secret of that complaint's thread says so.

Who wrote (From) and which mail is answered (In-Reply-To) can be made up by anybody, so they decide nothing.
"""

import re
from dataclasses import dataclass

from auditkit.complaints.correspondence.mail.reading import Mail

TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # noqa: S105 - an alphabet
TOKEN_LENGTH = 16
"""Eighty bits, in letters that survive any change of case."""
_SIGN = re.compile(rf"([^\s\[\](){{}}<>+\"'“”«»,;:=]{{1,40}})\.([a-z2-7]{{{TOKEN_LENGTH}}})(?![a-z0-9])", re.IGNORECASE)
_REFERENCE = re.compile(r"[^\W_][\w/.\-]{2,38}[^\W_]")
_MOST = 50


@dataclass(frozen=True)
class Sign:
    """Reference and token found together. Both are compared without case."""

    reference: str
    token: str


def sign_of(reference: str, token: str) -> str:
    """The sign we put into subject, reply address and foot of a mail: `C-2026-000123.k7m2…`."""
    return f"{reference}.{token}"


def reply_address(address: str, reference: str, token: str) -> str:
    """`address` with the sign after a plus, where the sign can stand in an address; else `address`."""
    local, _at, domain = address.rpartition("@")
    sign = sign_of(reference, token)
    if not re.fullmatch(r"[A-Za-z0-9._-]+", sign) or ".." in sign or len(local) + len(sign) > 63:
        return address
    return f"{local}+{sign}@{domain}"


def signs_in(mail: Mail) -> list[Sign]:
    """Every sign in the addresses it went to, its subject and its words, in this order."""
    found: dict[Sign, None] = {}
    for text in (*mail.recipients, mail.subject, mail.text):
        for reference, token in _SIGN.findall(text):
            found.setdefault(Sign(reference.rpartition("+")[2].upper(), token.lower()))
    return list(found)[:_MOST]


def references_in(mail: Mail) -> list[str]:
    """Words of subject and beginning that could be a reference of ours: with a digit, in capitals."""
    words: dict[str, None] = {}
    for word in _REFERENCE.findall(f"{mail.subject}\n{mail.text[:4000]}"):
        if any(char.isdigit() for char in word) and not word.isdigit():
            words.setdefault(word.upper())
    return list(words)[:_MOST]


_QUOTE_HEAD = re.compile(
    r"^(?:on .{5,200} wrote:|"
    r".{3,200} (?:пишет|писал\(а\)|написал\(а\)?|έγραψε|yazdı|şunları yazdı|yazıb|نوشت|წერს)\s*:|"
    r"-{3,}\s*(?:original message|исходное сообщение|αρχικό μήνυμα|özgün ileti|پیام اصلی).*)$",
    re.IGNORECASE,
)


def new_and_quoted(text: str) -> tuple[str, str]:
    """(what the writer added, the trailing quotation of earlier mail). A quotation is folded, never lost."""
    lines = text.split("\n")
    end = len(lines)
    while end and (lines[end - 1].startswith(">") or not lines[end - 1].strip()):
        end -= 1
    quoted_from = end if any(line.startswith(">") for line in lines[end:]) else len(lines)
    for number, line in enumerate(lines[:quoted_from]):
        if _QUOTE_HEAD.match(line.strip()) and number:
            rest = [other for other in lines[number + 1 :] if other.strip()]
            if line.strip().startswith("---") or (rest and all(other.startswith(">") for other in rest)):
                quoted_from = number
                break
    if quoted_from == end and end and _QUOTE_HEAD.match(lines[end - 1].strip()):
        quoted_from = end - 1
    new = "\n".join(lines[:quoted_from]).rstrip()
    return (new, "\n".join(lines[quoted_from:]).strip("\n")) if new else (text, "")
