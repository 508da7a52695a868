"""Erasing a case takes the whole packs of that complaint out of the instance, and names the packs that stay."""

import shutil

import pytest

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.complaints.privacy import jobs
from auditkit.complaints.privacy.models import ComplaintAnonymisation
from auditkit.complaints.privacy.rules import Ground
from auditkit.complaints.privacy.service import anonymising
from auditkit.documents import pdf
from auditkit.journal.queries import timeline
from auditkit.packs import forgetting, pdfs, queries, service, signing
from auditkit.packs.rules import FILE_REMOVED
from tests.slices.complaints_privacy import filling

from . import records
from .test_service import asked

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


def stored(acme, instance, **how) -> int:
    actor = Actor.system(acme.id)
    prepared = service.prepare(reading(actor), asked(acme, **how), actor, instance, signing.signer(instance), None)
    with transaction(actor) as tx:
        return service.build(tx, service.BuildPack(prepared), records.clock.now(), actor)


def test_whole_packs_of_an_erased_case_go_and_the_others_are_named(acme, year, instance, browser, monkeypatch) -> None:
    actor = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity("Kldiashvili"), "Kldiashvili")
    filling.closed(complaint_id, "Kldiashvili")
    monkeypatch.setattr(pdf, "convert_all", lambda documents: [b"%PDF-1.7 Kldiashvili"] * len(documents))
    about = {"pack_id": "single-complaint", "subject": reference}
    whole = stored(acme, instance, form="whole", pdf=True, **about)
    redacted = stored(acme, instance, form="redacted", **about)
    other = stored(acme, instance, form="whole")
    folder = service.packs_folder(instance)
    files = {one: folder / f"{queries.by_id(reading(acme.system), one).root}.zip" for one in (whole, redacted, other)}
    assert all(path.is_file() for path in files.values())
    assert list((folder / pdfs.FOLDER).iterdir())

    with transaction(actor) as tx:
        command = anonymising.Anonymise(reference, Ground.BY_HAND.value, "the person moved away")
        anonymising.anonymise(tx, command, clock.now(), actor)
    jobs.forget({}, acme.system, lambda _share: None)

    assert {one: path.is_file() for one, path in files.items()} == {whole: False, redacted: True, other: True}
    assert not list((folder / pdfs.FOLDER).iterdir()), "the PDF of the case file"
    tx = reading(acme.system)
    assert not queries.by_id(tx, whole).stored
    tombstone = tx.query(ComplaintAnonymisation).one()
    assert tombstone.erased["pack"] == 1
    assert {"packs": [other], "why": forgetting.WHY_SIGNED} in tombstone.kept
    assert FILE_REMOVED.name in [one.event for one in timeline(tx, acme.id, ("pack", whole))]
    manager = browser(acme, "quality-manager")
    listed = manager.get("/o/acme/packs/").text
    assert f"Complaint {reference} ({redacted}) Redacted" in listed
    assert f"Complaint {reference} ({whole})" in listed
    assert f"Complaint {reference} ({whole}) Redacted" not in listed
    assert f"Packs {other}" in manager.get(f"/o/acme/complaints/privacy/case/{reference}").text
    manager.get(f"/o/acme/packs/{whole}/download", status=404)
    shutil.rmtree(folder)
