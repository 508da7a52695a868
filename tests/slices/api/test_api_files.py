"""Files with a complaint by the API: one request, the checks of the public form, on the receipt, once is once."""

import io
import json
from hashlib import sha256

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from auditkit.api import service
from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.complaints.intake import queries as intake
from auditkit.complaints.models import Complaint
from auditkit.evidence import queries as evidence
from tests.slices.complaints.intake.filling import PNG

LIST = "/api/v1/acme/complaints"
NEW = {"subject": "Broken", "received_at": "2026-02-27", "complainant": {"name": "Ann"}}
TEXT = b"What the shop answered"


@pytest.fixture
def send(app, acme):
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        secret = service.make_token(tx, service.MakeToken("Shop", ["complaints:write"], 9), clock_module.now(), actor)

    def sent(files, key="k", complaint=NEW, **more):
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
        data = {"files": [FileStorage(io.BytesIO(content), name) for content, name in files], **more}
        if complaint is not None:
            data["complaint"] = json.dumps(complaint)
        db.session.rollback()
        boundary, body = encode_multipart(MultiDict(data))
        kind = f"multipart/form-data; boundary={boundary}"
        return app.test_client().post(LIST, data=body, headers=headers, content_type=kind)

    return sent


def complaints(house) -> int:
    db.session.rollback()
    return reading(house.system).query(Complaint).count()


def test_files_come_with_the_complaint_and_stand_on_its_receipt(acme, send):
    first = send([(PNG, "kettle.png"), (TEXT, "پاسخ.txt")])
    assert first.status_code == 201, first.text
    told = [{"name": "kettle.png", "size": len(PNG), "sha256": sha256(PNG).hexdigest()},
            {"name": "پاسخ.txt", "size": len(TEXT), "sha256": sha256(TEXT).hexdigest()}]  # fmt: skip
    assert first.json["files"] == told
    tx = reading(acme.system)
    case = tx.query(Complaint).one()
    assert [one.file.name for one in evidence.for_subject(tx, ("complaint", case.id))] == ["kettle.png", "پاسخ.txt"]
    assert json.loads(intake.receipt(tx, case.reference).document)["files_sha256"] == [one["sha256"] for one in told]


def test_the_same_again_is_once_though_the_parts_are_cut_elsewhere(acme, send):
    first, again = send([(PNG, "a.png")]), send([(PNG, "a.png")])
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    for other in ([(TEXT, "a.txt")], [(PNG, "b.png")], [], [(PNG, "a.png"), (PNG, "a.png")]):
        assert send(other).status_code == 409, "other files are another request"
    assert complaints(acme) == 1


def test_the_same_at_the_same_moment_is_once(acme, send, monkeypatch):
    first = send([(PNG, "a.png")])
    asked, honest = [], service.answered

    def late(*arguments):
        asked.append(True)
        return None if len(asked) == 1 else honest(*arguments)

    monkeypatch.setattr(service, "answered", late)
    again = send([(PNG, "a.png")])
    assert (again.status_code, again.json) == (200, first.json)
    assert complaints(acme) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([(PNG, "a.png"), (b"MZ" + b"\0" * 200, "evil.exe")], "evil.exe"),
        ([(b"", "nothing.txt")], "nothing.txt"),
        ([(PNG, f"{number}.png") for number in range(11)], "At most 10 files"),
        ([(b"x" * ((25 << 20) + 1), "long.txt")], "long.txt"),
    ],
)
def test_of_files_that_cannot_be_taken_none_is_kept_and_no_complaint_stands(acme, send, files, said):
    answer = send(files)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert said in answer.json["detail"]
    assert complaints(acme) == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"complaint": None}, "part named “complaint”"),
        ({"complaint": {"subject": "x"}}, "received_at"),
        ({"photo": FileStorage(io.BytesIO(PNG), "a.png")}, "no part named “photo”"),
        ({"complaint": {**NEW, "description": "x" * (300 << 10)}}, "larger than 256 KiB"),
    ],
)
def test_parts_that_cannot_be_used_say_what_is_wrong(acme, send, more, said):
    answer = send([], **more)
    assert answer.status_code == 400
    assert said in answer.json["detail"]
    assert complaints(acme) == 0
