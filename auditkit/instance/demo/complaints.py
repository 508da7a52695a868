"""The demo's complaints: every channel and stage, several languages, refused decisions and external ones too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.complaints import queries, service
from auditkit.complaints.rules import Answer, Category, Channel, Ground, Kind, Outcome, Severity
from auditkit.complaints.service import Identity
from auditkit.instance.demo.story import Story


@dataclass(frozen=True)
class Told:
    """One complaint and how far it came: days from receipt to acknowledgement, decision, answer and closing."""

    days_ago: int
    subject: str
    description: str
    channel: Channel
    category: Category
    severity: Severity
    who: str
    product: str = ""
    site: str = "Online shop"
    wanted: str = ""
    kind: Kind = Kind.COMPLAINT
    acknowledged: float | None = None
    decided: float | None = None
    outcome: Outcome = Outcome.UPHELD
    reasons: str = ""
    remedy: str = ""
    answer: Answer | None = None
    closed: float | None = None
    ground: Ground = Ground.ACCEPTED


_C, _K, _S = Channel, Category, Severity

COMPLAINTS = (
    Told(
        112, "Washing machine delivered with a dented door",
        "The machine arrived on Friday. The door is dented and does not close at the first try. The driver had left "
        "before I could unpack it.",
        _C.PHONE, _K.DELIVERY, _S.MEDIUM, "Alice Thornton", "Washing machine W7", wanted="A new door or a new machine",
        acknowledged=0.2, decided=6, reasons="The photographs show damage in transport. The carrier confirmed it.",
        remedy="The machine was exchanged at no cost", answer=Answer.ACCEPTED, closed=11,
    ),
    Told(
        105, "Charged twice for one kettle",
        "My card statement shows two payments of the same amount on the same day for order 10417.",
        _C.EMAIL, _K.PRICE, _S.MEDIUM, "Marco Bellini", "Kettle K2", wanted="One payment back",
        acknowledged=0.1, decided=2, reasons="The payment provider booked the order twice.",
        remedy="The second payment was refunded with an apology", answer=Answer.ACCEPTED, closed=5,
    ),
    Told(
        98, "Шум холодильника не даёт спать",
        "Холодильник гудит по ночам так, что слышно в соседней комнате. Мастер приходил и ничего не сделал.",
        _C.WEB, _K.PRODUCT, _S.MEDIUM, "Ирина Волкова", "Fridge F3", wanted="Замена или возврат денег",
        acknowledged=1, decided=16, outcome=Outcome.PARTLY,
        reasons="The noise is within the stated value but rises at night because of a loose foot.",
        remedy="Foot replaced, one year of guarantee added", answer=Answer.ACCEPTED, closed=24,
    ),
    Told(
        91, "Repair appointment missed three times",
        "I took a day off three times. Nobody came and nobody called. On the telephone each person knew nothing.",
        _C.PHONE, _K.SERVICE, _S.HIGH, "Peter Okafor", "Dishwasher D5", "Service centre North",
        wanted="The repair, and money for the lost days",
        acknowledged=0.3, decided=9, reasons="The planning list was kept in two places and the second was not read.",
        remedy="Repaired the next day; 90 pounds for the lost days", answer=Answer.ACCEPTED, closed=13,
    ),
    Told(
        84, "Iron gave an electric shock",
        "When I pulled the plug I felt a shock. The cable is open where it enters the iron.",
        _C.IN_PERSON, _K.PRODUCT, _S.CRITICAL, "Hannah Weiss", "Iron I1", "Shop High Street",
        wanted="That nobody gets hurt",
        acknowledged=0.05, decided=3, reasons="Cable guard missing. The batch was examined: 12 of 340 affected.",
        remedy="Money back; the batch was taken from sale and buyers were called", answer=Answer.ACCEPTED, closed=8,
    ),
    Told(
        77, "درخواست بازگشت وجه پاسخ داده نشد",
        "سه هفته پیش محصول را پس فرستادم و هنوز پولم برنگشته است. به ایمیل‌هایم جواب نمی‌دهند.",
        _C.EMAIL, _K.PAYMENT, _S.MEDIUM, "سارا احمدی", "Vacuum cleaner V4", wanted="بازگشت کامل وجه",
        acknowledged=3, decided=12, reasons="The parcel was booked in under another order number.",
        remedy="Refunded in full", answer=Answer.ACCEPTED, closed=15,
    ),
    Told(
        70, "Guarantee refused for a broken hinge",
        "You say the hinge broke because of force. I have used the oven as anybody would for eleven months.",
        _C.POST, _K.GUARANTEE, _S.MEDIUM, "George Papadakis", "Oven O2", wanted="Repair under guarantee",
        acknowledged=2, decided=19, outcome=Outcome.REJECTED,
        reasons="The laboratory found marks of a lever. The report was sent along.",
        answer=Answer.REFUSED, closed=48, ground=Ground.DECIDED_EXTERNALLY,
    ),
    Told(
        63, "Adviser was rude about my accent",
        "The adviser in the shop imitated how I speak. My daughter was there.",
        _C.IN_PERSON, _K.STAFF, _S.HIGH, "Thandi Nkosi", site="Shop High Street", wanted="An apology",
        acknowledged=0.5, decided=7, reasons="Two colleagues confirmed it.",
        remedy="Apology by the shop manager in person; training for the team", answer=Answer.ACCEPTED, closed=9,
    ),
    Told(
        58, "The form cannot be filled in with a screen reader",
        "The date field on your complaint page is not read out and I cannot get past it.",
        _C.PHONE, _K.ACCESS, _S.HIGH, "Daniel Cole", wanted="A form that works",
        acknowledged=0.2, decided=10, reasons="The date picker had no label.",
        remedy="The field was replaced and tried with two screen readers", answer=Answer.ACCEPTED, closed=14,
    ),
    Told(
        52, "საჩივარი დაგვიანებულ მიწოდებაზე",
        "შეკვეთა ორი კვირით დაგვიანდა და არავინ გამაფრთხილა.",
        _C.WEB, _K.DELIVERY, _S.LOW, "ნინო ბერიძე", "Toaster T1", wanted="ახსნა და მიწოდების საფასურის დაბრუნება",
        acknowledged=0.4, decided=8, reasons="The carrier's depot was closed and our notice did not go out.",
        remedy="Delivery charge refunded", answer=Answer.ACCEPTED, closed=12,
    ),
    Told(
        47, "Advertised discount was not given",
        "The leaflet said 20 percent on all vacuum cleaners. At the till it was only on three of them.",
        _C.SOCIAL_MEDIA, _K.INFORMATION, _S.LOW, "Chloe Martin", "Vacuum cleaner V4", "Shop High Street",
        wanted="The discount",
        acknowledged=0.1, decided=4, reasons="The leaflet did not name the exceptions.",
        remedy="Discount given, leaflet withdrawn", answer=Answer.ACCEPTED, closed=6,
    ),
    Told(
        41, "Repaired dishwasher leaks again",
        "It was repaired in September for the same leak. Now the kitchen floor is wet again.",
        _C.PHONE, _K.SERVICE, _S.HIGH, "Peter Okafor", "Dishwasher D5", "Service centre North",
        wanted="A machine that does not leak",
        acknowledged=0.2, decided=11, reasons="The seal was the wrong one for this model.",
        remedy="Exchanged for a new machine", answer=Answer.ACCEPTED, closed=15,
    ),
    Told(
        36, "Καθυστέρηση στην επιστροφή χρημάτων",
        "Έχουν περάσει τριάντα ημέρες από την επιστροφή του προϊόντος και δεν έχω λάβει τα χρήματά μου.",
        _C.EMAIL, _K.PAYMENT, _S.MEDIUM, "Ελένη Παππά", "Blender B1", wanted="Επιστροφή χρημάτων",
        acknowledged=1, decided=14, reasons="The return was not scanned at the depot.",
        remedy="Refunded in full", answer=Answer.ACCEPTED, closed=18,
    ),
    Told(
        31, "My address was given to another customer",
        "A stranger called me because my telephone number stood on her delivery note.",
        _C.PHONE, _K.PRIVACY, _S.CRITICAL, "Ruth Levy", wanted="That it does not happen again",
        acknowledged=0.1, decided=9, reasons="Two labels were printed on one sheet and not separated.",
        remedy="Apology; labels are printed one by one", answer=Answer.ACCEPTED, closed=12,
    ),
    Told(
        27, "Spare part promised for May still not here",
        "The filter for my hood was promised for May, then June, then soon.",
        _C.PARTNER, _K.GUARANTEE, _S.LOW, "Kasım Yıldız", "Hood H2", "Dealer Riverside", wanted="The filter",
        acknowledged=4, decided=17, reasons="The supplier stopped the part without telling us.",
        remedy="An equal filter from another maker, free of charge",
    ),
    Told(
        22, "Nobody told me how my complaint stands",
        "I complained on the 2nd and got a number. Since then nothing. I had to call four times.",
        _C.PHONE, _K.HANDLING, _S.MEDIUM, "Alice Thornton", wanted="To be told without asking",
        acknowledged=0.2, decided=13, outcome=Outcome.UPHELD, reasons="No progress notice was sent after ten days.",
        remedy="Written apology; the notice is now sent from the register", answer=Answer.REFUSED,
    ),
    Told(
        17, "Şikayətim cavabsız qaldı",
        "Mağazada aldığım çaydan sızır. İki həftədir ki, cavab gözləyirəm.",
        _C.WEB, _K.PRODUCT, _S.MEDIUM, "Leyla Əliyeva", "Kettle K2", wanted="Yeni çaydan",
        acknowledged=5,
    ),
    Told(
        13, "Fatura ile teslimat uyuşmuyor",
        "Faturada iki ürün yazıyor ama yalnızca biri geldi.",
        _C.APP, _K.DELIVERY, _S.MEDIUM, "Ümit İnanç", "Food processor P3", wanted="Eksik ürünün gönderilmesi",
        acknowledged=0.3,
    ),
    Told(
        10, "Please offer repair without sending the machine in",
        "I cannot carry it to the post office. Other makers come home.",
        _C.WEB, _K.SERVICE, _S.LOW, "Margaret Hughes", "Coffee machine C1", kind=Kind.SUGGESTION, acknowledged=1,
    ),
    Told(
        8, "The new adviser helped me at once",
        "Sofia took twenty minutes to find out why my oven tripped the fuse. Thank her.",
        _C.PHONE, _K.STAFF, _S.LOW, "Owen Price", "Oven O2", "Service centre North", kind=Kind.COMPLIMENT,
        acknowledged=0.1,
    ),
    Told(
        5, "Hob cracked while cooking",
        "The glass cracked from one side to the other with one pot of water on it. Nobody was hurt.",
        _C.PHONE, _K.PRODUCT, _S.CRITICAL, "Anna Kowalska", "Hob G4", wanted="A new hob, and to know why",
        acknowledged=0.1,
    ),
    Told(
        3, "Contract for the service plan cannot be cancelled online",
        "The page to cancel gives an error. I tried on three days.",
        _C.EMAIL, _K.CONTRACT, _S.MEDIUM, "Tom & Jerry Ltd <billing>", wanted="Cancellation from today",
    ),
    Told(
        1, "Delivery left in the rain",
        "The box was put on the lawn in the rain although I had said that I am at home.",
        _C.SOCIAL_MEDIA, _K.DELIVERY, _S.LOW, "Wei Chen", "Toaster T1",
    ),
)  # fmt: skip


def tell(story: Story) -> None:
    """Everything that happened to every complaint, in the order in which it happened."""
    acts = [act for told in COMPLAINTS for act in _acts(told)]
    references: dict[Told, str] = {}
    for days_ago, told, act in sorted(acts, key=lambda one: -one[0]):
        act(story, told, references, story.at(days_ago))


Act = Callable[[Story, Told, dict[Told, str], datetime], None]


def _acts(told: Told) -> Iterator[tuple[float, Told, Act]]:
    """(days ago, complaint, act) for each step that this complaint took."""
    yield told.days_ago, told, _register
    if told.acknowledged is not None:
        yield told.days_ago - told.acknowledged, told, _acknowledge
    if told.decided is not None:
        yield told.days_ago - told.decided, told, _decide
        if told.answer is not None:
            yield told.days_ago - told.decided - 1, told, _record_answer
    if told.closed is not None:
        yield told.days_ago - told.closed, told, _close


def _register(story: Story, told: Told, references: dict[Told, str], when: datetime) -> None:
    identity = Identity(
        name=told.who, email=f"{told.days_ago}@customers.example", phone="020 7946 0000", city="Lakeside", country="GB"
    )
    command = service.Register(
        subject=told.subject,
        description=told.description,
        received_at=when,
        kind=told.kind.value,
        channel=told.channel.value,
        category=told.category.value,
        severity=told.severity.value,
        happened_on=(when - timedelta(days=2)).date(),
        product=told.product,
        site=told.site,
        wanted_remedy=told.wanted,
        complainant=identity,
    )
    registered = story.tell("hana", lambda tx, actor: service.register(tx, command, when, actor))
    references[told] = registered.reference


def _version(tx: Session, reference: str) -> int:
    return queries.by_reference(tx, reference).version


def _acknowledge(story: Story, told: Told, references: dict[Told, str], when: datetime) -> None:
    one = references[told]
    story.tell(
        "hana",
        lambda tx, actor: service.acknowledge(tx, service.Acknowledge(one, _version(tx, one)), when, actor),
    )


def _decide(story: Story, told: Told, references: dict[Told, str], when: datetime) -> None:
    one = references[told]

    def decide(tx: Session, actor: Actor) -> None:
        command = service.Decide(one, _version(tx, one), told.outcome.value, told.reasons, told.remedy)
        service.decide(tx, command, when, actor)

    story.tell("hana", decide)


def _record_answer(story: Story, told: Told, references: dict[Told, str], when: datetime) -> None:
    one, answer = references[told], (told.answer or Answer.ACCEPTED).value
    story.tell(
        "hana",
        lambda tx, actor: service.record_answer(tx, service.RecordAnswer(one, _version(tx, one), answer), when, actor),
    )


def _close(story: Story, told: Told, references: dict[Told, str], when: datetime) -> None:
    one = references[told]
    note = "The ombudsman's decision 2291 followed our reasons." if told.answer is Answer.REFUSED else ""
    story.tell(
        "hana",
        lambda tx, actor: service.close(
            tx, service.Close(one, _version(tx, one), told.ground.value, note), when, actor
        ),
    )
