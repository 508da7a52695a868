"""What a column probably holds, by its name in the languages we serve. A guess is announced, never silent. Pure."""

import re
from collections.abc import Sequence
from functools import cache

from auditkit.base.folding import fold

_WORDS = re.compile(r"[^\W_]+")

# Whole names of columns, as people write them; compared by `name_key`.
_NAMES: dict[str, str] = {
    "reference": (
        "reference|ref|reference number|ref no|complaint id|complaint number"
        "|complaint no|complaint ref|case id|case number"
        "|case no|ticket|ticket id|ticket number|id|no|number|record id|request id"
        "|номер|номер жалобы|номер претензии|номер обращения|рег номер|регистрационный номер|№|№ п/п|код"
        "|ნომერი|საჩივრის ნომერი|რეგისტრაციის ნომერი"
        "|شماره|شماره شکایت|کد رهگیری|شماره پیگیری|کد شکایت|رقم الشكوى|رقم"
        "|αριθμός|αριθμός παραπόνου|αρ|α/α|κωδικός|αριθμός πρωτοκόλλου"
        "|nömrə|şikayət nömrəsi|qeydiyyat nömrəsi|no|şikayet no|şikâyet numarası"
        "|takip no|takip numarası|kayıt no|referans"
        "|referenz|aktenzeichen|nummer|référence|numéro|referencia|número"
    ),
    "received": (
        "received|date received|received on|received at|receipt date"
        "|date of receipt|complaint date|date of complaint|date"
        "|date created|created|created at|created on|date opened|opened|date logged"
        "|registered|registration date|submitted"
        "|submission date"
        "|получено|дата получения|дата поступления|дата|дата регистрации|дата обращения|поступило|создано"
        "|მიღების თარიღი|თარიღი|მიღებულია|რეგისტრაციის თარიღი"
        "|تاریخ|تاریخ دریافت|تاریخ ثبت|دریافت|تاریخ شکایت|تاريخ الاستلام|التاريخ"
        "|ημερομηνία|ημερομηνία παραλαβής|ημερομηνία λήψης|ημερομηνία υποβολής|ημ/νία|παραλαβή"
        "|tarix|qəbul tarixi|daxil olma tarixi|qeydiyyat tarixi|tarih|alındığı tarih"
        "|kayıt tarihi|şikayet tarihi|geliş tarihi"
        "|datum|eingang|eingangsdatum|date de réception|fecha|fecha de recepción"
    ),
    "complainant": (
        "complainant|complainant name|name|full name|customer|customer name"
        "|client|client name|consumer|from|person"
        "|заявитель|имя|фио|ф и о|клиент|потребитель|от кого|предъявляющий претензию"
        "|მომჩივანი|განმცხადებელი|სახელი|სახელი და გვარი|მომხმარებელი|კლიენტი"
        "|شاکی|نام|نام و نام خانوادگی|مشتری|نام شاکی|نام مشتری|المشتكي|الاسم"
        "|παραπονούμενος|όνομα|ονοματεπώνυμο|πελάτης"
        "|şikayətçi|ad|ad soyad|müştəri|soyad ad|şikayetçi|şikâyetçi|adı soyadı|müşteri|müşteri adı"
        "|beschwerdeführer|kunde|nom|plaignant|nombre|reclamante"
    ),
    "email": (
        "email|e mail|mail|email address|e mail address|complainant email"
        "|электронная почта|эл почта|почта|имейл"
        "|ელფოსტა|ელ ფოსტა|ایمیل|پست الکترونیک|رایانامه|email διεύθυνση|ηλεκτρονικό ταχυδρομείο"
        "|e poçt|elektron poçt|e posta|eposta|e posta adresi|البريد الإلكتروني"
    ),
    "phone": (
        "phone|telephone|phone number|tel|mobile|телефон|тел|номер телефона|ტელეფონი"
        "|تلفن|شماره تلفن|موبایل|τηλέφωνο|telefon"
        "|mobil|telefon numarası|cep telefonu|téléphone|teléfono|الهاتف"
    ),
    "channel": (
        "channel|submitted via|received via|source|medium|method|how received"
        "|intake channel|канал|способ|способ обращения"
        "|источник|არხი|წყარო|کانال|روش دریافت|نحوه دریافت|القناة|κανάλι|τρόπος|μέσο"
        "|kanal|mənbə|kaynak|başvuru kanalı|canal"
    ),
    "subject": (
        "subject|title|summary|issue|topic|complaint subject|complaint title|heading"
        "|тема|предмет|суть|заголовок|თემა|საგანი"
        "|موضوع|عنوان|الموضوع|θέμα|τίτλος|mövzu|konu|başlık|şikayet konusu|betreff|sujet|objet|asunto"
    ),
    "description": (
        "description|details|text|complaint|complaint text|complaint details"
        "|complaint description|message|body|narrative"
        "|consumer complaint narrative|content|comment|comments|описание|текст"
        "|содержание|содержание жалобы|жалоба|претензия"
        "|сообщение|აღწერა|ტექსტი|შინაარსი|საჩივარი|شرح|توضیحات|متن|متن شکایت|شکایت|شرح شکایت|الوصف|الشكوى"
        "|περιγραφή|κείμενο|παράπονο|λεπτομέρειες|təsvir|mətn|məzmun|şikayət"
        "|açıklama|metin|içerik|şikayet|şikâyet"
        "|beschreibung|beschwerde|description du problème|descripción"
    ),
    "product": (
        "product|service|product service|product or service|продукт|товар|услуга"
        "|товар услуга|პროდუქტი|მომსახურება|სერვისი"
        "|محصول|خدمت|محصول خدمات|کالا|المنتج|προϊόν|υπηρεσία|məhsul|xidmət|ürün"
        "|hizmet|ürün hizmet|produkt|produit|producto"
    ),
    "category": (
        "category|type|complaint type|complaint category|class|problem type"
        "|категория|тип|вид|тип жалобы|კატეგორია|ტიპი"
        "|دسته|دسته بندی|نوع|نوع شکایت|الفئة|κατηγορία|είδος|τύπος|kateqoriya"
        "|növ|kategori|tür|şikayet türü|kategorie"
        "|catégorie|categoría"
    ),
    "kind": (
        "kind|kind of feedback|feedback kind|feedback type|type of feedback"
        "|вид обращения|тип обращения|вид обратной связи|მიმართვის ტიპი|მიმართვის სახე|უკუკავშირის ტიპი"
        "|نوع بازخورد|نوع پیام|είδος μηνύματος|τύπος μηνύματος|müraciətin növü|rəyin növü"
        "|geri bildirim türü|başvuru türü|art der rückmeldung"
    ),
    "status": (
        "status|state of complaint|current status|stage|complaint status|статус"
        "|состояние|стадия|სტატუსი|მდგომარეობა|وضعیت"
        "|الحالة|κατάσταση|vəziyyət|status|durum|durumu|statut|estado"
    ),
    "severity": (
        "severity|complaint severity|severity level|seriousness|степень тяжести|тяжесть|серьёзность|серьезность"
        "|критичность|სიმძიმე|სიმძიმის ხარისხი|شدت|شدت شکایت|میزان شدت|σοβαρότητα|βαθμός σοβαρότητας"
        "|ciddilik|ciddilik dərəcəsi|ağırlıq dərəcəsi|ciddiyet|önem derecesi|ciddiyet derecesi"
        "|schweregrad|schwere|gravité|gravedad"
    ),
    "closed": (
        "closed|closed date|date closed|closed on|closed at|closing date|resolved"
        "|resolution date|date resolved|закрыто"
        "|дата закрытия|закрыта|დახურვის თარიღი|დახურულია|تاریخ بستن|تاریخ مختومه|تاریخ اتمام|تاريخ الإغلاق"
        "|ημερομηνία κλεισίματος|έκλεισε|bağlanma tarixi|kapanış tarihi|geschlossen|geschlossen am|abgeschlossen am"
        "|kapatma tarihi|abgeschlossen|date de clôture"
        "|fecha de cierre"
    ),
    "happened": (
        "incident date|date of incident|date of event|happened|occurred"
        "|date occurred|дата происшествия|дата события"
        "|შემთხვევის თარიღი|تاریخ حادثه|تاریخ وقوع|ημερομηνία συμβάντος|hadisə tarixi|olay tarihi"
    ),
    "site": (
        "site|branch|unit|department|location|office name|store|филиал"
        "|подразделение|отдел|ფილიალი|شعبه|واحد|υποκατάστημα"
        "|filial|şöbə|şube|birim"
    ),
    "city": "city|town|город|ქალაქი|شهر|πόλη|şəhər|şehir",
    "country": "country|страна|ქვეყანა|کشور|χώρα|ölkə|ülke",
    "postcode": "postcode|postal code|zip|zip code|индекс|почтовый индекс|کد پستی|τκ"
    "|ταχυδρομικός κώδικας|poçt indeksi|posta kodu",
    "street": "street|address|street address|адрес|მისამართი|آدرس|نشانی|διεύθυνση|ünvan|adres",
}


@cache
def name_key(name: str) -> str:
    """A column's name as it is compared: folded, words only, so that "Date received" equals "date_received"."""
    return " ".join(_WORDS.findall(fold(name)))


@cache
def _by_key() -> dict[str, str]:
    keys: dict[str, str] = {}
    for field, names in _NAMES.items():
        for name in names.split("|"):
            keys.setdefault(name_key(name) or name.strip(), field)
    return keys


def field_of(name: str) -> str | None:
    """The field a column of this name probably holds, or None."""
    return _by_key().get(name_key(name) or name.strip())


def is_known(name: str) -> bool:
    """Whether the name says what the column holds."""
    return field_of(name) is not None


def guess_fields(names: Sequence[str]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """(field -> position, field -> positions where several columns claim it), positions from 0.

    A name that is listed earlier for the field wins ("Complaint ID" beats "ID") unless the names are equal.
    """
    claims: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        field = field_of(name)
        if field is not None:
            claims.setdefault(field, []).append(position)
    chosen: dict[str, int] = {}
    doubtful: dict[str, list[int]] = {}
    for field, positions in claims.items():
        if len({name_key(names[position]) for position in positions}) < len(positions):
            doubtful[field] = positions
            continue
        rank = {name_key(name): index for index, name in reversed(list(enumerate(_NAMES[field].split("|"))))}
        chosen[field] = min(positions, key=lambda position: rank.get(name_key(names[position]), 10_000))
    return chosen, doubtful
