"""The yearly report on comments about the Local Offer (SEND Regulations 2014, regulation 56).

A council must ask children and young people with special needs or a disability, and their parents, what they think of
what is offered, of how easy it is to find, and of how it was made; and publish what they say with its response, and
with the action that it means to take, at least once a year, so that nobody can be recognised. What is vexatious, or
about the services of one person, need not be published. So: every comment stands here with its response and action;
those that have none come first.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.report import numbers
from bot.report.document import Comment, Document, Section, Words
from bot.you_said import Item, items, promise_kept
from locales import _, dates, languages, ngettext, spoken
from models.area import Area
from models.database import now
from models.feedback import Status
from models.personal import masked
from models.report import Period, Said, comments_of, how_many, promises_between
from models.small_number import at_least
from models.unanswered import gaps


def yearly(session: Session, area: Area, year: int) -> Document:
    """The whole report, in the language being spoken."""
    period = Period.year(year)
    said = Said(area, period)
    found = items(session, area, comments_of(session, area, period))
    sections = [
        *missing_first(found),
        _in_short(session, said, found),
        *by_topic(area, found),
        _numbers(session, said),
        Section(_("Whose voices are missing"), (numbers.missing_voices(session, said),)),
        _what_is_missing(session, said),
        _work(area, found),
        Section(_("How far families worked with us"), numbers.how_far(session, said, found)),
        Section(_("What several of us answered together"), numbers.parts(session, said)),
        Section(_("What you and we say about working together"), numbers.short_questions(session, said)),
        _how_it_was_made(area),
    ]
    return document(area, _("What we heard about the Local Offer"), str(year), sections, found)


def document(area: Area, title: str, period: str, sections: list[Section], found: list[Item]) -> Document:
    today = area.today(now())
    return Document(
        title=f"{title}, {period}",
        subtitle=_(area.partnership),
        language=spoken(),
        direction="rtl" if languages()[spoken()].right_to_left else "ltr",
        author=area.name,
        made=_("Made on {day}.", day=dates.day(today)),
        made_on=today.isoformat(),
        labels={"standing": _("Where it stands:"), "response": _("What we do:")},
        sections=tuple(section for section in sections if section.blocks),
        items=tuple(found),
    )


def missing_first(found: list[Item]) -> list[Section]:
    """The comments that nobody has answered: the first thing in the report, also when there is none."""
    unanswered = [item for item in found if not item.answered]
    title = _("What still has no answer")
    if not unanswered:
        return [Section(title, (Words(_("Every comment in this report has an answer.")),))]
    intro = Words(
        ngettext(
            "{count} comment has no answer yet. It needs one before this report is sent out.",
            "{count} comments have no answer yet. They need one before this report is sent out.",
            len(unanswered),
        )
    )
    return [Section(title, (intro, *(comment(item) for item in unanswered)))]


def comment(item: Item) -> Comment:
    facts = [
        _("About: {topic}", topic=item.topic),
        _("Part of: {what}", what=item.priority) if item.priority else "",
        *(_("Who does it: {who}.", who=one.who) for one in item.answers if one.who),
        *(_("By when: {day}.", day=dates.day(one.due)) for one in item.answers if one.due),
        _("That day has passed.") if item.late else "",
        _("We said it was done. Families told us that it is not right yet.") if item.reopened else "",
        item.how_far,
        item.people,
        item.verdict,
        _("Where we heard it: {place}.", place=item.heard_at) if item.heard_at else "",
        _("Last changed: {day}.", day=dates.day(item.changed))
        if item.changed
        else _("Put here: {day}.", day=dates.day(item.published)),
        f"/board/{item.number}",
    ]
    return Comment.of(
        item, tuple(fact for fact in facts if fact), _("Nobody has told us yet what will be done about it.")
    )


def by_topic(area: Area, found: list[Item]) -> list[Section]:
    """What was answered, a section for each topic."""
    keys = list(dict.fromkeys([*(topic.key for topic in area.topics), *(item.topic_key for item in found)]))
    sections = []
    for key in keys:
        answered = [item for item in found if item.topic_key == key and item.answered]
        if answered:
            title = _("You said, we are doing: {topic}", topic=answered[0].topic)
            sections.append(Section(title, tuple(comment(item) for item in answered)))
    return sections


def _in_short(session: Session, said: Said, found: list[Item]) -> Section:
    area, small = said.area, said.area.publication.small_number
    messages = at_least(how_many(session, said), small)
    today = area.today(now())
    promises = promises_between(session, area, said.period.first, said.period.last, today)
    lines = [
        _("Families wrote to us {count} times or more.", count=dates.number(messages))
        if messages is not None
        else _("Families wrote to us fewer than {count} times.", count=small),
        ngettext("{count} comment stands in this report.", "{count} comments stand in this report.", len(found)),
        ngettext("{count} of them is done.", "{count} of them are done.", _with(found, Status.DONE)),
        ngettext(
            "{count} of them cannot be done. The reason stands beside it.",
            "{count} of them cannot be done. The reason stands beside each.",
            _with(found, Status.CANNOT),
        ),
        ngettext("{count} of them is late.", "{count} of them are late.", sum(item.late for item in found)),
        promise_kept(promises, small, area.promises.feedback_answer, _("In {year}", year=said.period.first.year)),
    ]
    law = _("Each year, councils must show what families say, and their answer. The law is regulation 56.")
    return Section(_("The year in short"), (Words(law), Words("", tuple(lines))))


def _what_is_missing(session: Session, said: Said) -> Section:
    """What families looked for and staff say there is none of; each only where many looked for it, and masked."""
    small, period = said.area.publication.small_number, said.period
    lines = []
    for gap in gaps(session):
        asked = [one for one in gap.group.questions if period.first <= said.area.today(one.at) <= period.last]
        families = at_least(len({one.person_id for one in asked if one.person_id is not None}), small)
        if families is not None:
            words = masked(asked[0].words)
            lines.append(_("“{words}” ({count} families or more)", words=words, count=families))
    if not lines:
        return Section(_("What families look for and cannot find"), ())
    return Section(
        _("What families look for and cannot find"),
        (Words(_("There is no such service here. Families asked for it like this:"), tuple(lines)),),
    )


def _with(found: list[Item], status: Status) -> int:
    return sum(item.status is status for item in found)


def _numbers(session: Session, said: Said) -> Section:
    return Section(
        _("The year in numbers"),
        (
            numbers.topics(session, said),
            numbers.over_time(session, said),
            numbers.how_it_felt(session, said),
            numbers.felt_over_time(session, said),
            numbers.promises_over_time(session, said, said.area.today(now())),
            numbers.who_spoke(session, said),
            numbers.languages_spoken(session, said),
        ),
    )


def _work(area: Area, found: list[Item]) -> Section:
    """How far what was said has come, and what families say of what was called done (T9)."""
    judged = tuple(f"“{item.said}” {item.verdict}" for item in found if item.verdict)
    told = Words(_("What families say about what we call done:"), judged) if judged else None
    nothing = Words(_("No family has told us yet if what we call done is better now."))
    pictures = (numbers.where_items_stand(found), numbers.priorities(area, found))
    return Section(_("What came of it"), (*pictures, told or nothing))


def _how_it_was_made(area: Area) -> Section:
    lines = (
        _("Staff wrote each comment from what several people told us."),
        _("A second person looks at it before it is shown.") if area.publication.needs_approval else "",
        _("We take out names, numbers and places that point to a person. We may miss some."),
        _("Numbers under {count} are not shown, and no sum gives them away.", count=area.publication.small_number),
        _("What was told to the parent forum alone is not in here."),
        _("We may leave out what is about one person, or only meant to hurt."),
        _("Staff say how far families worked with us. No family has checked it."),
    )
    return Section(_("How this was made"), (Words("", tuple(line for line in lines if line)),))
