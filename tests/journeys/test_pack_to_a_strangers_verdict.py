"""Journey 3: from the draft with its gaps to a sealed pack that a stranger's tools accept. HTTP only, CSRF on."""

import subprocess
import sys
import zipfile

import pytest

from auditkit.base import jobs
from tests.factories import demo
from tests.factories.http import Browser

REASON = "The management review is in May; the body was told"


@pytest.fixture
def manager(app, browser) -> Browser:
    """The demo organisation's quality manager, who has an audit behind her."""
    demo.tell(app)
    someone = browser()
    someone.sign_in(demo.secret_of("quentin"))
    return someone


def build(manager: Browser, reason: str = REASON) -> bytes:
    manager.get("/o/demo/packs/new")
    page = manager.post_form({"pack": "internal-audit", "start": "2020-01-01", "end": "2099-12-31"})
    form = page.form()
    values = {"reason": reason, "accepted": "y"} if form.find(attrs={"name": "reason"}) else {}
    page = manager.post_form(values)
    place = page.path
    assert jobs.run_next(), "the pack is built by the worker"
    page = manager.get(place)
    pack = next(str(a["href"]) for a in page.soup.find_all("a", href=True) if str(a["href"]).endswith("/download"))
    return bytes(manager.get(pack).response.data)


def test_a_pack_from_draft_to_a_strangers_verdict(manager, tmp_path):
    # Given a draft with gaps: without a reason nothing is built
    manager.get("/o/demo/packs/new")
    page = manager.post_form({"pack": "internal-audit", "start": "2020-01-01", "end": "2099-12-31"})
    if page.form().find(attrs={"name": "reason"}):
        page = manager.post_form({})
        assert "Say why the pack is built" in page.text
        assert not jobs.run_next()

    # When it is built with a reason, twice, with a look at the journal in between
    first = build(manager)
    manager.get("/o/demo/journal/")
    second = build(manager)

    # Then both are the same bytes, although building and reading left entries
    assert first == second

    # And the verifier that stands alone accepts it, with the public key that was got by another way
    pack, key = tmp_path / "pack.zip", tmp_path / "key.pem"
    pack.write_bytes(first)
    key.write_bytes(manager.get("/o/demo/packs/public-key.pem").response.data)
    verdict = verify(pack, key)
    assert verdict.returncode == 0, verdict.stdout

    # And the omission list with its reason is in it, as are policy, plan, report, registers and evidence
    with zipfile.ZipFile(pack) as archive:
        names = archive.namelist()
        omissions = archive.read(next(name for name in names if name.endswith("omissions.json"))).decode()
    assert REASON in omissions or '"omissions": []' in omissions
    for part in ("policy", "audit-plan", "audit-report", "findings-and-actions", "complaints.xlsx", "evidence/"):
        assert any(part in name for name in names), part

    # And one changed letter is refused, and the file named
    spoilt = bytearray(first)
    with zipfile.ZipFile(pack) as archive:
        info = next(one for one in archive.infolist() if "/evidence/" in one.filename)
    place = info.header_offset + 30 + len(info.filename.encode()) + 3
    spoilt[place] ^= 1
    pack.write_bytes(spoilt)
    verdict = verify(pack, key)
    assert verdict.returncode == 1
    assert info.filename.rsplit("/", 1)[-1] in verdict.stdout


def verify(pack, key) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "auditkit.packs.verify", str(pack), "--public-key", str(key)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_complaints_count_in_the_clause_index(manager):
    """What was received, handled and closed is shown for the clauses of operation."""
    page = manager.get("/o/demo/packs/draft/internal-audit/2020-01-01/2099-12-31")
    rows = {
        row.th.get_text(" ", strip=True).split()[0]: row.get_text(" ", strip=True)
        for row in page.soup.find(id="clauses").find_next("table").find("tbody").find_all("tr")
    }
    for clause in ("7.2", "7.3", "7.9"):
        assert "Records found" in rows[clause], rows[clause]
    assert "Not checked" in rows["6.4"] or "Records found" in rows["6.4"]
