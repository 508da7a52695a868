"""What the filters of a population offer of the organisation's own: words, people, files brought in."""

from dataclasses import dataclass

from auditkit.accounts.queries import members_with
from auditkit.base.db import Session
from auditkit.complaints.queries import import_runs, words_used
from auditkit.web.languages import day, day_there


@dataclass(frozen=True)
class Offered:
    """`people`: who handles complaints, by id; `imports`: the files brought in, by id, newest first."""

    channels: list[str]
    categories: list[str]
    people: dict[int, str]
    imports: dict[int, str]


def offered(tx: Session) -> Offered:
    """What there is to choose from."""
    channels, categories = words_used(tx)
    people = {one.person_id: one.name for one in members_with(tx, "complaints.handle")}
    imports = {number: f"{name} · {day(day_there(started))}" for number, name, started in import_runs(tx)}
    return Offered(channels, categories, people, imports)
