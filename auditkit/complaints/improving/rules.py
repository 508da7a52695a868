"""When complaints can be gathered under one action. Pure."""

import re
from collections.abc import Iterable

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_

GATHERED = event("complaints:gathered-for-action", N_("Complaints gathered for an action"))

LONGEST_TITLE = 200
MOST = 500
_SPLIT = re.compile(r"[\s,;]+")


class NothingGathered(BadInput):
    message = N_("Enter the references of the complaints, one a line")


class TooManyGathered(BadInput):
    message = N_("At most %(most)s complaints stand behind one action. Open it from the category instead")


class TitleMissing(BadInput):
    message = N_("Say in a few words what these complaints have in common")


class NotFoundHere(BadInput):
    message = N_("These references are not in the register: %(references)s")


class CategoryUnknown(BadInput):
    message = N_("No complaint has this category")


def references_in(text: str) -> list[str]:
    """The references that a text lists, each once. Raises NothingGathered, TooManyGathered."""
    found = list(dict.fromkeys(one for one in _SPLIT.split(text) if one))
    if not found:
        raise NothingGathered
    if len(found) > MOST:
        raise TooManyGathered(most=MOST)
    return found


def check_title(text: str) -> str:
    """Raises TitleMissing."""
    title = " ".join(text.replace("\x00", "").split())[:LONGEST_TITLE]
    if not title:
        raise TitleMissing
    return title


def missing(wanted: Iterable[str], found: Iterable[str]) -> list[str]:
    """What was asked for and is not there."""
    there = set(found)
    return [one for one in wanted if one not in there]
