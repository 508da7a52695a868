"""What files call channels, kinds of feedback, stages, severities and totals, in the languages we serve. Pure.

Used where a profile says nothing.
"""

from collections.abc import Mapping, Sequence

from auditkit.base.folding import fold
from auditkit.complaints.rules import Channel, Kind, Outcome, Severity, Stage

_CHANNELS = {
    Channel.WEB: "web|web form|online|website|internet|site|сайт|веб|веб форма|интернет|ვებ"
    "|საიტი|ვებგვერდი|وب|سایت|وب سایت|اینترنت"
    "|ιστοσελίδα|διαδίκτυο|sayt|veb|web sitesi|internet sitesi|webformular|online formular",
    Channel.EMAIL: "email|e-mail|mail|e mail|электронная почта|эл. почта|эл почта"
    "|почта электронная|ელფოსტა|ایمیل|پست الکترونیک"
    "|ηλεκτρονικό ταχυδρομείο|e-poçt|e-posta|eposta",
    Channel.PHONE: "phone|telephone|call|call centre|call center|hotline|телефон|звонок"
    "|ტელეფონი|تلفن|τηλέφωνο|telefon|telefonla"
    "|çağrı merkezi",
    Channel.POST: "post|postal mail|letter|postal|почта|письмо|ფოსტა|წერილი|پست|نامه"
    "|ταχυδρομείο|επιστολή|poçt|məktub|posta|mektup"
    "|fax|факс|ფაქსი|فکس|φαξ|faks|brief|postweg",
    Channel.IN_PERSON: "in person|in-person|office|visit|walk-in|лично|офис|личный приём"
    "|личный прием|პირადად|ოფისი|حضوری|αυτοπροσώπως"
    "|şəxsən|ofis|şahsen|yüz yüze|persönlich|vor ort",
    Channel.APP: "app|mobile app|приложение|мобильное приложение|აპლიკაცია|اپلیکیشن|برنامه"
    "|εφαρμογή|tətbiq|uygulama|mobil uygulama",
    Channel.SOCIAL_MEDIA: "social media|facebook|instagram|twitter|x|telegram|whatsapp"
    "|соцсети|социальные сети|სოციალური მედია"
    "|شبکه های اجتماعی|κοινωνικά μέσα|sosial media|sosyal medya|soziale medien",
    Channel.PARTNER: "partner|referral|dealer|партнёр|партнер|дилер|პარტნიორი|نماینده|συνεργάτης|tərəfdaş|ortak|bayi"
    "|händler",
    Channel.OTHER: "other|другое|სხვა|سایر|άλλο|digər|diğer|sonstiges|andere",
}
_KINDS = {
    Kind.COMPLAINT: "complaint|grievance|жалоба|претензия|рекламация|საჩივარი|شکایت|παράπονο|şikayət|şikayet|şikâyet"
    "|beschwerde",
    Kind.SUGGESTION: "suggestion|idea|proposal|предложение|წინადადება|پیشنهاد|πρόταση|təklif|öneri|vorschlag",
    Kind.REQUEST: "request|question|enquiry|inquiry|query|запрос|вопрос|заявление|მოთხოვნა|შეკითხვა|განცხადება"
    "|درخواست|سوال|سؤال|αίτημα|ερώτηση|sorğu|sual|ərizə|istek|talep|soru|anfrage",
    Kind.COMPLIMENT: "compliment|praise|thanks|commendation|благодарность|похвала|მადლობა|تشکر|قدردانی|تقدیر"
    "|έπαινος|ευχαριστία|təşəkkür|teşekkür|övgü|memnuniyet|lob",
    Kind.CONCERN: "concern|whistleblowing|сообщение о нарушении|შეშფოთება|نگرانی|ανησυχία|narahatlıq|endişe|ihbar",
    Kind.DISPUTE: "dispute|спор|დავა|اختلاف|διαφορά|mübahisə|uyuşmazlık|anlaşmazlık|streit",
}
_STAGES = {
    Stage.RECEIVED: "open|new|received|in progress|pending|under review|investigating"
    "|reopened|acknowledged|submitted|в работе"
    "|открыто|открыта|открыт|новая|новое|на рассмотрении|получено|მიღებულია"
    "|მიმდინარე|განხილვაშია|ღია|باز|در حال بررسی|جدید"
    "|ανοικτό|ανοιχτό|σε εξέλιξη|νέο|açıq|icrada|baxılır|yeni|açık|işlemde|devam ediyor|beklemede|inceleniyor"
    "|offen|neu|eingegangen|in bearbeitung|in arbeit|in prüfung|wird geprüft|wird bearbeitet|ausstehend|wartend"
    "|wiedereröffnet|ouvert|ouverte|en cours|nouveau|abierto|abierta|en curso|nuevo",
    Stage.CLOSED: "closed|resolved|completed|done|finished|решено|закрыто|закрыта"
    "|закрыт|завершено|выполнено|დახურული"
    "|დასრულებული|დახურულია|بسته|بسته شده|مختومه|حل شده|κλειστό|έκλεισε"
    "|ολοκληρώθηκε|bağlı|bağlanıb|həll olunub|kapalı"
    "|kapandı|kapatıldı|çözüldü|tamamlandı"
    "|geschlossen|abgeschlossen|erledigt|beendet|gelöst|fermé|fermée|clos|clôturé|résolu|cerrado|cerrada|resuelto",
}
_OUTCOMES = {
    Outcome.UPHELD: "upheld|justified|accepted|valid|удовлетворена|удовлетворено|обоснована"
    "|обоснованная|დაკმაყოფილდა|دارای وجاهت"
    "|δεκτό|βάσιμο|təmin edildi|əsaslı|kabul edildi|haklı|berechtigt|begründet|stattgegeben",
    Outcome.PARTLY: "partly upheld|partially upheld|partly|удовлетворена частично"
    "|частично|ნაწილობრივ|تا حدی|εν μέρει|qismən"
    "|kısmen|teilweise|teilweise berechtigt|teilweise begründet",
    Outcome.REJECTED: "rejected|not upheld|unjustified|dismissed|отклонена|отклонено"
    "|необоснована|უარყოფილია|رد شده|απορρίφθηκε"
    "|αβάσιμο|rədd edildi|əsassız|reddedildi|haksız|unberechtigt|unbegründet|abgelehnt"
    "|zurückgewiesen",
}
_SEVERITIES = {
    Severity.LOW: "low|minor|slight|низкая|низкий|незначительная|დაბალი|უმნიშვნელო|کم|پایین|جزئی|χαμηλή|χαμηλό|μικρή"
    "|aşağı|zəif|yüngül|düşük|hafif|niedrig|gering|leicht",
    Severity.MEDIUM: "medium|moderate|средняя|средний|საშუალო|متوسط|μέτρια|μέτριο|μεσαία|orta|mittel|mäßig",
    Severity.HIGH: "high|major|serious|высокая|высокий|серьёзная|серьезная|მაღალი|სერიოზული|زیاد|بالا|شدید|جدی"
    "|υψηλή|υψηλό|σοβαρή|yüksək|ciddi|yüksek|hoch|schwer|schwerwiegend",
    Severity.CRITICAL: "critical|very high|severe|критическая|критический|очень высокая|კრიტიკული|ძალიან მაღალი|بحرانی"
    "|خیلی زیاد|خیلی شدید|κρίσιμη|κρίσιμο|πολύ υψηλή|kritik|çox yüksək|çok yüksek|kritisch|sehr hoch",
}
_TOTALS = (
    "total|totals|grand total|sum|count|итого|всего|итог|сумма|სულ|ჯამი|جمع|جمع کل"
    "|مجموع|σύνολο|άθροισμα|cəmi|yekun|toplam"
    "|genel toplam|summe|gesamt|total général|المجموع"
)


def _folded(
    groups: Mapping[Channel, str]
    | Mapping[Kind, str]
    | Mapping[Stage, str]
    | Mapping[Outcome, str]
    | Mapping[Severity, str],
) -> dict[str, str]:
    return {" ".join(fold(word).split()): str(value) for value, words in groups.items() for word in words.split("|")}


CHANNEL_WORDS = _folded(_CHANNELS)
KIND_WORDS = _folded(_KINDS)
OUTCOME_WORDS = _folded(_OUTCOMES)
STAGE_WORDS = _folded(_STAGES)
SEVERITY_WORDS = _folded(_SEVERITIES)
TOTAL_WORDS = frozenset(" ".join(fold(word).split()) for word in _TOTALS.split("|"))


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row is a line of totals: it begins with such a word and at most half of it is filled."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and len(filled) * 2 <= len(cells) and fold(filled[0].strip(" :.")) in TOTAL_WORDS
