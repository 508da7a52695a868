"""Records of evidence: what each verb leaves, what the database refuses, and that organisations never meet."""

import hashlib
import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from auditkit.base.actor import Actor
from auditkit.base.db import UNSCOPED, db, reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.evidence import intake, queries, rules, service, store
from auditkit.evidence.models import EvidenceFile, EvidenceLink
from auditkit.journal import queries as journal
from tests.slices.evidence.conftest import NOW

ANSWER = ("audit-answer", 7)
DIGEST = hashlib.sha256(b"one\n").hexdigest()


def events(house, file_id: int) -> list[str]:
    return [entry.event for entry in journal.timeline(reading(house.system), house.id, ("evidence", file_id))][::-1]


def test_a_file_is_recorded_and_attached(acme, add):
    (file_id,) = add(acme, subject=ANSWER, note="the letter", clauses=["iso10002-2018:7.4"])
    file = queries.file(reading(acme.system), file_id)
    assert (file.digest, file.size, file.kind.id, file.name) == (DIGEST, 4, "txt", "note.txt")
    assert (file.added_by_id, file.added_at) == (acme.person("internal-auditor"), NOW)
    assert file.clauses == ("iso10002-2018:7.4",)
    (attached,) = queries.for_subject(reading(), ANSWER)
    assert (attached.file, attached.note) == (file, "the letter")
    assert [use.subject for use in queries.uses(reading(), file_id)] == [ANSWER]
    assert events(acme, file_id) == ["evidence:added", "evidence:linked"]
    assert b"".join(queries.open_stream(reading(), DIGEST)) == b"one\n"
    assert queries.local_path(reading(), DIGEST).read_bytes() == b"one\n"
    assert queries.is_intact(reading(), DIGEST)


def test_the_name_is_personal_data_in_the_journal(acme, add):
    (file_id,) = add(acme, name="complaint of Anna Smith.txt")
    entry = journal.timeline(reading(acme.system), acme.id, ("evidence", file_id))[-1]
    assert entry.personal == {"name": "complaint of Anna Smith.txt"}
    assert "Smith" not in json.dumps(entry.facts)


def test_the_same_file_twice_is_one_file_with_two_uses(acme, add):
    (first,) = add(acme, subject=ANSWER)
    (second,) = add(acme, name="other name.txt", subject=("action", 3))
    assert first == second
    assert queries.file(reading(acme.system), first).name == "note.txt"
    assert [use.subject for use in queries.uses(reading(), first)] == [ANSWER, ("action", 3)]
    assert events(acme, first) == ["evidence:added", "evidence:linked", "evidence:added-again", "evidence:linked"]
    objects = [path for path in store.current().place.root.rglob("*") if path.is_file()]
    assert [path.name for path in objects] == [DIGEST]


def test_attaching_twice_is_one_link_and_keeps_the_note(acme, add):
    (file_id,) = add(acme, subject=ANSWER, note="the letter")
    add(acme, subject=ANSWER)
    (attached,) = queries.for_subject(reading(acme.system), ANSWER)
    assert attached.note == "the letter"
    add(acme, subject=ANSWER, note="the second letter")
    (attached,) = queries.for_subject(reading(), ANSWER)
    assert attached.note == "the second letter"
    assert attached.file.id == file_id


def test_two_people_sending_the_same_bytes_at_the_same_moment(acme, app):
    # Both transactions look before either has written, as they may on PostgreSQL.
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    one = intake.Received(DIGEST, 4, "txt", "text/plain", "x.txt")
    looked = threading.Barrier(2, timeout=60)
    ids: list[int] = []

    def run(role: str) -> None:
        with app.app_context():
            actor = acme.actor(role)
            with transaction(actor) as tx:
                assert queries.page(tx) == ([], None)
                looked.wait()
                ids.extend(service.add(tx, service.Add([one]), NOW, actor))

    threads = [threading.Thread(target=run, args=(role,)) for role in ("staff", "internal-auditor")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert events(acme, ids[0]) == ["evidence:added", "evidence:added-again"]


def test_linking_and_unlinking(acme, add):
    (file_id,) = add(acme)
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.link(tx, service.Link(file_id, ANSWER, "x"), NOW, actor)
    assert queries.count_for_subject(reading(actor), ANSWER) == 1
    with transaction(actor) as tx:
        service.unlink(tx, service.Unlink(file_id, ANSWER), NOW, actor)
    assert queries.count_for_subject(reading(actor), ANSWER) == 0
    assert queries.file(reading(actor), file_id).digest == DIGEST, "the file itself stays"
    with pytest.raises(rules.NotALink), transaction(actor) as tx:
        service.unlink(tx, service.Unlink(file_id, ANSWER), NOW, actor)
    assert events(acme, file_id) == ["evidence:added", "evidence:linked", "evidence:unlinked"]


def test_tags_may_change_and_are_journalled(acme, add):
    (file_id,) = add(acme)
    actor = acme.actor("internal-auditor")
    period = (date(2025, 1, 1), date(2025, 12, 31))
    with transaction(actor) as tx:
        service.tag(tx, service.Tag(file_id, "figures", period, ["iso10002-2018:8.2"]), NOW, actor)
    file = queries.file(reading(actor), file_id)
    assert (file.note, file.period, file.clauses) == ("figures", period, ("iso10002-2018:8.2",))
    assert events(acme, file_id)[-1] == "evidence:tagged"
    with pytest.raises(rules.PeriodBackwards), transaction(actor) as tx:
        service.tag(tx, service.Tag(file_id, "", period[::-1], []), NOW, actor)


def test_reading_is_journalled_as_no_change_to_records(acme, add):
    (file_id,) = add(acme)
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        service.tell_read(tx, service.Read(file_id), NOW, actor)
    assert events(acme, file_id)[-1] == "evidence:read"
    assert not rules.READ.about_records


def test_a_captured_record_is_canonical_json(acme):
    actor = acme.actor("internal-auditor")
    record = {"reference": "C-1", "b": [1, None, True], "a": "ü"}
    command = service.Capture("complaint", ("complaint", 5), record, "C-1.json", subject=("audit", 2))
    with transaction(actor) as tx:
        first = service.capture(tx, command, NOW, actor)
    with transaction(actor) as tx:
        second = service.capture(tx, command, NOW + timedelta(days=1), actor)
    assert first == second
    file = queries.file(reading(actor), first)
    data = b"".join(queries.open_stream(reading(), file.digest))
    expected = '{"kind":"complaint","origin":["complaint",5],"record":{"a":"ü","b":[1,null,true],"reference":"C-1"}}'
    assert data == expected.encode()
    assert (file.source, file.kind.id, file.details) == (
        "capture",
        "json",
        {"record_kind": "complaint", "origin": ["complaint", 5]},
    )
    assert [one.file.id for one in queries.for_subject(reading(), ("audit", 2))] == [first]


def test_what_is_no_json_is_not_captured(acme):
    actor = acme.actor("internal-auditor")
    with pytest.raises(Exception, match="date"), transaction(actor) as tx:
        command = service.Capture("complaint", ("complaint", 5), {"at": NOW}, "C-1.json")
        service.capture(tx, command, NOW, actor)
    assert queries.page(reading(actor)) == ([], None)


def test_only_who_may_add_adds(acme):
    actor = acme.actor("external-reviewer")
    one = intake.Received(DIGEST, 4, "txt", "text/plain", "x.txt")
    with pytest.raises(Forbidden), transaction(actor) as tx:
        service.add(tx, service.Add([one]), NOW, actor)


def test_nothing_received_is_a_defect(acme):
    actor = acme.actor("internal-auditor")
    with pytest.raises(ValueError, match="nothing was received"), transaction(actor) as tx:
        service.add(tx, service.Add([]), NOW, actor)


def test_another_organisation_s_bytes_do_not_exist(acme, globex, add):
    (file_id,) = add(acme, subject=ANSWER)
    actor = globex.actor("internal-auditor")
    tx = reading(actor)
    for ask in (queries.by_digest, queries.open_stream, queries.local_path, queries.is_intact):
        with pytest.raises(NotFound):
            ask(tx, DIGEST)
    with pytest.raises(NotFound):
        queries.file(tx, file_id)
    assert queries.for_subject(tx, ANSWER) == []
    assert queries.uses(tx, file_id) == []
    assert queries.page(tx) == ([], None)
    for verb, command in (
        (service.link, service.Link(file_id, ANSWER)),
        (service.unlink, service.Unlink(file_id, ANSWER)),
        (service.tag, service.Tag(file_id, "", (None, None), [])),
        (service.tell_read, service.Read(file_id)),
    ):
        with pytest.raises(NotFound), transaction(actor) as tx:
            verb(tx, command, NOW, actor)


def test_two_organisations_may_hold_the_same_bytes(acme, globex, add):
    (ours,) = add(acme)
    (theirs,) = add(globex)
    assert ours != theirs
    assert queries.by_digest(reading(acme.system), DIGEST).id == ours
    assert queries.by_digest(reading(globex.system), DIGEST).id == theirs
    assert len([path for path in store.current().place.root.rglob("*") if path.is_file()]) == 1


def test_lists_of_files(acme, add):
    ids = [add(acme, f"{number}\n".encode())[0] for number in range(queries.PAGE + 2)]
    (used,) = add(acme, b"used", subject=ANSWER)
    tx = reading(acme.system)
    first, before = queries.page(tx)
    rest, end = queries.page(tx, before=before)
    assert [file.id for file in first + rest] == [used, *reversed(ids)]
    assert end is None
    assert used not in [file.id for file in queries.page(tx, unused=True)[0]]
    assert queries.page(tx, kind="pdf") == ([], None)
    assert [kind.id for kind in queries.kinds_held(tx)] == ["txt"]
    several = queries.for_subjects(tx, "audit-answer", [7, 8])
    assert list(several) == [7]
    assert queries.for_subjects(tx, "audit-answer", []) == {}


def test_files_of_a_period(acme, add):
    def period(*days):
        return tuple(day and date(*day) for day in days)

    year = period((2025, 1, 1), (2025, 12, 31))
    inside = add(acme, b"inside", period=period((2025, 3, 1), (2025, 3, 31)))
    across = add(acme, b"across", period=period((2024, 12, 1), (2025, 1, 1)))
    open_end = add(acme, b"open end", period=period((2025, 6, 1), None))
    open_start = add(acme, b"open start", period=period(None, (2025, 6, 1)))
    add(acme, b"before", period=period((2024, 1, 1), (2024, 12, 31)))
    add(acme, b"after", period=period((2026, 1, 1), None))
    undated = add(acme, b"undated")
    tx = reading(acme.system)
    assert [file.id for file in queries.of_period(tx, *year)] == [*inside, *across, *open_end, *open_start]
    assert undated[0] in [file.id for file in queries.of_period(tx, NOW.date(), NOW.date())]
    assert undated[0] not in [file.id for file in queries.of_period(tx, *year)]


GOOD = {
    "digest": "a" * 64,
    "size": 1,
    "kind": "txt",
    "media_type": "text/plain",
    "name": "x",
    "source": "upload",
    "details": {},
    "notices": [],
    "added_at": NOW,
}


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("digest_is_sha256", {"digest": "a" * 63}),
        ("digest_is_sha256", {"digest": "A" * 64}),
        ("size_within_limit", {"size": 0}),
        ("size_within_limit", {"size": rules.MAX_FILE_BYTES + 1}),
        ("has_name", {"name": ""}),
        ("source_known", {"source": "found"}),
        ("period_forwards", {"period_begins": date(2026, 1, 2), "period_ends": date(2026, 1, 1)}),
    ],
)
def test_checks_of_a_file(acme, constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction(acme.system) as tx:
        tx.add(EvidenceFile(**(GOOD | change)))


def test_the_good_row_is_good(acme):
    with transaction(acme.system) as tx:
        tx.add(EvidenceFile(**GOOD))
    with pytest.raises(IntegrityError), transaction(acme.system) as tx:
        tx.add(EvidenceFile(**GOOD))


@pytest.mark.parametrize("change", [{"subject_kind": ""}, {"subject_id": 0}])
def test_check_of_a_link(acme, add, change):
    (file_id,) = add(acme)
    row = {"file_id": file_id, "subject_kind": "audit", "subject_id": 1, "added_at": NOW} | change
    with pytest.raises(IntegrityError, match="has_subject"), transaction(acme.system) as tx:
        tx.add(EvidenceLink(**row))


@pytest.mark.parametrize(
    "change",
    [{"digest": "b" * 64}, {"size": 5}, {"name": "y"}, {"notices": []}, {"added_at": NOW}, {"source": "capture"}],
)
def test_the_database_refuses_to_change_a_file(acme, add, change):
    add(acme)
    with pytest.raises(DBAPIError, match="evidence is immutable"), transaction(acme.system) as tx:
        tx.execute(update(EvidenceFile).values(**change))


def test_the_database_refuses_to_delete_a_file(acme, add):
    add(acme)
    with pytest.raises(DBAPIError, match="evidence is immutable"), transaction(acme.system) as tx:
        tx.execute(delete(EvidenceFile))
    found = db.session.execute(select(EvidenceFile.id).execution_options(**{UNSCOPED: True})).all()
    assert len(found) == 1


def test_the_store_is_read_as_the_organisation_asks(acme, add):
    add(acme)
    path = queries.local_path(reading(Actor.system(acme.id)), DIGEST)
    path.chmod(0o600)
    path.write_bytes(b"two\n")
    assert not queries.is_intact(reading(), DIGEST)
    path.unlink()
    with pytest.raises(rules.StoredObjectMissing, match=DIGEST):
        queries.local_path(reading(), DIGEST)
