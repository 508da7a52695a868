"""The page of audit statistics, and the records behind each of its numbers."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import today_of_house, zone_of_house
from auditkit.actions.queries import Told
from auditkit.actions.rules import STATE_TITLES
from auditkit.audits.programme.rules import COVER_TITLES, Cover
from auditkit.audits.queries import grades
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _, ngettext
from auditkit.insights import paper
from auditkit.insights.auditing import drawing, queries, rules
from auditkit.insights.auditing.rules import By, FindingFact, Gravity
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.rules import SPAN_TITLES, Selection, Span, selection_from
from auditkit.insights.statistics.rules.shares import wilson
from auditkit.library.here import library
from auditkit.web.access import access
from auditkit.web.languages import day, moment

bp = Blueprint("auditing", __name__, url_prefix="/insights/audits", template_folder="templates")

EDITION = "iso10002-2018"
WHICH = {
    "repeats": N_("Findings that repeat an earlier one"),
    "settled": N_("Nonconformities settled"),
    "waiting": N_("Nonconformities not settled yet"),
    "all": N_("Findings raised"),
}
GRAVITIES = {
    Gravity.MAJOR: N_("Major nonconformities"),
    Gravity.MINOR: N_("Minor nonconformities"),
    Gravity.OTHER: N_("Other findings"),
    Gravity.NONCONFORMITY: N_("Nonconformities"),
}
REPEATS = {"yes": N_("Repeats of an earlier finding"), "no": N_("For the first time")}
ACTIONS = {
    "opened": N_("Actions opened in the period"),
    "closed": N_("Actions closed in the period"),
    "open": N_("Actions open now"),
    "overdue": N_("Actions overdue now"),
    "judged": N_("Actions whose effect was judged in the period"),
}


@dataclass(frozen=True)
class _Asked:
    """The period asked for as moments, and now."""

    selection: Selection
    begins: datetime
    ends: datetime
    now: datetime

    @property
    def address(self) -> dict[str, Any]:
        """What links to the records carry on."""
        return {name: word for name, word in self.selection.pairs() if name in ("period", "from", "to")}


def _asked() -> _Asked:
    now, tx = clock.now(), reading()
    selection = selection_from(request.args.items(multi=True), today_of_house(tx, now))
    begins, ends = selection.period.moments(zone_of_house(tx))
    return _Asked(selection, begins, min(ends, now), now)


@bp.get("/")
@access("audits.read")
def index() -> str | Response:
    """Findings, times, coverage and effects of a period."""
    asked, tx = _asked(), reading()
    facts = queries.facts(tx, asked.begins, asked.ends, asked.now)
    covered = queries.coverage(tx, asked.selection.period.last.year, library(), EDITION)
    parts = _parts(facts, asked, covered)
    file = file_asked(part.chart for part in parts)
    if paper.wanted():
        return paper.paper(_("Audit and action statistics"), asked.selection.period, {}, parts)
    return file or render_template(
        "auditing/index.html",
        parts=parts,
        word_url=paper.address(),
        stats=_stats(facts, asked),
        covered=covered,
        covers=[(cover, _(COVER_TITLES[cover]), _labels(covered, cover)) for cover in reversed(Cover)],
        **_period(asked),
    )


def _named(by: By, word: str) -> str:
    """A word as readers know it: principles by their titles."""
    titles = {node.code: node.title for node in library().edition(EDITION).principles} if by is By.PRINCIPLE else {}
    return titles.get(word, word)


def _labels(covered: queries.Coverage, cover: Cover) -> list[str]:
    return [line.label for line in covered.lines if line.cover is cover]


def _period(asked: _Asked) -> dict[str, Any]:
    return {
        "selection": asked.selection,
        "spans": [(span.value, _(title)) for span, title in SPAN_TITLES.items()],
        "span": asked.selection.span.value,
        "Span": Span,
    }


def _parts(facts: list[FindingFact], asked: _Asked, covered: queries.Coverage) -> list[drawing.Shown]:
    source = ngettext(
        "Audits, %(first)s to %(last)s, %(num)s finding, counted on %(now)s",
        "Audits, %(first)s to %(last)s, %(num)s findings, counted on %(now)s",
        len(facts),
        first=day(asked.selection.period.first), last=day(asked.selection.period.last), now=moment(asked.now),
    )  # fmt: skip

    def address(by: By, word: str, **further: Any) -> str:
        return url_for(".findings", by=by.value, word=word, **further, **asked.address)

    def answers(clause: str, year: int) -> str:
        return url_for(".answers", clause=clause, year=year, **asked.address)

    between = rules.trend(queries.rounds(reading(), asked.begins, asked.ends), facts)
    parts: list[drawing.Shown | None] = [
        *drawing.trend(between, source, address, lambda number: url_for("audits.show", number=number)),
        drawing.pareto(facts, source, address),
        *(drawing.by(facts, by, source, address, partial(_named, by)) for by in (By.CLAUSE, By.PRINCIPLE, By.PLACE)),
        drawing.repeats(facts, source, address),
        drawing.crossed(facts, source, address),
        drawing.settling(rules.durations(facts, asked.now), source),
        drawing.conformity(covered, source, answers),
    ]
    return [part for part in parts if part is not None]


def _stats(facts: list[FindingFact], asked: _Asked) -> list[tuple[str, str, str, str]]:
    """(number, label, where its records are, tone)."""
    figures = queries.action_figures(reading(), asked.begins, asked.ends, asked.now)
    took = rules.durations(facts, asked.now)
    repeats, all_of_them = rules.repeated(facts)

    def findings_url(which: str) -> str:
        return url_for(".findings", which=which, **asked.address)

    def actions_url(which: str) -> str:
        return url_for(".actions", which=which, **asked.address)

    judged = figures.effect.judged
    bounds = wilson(figures.effect.effective, judged) if judged else None
    interval = (
        _("effect found, of %(judged)s judged (95 %% interval %(low)s to %(high)s %%)",
          judged=judged, low=round(100 * bounds.low), high=round(100 * bounds.high))
        if bounds else _("no effect was judged in the period")
    )  # fmt: skip
    waiting, late = len(took.waiting), len(figures.overdue)
    return [
        (str(all_of_them), _("findings raised"), findings_url("all"), "neutral"),
        (str(repeats), _("of them repeats of an earlier one"), findings_url("repeats"), _tone(repeats, "bad")),
        (str(waiting), _("nonconformities not settled"), findings_url("waiting"), _tone(waiting, "warn")),
        (_middle(took), _("median days of those settled"), findings_url("settled"), "neutral"),
        (str(len(figures.opened)), _("actions opened"), actions_url("opened"), "neutral"),
        (str(len(figures.closed)), _("actions closed"), actions_url("closed"), "neutral"),
        (str(late), _("actions overdue now"), actions_url("overdue"), _tone(late, "bad")),
        (drawing.percent_text(figures.effect.effective, judged), interval, actions_url("judged"), "neutral"),
    ]


def _tone(number: int, tone: str) -> str:
    return tone if number else "neutral"


def _middle(took: rules.Durations) -> str:
    return "–" if took.middle is None else f"{took.middle:g}"


@bp.get("/findings")
@access("audits.read")
def findings() -> str:
    """The findings behind a number."""
    asked = _asked()
    by, word = request.args.get("by", ""), request.args.get("word", "")
    which = request.args.get("which", "" if by else "all")
    if which not in WHICH and by not in list(By):
        raise NotFound()
    every = queries.facts(reading(), asked.begins, asked.ends, asked.now)
    return render_template(
        "auditing/findings.html",
        title=_title(which, by, word),
        facts=[fact for fact in every if _behind(fact, which, by, word) and _narrowed(fact)],
        GRADES=grades.titles(reading()),
        back=url_for(".index", **asked.address),
        **_period(asked),
    )


def _title(which: str, by: str, word: str) -> str:
    if which in WHICH:
        return _(WHICH[which])
    parts = [f"{_(drawing.BY_WORDS[By(by)])}: {_named(By(by), word) or _('not stated')}"]
    place, gravity = request.args.get("place"), _gravity()
    if place is not None:
        parts.append(place or _("not stated"))
    if gravity is not None:
        parts.append(_(GRAVITIES[gravity]))
    if (repeat := request.args.get("repeat")) in REPEATS:
        parts.append(_(REPEATS[repeat]))
    return " · ".join(parts)


def _gravity() -> Gravity | None:
    """By what grade the address narrows. Raises NotFound."""
    word = request.args.get("gravity", "")
    if word and word not in list(Gravity):
        raise NotFound()
    return Gravity(word) if word else None


def _narrowed(fact: FindingFact) -> bool:
    """Whether a finding is of the place (empty: of none) and the gravity that the address narrows to."""
    place, gravity = request.args.get("place"), _gravity()
    repeat = {"yes": True, "no": False}.get(request.args.get("repeat", ""), fact.repeat)
    here = place is None or place in fact.under(By.PLACE)
    return here and repeat == fact.repeat and (gravity is None or fact.weighs(gravity))


def _behind(fact: FindingFact, which: str, by: str, word: str) -> bool:
    if which in WHICH:
        return {
            "all": True,
            "repeats": fact.repeat,
            "settled": fact.nonconformity and fact.settled_at is not None,
            "waiting": fact.nonconformity and fact.settled_at is None,
        }[which]
    return word in fact.under(By(by))


@bp.get("/answers")
@access("audits.read")
def answers() -> str | Response:
    """The finished audits behind the conformity of a clause in a year; without a clause there is the table of all."""
    asked, clause, year = _asked(), request.args.get("clause", ""), request.args.get("year", 0, type=int)
    if not clause:
        return redirect(url_for(".index", **asked.address))
    label = next((node.label for node in library().edition(EDITION).nodes if node.ref == clause), None)
    if label is None or not 1900 <= year <= 2200:
        raise NotFound()
    return render_template(
        "auditing/answers.html",
        title=f"{label} · {year}",
        audits=queries.answered(reading(), year, clause, library(), EDITION),
        clause=clause,
        back=url_for(".index", **asked.address),
    )


@bp.get("/actions")
@access("audits.read")
def actions() -> str:
    """The actions behind a number."""
    asked, which = _asked(), request.args.get("which", "opened")
    if which not in ACTIONS:
        raise NotFound()
    figures = queries.action_figures(reading(), asked.begins, asked.ends, asked.now)
    found: tuple[Told, ...] = getattr(figures, which)
    judged = {one.id: one.judged_between(asked.begins, asked.ends) for one in found}
    return render_template(
        "auditing/actions.html",
        title=_(ACTIONS[which]),
        actions=found,
        judged=judged if which == "judged" else {},
        state_of=lambda one: _(STATE_TITLES[one.state_at(asked.now)]),
        names=current_app.extensions["auditkit.directory"].names(),
        back=url_for(".index", **asked.address),
        **_period(asked),
    )
