"""What the tests of importing over HTTP share: sending a table, answering, confirming, and what is stored then."""

import io

from sqlalchemy import select

from auditkit.base.db import reading
from auditkit.complaints.models import Complaint

START = "/o/acme/complaints/import/"
HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"
ROWS = "".join(f"C-{number},2026-01-05,Ann,web,Late,y\n" for number in range(1, 8))


def send(visitor, content: bytes, name: str = "complaints.csv", **values):
    visitor.get(START)
    return visitor.post_form({"table": (io.BytesIO(content), name), **values})


def token_of(page) -> str:
    return page.path.rsplit("/", 1)[1]


def agreed(page) -> dict[str, str]:
    """What the page asks a person to confirm, confirmed."""
    return {box["name"]: "y" for box in page.form(token_of(page)).find_all("input", type="checkbox")}


def again(visitor, page, **answers: str):
    """Answer on the page, and look again."""
    visitor.get(page.path)
    return visitor.post_form({name.replace("_", "-", 1): value for name, value in answers.items()}, action="/look")


def confirm(visitor, page, work):
    """Press the button of the look before importing, let the worker do it, and come back to the page of the work."""
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    assert waiting.title == "Importing complaints"
    assert "Waiting for its turn" in waiting.text
    assert work() == 1
    return visitor.get(waiting.path)


def stored(house) -> list[Complaint]:
    found = select(Complaint).where(Complaint.organisation_id == house.id).order_by(Complaint.id)
    return list(reading(house.system).execute(found).scalars())


def uploads(app, house) -> list[str]:
    folder = app.extensions["auditkit.settings"].instance / "uploads" / str(house.id)
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def asked(visitor, rows: str):
    """Upload these rows and ask for the import; the page of the work."""
    page = send(visitor, (HEADS + rows).encode())
    return visitor.post_form(agreed(page), action=token_of(page))
