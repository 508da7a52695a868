"""The fields of a complaint that a file can fill, with their limits. Pure."""

from dataclasses import dataclass

from auditkit.base.text import N_


@dataclass(frozen=True)
class ComplaintField:
    """A field: its title for people, its kind (text, date or choice), and its longest text in characters."""

    title: str
    kind: str = "text"
    longest: int = 200


FIELDS: dict[str, ComplaintField] = {
    "reference": ComplaintField(N_("Reference"), longest=100),
    "received": ComplaintField(N_("Received"), "date"),
    "complainant": ComplaintField(N_("Complainant")),
    "email": ComplaintField(N_("E-mail"), longest=254),
    "phone": ComplaintField(N_("Phone"), longest=60),
    "channel": ComplaintField(N_("Channel"), "choice"),
    "subject": ComplaintField(N_("Subject")),
    "description": ComplaintField(N_("Description"), longest=100_000),
    "product": ComplaintField(N_("Product or service")),
    "category": ComplaintField(N_("Category")),
    "status": ComplaintField(N_("Status"), "choice"),
    "closed": ComplaintField(N_("Closed"), "date"),
}
DATES = frozenset(name for name, field in FIELDS.items() if field.kind == "date")
