"""Two auditors at the same row at the same moment, on connections of their own: one is stored, one is told."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from flask import Flask

from auditkit.audits import queries, service
from auditkit.audits.rules import AnswerChanged
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from tests.conftest import House
from tests.slices.audits.doing import own_library, rows_of, started


def test_of_two_answers_at_once_one_is_stored(app: Flask, acme: House, tmp_path: Path) -> None:
    number = started(acme, own_library(tmp_path))
    row = rows_of(acme, number)[0]
    reading().rollback()  # this thread must not hold a lock that the others wait for
    together = Barrier(2, timeout=60)

    def answer(actor: Actor) -> str:
        with app.app_context():
            together.wait()
            try:
                with transaction(actor) as tx:
                    command = service.Answer(number, row.id, row.version, "bad", f"Seen by {actor.person_id}")
                    service.answer(tx, command, clock.now(), actor)
            except AnswerChanged:
                return "told"
            return f"Seen by {actor.person_id}"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(answer, (acme.actor("internal-auditor"), acme.actor("administrator"))))

    assert sorted(ends)[1] == "told", ends
    kept = rows_of(acme, number)[0]
    assert (kept.note, kept.version) == (sorted(ends)[0], 1)
    assert queries.plans.by_number(reading(acme.system), number).tally.answered == 1
