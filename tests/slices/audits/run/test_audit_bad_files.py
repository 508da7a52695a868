"""Every bad file and file name offered to a row from a phone behaves as CASES.tsv says.

What is refused says why and leaves answer and store as they were; what is taken is handed out as nothing that runs.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from auditkit.audits.offline.models import AuditArrival
from auditkit.base.db import reading
from auditkit.base.ids import digest
from auditkit.evidence.models import EvidenceFile
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, rows_of, started
from tests.slices.audits.run.test_audit_arrivals import Device
from tests.slices.evidence.test_bad_inputs import ACCEPTED, REFUSALS

pytestmark = pytest.mark.sqlite_only

Opener = Callable[..., Browser]
FOLDERS = ("images/", "files/", "zip/")
TAKEN = sorted(name for name in ACCEPTED if name.startswith(FOLDERS))
REFUSED = sorted(name for name in REFUSALS if name.startswith(FOLDERS))
CELLS = {"answer": ("open", "bad"), "note": ("", "Door 3 open")}
# Served so that no browser shows or runs it: by its content, or as bytes.
INERT = {
    "png": "image/png",
    "txt": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


@pytest.fixture
def device(acme: House, number: str, browser: Opener) -> Device:
    return Device(browser(acme, "internal-auditor"), number)


def as_browsers_send(name: str) -> str:
    """A file name in the head of a part of a form, by the HTML standard; the test client writes it as it is."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def stored_files(house: House) -> int:
    return int(reading(house.system).execute(select(func.count()).select_from(EvidenceFile)).scalar_one())


def downloaded(device: Device, url: str) -> Any:
    served = device.person._run(device.person.client.get, f"{url}/download")
    assert served.status_code == 200
    served.get_data()
    served.close()
    return served


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, acme: House, number: str, device: Device, shared: Callable[[str], Path]) -> None:
    path = shared(f"bad_inputs/{name}")
    row = rows_of(acme, number)[0]
    reply = device.send(row.id, CELLS, status=422, files=[(io.BytesIO(path.read_bytes()), path.name)])
    assert reply["state"] == "refused"
    assert reply["message"].startswith(f"{path.name}: ")
    assert REFUSALS[name][1] in reply["message"]
    assert (stored_files(acme), rows_of(acme, number)[0].version) == (0, 0)
    assert reading(acme.system).execute(select(AuditArrival.id)).first() is None
    again = device.send(row.id, CELLS, files=[(io.BytesIO(b"Door 3, ajar\n"), "door.txt")])
    assert again["state"] == "saved", "the same device goes on with a good file"


@pytest.mark.parametrize("name", REFUSED)
def test_refused_without_scripts(
    name: str, acme: House, number: str, browser: Opener, shared: Callable[[str], Path]
) -> None:
    path = shared(f"bad_inputs/{name}")
    auditor, row = browser(acme, "internal-auditor"), rows_of(acme, number)[0]
    auditor.get(f"/o/acme/audits/{number}/run")
    sent = {"answer": "bad", "note": "Door 3 open", "files": (io.BytesIO(path.read_bytes()), path.name)}
    page = auditor.post_form(sent, action=f"/rows/{row.id}")
    assert f"{path.name}: " in page.soup.get_text()
    assert page.soup.find(id=f"note-{row.id}").text.strip() == "Door 3 open", "nothing typed is lost"
    assert (stored_files(acme), rows_of(acme, number)[0].version) == (0, 0)


@pytest.mark.parametrize("name", TAKEN)
def test_taken(name: str, acme: House, number: str, device: Device, shared: Callable[[str], Path]) -> None:
    path = shared(f"bad_inputs/{name}")
    row = rows_of(acme, number)[0]
    reply = device.send(row.id, CELLS, files=[(io.BytesIO(path.read_bytes()), path.name)])
    assert reply["state"] == "saved"
    (file,) = rows_of(acme, number)[0].files
    assert file.file.kind.id == ACCEPTED[name][0]
    (told,) = reply["row"]["files"]
    device.person.get(told["url"])
    served = downloaded(device, told["url"])
    assert served.get_data() == path.read_bytes()
    assert served.mimetype == INERT.get(file.file.kind.id, "application/octet-stream")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    page = device.person.get(f"/o/acme/audits/{number}/run")
    assert "alert(" not in "".join(str(script) for script in page.soup.find_all("script"))


@pytest.mark.parametrize("folder", ["csv", "strings", "yaml"])
def test_what_is_bad_to_read_is_no_danger_to_keep(
    folder: str, acme: House, number: str, device: Device, shared: Callable[[str], Path]
) -> None:
    """As evidence a table or a text is not read: it is kept byte for byte, or refused in words, and never shown raw."""
    row = rows_of(acme, number)[0]
    kept: dict[str, bytes] = {}
    for place, path in enumerate(sorted(shared(f"bad_inputs/{folder}").iterdir())):
        content = path.read_bytes()
        reply = device.send(
            row.id, {}, status=(200, 422), client_id=f"device-{place:04}", files=[(io.BytesIO(content), path.name)]
        )
        if reply["state"] == "refused":
            assert reply["message"].startswith(f"{path.name}: "), path
        else:
            url = f"/o/acme/evidence/{digest(content)}"
            assert url in [one["url"] for one in reply["row"]["files"]], path
            kept[url] = content
    assert kept
    for url, content in kept.items():
        served = downloaded(device, url)
        assert served.get_data() == content, url
        assert not served.mimetype.endswith(("html", "xml", "script")), url
        assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert served.headers["Content-Disposition"].startswith("attachment")
        assert served.headers["X-Content-Type-Options"] == "nosniff"


def test_hostile_names_are_shown_and_handed_out_harmlessly(
    acme: House, number: str, device: Device, shared: Callable[[str], Path]
) -> None:
    names = json.loads(shared("bad_inputs/files/name_list.json").read_text(encoding="utf-8"))
    row = rows_of(acme, number)[0]
    for place, name in enumerate(names):
        content = io.BytesIO(f"Note {place}\n".encode())
        reply = device.send(row.id, {}, client_id=f"device-{place:04}", files=[(content, as_browsers_send(name))])
        assert (reply["state"], len(reply["row"]["files"])) == ("saved", place + 1), name
    held = rows_of(acme, number)[0].files
    assert len(held) == len(names), "none is lost"
    page = device.person.get(f"/o/acme/audits/{number}/run")
    assert not page.soup.find_all("img", src="x")
    assert "\u202e" not in page.text
    for one in held:
        served = downloaded(device, f"/o/acme/evidence/{one.file.digest}")
        assert "Set-Cookie: x=1" not in str(served.headers).splitlines()
        assert served.headers["Content-Disposition"].startswith("attachment")
        assert not {"/", "\\"} & set(one.file.download_name)
