"""Who holds which role, as a setting that documents can state."""

from collections.abc import Iterator

from auditkit.accounts.queries import members
from auditkit.accounts.rules import ROLE_TITLES
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.policies import facts
from auditkit.policies.facts import Setting


def offer() -> None:
    """Offer them to documents."""
    facts.offer("people", settings)


def settings(tx: Session) -> Iterator[Setting]:
    """A setting for each role: the names of those who hold it, by name."""
    everybody = members(tx)
    for role, title in ROLE_TITLES.items():
        names = ", ".join(sorted(one.name for one in everybody if one.role == role))
        yield Setting(f"people.{role}", _("People in the role: %(role)s", role=_(title)), names)
