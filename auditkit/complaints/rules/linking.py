"""Complaints that belong together: the same person again, and members named with @ in a note."""

import re
from collections.abc import Iterable, Mapping

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.folding import fold
from auditkit.base.text import N_

_DIGITS = re.compile(r"\D+")
_SAME_PHONE = 8
CAUSE_NOT_FOUND = "not-determined"
"""The word of the list of root causes for one that was looked for in vain: no two cases share it."""


class LinkedToItself(BadInput):
    message = N_("Enter the reference of another complaint")


class LinkedAlready(RuleBroken):
    message = N_("These two are linked already")


class NotLinked(RuleBroken):
    message = N_("These two are not linked")


class DuplicateOfDuplicate(RuleBroken):
    message = N_("%(reference)s was itself closed as a duplicate. Enter the reference of the record that goes on")


class NothingMentioned(RuleBroken):
    message = N_("No note here mentions you that you have not read")


class NothingWritten(BadInput):
    message = N_("The note is empty. Write it first")


def same_person(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two identities (name, email, phone, postcode, city) are the same person's, as far as one can tell.

    The same e-mail or telephone number is enough; the same name only together with the same postcode or town.
    """
    if one.get("email") and fold(one["email"]) == fold(other.get("email", "")):
        return True
    if _phone(one) and _phone(one) == _phone(other):
        return True
    if not one.get("name") or _words(one["name"]) != _words(other.get("name", "")):
        return False
    return any(one.get(part) and fold(one[part]) == fold(other.get(part, "")) for part in ("postcode", "city"))


def _phone(identity: Mapping[str, str]) -> str:
    # Without country and trunk prefixes, which people write or leave out.
    digits = _DIGITS.sub("", fold(identity.get("phone", "")))
    return digits[-_SAME_PHONE:] if len(digits) >= _SAME_PHONE else ""


def _words(name: str) -> list[str]:
    return sorted(fold(name).split())


def mentioned(note: str, people: Mapping[int, Iterable[str]]) -> list[int]:
    """The people whom a note names with @, in the order of `people`.

    `people`: id -> what each may be called (name, beginning of the e-mail address); compared as search compares. The
    longest name that fits counts, so that @Anna Lee is not @Anna too.
    """
    known = sorted(
        ((fold(called), person_id) for person_id, names in people.items() for called in names if called.strip()),
        key=lambda one: -len(one[0]),
    )
    text = fold(note)
    found: set[int] = set()
    for place in (match.end() for match in re.finditer("@", text)):
        for called, _person_id in known:
            end = place + len(called)
            if text.startswith(called, place) and not text[end : end + 1].isalnum():
                found.update(other for name, other in known if name == called)
                break
    return [person_id for person_id in people if person_id in found]
