"""Who holds which role and what roles are called, as settings that documents can state.

A document states them also where they stand written out in its text, without a blank.
"""

from collections.abc import Iterator

from auditkit.accounts.queries import members
from auditkit.accounts.rules import ROLE_TITLES
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.policies import facts
from auditkit.policies.facts import Setting
from auditkit.policies.queries.documents import facts as known

TITLE = "_title"
"""How the facts end that say what a role is called."""


def offer() -> None:
    """Offer them to documents."""
    facts.offer("people", settings)


def settings(tx: Session) -> Iterator[Setting]:
    """A setting for each role: the names of those who hold it, by name."""
    everybody = members(tx)
    for role, title in ROLE_TITLES.items():
        names = sorted(one.name for one in everybody if one.role == role)
        said = _("People in the role: %(role)s", role=_(title))
        yield Setting(f"people.{role}", said, ", ".join(names), words=tuple(names))
    for (name, kind), value in known(tx).items():
        if name.endswith(TITLE) and value:
            said = _("What a role is called: %(name)s", name=value)
            yield Setting(f"title.{name}.{kind}", said, value, words=(value,))
