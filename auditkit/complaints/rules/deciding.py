"""Who may judge a case, and up to which amount alone; what a remedy and a refusal must say."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.folding import fold
from auditkit.base.text import N_

NO_REMEDY = "none"
"""The word of the list of remedies that stands for none at all."""
LARGEST_AMOUNT = 10**15
_AMOUNT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:[.,][0-9]{3}){1,4})(?:[.,]([0-9]{1,2}))?")


class ComplainedAbout(RuleBroken):
    message = N_("You are complained about in this case, so somebody else must do this")


class OtherComplainedAbout(RuleBroken):
    message = N_("This person is complained about in the case. Choose somebody else")


class OwnerComplainedAbout(RuleBroken):
    message = N_("This person owns the case or stands in for its owner. Hand it to somebody else first")


class ProposerApproves(RuleBroken):
    message = N_("You proposed this decision, so somebody else must approve it")


class AboveYourLimit(RuleBroken):
    message = N_("The amount is above what you may approve. Ask somebody whose limit is higher")


class PersonNeeded(RuleBroken):
    message = N_("This must be done by a person who is signed in, not by the system")


class AmountImpossible(BadInput):
    message = N_("Enter an amount such as 45.90 that is not negative")


class CurrencyMissing(BadInput):
    message = N_("Say in which currency: three letters such as EUR")


class RemedyUndated(BadInput):
    message = N_("Say by which day the remedy is delivered: a remedy counts when it came, not when it was promised")


class PromisedInPast(BadInput):
    message = N_("Enter a day that has not passed")


class DeliveredInFuture(BadInput):
    message = N_("Enter a day of delivery that is not in the future")


class DeliveryUnproven(BadInput):
    message = N_("Say what was delivered and how that can be seen")


class NothingDelivered(RuleBroken):
    message = N_("No remedy was delivered yet, so there is nothing to check")


class CheckedInFuture(BadInput):
    message = N_("Enter a day of the check that is not in the future")


class CheckedBeforeDelivery(BadInput):
    message = N_("Enter a day of the check that is not before the delivery")


class CheckUndescribed(BadInput):
    message = N_("Say how it was checked and what was seen")


class OthersUnnamed(BadInput):
    message = N_("Say who else is affected and what is done for them")


class NextStepsMissing(BadInput):
    message = N_("Whoever refuses is told where to go next. Name the next step inside and the next one outside")


class OwnerMissing(BadInput):
    message = N_("A refused case keeps an owner. Name one")


class ReviewMissing(BadInput):
    message = N_("A refused case is looked at again. Name the day, not before today")


class NoSuchHandler(BadInput):
    message = N_("Choose a member of this organisation who may handle complaints")


class NoSuchMember(BadInput):
    message = N_("Choose a member of this organisation")


class NamedAlready(RuleBroken):
    message = N_("That this person is complained about is on record")


class NotNamed(RuleBroken):
    message = N_("This person is not named as complained about")


class DeputyIsOwner(BadInput):
    message = N_("The owner cannot stand in for the owner. Choose somebody else, or nobody")


class FactsMissing(BadInput):
    message = N_("Write what was found")


class CauseMissing(BadInput):
    message = N_("Choose the root cause; that it could not be found is a choice too")


class IndependenceMissing(BadInput):
    message = N_("Say how it was made sure that whoever investigated was free to judge")


class ImmediateActionMissing(BadInput):
    message = N_("Something must and can be done at once. Say what is done")


class DaysImpossible(BadInput):
    message = N_("Enter 1 to 90 days until the review, and 1 to 730 days for repeats")


@dataclass(frozen=True)
class Limit:
    """Up to `amount` (hundredths of `currency`) a role, or a person where `person_id` is set, decides alone."""

    role: str
    person_id: int | None
    currency: str
    amount: int


def check_independent(person_id: int | None, named: Collection[int]) -> None:
    """Raise ComplainedAbout when whoever acts is complained about in the case (7.6: no judge in one's own cause)."""
    if person_id in named:
        raise ComplainedAbout


def limit_of(limits: Iterable[Limit], *, role: str, person_id: int | None, approves: bool, currency: str) -> int | None:
    """Up to which amount, in hundredths of `currency`, somebody decides alone; None for any.

    A person's own limits go before those of the role. Where the organisation set no limit at all, nobody has one.
    Where it did, whoever has none set decides nothing that costs money alone, unless the role `approves` decisions;
    and in a currency that is not named nothing either.
    """
    known = list(limits)
    if not known:
        return None
    own = [one for one in known if person_id is not None and one.person_id == person_id]
    own = own or [one for one in known if one.person_id is None and one.role == role]
    if not own:
        return None if approves else 0
    return next((one.amount for one in own if one.currency == currency), 0)


def is_above(amount: int | None, limit: int | None) -> bool:
    """Whether an amount needs somebody else's approval."""
    return bool(amount) and limit is not None and (amount or 0) > limit


def check_approver(
    *, approver_id: int | None, proposer_id: int | None, amount: int | None, limit: int | None, named: Collection[int]
) -> None:
    """Whether this person may approve. Raises PersonNeeded, ComplainedAbout, ProposerApproves or AboveYourLimit."""
    if approver_id is None:
        raise PersonNeeded
    check_independent(approver_id, named)
    if approver_id == proposer_id:
        raise ProposerApproves
    if is_above(amount, limit):
        raise AboveYourLimit


def check_remedy(
    *, remedies: Collection[str], amount: int | None, currency: str, promised_on: date | None, today: date
) -> None:
    """What a decision grants: an amount has a currency, a remedy has a day.

    Raises AmountImpossible, CurrencyMissing, RemedyUndated or PromisedInPast.
    """
    if amount is not None and not 0 <= amount <= LARGEST_AMOUNT:
        raise AmountImpossible
    if amount is not None and not is_currency(currency):
        raise CurrencyMissing
    if promised_on is None and (amount or set(remedies) - {NO_REMEDY}):
        raise RemedyUndated
    if promised_on is not None and promised_on < today:
        raise PromisedInPast


def is_currency(text: str) -> bool:
    """Whether `text` has the form of an ISO 4217 code."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def check_delivery(delivered_on: date, proof: str, files: int, today: date) -> None:
    """Raises DeliveredInFuture or DeliveryUnproven."""
    if delivered_on > today:
        raise DeliveredInFuture
    if not proof.strip() and not files:
        raise DeliveryUnproven


def check_verification(*, checked_on: date, delivered_on: date | None, note: str, files: int, today: date) -> None:
    """Whether the check of a remedy can be put on record as it is told.

    Raises NothingDelivered, CheckedInFuture, CheckedBeforeDelivery or CheckUndescribed.
    """
    if delivered_on is None:
        raise NothingDelivered
    if checked_on > today:
        raise CheckedInFuture
    if checked_on < delivered_on:
        raise CheckedBeforeDelivery
    if not note.strip() and not files:
        raise CheckUndescribed


def check_refusal(
    *, next_internal: str, next_external: str, owner_id: int | None, review_on: date | None, today: date
) -> None:
    """What stands beside a refusal (7.9). Raises NextStepsMissing, OwnerMissing or ReviewMissing."""
    if not next_internal.strip() or not next_external.strip():
        raise NextStepsMissing
    if owner_id is None:
        raise OwnerMissing
    if review_on is None or review_on < today:
        raise ReviewMissing


def check_deputy(owner_id: int, deputy_id: int) -> None:
    """Raises DeputyIsOwner."""
    if owner_id == deputy_id:
        raise DeputyIsOwner


def check_immediate(needed: bool, possible: bool, action: str) -> None:
    """What must and can be done at once is named (7.5). Raises ImmediateActionMissing."""
    if needed and possible and not action.strip():
        raise ImmediateActionMissing


def check_findings(facts: str, cause: str, independence: str) -> None:
    """What an ended investigation says (7.6). Raises FactsMissing, CauseMissing or IndependenceMissing."""
    if not facts.strip():
        raise FactsMissing
    if not cause:
        raise CauseMissing
    if not independence.strip():
        raise IndependenceMissing


def check_windows(review_days: int, repeat_days: int) -> None:
    """Raises DaysImpossible."""
    if not (1 <= review_days <= 90 and 1 <= repeat_days <= 730):
        raise DaysImpossible


def hundredths(text: str) -> int | None:
    """An amount as people write it (`45.90`, `45,90`, `1 234.50`, `1,234.50`) in hundredths; None for nothing written.

    The last point or comma with one or two digits behind it parts the hundredths. Raises AmountImpossible.
    """
    written = "".join(fold(text).split()).replace("'", "")
    if not written:
        return None
    found = _AMOUNT.fullmatch(written)
    if found is None:
        raise AmountImpossible
    whole = re.sub(r"[.,]", "", found[1])
    amount = int(whole) * 100 + int((found[2] or "0").ljust(2, "0"))
    if amount > LARGEST_AMOUNT:
        raise AmountImpossible
    return amount


def amount_text(amount: int) -> str:
    """`1234.50` for hundredths: as a field takes it again."""
    return f"{amount // 100}.{amount % 100:02d}"


def review_day(today: date, days: int) -> date:
    """When a case that is refused today is looked at again."""
    return today + timedelta(days=days)
