"""How often somebody may try something in an hour, counted in the database, so that it holds across processes.

Addresses are not kept: what is counted is a keyed hash of the network, and its key holds a random salt that is thrown
away with its day. Then nobody can find out any more who came. tests/slices/base/test_limits.py holds it.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app
from sqlalchemy import CheckConstraint, Date, Integer, String, UniqueConstraint, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, Session, UtcDateTime
from auditkit.base.ids import new_secret

KEPT_FOR = timedelta(hours=25)


class LimitSalt(Model):
    """The random salt of one day (UTC); gone the day after."""

    __tablename__ = "limit_salt"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[str] = mapped_column(String(60))


class LimitCount(Model):
    """How often one bucket (limit, scope and network, hashed) was used in one hour."""

    __tablename__ = "limit_count"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    bucket: Mapped[str] = mapped_column(String(64))
    hour: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        UniqueConstraint("bucket", "hour"),
        CheckConstraint("count >= 0", name="counts_are_not_negative"),
    )


# SQLAlchemy has no words for "insert or count up" that fit both kinds of database.
_HOUR = bindparam("hour", type_=UtcDateTime)
_COUNT = text(
    "INSERT INTO limit_count (bucket, hour, count) VALUES (:bucket, :hour, 1) "
    "ON CONFLICT (bucket, hour) DO UPDATE SET count = limit_count.count + 1 RETURNING count"
).bindparams(_HOUR)
_COUNT_DOWN = text(
    "UPDATE limit_count SET count = count - 1 WHERE bucket = :bucket AND hour = :hour AND count > 0"
).bindparams(_HOUR)
_SALT = text("INSERT INTO limit_salt (day, salt) VALUES (:day, :salt) ON CONFLICT (day) DO NOTHING").bindparams(
    bindparam("day", type_=Date)
)


@dataclass(frozen=True)
class Limit:
    """`name` tells what is tried; `an_hour` how often one network may in one hour."""

    name: str
    an_hour: int


@dataclass(frozen=True)
class Used:
    """How far a limit is used up. `again_at` is when the next hour begins."""

    count: int
    an_hour: int
    again_at: datetime

    @property
    def exceeded(self) -> bool:
        """Whether this one was too many."""
        return self.count > self.an_hour

    def minutes_left(self, now: datetime) -> int:
        """Whole minutes until it may be tried again, at least one."""
        return max(1, -int((now - self.again_at).total_seconds() // 60))


def network(address: str | None) -> str:
    """What one household or office shares: an IPv4 address, the first half of an IPv6 address; "" for neither."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def used(tx: Session, limit: Limit, address: str | None, now: datetime, *, scope: str = "") -> Used:
    """How far the limit is used up, without counting."""
    bucket, hour = _bucket(tx, limit, address, now, scope), _hour(now)
    query = select(LimitCount.count).where(LimitCount.bucket == bucket, LimitCount.hour == hour)
    return Used(tx.execute(query).scalar_one_or_none() or 0, limit.an_hour, hour + timedelta(hours=1))


def take(tx: Session, limit: Limit, address: str | None, now: datetime, *, scope: str = "") -> Used:
    """Count one more, in a transaction; what was too many is counted too."""
    bucket, hour = _bucket(tx, limit, address, now, scope), _hour(now)
    count: int = tx.execute(_COUNT, {"bucket": bucket, "hour": hour}).scalar_one()
    tx.execute(delete(LimitCount).where(LimitCount.hour < now - KEPT_FOR))
    return Used(count, limit.an_hour, hour + timedelta(hours=1))


def give_back(tx: Session, limit: Limit, address: str | None, now: datetime, *, scope: str = "") -> None:
    """Count one less: it was no attempt of the kind that is limited."""
    bucket = _bucket(tx, limit, address, now, scope)
    tx.execute(_COUNT_DOWN, {"bucket": bucket, "hour": _hour(now)})


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _bucket(tx: Session, limit: Limit, address: str | None, now: datetime, scope: str) -> str:
    key = f"{current_app.config['SECRET_KEY']}|{_salt(tx, now.date())}".encode()
    return hmac.new(key, f"{limit.name}|{scope}|{network(address)}".encode(), hashlib.sha256).hexdigest()


def _salt(tx: Session, day: date) -> str:
    query = select(LimitSalt.salt).where(LimitSalt.day == day)
    found = tx.execute(query).scalar_one_or_none()
    if found is None and tx.info.get("in_transaction"):
        tx.execute(_SALT, {"day": day, "salt": new_secret(32)})
        tx.execute(delete(LimitSalt).where(LimitSalt.day < day))
        found = tx.execute(query).scalar_one()
    return found or ""  # a day without a salt has counted nothing yet
