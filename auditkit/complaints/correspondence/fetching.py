"""Emptying a mailbox into the register: every mail once, whatever is killed when.

A mail is recorded, then the position in the mailbox moves on, then the mailbox is told (marked or moved). Killed before
the first step it is fetched again; after the first it is known by its digest; after the second the next run tells the
mailbox. Checked by tests/slices/complaints/correspondence/test_mailbox.py.
"""

from collections.abc import Callable

from sqlalchemy import select

from auditkit.base.db import reading, transaction
from auditkit.complaints.correspondence import queries
from auditkit.complaints.correspondence.mail.reading import MAX_MAIL_BYTES
from auditkit.complaints.correspondence.mailbox import Address, Mailbox, opened
from auditkit.complaints.correspondence.models import MailboxPosition
from auditkit.complaints.correspondence.running import MailIn, Tally, Told
from auditkit.complaints.correspondence.taking import Place


def fetch(
    mails: MailIn,
    address: Address,
    after: tuple[str, str],
    on_mail: Callable[[Told], None] = lambda _told: None,
    on_step: Callable[[], None] = lambda: None,
) -> Tally:
    """Take in what is new in the mailbox at `address`; `after` is what happens to a taken mail (`mailbox.after_of`).

    `on_step` is called after each mail, and may end it all by an exception.

    Raises MailboxUnusable, StorageFull, StorageFailed: what was taken before stays taken.
    """
    tally = Tally()
    with opened(address) as box:
        _catch_up(mails, box, address, after)
        last = queries.position(reading(mails.actor), address.name, box.uid_validity)
        for uid in box.uids_after(last):
            told = _take(mails, box, address, uid)
            _move_on(mails, address, box.uid_validity, uid)
            if told is not None:
                if told.outcome != "aside":
                    _tell(box, uid, after)
                on_mail(tally.add(told))
            on_step()
    return tally


def _take(mails: MailIn, box: Mailbox, address: Address, uid: int) -> Told | None:
    place = Place(f"{address.name}: mail {uid}", address.name, box.uid_validity, uid)
    size = box.size(uid)
    if size > MAX_MAIL_BYTES:
        return mails.too_large(f"{address.name} {box.uid_validity} {uid}", place, size)
    found = box.mail(uid)
    if found is None:  # somebody removed it meanwhile
        return None
    raw, arrived_at = found
    return mails.take(raw, place, arrived_at=arrived_at)


def _move_on(mails: MailIn, address: Address, uid_validity: int, uid: int) -> None:
    with transaction(mails.actor) as tx:
        query = select(MailboxPosition).where(MailboxPosition.mailbox == address.name).with_for_update()
        row = tx.execute(query).scalar_one_or_none()
        if row is None:
            tx.add(MailboxPosition(mailbox=address.name, uid_validity=uid_validity, last_uid=uid))
        elif row.uid_validity != uid_validity or uid > row.last_uid:
            row.uid_validity, row.last_uid = uid_validity, uid


def _tell(box: Mailbox, uid: int, after: tuple[str, str]) -> None:
    what, folder = after
    if what == "mark":
        box.mark(uid)
    elif what == "move":
        box.move(uid, folder)


def _catch_up(mails: MailIn, box: Mailbox, address: Address, after: tuple[str, str]) -> None:
    """Tell the mailbox what a run before this one recorded and could not tell any more."""
    if after[0] == "leave":
        return
    tx = reading(mails.actor)
    last = queries.position(tx, address.name, box.uid_validity)
    for uid in queries.taken_uids(tx, address.name, box.uid_validity, box.unmarked_up_to(last)):
        _tell(box, uid, after)
