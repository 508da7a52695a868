"""Signed, acknowledged and amended audits, by the verbs themselves."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.audits.queries import plans
from auditkit.audits.rules import Grade
from auditkit.audits.signing import queries, service
from auditkit.audits.signing.rules import Papers, Proof
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.content.library import Library
from tests.conftest import House
from tests.slices.audits.doing import reported

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def papers(house: House, number: str) -> Papers:
    head = plans.by_number(reading(house.system), number)
    return queries.papers(reading(house.system), head.id, head.state)


def sign(
    house: House, number: str, role: str = "internal-auditor", name: str = "", key: Ed25519PrivateKey = KEY
) -> str:
    actor = house.actor(role)
    with transaction(actor) as tx:
        command = service.Sign(number, name or actor.name, Proof.SESSION)
        return str(service.sign(tx, command, clock.now(), actor, key=key))


def signed(house: House, books: Library, grade: Grade = Grade.MINOR) -> str:
    """The number of a reported and signed audit with one finding."""
    number = reported(house, books, grade)
    sign(house, number)
    return number


def name_auditee(house: House, number: str, role: str = "complaint-handler") -> None:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        service.name_auditee(tx, service.NameAuditee(number, house.person(role)), clock.now(), actor)


def acknowledge(house: House, number: str, role: str = "complaint-handler", remark: str = "") -> None:
    actor = house.actor(role)
    with transaction(actor) as tx:
        service.acknowledge(tx, service.Acknowledge(number, actor.name, remark), clock.now(), actor)


def amend(house: House, number: str, finding: str = "", reason: str = "A slip of the pen", **values: str) -> int:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        command = service.Amend(number, values, reason, actor.name, Proof.SESSION, finding)
        return int(service.amend(tx, command, clock.now(), actor, key=KEY))
