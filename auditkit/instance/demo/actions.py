"""The demo's actions: time limits, a certification body's findings, five whys, a fishbone, an 8D, a failed effect."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from auditkit.actions import queries, service
from auditkit.actions.rules import (
    SUGGESTED_CATEGORIES,
    CauseMethod,
    Criterion,
    Grade,
    Kind,
    Verdict,
    Wanted,
)
from auditkit.base.db import reading
from auditkit.instance.demo.story import Story

BODY = "Northern Certification (invented)"


def _always(command: object) -> Callable[[int], object]:
    """A command that names no version of the action."""
    return lambda _version: command


@dataclass
class _Path:
    """One action on its path: each act by its owner, or by who is named, so many days ago."""

    story: Story
    number: str
    owner: str

    def act(self, days_ago: float, verb: Callable[..., Any], make: Callable[[int], Any], who: str = "") -> Any:
        """One verb; `make` gets the version as it is then."""
        version = queries.by_number(reading(self.story.cast["quentin"]), self.number).version
        when = self.story.at(days_ago)
        return self.story.tell(who or self.owner, lambda tx, actor: verb(tx, make(version), when, actor))

    def correct(self, days_ago: float, what: str, proof: str) -> None:
        by, on = self.story.person(self.owner), _day(self.story, days_ago)
        make = lambda version: service.WriteCorrection(self.number, version, what, by, on, proof)  # noqa: E731 - one line a verb
        self.act(days_ago, service.write_correction, make)

    def extent(self, days_ago: float, looked: str, found: str) -> None:
        self.act(
            days_ago, service.write_extent, lambda version: service.WriteExtent(self.number, version, looked, found)
        )

    def lines(self, days_ago: float, method: CauseMethod, *lines: tuple[str, int | None, str]) -> list[int]:
        """Lines of the analysis: text, place of the line it hangs below, bone."""
        made: list[int] = []
        for text, below, bone in lines:
            parent = None if below is None else made[below]
            command = service.AddCause(self.number, method, text, parent, bone)
            made.append(int(self.act(days_ago, service.add_cause, _always(command))))
        return made

    def cause(self, days_ago: float, method: CauseMethod, cause: str, category: int, *roots: int) -> None:
        listed = queries.categories(reading(self.story.cast["quentin"]))
        key = {title: number for number, title, _retired in listed}[SUGGESTED_CATEGORIES[category]]
        make = lambda version: service.SettleCause(  # noqa: E731 - one line a verb
            self.number, version, method, cause, "", key, roots
        )
        self.act(days_ago, service.settle_cause, make)

    def step(self, days_ago: float, title: str, owner: str, due: float, cost: int | None = None) -> int:
        currency = "GBP" if cost is not None else ""
        person, day = self.story.person(owner), _day(self.story, due)
        command = service.PlanStep(self.number, title, person, day, cost, currency)
        return int(self.act(days_ago, service.plan_step, _always(command)))

    def finish(self, days_ago: float, step: int, note: str, who: str) -> None:
        self.act(days_ago, service.finish_step, lambda _version: service.EndStep(self.number, step, 1, note), who)

    def criterion(self, days_ago: float, text: str, wait: int, **figure: Any) -> None:
        stated = Criterion(text, wait, **figure)
        self.act(
            days_ago, service.state_criterion, lambda version: service.StateCriterion(self.number, version, stated)
        )

    def ready(self, days_ago: float) -> None:
        self.act(days_ago, service.plan_ready, lambda version: service.PlanReady(self.number, version))

    def done(self, days_ago: float, proof: str) -> None:
        self.act(days_ago, service.complete, lambda version: service.CompleteAction(self.number, version, proof))

    def verify(self, days_ago: float, text: str, *, effective: bool = True) -> None:
        make = lambda version: service.VerifyAction(self.number, version, effective, text)  # noqa: E731 - one line a verb
        self.act(days_ago, service.verify, make, "ivan")

    def close(self, days_ago: float) -> None:
        self.act(days_ago, service.close, lambda version: service.CloseAction(self.number, version), "quentin")


def tell(story: Story) -> None:
    """Limits and categories first, then one action for each thing there is to see."""
    quentin, first = "quentin", story.at(100)
    usual = story.tell(
        quentin,
        lambda tx, actor: service.adopt_scheme(
            tx, service.AdoptScheme("usual", "Usual certification practice"), first, actor
        ),
    )
    own = service.AdoptScheme("world-cert", "World-Cert")
    story.tell(quentin, lambda tx, actor: service.adopt_scheme(tx, own, first, actor))
    titles = service.AddCategories(SUGGESTED_CATEGORIES)
    story.tell(quentin, lambda tx, actor: service.add_categories(tx, titles, first, actor))
    _reviewed(story, int(usual))
    _waiting(story, int(usual))
    _fishbone(story)
    _eight_d(story, int(usual))
    _reopened(story)
    _verified(story)


def _day(story: Story, days_ago: float) -> date:
    return (story.today - timedelta(days=days_ago)).date()


def _open(story: Story, days_ago: float, owner: str, title: str, due: float, **more: Any) -> _Path:
    command = service.OpenAction(
        kind=more.pop("kind", Kind.CORRECTIVE),
        title=title,
        owner_id=story.person(owner),
        due_on=_day(story, due),
        **more,
    )
    when = story.at(days_ago)
    number = story.tell("quentin", lambda tx, actor: service.open_action(tx, command, when, actor))
    return _Path(story, number, owner)


def _nc(story: Story, days_ago: float, scheme: int, **values: Any) -> int:
    command = service.RecordNc(
        service.NcValues(
            body=BODY,
            audit="Stage 1, two days on site",
            raised_by="Lead auditor of the body",
            accepted_by="Quentin Quality",
            raised_on=_day(story, days_ago + 2),
            audit_ended_on=_day(story, days_ago + 2),
            scheme_id=scheme,
            **values,
        )
    )
    when = story.at(days_ago)
    return int(story.tell("quentin", lambda tx, actor: service.record_nc(tx, command, when, actor)))


def _review(story: Story, days_ago: float, nc: int, path: _Path, verdict: Verdict, text: str) -> None:
    command = service.NoteReview(nc, path.number, verdict, _day(story, days_ago), text)
    when = story.at(days_ago)
    story.tell("quentin", lambda tx, actor: service.note_review(tx, command, when, actor))


def _reviewed(story: Story, scheme: int) -> None:
    """A major: five whys, more asked for by the body, effect shown by figures, accepted, closed."""
    nc = _nc(
        story, 92, scheme,
        number="NC-01",
        grade=Grade.MAJOR,
        clause="ISO 10002:2018, 7.3",
        statement="Nobody can show that complaints taken by telephone reach the register.",
        evidence="Call list of the week: 11 complaints; register of the same week: 7. Interview with two agents.",
    )  # fmt: skip
    path = _open(
        story, 91, "hana", "Every call ends with a number from the register", 50,
        origin=("body-nc", nc), origin_title=f"{BODY} NC-01: complaints by telephone do not reach the register",
    )  # fmt: skip
    path.correct(90, "The four callers were rung back and their complaints registered.", "Four references in the file")
    path.extent(
        89,
        "Shop High Street, service centre North, online chat: a week of each against the register.",
        "Chat: none missing. Shop: two of nine missing, registered the same day.",
    )
    whys = path.lines(
        88, CauseMethod.WHYS,
        ("Four of eleven calls are not in the register", None, ""),
        ("The agent notes them on paper first", 0, ""),
        ("The register takes two minutes, the next call waits", 1, ""),
        ("Everything is asked at once, also what is not known yet", 2, ""),
        ("The form was made for letters and never looked at again", 3, ""),
        ("Paper is thrown away at the end of the shift", 1, ""),
    )  # fmt: skip
    path.cause(
        87, CauseMethod.WHYS, "The form asks a caller for more than is needed to register, so agents put it off.",
        4, whys[4],
    )  # fmt: skip
    first = path.step(86, "Short form for calls: five fields", "sofia", 75, 48_000)
    path.criterion(
        86, "A week of calls against the register: none missing; no more complaints than the team can take", 30,
        measure="complaints.received", wanted=Wanted.AT_MOST, value=500.0, window_days=30,
    )  # fmt: skip
    path.ready(85)
    _review(story, 80, nc, path, Verdict.MORE_NEEDED, "Say how new agents learn it, and show that paper is gone.")
    second = path.step(78, "New agents register three calls beside a colleague", "hana", 70)
    path.ready(77)
    path.finish(74, first, "In use since Monday; screenshot in the file", "sofia")
    path.finish(71, second, "Two agents trained, signed list", "hana")
    path.done(70, "Short form in use, agents trained, paper pads taken away.")
    path.verify(38, "Call list of the week against the register: 13 of 13.")
    _review(story, 30, nc, path, Verdict.ACCEPTED, "To be seen again at the first surveillance.")
    path.close(29)


def _waiting(story: Story, scheme: int) -> None:
    """A minor whose plan the body has not reviewed yet; one of its two steps is done."""
    nc = _nc(
        story, 20, scheme,
        number="NC-02",
        grade=Grade.MINOR,
        clause="ISO 10002:2018, 8.1",
        statement="Records of two closed complaints do not show who decided.",
        evidence="Files 4 and 9 of the sample.",
        next_audit_on=_day(story, -300),
    )  # fmt: skip
    path = _open(
        story, 19, "sofia", "No case closes without the name of who decided", -14,
        origin=("body-nc", nc), origin_title=f"{BODY} NC-02: records do not show who decided",
    )  # fmt: skip
    path.correct(18, "Both files were completed with the decision and its author.", "Files 4 and 9")
    path.cause(17, CauseMethod.WHYS, "The old paper form had no field for it; it was copied.", 0)
    done = path.step(16, "Field in the register, asked for at closing", "hana", 8, 12_000)
    path.step(16, "Look through the files closed this year", "sofia", -10)
    path.criterion(16, "Ten files closed after the change: all name who decided", 30)
    path.ready(15)
    path.finish(9, done, "Live since last week", "hana")


def _fishbone(story: Story) -> None:
    """A trend from complaints, in the middle of its analysis."""
    path = _open(
        story, 12, "maya", "Fewer complaints about late delivery", -40,
        origin=("risk", story.organisation_id), origin_title="Late deliveries grew by a third since spring",
        grade=Grade.OPPORTUNITY, kind=Kind.PREVENTIVE,
    )  # fmt: skip
    path.lines(
        10, CauseMethod.FISHBONE,
        ("Drivers are new", None, "people"),
        ("Two left in March", 0, "people"),
        ("Tours are planned by postcode only", None, "method"),
        ("Nobody rings before the visit", None, "method"),
        ("Two vans for three shops", None, "systems"),
        ("Addresses without flat numbers", None, "information"),
        ("The shop form has no field for it", 5, "information"),
        ("Roadworks in the North", None, "surroundings"),
        ("On time means: left the store", None, "measurement"),
    )  # fmt: skip


def _eight_d(story: Story, scheme: int) -> None:
    """An 8D, done and waiting for its effect."""
    path = _open(
        story, 60, "sofia", "Spare parts are right the first time", 25,
        origin=("suggestion", story.organisation_id), origin_title="Wrong spare parts sent twice to the same customer",
        grade=Grade.MINOR, scheme_id=scheme,
    )  # fmt: skip
    for part, text in (
        (1, "Sofia (lead), Hana, the storekeeper, a fitter"),
        (2, "Three wrong door seals in June, all for model L-40, all ordered by telephone."),
        (3, "Seals for L-40 are shown to a fitter before they leave."),
        (4, "Arose: two numbers differ in one digit. Not noticed: the picker checks the number, not the part."),
        (7, "The list of look-alike parts is asked for of every supplier."),
    ):
        path.act(58, service.write_discipline, _always(service.WriteDiscipline(path.number, part, text)))
    path.correct(58, "The right seals were sent by courier, with an apology.", "Three delivery notes")
    path.cause(55, CauseMethod.EIGHT_D, "Look-alike part numbers, and nothing that shows the difference.", 6)
    step = path.step(54, "Picture of the part on the picking list", "hana", 40, 30_000)
    path.criterion(54, "No wrong seal for L-40 in two months", 60)
    path.ready(53)
    path.finish(41, step, "New picking list since the 1st", "hana")
    path.done(35, "Picture on the list, look-alikes stored apart.")


def _reopened(story: Story) -> None:
    """The first idea had no effect: open again, with a new criterion."""
    path = _open(
        story, 75, "hana", "Answers in plain words", -20,
        origin=("management-review", story.organisation_id), origin_title="Management review: answers are hard to read",
        cause="Letters are put together from legal paragraphs.",
        plan="A course in plain writing for everybody who answers.",
    )  # fmt: skip
    path.criterion(74, "In the survey nine of ten say that the answer was easy to understand", 20)
    path.done(55, "The course took place, six took part.")
    path.verify(30, "Survey of the month: six of ten. The letters did not change.", effective=False)
    path.step(28, "New templates, read by two people from outside", "sofia", -10, 60_000)
    path.criterion(27, "In the survey nine of ten say so, over two months", 60)


def _verified(story: Story) -> None:
    """Its effect is shown; nobody has closed it yet."""
    path = _open(
        story, 48, "hana", "The leaflet names the right telephone number", 30,
        origin=("initiative", story.organisation_id), origin_title="Callers said that the leaflet has a dead number",
        kind=Kind.CORRECTION,
    )  # fmt: skip
    path.correct(47, "Old leaflets taken from all counters.", "Empty stands seen in both shops")
    step = path.step(47, "Print the new leaflet", "sofia", 35, 21_000)
    path.criterion(46, "No caller names the old number for three weeks", 21)
    path.finish(36, step, "Printed and delivered", "sofia")
    path.done(35, "New leaflet in all places.")
    path.verify(10, "The call notes of three weeks were read: nobody named the old number.")
