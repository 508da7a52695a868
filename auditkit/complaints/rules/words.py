"""The words of the register, as they are stored and as people read them."""

from enum import StrEnum

from auditkit.base.errors import BadInput
from auditkit.base.text import N_


class Stage(StrEnum):
    """Where a complaint stands (clause 7), in the order in which it goes on; `rules.stages` says what may be passed."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    INVESTIGATING = "investigating"
    PROPOSED = "proposed"
    DECIDED = "decided"
    ACTING = "acting"
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
    """Why a complaint may be closed. `DECIDED_EXTERNALLY` and `EXHAUSTED` are the only ways out of a refused decision,
    but for the complainant's own withdrawal; the last three need no decision."""

    ACCEPTED = "accepted"
    NO_ANSWER = "no-answer"
    DECIDED_EXTERNALLY = "decided-externally"
    EXHAUSTED = "exhausted"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    ANSWERED = "answered"


WITHOUT_DECISION = (Ground.WITHDRAWN, Ground.DUPLICATE, Ground.ANSWERED)
OUT_OF_REFUSAL = (Ground.DECIDED_EXTERNALLY, Ground.EXHAUSTED, Ground.WITHDRAWN)
IMPORTED_STAGES = tuple(stage for stage in Stage if stage not in (Stage.PROPOSED, Stage.ACTING))
"""At which a complaint may come out of a file: a proposal and an accepted remedy need what no file says."""
DECISION_STANDS = (Stage.DECIDED, Stage.ACTING, Stage.CLOSED)
NO_DECISION_DUE = (Kind.SUGGESTION, Kind.REQUEST, Kind.COMPLIMENT)


class Complexity(StrEnum):
    """How much work it takes to find out what happened."""

    SIMPLE = "simple"
    MEDIUM = "medium"
    COMPLEX = "complex"


class Compensation(StrEnum):
    """How likely it is that a loss has to be made good."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"


class Trigger(StrEnum):
    """Why a case goes a level up. All but the last two are found by rule."""

    AUTHORITY = "authority"
    DEADLINE = "deadline"
    SEVERITY = "severity"
    SAFETY = "safety"
    REFUSAL = "refusal"
    CONFLICT = "conflict"
    REPEAT = "repeat"
    VULNERABLE = "vulnerable"
    PUBLIC = "public"
    ASKED = "asked"
    OTHER = "other"


class Relation(StrEnum):
    """What a complaint is to the other it is linked to."""

    DUPLICATE = "duplicate"
    REPEAT = "repeat"
    SAME_CAUSE = "same-cause"
    RELATED = "related"


class WaitsFor(StrEnum):
    """Who owes the information that is awaited."""

    COMPLAINANT = "complainant"
    COLLEAGUE = "colleague"
    PARTNER = "partner"
    EXPERT = "expert"
    AUTHORITY = "authority"


class Others(StrEnum):
    """Whether the decision concerns others than the complainant (7.7); empty in the table means nobody looked."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class RemedyFound(StrEnum):
    """What somebody saw who checked a delivered remedy."""

    AS_PROMISED = "as-promised"
    LACKING = "lacking"


class Detriment(StrEnum):
    """Whether the complainant was treated worse for having complained, as far as somebody looked (4.10)."""

    NONE = "none"
    SIGNS = "signs"
    UNCLEAR = "unclear"


STAGE_TITLES = {
    Stage.RECEIVED: N_("Received"),
    Stage.ACKNOWLEDGED: N_("Acknowledged"),
    Stage.ASSESSED: N_("Assessed"),
    Stage.INVESTIGATING: N_("Under investigation"),
    Stage.PROPOSED: N_("Decision proposed"),
    Stage.DECIDED: N_("Decided"),
    Stage.ACTING: N_("Remedy under way"),
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
    Ground.WITHDRAWN: N_("The complainant withdrew the complaint"),
    Ground.DUPLICATE: N_("It was recorded twice; the other record goes on"),
    Ground.ANSWERED: N_("It was answered; no decision was due"),
}
COMPLEXITY_TITLES = {
    Complexity.SIMPLE: N_("Simple: the facts are at hand"),
    Complexity.MEDIUM: N_("Medium: somebody has to be asked"),
    Complexity.COMPLEX: N_("Complex: several sides or experts"),
}
COMPENSATION_TITLES = {
    Compensation.UNLIKELY: N_("Unlikely"),
    Compensation.POSSIBLE: N_("Possible"),
    Compensation.LIKELY: N_("Likely"),
}
TRIGGER_TITLES = {
    Trigger.AUTHORITY: N_("The remedy is above the limit of whoever decides"),
    Trigger.DEADLINE: N_("A time limit was missed"),
    Trigger.SEVERITY: N_("The matter is critical"),
    Trigger.SAFETY: N_("Somebody was hurt or could be"),
    Trigger.REFUSAL: N_("The complainant refused the decision"),
    Trigger.CONFLICT: N_("Whoever handles it is not free to judge"),
    Trigger.REPEAT: N_("It happened before"),
    Trigger.VULNERABLE: N_("The complainant is vulnerable"),
    Trigger.PUBLIC: N_("Press, regulator or lawyers are involved"),
    Trigger.ASKED: N_("The complainant asked for it"),
    Trigger.OTHER: N_("Another reason"),
}
LEVEL_TITLES = (
    N_("Level 0: first contact"),
    N_("Level 1: handler or specialist"),
    N_("Level 2: manager or independent reviewer"),
    N_("Level 3: top management"),
    N_("Level 4: external body"),
)
TOP_INTERNAL, EXTERNAL = 3, 4
RELATION_TITLES = {
    Relation.DUPLICATE: N_("The same complaint recorded twice"),
    Relation.REPEAT: N_("The same person with the same matter again"),
    Relation.SAME_CAUSE: N_("Another person, the same cause"),
    Relation.RELATED: N_("Related"),
}
WAITS_FOR_TITLES = {
    WaitsFor.COMPLAINANT: N_("The complainant"),
    WaitsFor.COLLEAGUE: N_("A colleague or another unit"),
    WaitsFor.PARTNER: N_("A partner or supplier"),
    WaitsFor.EXPERT: N_("An expert"),
    WaitsFor.AUTHORITY: N_("An authority"),
}
REMEDY_FOUND_TITLES = {
    RemedyFound.AS_PROMISED: N_("It came as it was promised"),
    RemedyFound.LACKING: N_("It did not come, or not as it was promised"),
}
DETRIMENT_TITLES = {
    Detriment.NONE: N_("No sign that the complainant was treated worse"),
    Detriment.SIGNS: N_("Signs that the complainant was treated worse"),
    Detriment.UNCLEAR: N_("It could not be found out"),
}
OTHERS_TITLES = {
    Others.NO: N_("No, only this complainant"),
    Others.YES: N_("Yes, others are put right too"),
    Others.UNKNOWN: N_("It cannot be said yet"),
}


class UnknownWord(BadInput):
    message = N_("%(word)r is none of: %(known)s")


def known_word(word: str, among: type[StrEnum], *, empty: bool = False) -> str:
    """`word` when it is one of `among` (or empty, where that is allowed). Raises UnknownWord, naming them all."""
    if (empty and not word) or word in list(among):
        return word
    raise UnknownWord(word=word, known=tuple(among))
