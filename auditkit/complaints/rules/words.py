"""The words of the register, as they are stored and as people read them."""

from enum import StrEnum

from auditkit.base.errors import BadInput
from auditkit.base.text import N_


class Stage(StrEnum):
    """Where a complaint stands. The finer stages of clause 7 come between these; the words are stored."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    CLOSED = "closed"


class Kind(StrEnum):
    """What the feedback is."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    REQUEST = "request"
    COMPLIMENT = "compliment"
    CONCERN = "concern"
    DISPUTE = "dispute"


class Channel(StrEnum):
    """Channels offered when registering by hand. An imported complaint keeps its file's own word instead."""

    PHONE = "phone"
    IN_PERSON = "in-person"
    EMAIL = "e-mail"
    WEB = "web"
    POST = "post"
    APP = "app"
    SOCIAL_MEDIA = "social-media"
    PARTNER = "partner"
    OTHER = "other"


class Severity(StrEnum):
    """How bad it is; empty in the table means not assessed yet."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Category(StrEnum):
    """The default list of problems. An imported complaint keeps its file's own word instead."""

    DELIVERY = "delivery"
    PRODUCT = "product-quality"
    SERVICE = "service"
    STAFF = "staff-behaviour"
    INFORMATION = "information"
    PRICE = "price-billing"
    CONTRACT = "contract"
    GUARANTEE = "guarantee"
    PAYMENT = "payment-refund"
    ACCESS = "access"
    PRIVACY = "privacy"
    HANDLING = "complaint-handling"
    OTHER = "other"


class Outcome(StrEnum):
    """What was decided."""

    UPHELD = "upheld"
    PARTLY = "partly-upheld"
    REJECTED = "rejected"


class Answer(StrEnum):
    """What the complainant said to the decision; empty in the table means nothing yet."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why a complaint may be closed. The last two are the only ways out of a refused decision."""

    ACCEPTED = "accepted"
    NO_ANSWER = "no-answer"
    DECIDED_EXTERNALLY = "decided-externally"
    EXHAUSTED = "exhausted"


STAGE_TITLES = {
    Stage.RECEIVED: N_("Received"),
    Stage.ACKNOWLEDGED: N_("Acknowledged"),
    Stage.DECIDED: N_("Decided"),
    Stage.CLOSED: N_("Closed"),
}
KIND_TITLES = {
    Kind.COMPLAINT: N_("Complaint"),
    Kind.SUGGESTION: N_("Suggestion"),
    Kind.REQUEST: N_("Request"),
    Kind.COMPLIMENT: N_("Compliment"),
    Kind.CONCERN: N_("Concern"),
    Kind.DISPUTE: N_("Dispute"),
}
CHANNEL_TITLES = {
    Channel.PHONE: N_("Phone"),
    Channel.IN_PERSON: N_("In person"),
    Channel.EMAIL: N_("E-mail"),
    Channel.WEB: N_("Web form"),
    Channel.POST: N_("Post"),
    Channel.APP: N_("App"),
    Channel.SOCIAL_MEDIA: N_("Social media"),
    Channel.PARTNER: N_("Partner"),
    Channel.OTHER: N_("Other"),
}
SEVERITY_TITLES = {
    Severity.LOW: N_("Low"),
    Severity.MEDIUM: N_("Medium"),
    Severity.HIGH: N_("High"),
    Severity.CRITICAL: N_("Critical"),
}
CATEGORY_TITLES = {
    Category.DELIVERY: N_("Delivery"),
    Category.PRODUCT: N_("Product quality or safety"),
    Category.SERVICE: N_("Service"),
    Category.STAFF: N_("Staff behaviour"),
    Category.INFORMATION: N_("Information, advertising or advice"),
    Category.PRICE: N_("Price, fees or billing"),
    Category.CONTRACT: N_("Contract terms or cancellation"),
    Category.GUARANTEE: N_("Guarantee or after-sales"),
    Category.PAYMENT: N_("Payment or refund delay"),
    Category.ACCESS: N_("Access or digital channel"),
    Category.PRIVACY: N_("Privacy or personal data"),
    Category.HANDLING: N_("How a complaint was handled"),
    Category.OTHER: N_("Other"),
}
OUTCOME_TITLES = {
    Outcome.UPHELD: N_("Upheld"),
    Outcome.PARTLY: N_("Partly upheld"),
    Outcome.REJECTED: N_("Rejected"),
}
ANSWER_TITLES = {
    Answer.ACCEPTED: N_("Accepted"),
    Answer.REFUSED: N_("Refused"),
}
GROUND_TITLES = {
    Ground.ACCEPTED: N_("The complainant accepted the decision"),
    Ground.NO_ANSWER: N_("The complainant did not answer"),
    Ground.DECIDED_EXTERNALLY: N_("An external body decided"),
    Ground.EXHAUSTED: N_("Every internal and external step was offered and is exhausted"),
}


class UnknownWord(BadInput):
    message = N_("%(word)r is none of: %(known)s")


def known_word(word: str, among: type[StrEnum], *, empty: bool = False) -> str:
    """`word` when it is one of `among` (or empty, where that is allowed). Raises UnknownWord, naming them all."""
    if (empty and not word) or word in list(among):
        return word
    raise UnknownWord(word=word, known=", ".join(among))
