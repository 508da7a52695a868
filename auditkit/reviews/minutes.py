"""What the signature under minutes stands for: plan, attendance, frozen inputs by digest, words, decisions.

Plain JSON in one order (RFC 8785), kept beside its digest; `check` says whether signature and records still fit it.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import rfc8785

from auditkit.accounts.queries import names
from auditkit.base.db import Session
from auditkit.base.signing import signature_fits
from auditkit.reviews import queries
from auditkit.reviews.queries import Signed

FORMAT = "auditkit management review 1"


@dataclass(frozen=True)
class Checked:
    """`signature`: digest and signature fit the kept content; `records`: the records still say what was signed."""

    signature: bool
    records: bool


def canonical(tx: Session, number: str) -> bytes:
    """The content of a review as it stands."""
    head = queries.by_number(tx, number)
    called = names(tx)
    written = queries.notes(tx, head.id)
    frozen = queries.inputs(tx, head.id)
    decided = queries.decisions(tx, head.id)
    return bytes(
        rfc8785.dumps(
            {
                "format": FORMAT,
                "number": head.number,
                "title": head.title,
                "place": head.place,
                "planned_on": head.planned_on.isoformat(),
                "held_on": head.held_on.isoformat() if head.held_on else "",
                "period": [head.period_from.isoformat(), head.period_to.isoformat()],
                "chair": called.get(head.chair_id, ""),
                "agenda": {"id": head.agenda_id, "digest": head.agenda_digest},
                "attendance": [
                    {
                        "name": one.name,
                        "function": one.function,
                        "top_management": one.top_management,
                        "state": one.state.value,
                        "note": one.note,
                    }
                    for one in queries.guests(tx, head.id)
                ],
                "items": [
                    {
                        "id": item.id,
                        "title": item.title,
                        "words": written[item.id].text if item.id in written else "",
                        "inputs": {name.value: frozen[name.value].digest for name in item.inputs if name in frozen},
                        "decisions": [
                            {
                                "label": one.label,
                                "text": one.text,
                                "owner": called.get(one.owner_id, ""),
                                "due_on": one.due_on.isoformat(),
                            }
                            for one in decided
                            if one.item_id == item.id
                        ],
                    }
                    for item in head.items
                ],
            }
        )
    )


def check(tx: Session, number: str, signed: Signed) -> Checked:
    """Whether the signature stands, and whether the frozen inputs still have the digests that were signed."""
    now = json.loads(canonical(tx, number))
    then = json.loads(signed.content)
    # People may be called otherwise by now; who they are was signed by name, and the review stands by number.
    return Checked(fits(signed), _without_names(now) == _without_names(then) and _inputs_fit(tx, number))


def fits(signed: Signed) -> bool:
    """Whether digest and signature fit the kept content."""
    return signature_fits(signed.content, signed.digest, signed.public_key, signed.signature)


def _inputs_fit(tx: Session, number: str) -> bool:
    kept = queries.inputs(tx, queries.by_number(tx, number).id).values()
    return all(hashlib.sha256(one.content.encode()).hexdigest() == one.digest for one in kept)


def _without_names(content: dict[str, Any]) -> dict[str, Any]:
    items = [{**item, "decisions": [{**one, "owner": ""} for one in item["decisions"]]} for item in content["items"]]
    return {**content, "chair": "", "items": items}
