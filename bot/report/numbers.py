"""The numbers of a report as pictures with their tables, each said so that it points to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from bot.report.document import Bar, Block, Picture, Table, Words
from bot.you_said import Item, standing, topic_name
from handlers.feedback_words import feelings
from handlers.ladder import rungs
from handlers.you_said import organisation_name
from locales import _, dates, language_name
from models import pulse as pulses
from models.area import Area
from models.database import now
from models.feedback import Feedback, Status
from models.person import Kind
from models.pulse import Side
from models.report import (
    Said,
    by_month,
    counted_by,
    felt_by_month,
    how_many_joined,
    meetings_by_rung,
    parts_by_organisation,
    promises_between,
)
from models.rung import Rung
from models.small_number import at_least, tenths, total_said, without_small


def not_shown() -> str:
    return _("not shown")


def bars(key: str, title: str, counts: Mapping[str, int], head: str, small: int) -> Picture:
    """A row of numbers that add up, with its total as the last line of the table where it may be said."""
    said = without_small(counts, small)
    found = [Bar(label, many, _said(many)) for label, many in said.items()]
    total = total_said(counts, small)
    words = _in_words([*found, Bar(_("All"), total, _said(total))])
    return Picture(key, "bars", title, f"{title}. {words}", tuple(found), (head, _("How many")))


def _said(many: int | None) -> str:
    return not_shown() if many is None else dates.number(many)


def _in_words(found: list[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.shown}" for bar in found) + "."


def topics(session: Session, said: Said) -> Picture:
    """What it was about: every topic of the area, also one that nobody spoke of."""
    counted = counted_by(session, said, Feedback.topic)
    keys = list(dict.fromkeys([*(topic.key for topic in said.area.topics), *map(str, counted)]))
    counts = {topic_name(said.area, key): counted.get(key, 0) for key in keys}
    return bars("topics", _("What it was about"), counts, _("About"), _small(said.area))


def kinds() -> dict[object, str]:
    return {
        Kind.PARENT: _("Parents and carers"),
        Kind.YOUNG: _("Young people"),
        Kind.PROFESSIONAL: _("People who work with families"),
        None: _("They did not say"),
    }


def who_spoke(session: Session, said: Said) -> Picture:
    counted = counted_by(session, said, Feedback.said_by)
    counts = {label: counted.get(kind, 0) for kind, label in kinds().items()}
    return bars("voices", _("Who told us"), counts, _("Who"), _small(said.area))


def languages_spoken(session: Session, said: Said) -> Picture:
    counted = counted_by(session, said, Feedback.language)
    codes = list(dict.fromkeys([*said.area.languages, *map(str, counted)]))
    counts = {language_name(code): counted.get(code, 0) for code in codes}
    return bars("languages", _("In which language"), counts, _("Language"), _small(said.area))


def how_it_felt(session: Session, said: Said) -> Picture:
    counted = counted_by(session, said, Feedback.feeling)
    # Without its face: not every letter of every font is there.
    labels: dict[object, str] = {key: label.partition(" ")[2] for key, label in feelings().items()}
    counts = {label: counted.get(key, 0) for key, label in {**labels, None: _("They did not say")}.items()}
    return bars("feelings", _("How it felt"), counts, _("How it felt"), _small(said.area))


def over_time(session: Session, said: Said) -> Picture:
    counts = {_month(first): many for first, many in by_month(session, said).items()}
    return bars("months", _("When we heard it"), counts, _("Month"), _small(said.area))


def felt_over_time(session: Session, said: Said) -> Picture:
    """The middle of what was felt in each month; a gap where so few said it that it would be theirs."""
    felt = felt_by_month(session, said)
    told = without_small({first: one.answers for first, one in felt.items()}, _small(said.area))
    found = [
        Bar(_month(first), round(felt[first].mean, 1), dates.number(round(felt[first].mean, 1)))
        if many
        else Bar(_month(first), None, "–" if many == 0 else not_shown())
        for first, many in told.items()
    ]
    title = _("How it felt over time")
    means = _("1 is very bad, 5 is very good.")
    return Picture(
        "felt", "line", title, f"{title}. {means} {_in_words(found)}", tuple(found), (_("Month"), means), most=5
    )


def promises_over_time(session: Session, said: Said, today: date) -> Picture:
    """Of ten answers, how many came by the promised day; only where there were enough of them."""
    small, found = _small(said.area), []
    ends = [*said.period.months[1:], None]
    for first, following in zip(said.period.months, ends, strict=True):
        last = date.fromordinal(following.toordinal() - 1) if following else said.period.last
        promises = promises_between(session, said.area, first, last, today)
        kept = tenths(promises.kept, promises.due, small)
        found.append(Bar(_month(first), kept, not_shown() if kept is None else dates.number(kept)))
    title, means = _("Answers that came by the promised day"), _("Of 10 answers, about this many came in time.")
    return Picture(
        "promises", "line", title, f"{title}. {means} {_in_words(found)}", tuple(found), (_("Month"), means), most=10
    )


def missing_voices(session: Session, said: Said) -> Words:
    """Whom we did not hear, or hardly (T4): kinds of people, languages, topics with fewer than may be said."""
    small = _small(said.area)
    spoke, spoken = counted_by(session, said, Feedback.said_by), counted_by(session, said, Feedback.language)
    about = counted_by(session, said, Feedback.topic)
    few = [label for kind, label in kinds().items() if kind is not None and spoke.get(kind, 0) < small]
    few += [
        _("People who write in {language}", language=language_name(code))
        for code in said.area.languages
        if spoken.get(code, 0) < small
    ]
    few += [
        _("Anybody about “{topic}”", topic=_(topic.label))
        for topic in said.area.topics
        if about.get(topic.key, 0) < small
    ]
    if not few:
        return Words(_("We heard from {count} or more of every group that we look at.", count=small))
    return Words(_("From these we heard fewer than {count} times, or never:", count=small), tuple(few))


def where_items_stand(items: list[Item]) -> Picture:
    """Items are no people: their numbers are said as they are."""
    counts = {standing(status): sum(item.status is status for item in items) for status in Status}
    return bars("standing", _("Where it stands"), counts, _("Where it stands"), 0)


def priorities(area: Area, items: list[Item]) -> Picture:
    """By what the partnership has set itself (T12): every priority, also one that no comment belongs to."""
    titles = list(dict.fromkeys([*(_(one.title) for one in area.priorities), *(one.priority for one in items)]))
    counts = {title: sum(item.priority == title for item in items) for title in titles if title}
    none = sum(not item.priority for item in items)
    return bars("priorities", _("By priority"), {**counts, _("None of these"): none}, _("Priority"), 0)


def ladder(key: str, title: str, counts: Mapping[Rung | None, int]) -> Picture:
    """How far families worked with us (T10), from the top down. Neither items nor meetings are people."""
    said = {label: counts.get(rung, 0) for rung, label in rungs().items()}
    said[_("Not said")] = counts.get(None, 0)
    return bars(key, title, said, _("How far with families"), 0)


def how_far(session: Session, said: Said, items: list[Item]) -> tuple[Block, ...]:
    of_items = {rung: sum(item.rung is rung for item in items) for rung in (*Rung, None)}
    of_meetings = meetings_by_rung(session, said.area, said.period, now())
    intro = _("Staff say how far families work with them. It goes from “made together” down to “not asked at all”.")
    found: list[Block] = [Words(intro), ladder("rungs", _("What was said and done, by how far"), of_items)]
    if of_meetings:
        found.append(ladder("meeting_rungs", _("Meetings, by how far"), of_meetings))
    return tuple(found)


def parts(session: Session, said: Said) -> tuple[Block, ...]:
    """What several organisations answered together (T16): nothing where none was asked for a part."""
    found, small = parts_by_organisation(session, said), _small(said.area)
    if not found:
        return ()
    names = {key: organisation_name(said.area, key) for key in found}
    asked = {names[key]: one.asked for key, one in found.items()}
    joined = at_least(how_many_joined(session, said), small)
    many, all_asked = sum(one.sent for one in found.values()), sum(asked.values())
    sent = tenths(many, all_asked, small)
    lines = (
        _("{count} families or more got one joint answer.", count=dates.number(joined))
        if joined is not None
        else _("One joint answer went to fewer than {count} families.", count=small),
        _("Of 10 parts, families have about {count}.", count=dates.number(sent)) if sent is not None else "",
    )
    return (
        Words(_("Some stories are about more than one of us. Each answers its part. The family gets one answer.")),
        Words("", tuple(line for line in lines if line)),
        bars("parts", _("Who was asked for a part"), asked, _("Who"), small),
    )


def short_questions(session: Session, said: Said) -> tuple[Block, ...]:
    """What families and staff answered to each statement, side by side (T8), and how it moved (T7)."""
    area, period = said.area, said.period
    compared = pulses.comparison(session, area, since=period.first, until=period.last)
    if not compared:
        return ()
    told = [row for row in compared if any(row[2].values())]
    if not told:
        return (Words(_("Too few people have answered our short questions yet.")),)
    sides = pulses.sides()
    rows = tuple((_(say), *(_mean(area, answers[side]) for side in sides)) for _key, say, answers in told)
    intro = Words(_("We ask short questions. 1 is “not at all”, 5 is “very much”. “10+” is 10 people or more."))
    table = Table((_("We asked"), *sides.values()), rows)
    return (intro, table, *(one for key, _say, _answers in told for one in _moved(session, said, key)))


def _mean(area: Area, answer: tuple[float, int] | None) -> str:
    if answer is None:
        return not_shown()
    mean, people = answer
    return f"{dates.number(mean)} ({dates.number(at_least(people, _small(area)) or 0)}+)"


def _moved(session: Session, said: Said, key: str) -> list[Picture]:
    """By month, for families: where two months or more may be shown."""
    found = pulses.trend(session, said.area, key, since=said.period.first, until=said.period.last)
    means, pictures = _("1 is “not at all”, 5 is “very much”."), []
    for side in (Side.PARENT, Side.YOUNG):
        shown = {point.month: point.mean for point in found.of(side) if point.mean is not None}
        if len(shown) < 2:  # a line has two ends
            continue
        line = [
            Bar(_month(first), shown[first], dates.number(shown[first]))
            if first in shown
            else Bar(_month(first), None, not_shown())
            for first in said.period.months
        ]
        title = f"{_(found.say)} {pulses.sides()[side]}"
        alt = f"{title}. {means} {_in_words(line)}"
        pictures.append(
            Picture(f"pulse-{key}-{side.value}", "line", title, alt, tuple(line), (_("Month"), means), most=5)
        )
    return pictures


def _month(first: date) -> str:
    return dates.short_month(first)


def _small(area: Area) -> int:
    return area.publication.small_number
