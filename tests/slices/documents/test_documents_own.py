"""Own templates: kept as versions, taken into use; the record of what made what; never another in its place."""

import io
from pathlib import Path

import pytest
from docx import Document
from flask import current_app

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.documents import catalogue
from auditkit.documents.own import installed, making, queries, service
from auditkit.documents.own.installed import TemplateGone
from auditkit.documents.own.rules import Kind, NoneInUse, Origin, SameAgain, TooLarge
from auditkit.documents.problems import TemplateRefused
from tests.conftest import House
from tests.slices.documents.writing import template

ID = "complaint-letter"
EXAMPLE = catalogue.CONTEXTS[ID].example()


def own(text: str) -> bytes:
    return template(text, "{{ organisation.name }} {{ letter.date }}{% for p in paragraphs %}{{ p }}{% endfor %}")


def add(house: House, content: bytes, language: str = "en") -> int:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        return service.add(tx, service.Add(ID, language, "house.docx", content), clock.now(), actor)


def take(house: House, number: int, language: str = "en") -> None:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        service.take(tx, service.Take(ID, language, number), clock.now(), actor)


def made(house: House, language: str = "en") -> making.Made:
    return making.make(reading(house.actor("quality-manager")), ID, EXAMPLE, language)


def first_line(document: making.Made) -> str:
    return Document(io.BytesIO(document.content)).paragraphs[0].text


def test_a_version_is_used_once_it_was_taken_and_no_longer_when_it_is_left(app, acme: House) -> None:
    number = add(acme, own("House style"))
    assert (made(acme).chosen.origin, made(acme).chosen.version) == (Origin.SHIPPED, None)

    take(acme, number)
    ours = made(acme)
    assert (ours.chosen.origin, ours.chosen.version, first_line(ours)) == (Origin.ORGANISATION, 1, "House style")

    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        service.leave(tx, service.Leave(ID, "en"), clock.now(), actor)
    assert made(acme).chosen.origin is Origin.SHIPPED
    with pytest.raises(NoneInUse), transaction(actor) as tx:
        service.leave(tx, service.Leave(ID, "en"), clock.now(), actor)


def test_an_earlier_version_can_be_taken_again(app, acme: House) -> None:
    take(acme, add(acme, own("First")))
    take(acme, add(acme, own("Second")))
    assert first_line(made(acme)) == "Second"

    take(acme, 1)
    assert first_line(made(acme)) == "First"


def test_the_same_bytes_are_no_new_version_and_too_large_ones_none_at_all(app, acme: House) -> None:
    content = own("Once")
    add(acme, content)

    with pytest.raises(SameAgain, match="version 1"):
        add(acme, content)
    with pytest.raises(TooLarge):
        add(acme, b"x" * (5 * 1024 * 1024 + 1))


def test_one_organisations_template_is_not_anothers(app, acme: House, globex: House) -> None:
    take(acme, add(acme, own("Acme")))

    assert made(globex).chosen.origin is Origin.SHIPPED
    assert queries.versions(reading(globex.actor("quality-manager")), ID) == []


def test_who_may_not_manage_may_not_add(app, acme: House) -> None:
    actor = acme.actor("complaint-handler")
    with pytest.raises(Forbidden), transaction(actor) as tx:
        service.add(tx, service.Add(ID, "en", "x.docx", own("x")), clock.now(), actor)


def test_a_language_without_a_template_of_its_own_gets_the_english_one_in_force(app, acme: House) -> None:
    take(acme, add(acme, own("House style")))
    take(acme, add(acme, own("سبک"), "fa"), "fa")

    assert first_line(made(acme, "ka")) == "House style"
    assert first_line(made(acme, "fa")) == "سبک"


def test_a_template_that_fails_is_named_and_nothing_is_put_in_its_place(app, acme: House) -> None:
    """It got past the examination, say of an older version of the program; the document fails all the same."""
    take(acme, add(acme, own("{{ letter.gone }}")))

    with pytest.raises(TemplateRefused) as refused:
        made(acme)

    assert str(refused.value).startswith("house.docx (complaint-letter en 1), text, paragraph 1, {{ letter.gone }}")


def test_the_installations_template_serves_organisations_without_one(app, acme: House, globex: House) -> None:
    instance = current_app.extensions["auditkit.settings"].instance
    installed.take(instance, ID, "en", own("Installation, first"))
    kept = installed.take(instance, ID, "en", own("Installation"))
    take(acme, add(acme, own("Acme")))

    theirs = made(globex)
    assert (theirs.chosen.origin, theirs.chosen.version, first_line(theirs)) == (
        Origin.INSTALLATION,
        2,
        "Installation",
    )
    assert first_line(made(acme)) == "Acme"

    kept.path.unlink()
    with pytest.raises(TemplateGone, match=r"complaint-letter/en\.2\.docx"):
        made(globex)
    assert installed.drop(instance, ID, "en")
    assert not installed.drop(instance, ID, "en")
    assert made(globex).chosen.origin is Origin.SHIPPED


def test_which_template_made_a_document_is_on_record(app, acme: House) -> None:
    import hashlib

    content = own("House style")
    take(acme, add(acme, content))
    document, actor = made(acme), acme.actor("complaint-handler")
    with transaction(actor) as tx:
        document.tell(tx, "Letter C-1", clock.now(), actor)

    (line,), more = queries.made(reading(actor))
    assert (line.title, line.origin, line.template_version, line.kind) == ("Letter C-1", "organisation", 1, Kind.WORD)
    assert line.template_digest == hashlib.sha256(content).hexdigest()
    assert line.digest == hashlib.sha256(document.content).hexdigest()
    assert more is None


def test_a_name_of_a_language_cannot_climb_out_of_the_instance(tmp_path: Path) -> None:
    from auditkit.base.errors import BadInput

    with pytest.raises(BadInput):
        installed.in_use(tmp_path, ID, "../../x")
