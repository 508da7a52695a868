"""The logo of an organisation: set, replaced and removed by those who may, shown on its pages, refused when harmful."""

import hashlib
import io
from typing import Any

import pytest

from auditkit.accounts.look import queries, service
from auditkit.accounts.look.models import OrganisationLogo
from auditkit.accounts.look.rules import MAX_BYTES, NoLogo
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.evidence.logos.drawing import cleaned
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.factories.pictures import jpeg, png
from tests.factories.refusals import refuses


def set_logo(house: House, content: bytes, role: str = "administrator") -> str:
    actor = house.actor(role)
    with transaction(actor) as tx:
        return service.set_logo(tx, service.SetLogo(cleaned(content)), clock.now(), actor)


def told(house: House) -> list[tuple[str, dict[str, Any]]]:
    entries = journal.timeline(reading(house.system), house.id, ("organisation", house.id))
    return [(one.event, one.facts) for one in entries if one.event.startswith("organisation:logo")]


def test_setting_replacing_and_removing_are_in_the_journal(acme, globex) -> None:
    first = set_logo(acme, png())
    second = set_logo(acme, jpeg(40, 40))
    kept = queries.logo(reading(acme.system))
    assert (kept.kind, kept.width, kept.height, kept.digest) == ("jpeg", 40, 40, second)
    assert hashlib.sha256(kept.content).hexdigest() == second
    assert queries.logo(reading(globex.system)) is None
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        service.remove_logo(tx, service.RemoveLogo(), clock.now(), actor)
    assert queries.logo(reading(acme.system)) is None
    assert told(acme) == [
        ("organisation:logo-removed", {"digest": second}),
        (
            "organisation:logo-set",
            {"digest": second, "kind": "jpeg", "width": 40, "height": 40, "replaces": first},
        ),
        ("organisation:logo-set", {"digest": first, "kind": "png", "width": 60, "height": 20}),
    ]
    with pytest.raises(NoLogo), transaction(actor) as tx:
        service.remove_logo(tx, service.RemoveLogo(), clock.now(), actor)
    with pytest.raises(Forbidden):
        set_logo(acme, png(), "staff")


@pytest.mark.sqlite_only
def test_it_stands_on_the_pages_of_staff_and_public_and_goes_again(acme, globex, browser) -> None:
    page = f"/o/{acme.slug}/logo/"
    administrator = browser(acme, "administrator")
    assert "There is no logo" in administrator.get(page).text
    administrator.post_form({"file": (io.BytesIO(png()), "logo.png")}, action=page)
    digest = queries.logo(reading(acme.system)).digest
    address = f"/p/{acme.slug}/logo/{digest}"
    for seen in (administrator.get(page), browser().get(f"/p/{acme.slug}/")):
        image = seen.soup.select_one("header.top a.brand img")
        assert (image["src"], image["alt"]) == (address, "Logo of Acme Ltd")
    assert not browser().get(f"/p/{globex.slug}/").soup.select("header.top img")
    stranger = browser()
    answer = stranger.get(address).response
    assert (answer.mimetype, answer.data) == ("image/png", cleaned(png()).content)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger.get(f"/p/{globex.slug}/logo/{digest}", status=404)
    assert administrator.get(f"/o/{acme.slug}/logo/{digest}").response.data == cleaned(png()).content
    administrator.get(page)
    administrator.post_form({}, action=f"{page}remove")
    stranger.get(address, status=404)
    assert not browser().get(f"/p/{acme.slug}/").soup.select("header.top img")


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "PNG or a JPEG"),
        (b"GIF89a\x10\0\x10\0\0\0\0;", "PNG or a JPEG"),
        (b"%PDF-1.7\n%%EOF", "PNG or a JPEG"),
        (b"MZ" + bytes(200), "program"),
        (b"", "empty"),
        (png()[:-30], "damaged"),
        (png(30_000, 30_000, pixels=b"\0"), "pixels"),
        (png(8, 8), "pixels"),
        (png(tail=b"\0" * MAX_BYTES), "800 pixels"),
    ],
)
def test_what_is_no_logo_is_refused_and_says_why(acme, browser, content, says) -> None:
    administrator = browser(acme, "administrator")
    administrator.get(f"/o/{acme.slug}/logo/")
    page = administrator.post_form({"file": (io.BytesIO(content), "logo.png")}, action=f"/o/{acme.slug}/logo/")
    assert says in page.soup.find(class_="error-summary").get_text() or says in page.text
    assert queries.logo(reading(acme.system)) is None
    assert told(acme) == []


def test_a_file_that_is_two_things_is_refused(acme, browser, shared) -> None:
    """A picture with an archive behind it: nobody knows what another program takes it for."""
    import zipfile

    archive = io.BytesIO(png())
    archive.seek(0, io.SEEK_END)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("evil.exe", b"MZ")
    administrator = browser(acme, "administrator")
    administrator.get(f"/o/{acme.slug}/logo/")
    administrator.post_form({"file": (io.BytesIO(archive.getvalue()), "logo.png")}, action=f"/o/{acme.slug}/logo/")
    assert queries.logo(reading(acme.system)) is None


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("logo_kind_known", {"kind": "gif"}),
        ("logo_has_sides", {"width": 0}),
        ("logo_digest_is_sha256", {"digest": "abc"}),
        ("logo_has_content", {"content": b""}),
    ],
)
def test_checks(acme, constraint, values) -> None:
    good = {
        "organisation_id": acme.id,
        "kind": "png",
        "width": 60,
        "height": 20,
        "digest": "0" * 64,
        "content": b"x",
        "set_at": clock.now(),
    }
    refuses(OrganisationLogo.__table__, constraint, {**good, **values})
