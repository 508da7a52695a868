"""The tales of the demo's complaints: every channel, stage and side way, in several languages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditkit.complaints.rules import Answer, Category, Channel, Ground, Kind, Outcome, Severity
from auditkit.complaints.service import (
    AskEscalation,
    CloseDuplicate,
    EndReferral,
    Escalate,
    Investigate,
    LinkTo,
    NamePerson,
    Reclassify,
    Refer,
    Reopen,
    WaitFor,
    Withdraw,
    WriteNote,
)
from auditkit.instance.demo.story import Story

Say = Callable[["Where"], Any]


@dataclass(frozen=True)
class Also:
    """Something that happened `day` days after receipt besides the usual way; `says` gives the command of its verb."""

    day: float
    who: str
    says: Say


@dataclass(frozen=True)
class Where:
    """What a command may need to know: the reference, its version now, the day, the others' references."""

    reference: str
    version: int
    today: date
    others: dict[str, str]
    story: Story
    referral: int = 0

    @property
    def at(self) -> tuple[str, int]:
        """How commands name the case."""
        return self.reference, self.version


@dataclass(frozen=True)
class Told:
    """One complaint and how far it came: days from receipt to acknowledgement, decision, answer and closing.

    What was not assessed (`assessed` False) stays where it is. A grave or laborious case is investigated before it is
    decided; `found` is what that showed, else the reasons. `pays`: GBP, `promised` days after the decision.
    """

    days_ago: float
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
    assessed: bool = True
    complexity: str = "simple"
    reach: str = "one"
    safety: bool = False
    cause: str = "process"
    found: str = ""
    remedies: tuple[str, ...] = ()
    pays: int = 0
    promised: float | None = None
    also: tuple[Also, ...] = ()


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
        remedies=("refund", "apology"), pays=3_900, promised=2,
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
        complexity="complex", reach="many", safety=True, cause="supplier",
        also=(Also(0.1, "hana", lambda at: Escalate(*at.at, 3, "An electric shock", ("severity", "safety"))),),
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
        answer=Answer.REFUSED, closed=48, ground=Ground.DECIDED_EXTERNALLY, complexity="medium", cause="customer-use",
        also=(
            Also(24, "hana", lambda at: Refer(*at.at, "Home Appliances Ombudsman", at.today, "2291")),
            Also(46, "hana", lambda at: EndReferral(*at.at, at.referral, at.today, "Our reasons are followed", False)),
        ),
    ),
    Told(
        63, "Adviser was rude about my accent",
        "The adviser in the shop imitated how I speak. My daughter was there.",
        _C.IN_PERSON, _K.STAFF, _S.HIGH, "Thandi Nkosi", site="Shop High Street", wanted="An apology",
        acknowledged=0.5, decided=7, reasons="Two colleagues confirmed it.",
        remedy="Apology by the shop manager in person; training for the team", answer=Answer.ACCEPTED, closed=9,
        complexity="medium", cause="people",
        also=(Also(0.6, "quentin", lambda at: NamePerson(*at.at, at.story.person("sofia"))),),
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
        also=(Also(43, "hana", lambda at: Reopen(*at.at, "The next leaflet has the same fault")),),
    ),
    Told(
        41, "Repaired dishwasher leaks again",
        "It was repaired in September for the same leak. Now the kitchen floor is wet again.",
        _C.PHONE, _K.SERVICE, _S.HIGH, "Peter Okafor", "Dishwasher D5", "Service centre North",
        wanted="A machine that does not leak",
        acknowledged=0.2, decided=11, reasons="The seal was the wrong one for this model.",
        remedy="Exchanged for a new machine", answer=Answer.ACCEPTED, closed=15, complexity="medium",
        also=(
            Also(1, "hana", lambda at: LinkTo(*at.at, at.others["Repair appointment missed three times"], "repeat")),
        ),
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
        remedies=("replace",), promised=21,
    ),
    Told(
        22, "Nobody told me how my complaint stands",
        "I complained on the 2nd and got a number. Since then nothing. I had to call four times.",
        _C.PHONE, _K.HANDLING, _S.MEDIUM, "Alice Thornton", wanted="To be told without asking",
        acknowledged=0.2, decided=13, outcome=Outcome.UPHELD, reasons="No progress notice was sent after ten days.",
        remedy="Written apology; the notice is now sent from the register", answer=Answer.REFUSED,
        also=(
            Also(15, "hana", lambda at: Escalate(*at.at, 2, "Refused", ("refusal",), at.story.person("maya"))),
            Also(16, "hana", lambda at: WriteNote(at.reference, "@Maya Manager the whole file is attached")),
        ),
    ),
    Told(
        17, "Şikayətim cavabsız qaldı",
        "Mağazada aldığım çaydan sızır. İki həftədir ki, cavab gözləyirəm.",
        _C.WEB, _K.PRODUCT, _S.MEDIUM, "Leyla Əliyeva", "Kettle K2", wanted="Yeni çaydan",
        acknowledged=5, complexity="medium",
        also=(
            Also(6, "hana", lambda at: Investigate(*at.at, plan="Have a photograph, then ask the workshop")),
            Also(6.1, "hana", lambda at: WaitFor(*at.at, "complainant", "A photograph of the kettle")),
        ),
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
        _C.WEB, _K.SERVICE, _S.LOW, "Margaret Hughes", "Coffee machine C1", kind=Kind.SUGGESTION,
        acknowledged=1, assessed=False,
    ),
    Told(
        8, "The new adviser helped me at once",
        "Sofia took twenty minutes to find out why my oven tripped the fuse. Thank her.",
        _C.PHONE, _K.STAFF, _S.LOW, "Owen Price", "Oven O2", "Service centre North", kind=Kind.COMPLIMENT,
        acknowledged=0.1, assessed=False, closed=1, ground=Ground.ANSWERED,
    ),
    Told(
        5, "Hob cracked while cooking",
        "The glass cracked from one side to the other with one pot of water on it. Nobody was hurt.",
        _C.PHONE, _K.PRODUCT, _S.CRITICAL, "Anna Kowalska", "Hob G4", wanted="A new hob, and to know why",
        acknowledged=0.1, complexity="complex", reach="many", safety=True,
        also=(
            Also(0.3, "hana", lambda at: Escalate(*at.at, 3, "Glass burst in use", ("severity", "safety"))),
            Also(0.5, "hana", lambda at: Investigate(*at.at, plan="Have the hob fetched; ask the maker for the batch")),
        ),
    ),
    Told(
        44, "Manual only in one language",
        "There is no manual in my language in the box and none on the page.",
        _C.WEB, _K.INFORMATION, _S.LOW, "Katarzyna Nowak", "Oven O2",
        acknowledged=0.5, assessed=False, closed=3, ground=Ground.ANSWERED,
        also=(Also(1, "hana", lambda at: Reclassify(*at.at, "request", "She asks for a manual; nothing went wrong")),),
    ),
    Told(
        33, "Vacuum cleaner too loud",
        "It is louder than the one in the shop.",
        _C.EMAIL, _K.PRODUCT, _S.LOW, "Olga Lind", "Vacuum cleaner V4",
        acknowledged=0.3,
        also=(Also(2, "hana", lambda at: Withdraw(*at.at, "The brush was put in the wrong way round")),),
    ),
    Told(
        16, "Freezer failed and the food was lost",
        "The freezer stopped over the weekend, three weeks after it came. Everything in it had to go.",
        _C.PHONE, _K.PRODUCT, _S.MEDIUM, "Samuel Adeyemi", "Freezer Z6", wanted="The freezer repaired, the food paid",
        acknowledged=0.2, decided=8, reasons="The compressor's relay was faulty.", remedy="Relay exchanged, food paid",
        answer=Answer.ACCEPTED, remedies=("repair", "compensation"), pays=18_000, promised=20, complexity="medium",
        cause="equipment",
    ),
    Told(
        9, "Kitchen flooded after installation",
        "Your technician connected the dishwasher. The hose came off in the night. The floor is ruined.",
        _C.PHONE, _K.SERVICE, _S.HIGH, "Ioana Popescu", "Dishwasher D5", "Service centre North",
        wanted="A new floor", acknowledged=0.1, decided=7, reasons="The clamp was left out.",
        remedy="The floor is paid", remedies=("compensation", "apology"), pays=185_000, promised=30,
        complexity="medium", cause="people",
        also=(Also(5, "public", lambda at: AskEscalation(at.reference, "I want to speak to whoever is in charge")),),
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
    Told(
        0.8, "Delivery left in the rain (by e-mail)",
        "The box was put on the lawn in the rain although I had said that I am at home.",
        _C.EMAIL, _K.DELIVERY, _S.LOW, "Wei Chen", "Toaster T1", assessed=False,
        also=(Also(0.1, "hana", lambda at: CloseDuplicate(*at.at, at.others["Delivery left in the rain"])),),
    ),
)  # fmt: skip
