"""The fields of a complaint that a file can fill, and where in the register each goes. Pure."""

from dataclasses import dataclass

from auditkit.base.text import N_
from auditkit.complaints.rules import LONGEST


@dataclass(frozen=True)
class ComplaintField:
    """A field: its title for people, its kind (text, date or choice), and the register's column."""

    title: str
    kind: str
    column: str

    @property
    def longest(self) -> int:
        """The longest text it holds, in characters."""
        return LONGEST[self.column]


TEXT, DATE, CHOICE = "text", "date", "choice"

FIELDS: dict[str, ComplaintField] = {
    "reference": ComplaintField(N_("Reference"), TEXT, "external_reference"),
    "received": ComplaintField(N_("Received"), DATE, "received_at"),
    "happened": ComplaintField(N_("Day it happened"), DATE, "happened_on"),
    "acknowledged": ComplaintField(N_("Acknowledged"), DATE, "acknowledged_at"),
    "decided": ComplaintField(N_("Decided"), DATE, "decided_at"),
    "closed": ComplaintField(N_("Closed"), DATE, "closed_at"),
    "kind": ComplaintField(N_("Kind of feedback"), CHOICE, "kind"),
    "status": ComplaintField(N_("Status"), CHOICE, "source_status"),
    "outcome": ComplaintField(N_("Outcome"), CHOICE, "outcome"),
    "channel": ComplaintField(N_("Channel"), CHOICE, "channel"),
    "severity": ComplaintField(N_("Severity"), CHOICE, "severity"),
    "subject": ComplaintField(N_("Subject"), TEXT, "subject"),
    "description": ComplaintField(N_("Description"), TEXT, "description"),
    "product": ComplaintField(N_("Product or service"), TEXT, "product"),
    "category": ComplaintField(N_("Category"), TEXT, "category"),
    "site": ComplaintField(N_("Unit or site"), TEXT, "site"),
    "wanted_remedy": ComplaintField(N_("Remedy wanted"), TEXT, "wanted_remedy"),
    "decision": ComplaintField(N_("Decision and reasons"), TEXT, "decision"),
    "remedy": ComplaintField(N_("Remedy"), TEXT, "remedy"),
    "complainant": ComplaintField(N_("Complainant"), TEXT, "complainant_name"),
    "email": ComplaintField(N_("E-mail"), TEXT, "complainant_email"),
    "phone": ComplaintField(N_("Phone"), TEXT, "complainant_phone"),
    "street": ComplaintField(N_("Street"), TEXT, "complainant_street"),
    "postcode": ComplaintField(N_("Postcode"), TEXT, "complainant_postcode"),
    "city": ComplaintField(N_("City"), TEXT, "complainant_city"),
    "region": ComplaintField(N_("Region"), TEXT, "complainant_region"),
    "country": ComplaintField(N_("Country"), TEXT, "complainant_country"),
}
DATES = frozenset(name for name, field in FIELDS.items() if field.kind == DATE)
TEXTS = tuple(name for name, field in FIELDS.items() if field.kind == TEXT and name != "reference")
