"""What files call channels, states and totals, in the languages we serve; used where a profile says nothing. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from auditkit.base.folding import fold


class State(StrEnum):
    """All that a foreign status must tell: whether the complaint is still being worked on."""

    OPEN = "open"
    CLOSED = "closed"


OTHER_CHANNEL = "other"
_CHANNELS = {
    "web": "web|web form|online|website|internet|site|сайт|веб|веб форма|интернет|ვებ"
    "|საიტი|ვებგვერდი|وب|سایت|وب سایت|اینترنت"
    "|ιστοσελίδα|διαδίκτυο|sayt|veb|web sitesi|internet sitesi",
    "email": "email|e-mail|mail|e mail|электронная почта|эл. почта|эл почта"
    "|почта электронная|ელფოსტა|ایمیل|پست الکترونیک"
    "|ηλεκτρονικό ταχυδρομείο|e-poçt|e-posta|eposta",
    "phone": "phone|telephone|call|call centre|call center|hotline|телефон|звонок"
    "|ტელეფონი|تلفن|τηλέφωνο|telefon|telefonla"
    "|çağrı merkezi",
    "post": "post|postal mail|letter|postal|почта|письмо|ფოსტა|წერილი|پست|نامه"
    "|ταχυδρομείο|επιστολή|poçt|məktub|posta|mektup"
    "|fax|факс|ფაქსი|فکس|φαξ|faks",
    "in-person": "in person|in-person|office|visit|walk-in|лично|офис|личный приём"
    "|личный прием|პირადად|ოფისი|حضوری|αυτοπροσώπως"
    "|şəxsən|ofis|şahsen|yüz yüze",
    "app": "app|mobile app|приложение|мобильное приложение|აპლიკაცია|اپلیکیشن|برنامه"
    "|εφαρμογή|tətbiq|uygulama|mobil uygulama",
    "social-media": "social media|facebook|instagram|twitter|x|telegram|whatsapp"
    "|соцсети|социальные сети|სოციალური მედია"
    "|شبکه های اجتماعی|κοινωνικά μέσα|sosial media|sosyal medya",
    "partner": "partner|referral|dealer|партнёр|партнер|дилер|პარტნიორი|نماینده|συνεργάτης|tərəfdaş|ortak|bayi",
    OTHER_CHANNEL: "other|другое|სხვა|سایر|άλλο|digər|diğer",
}
_STATES = {
    State.OPEN: "open|new|received|in progress|pending|under review|investigating"
    "|reopened|acknowledged|submitted|в работе"
    "|открыто|открыта|открыт|новая|новое|на рассмотрении|получено|მიღებულია"
    "|მიმდინარე|განხილვაშია|ღია|باز|در حال بررسی|جدید"
    "|ανοικτό|ανοιχτό|σε εξέλιξη|νέο|açıq|icrada|baxılır|yeni|açık|işlemde|devam ediyor|beklemede|inceleniyor",
    State.CLOSED: "closed|resolved|completed|done|finished|решено|закрыто|закрыта"
    "|закрыт|завершено|выполнено|დახურული"
    "|დასრულებული|დახურულია|بسته|بسته شده|مختومه|حل شده|κλειστό|έκλεισε"
    "|ολοκληρώθηκε|bağlı|bağlanıb|həll olunub|kapalı"
    "|kapandı|kapatıldı|çözüldü|tamamlandı",
}
_TOTALS = (
    "total|totals|grand total|sum|count|итого|всего|итог|сумма|სულ|ჯამი|جمع|جمع کل"
    "|مجموع|σύνολο|άθροισμα|cəmi|yekun|toplam"
    "|genel toplam|summe|gesamt|total général|المجموع"
)


def _folded(groups: dict[str, str] | dict[State, str]) -> dict[str, str]:
    return {" ".join(fold(word).split()): str(value) for value, words in groups.items() for word in words.split("|")}


CHANNEL_WORDS = _folded(_CHANNELS)
STATE_WORDS = _folded(_STATES)
TOTAL_WORDS = frozenset(" ".join(fold(word).split()) for word in _TOTALS.split("|"))


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row is a line of totals: it begins with such a word and at most half of it is filled."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and len(filled) * 2 <= len(cells) and fold(filled[0].strip(" :.")) in TOTAL_WORDS
