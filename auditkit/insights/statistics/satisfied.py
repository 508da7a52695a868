"""How satisfied those are who were asked, by the outcome of their cases: the handling and the outcome apart.

The cases closed in the period, as the indicator of satisfaction counts them. Checked by
tests/slices/insights/test_satisfied.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from auditkit.base.charts import Bar, Bars, Heading, Intervals, Ranged
from auditkit.base.db import Session
from auditkit.base.text import N_, _, ngettext
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.complaints.survey.rules import HIGHEST, LOWEST, State, mean
from auditkit.complaints.survey.rules import Share as Part
from auditkit.insights.indicators.frame import Conditions, Frame, frame
from auditkit.insights.indicators.sums import ASKED, SCORE_TITLES, SCORES
from auditkit.insights.rules import FEWEST, TOO_FEW, Selection
from auditkit.insights.statistics.naming import behind_url, outcomes, word_title
from auditkit.insights.statistics.queries import OUTCOME
from auditkit.insights.statistics.shown import Shown, source_of, too_few
from auditkit.web.manner import manner

SATISFIED_FROM = 4
"""A score from here on counts as satisfied (CSAT)."""
SATISFACTION = "satisfaction"


class Reply(StrEnum):
    """What became of asking the complainant of a closed case."""

    ANSWERED = "answered"
    SILENT = "silent"
    NOT_ASKED = "not-asked"


REPLY_TITLES = {
    Reply.ANSWERED: N_("Answered"),
    Reply.SILENT: N_("Asked, no answer"),
    Reply.NOT_ASKED: N_("Not asked"),
}
NO_DECISION = N_("Closed without a decision")


@dataclass
class Group:
    """The closed cases of one outcome: how many of each reply, and how many gave each score to each question."""

    replies: Counter[Reply] = field(default_factory=Counter)
    scores: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in SCORES})

    @property
    def asked(self) -> int:
        """Those who were asked, whether they answered or not."""
        return self.replies[Reply.ANSWERED] + self.replies[Reply.SILENT]


def counted(of: Frame) -> dict[str, Group]:
    """The groups by outcome (empty: closed without a decision), in the order of outcomes."""
    columns = list(SCORES.values())
    query = (
        select(Complaint.outcome, ComplaintSurvey.state, *columns, func.count())
        .select_from(Complaint)
        .outerjoin(ComplaintSurvey, ComplaintSurvey.complaint_id == Complaint.id)
        .where(*of.selected, of.within(Complaint.closed_at))
        .group_by(Complaint.outcome, ComplaintSurvey.state, *columns)
    )
    found: dict[str, Group] = {}
    for outcome, state, *scores, number in of.tx.execute(query):
        group = found.setdefault(outcome or "", Group())
        group.replies[_reply(state)] += int(number)
        for name, score in zip(SCORES, scores, strict=True):
            if score is not None:
                group.scores[name][score] += int(number)
    return {word: found[word] for word in outcomes() if word in found}


def _reply(state: str | None) -> Reply:
    if state == State.ANSWERED.value:
        return Reply.ANSWERED
    return Reply.SILENT if state in ASKED else Reply.NOT_ASKED


def behind(of: Frame, words: Sequence[str], reply: str) -> Conditions:
    """What a case closed in the period must be to be of these outcomes and of a reply; any reply where it is empty."""
    found = [*of.selected, of.within(Complaint.closed_at)]
    if words:
        found.append(Complaint.outcome.in_(words))
    states = {Reply.ANSWERED.value: (State.ANSWERED.value,), Reply.SILENT.value: (State.SENT.value,)}.get(reply, ASKED)
    those = select(ComplaintSurvey.complaint_id).where(ComplaintSurvey.state.in_(states))
    if reply:
        found.append(Complaint.id.not_in(those) if reply == Reply.NOT_ASKED.value else Complaint.id.in_(those))
    return found


def satisfied(tx: Session, selection: Selection, now: datetime) -> list[Shown]:
    """Both questions by outcome, and who answered."""
    groups = counted(frame(tx, selection, now))
    return [*(_scores(selection, now, name, groups) for name in SCORES), _replies(selection, now, groups)]


def _named(word: str) -> str:
    return word_title(OUTCOME, word) if word else _(NO_DECISION)


def _scores(selection: Selection, now: datetime, name: str, groups: Mapping[str, Group]) -> Shown:
    together = sum((one.scores[name] for one in groups.values()), Counter[int]())
    asked = sum(one.asked for one in groups.values())
    rows: list[tuple[str, Sequence[str], Counter[int], int]] = [(_("All"), (), together, asked)]
    rows += [(_named(word), (word,), one.scores[name], one.asked) for word, one in groups.items()]
    answers = together.total()
    chart = Intervals(
        name=name,
        title=_("%(question)s, by decision", question=_(SCORE_TITLES[name])),
        measure=_("Mean score, 1 to 5"),
        of=_("Decision"),
        digits=2,
        low=LOWEST,
        high=HIGHEST,
        says=ngettext(
            "%(num)s answer of %(asked)s who were asked.", "%(num)s answers of %(asked)s who were asked.", answers,
            asked=asked,
        ),
        formula=_(
            "Mean of the scores of cases closed in the period, with its normal interval of 95 per cent; the share of "
            "answers of 4 or 5 with its interval after Wilson; answered: of those who were asked"
        ),
        source=source_of(selection, sum(one.replies.total() for one in groups.values()), now),
        warning=_("Those who do not answer may think otherwise; the last chart says how many there are."),
        more=(
            Heading(_("Answers"), number=True),
            Heading(_("Share of 4 or 5"), number=True, share=True),
            Heading(_("Share of 4 or 5, lower bound"), number=True, share=True),
            Heading(_("Share of 4 or 5, upper bound"), number=True, share=True),
            Heading(_("Asked"), number=True),
            Heading(_("Answered"), number=True, share=True),
        ),
        groups=[_ranged(selection, *row) for row in rows],
    )  # fmt: skip
    return Shown(chart, too_few(answers))


def _ranged(selection: Selection, title: str, words: Sequence[str], scores: Counter[int], asked: int) -> Ranged:
    found = mean([scores[score] for score in range(LOWEST, HIGHEST + 1)], FEWEST)
    answers = scores.total()
    happy = sum(number for score, number in scores.items() if score >= SATISFIED_FROM)
    low, high = Part(happy, answers).interval or (None, None)
    csat = (happy / answers, low, high) if answers >= FEWEST else (None, None, None)
    rate = answers / asked if asked else None
    return Ranged(
        title, found.value, found.low, found.high,
        few="" if found.value is not None else f"{_(TOO_FEW)}: {manner().number(answers)}",
        more=(answers, *csat, asked, rate),
        url=replies_url(selection, words, Reply.ANSWERED),
    )  # fmt: skip


def _replies(selection: Selection, now: datetime, groups: Mapping[str, Group]) -> Shown:
    """Who answered, who did not, and who was not asked."""
    cases = sum(one.replies.total() for one in groups.values())
    chart = Bars(
        name="replies",
        title=_("Who answered, by decision"),
        measure=_("Closed cases"),
        of=_("Decision"),
        series=tuple(_(title) for title in REPLY_TITLES.values()),
        formula=_("Cases closed in the period, by what became of asking their complainants"),
        source=source_of(selection, cases, now),
        bars=[
            Bar(
                _named(word),
                tuple(float(one.replies[reply]) for reply in Reply),
                replies_url(selection, (word,)),
                tuple(replies_url(selection, (word,), reply) for reply in Reply),
            )
            for word, one in groups.items()
        ],
    )
    return Shown(chart, too_few(cases))


def replies_url(selection: Selection, words: Sequence[str], reply: Reply | None = None) -> str:
    """The list of the closed cases of these outcomes with a reply, or with any."""
    return behind_url(selection, SATISFACTION, words, {"reply": reply.value} if reply else {})
