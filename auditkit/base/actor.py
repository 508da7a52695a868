"""Who acts: one person in one organisation with one role, or the system, or the public."""

from dataclasses import dataclass, field

from auditkit.base.errors import Forbidden

SYSTEM_ROLE = "system"
PUBLIC_ROLE = "public"


@dataclass(frozen=True)
class Actor:
    """The one who performs a verb; the organisation also scopes every query made on their behalf (decision 3)."""

    organisation_id: int
    person_id: int | None
    role: str
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def system(cls, organisation_id: int) -> "Actor":
        """The command line and the jobs: every permission, no person."""
        return cls(organisation_id, None, SYSTEM_ROLE, "system")

    @classmethod
    def public(cls, organisation_id: int) -> "Actor":
        """A stranger: only verbs and pages that ask for no permission."""
        return cls(organisation_id, None, PUBLIC_ROLE, "public")

    def may(self, permission: str) -> bool:
        """Whether this actor carries `permission`."""
        return self.role == SYSTEM_ROLE or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise Forbidden unless this actor carries `permission`."""
        if not self.may(permission):
            raise Forbidden(permission=permission)
