"""A quarter for one organisation: what was said, what it owes, what it has done, what families say of it (H12).

The parent carer forum's tells of all organisations. It names nobody, and holds the words that families chose to share
with the forum alone, masked (H7).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.report import numbers
from bot.report.document import Document, Section, Words
from bot.report.yearly import comment, document
from bot.you_said import Item, items, promise_kept, topic_name
from handlers.you_said import organisation_name
from locales import _, dates, ngettext
from models.area import Area
from models.database import now
from models.feedback import FORUM, Status
from models.person import Person
from models.personal import masked
from models.report import Period, Said, comments_of, how_many, promises_between, shared_with_forum
from models.role import NotAllowed, Permission, require, roles_of
from models.small_number import at_least


def digest(session: Session, area: Area, quarter: str, organisation: str, by: Person | None) -> Document:
    """In the language being spoken. Raises `NotAllowed` unless `by` is of this organisation, or may appoint."""
    may_have(session, organisation, by)
    forum = organisation == FORUM
    said = Said(area, Period.quarter(quarter), forum=forum)
    found = items(session, area, comments_of(session, area, said.period, None if forum else organisation))
    late, done = [one for one in found if one.late], [one for one in found if one.status is Status.DONE]
    cannot = [one for one in found if one.status is Status.CANNOT]
    due = [one for one in found if one not in (*late, *done, *cannot) and one.answered]
    silent = [one for one in found if not one.answered]
    sections = [
        _in_short(session, said, found),
        _items(_("Late"), late),
        _items(_("Still to be done"), due),
        _items(_("What still has no answer"), silent),
        _items(_("Done"), done),
        _items(_("What cannot be done, and why"), cannot),
        Section(
            _("What families spoke about"),
            (numbers.topics(session, said), numbers.how_it_felt(session, said), numbers.who_spoke(session, said)),
        ),
        Section(_("Whose voices are missing"), (numbers.missing_voices(session, said),)),
    ]
    if forum:
        sections.append(_shared(session, said, by))
    title = _("What families said: for {organisation}", organisation=organisation_name(area, organisation))
    return document(area, title, quarter, sections, found)


def may_have(session: Session, organisation: str, by: Person | None) -> None:
    if by is None:
        return
    require(session, by, Permission.READ)
    own = any(role.organisation == organisation for role in roles_of(session, by))
    if not own:
        require(session, by, Permission.APPOINT)
        if organisation == FORUM:
            raise NotAllowed(Permission.READ)


def _items(title: str, found: list[Item]) -> Section:
    return Section(title, tuple(comment(item) for item in found))


def _in_short(session: Session, said: Said, found: list[Item]) -> Section:
    area, small = said.area, said.area.publication.small_number
    messages = at_least(how_many(session, said), small)
    promises = promises_between(session, area, said.period.first, said.period.last, area.today(now()))
    lines = (
        _("Families wrote to us {count} times or more.", count=dates.number(messages))
        if messages is not None
        else _("Families wrote to us fewer than {count} times.", count=small),
        ngettext("{count} comment stands in this report.", "{count} comments stand in this report.", len(found)),
        ngettext("{count} of them is late.", "{count} of them are late.", sum(item.late for item in found)),
        promise_kept(promises, small, area.promises.feedback_answer, _("In this quarter")),
    )
    return Section(_("The quarter in short"), (Words("", lines),))


def _shared(session: Session, said: Said, by: Person | None) -> Section:
    """Their words, without what points to a person. They are not for passing on."""
    shared = shared_with_forum(session, said, by)
    intro = _("Families told these to the forum alone. Please do not pass them on.")
    none = _("No family wrote to the forum alone.")
    quoted = tuple(
        Words(f"{topic_name(said.area, one.topic)}: “{masked(one.text)}”", quoted=True) for one in shared if one.text
    )
    return Section(_("What families told the forum alone"), (Words(intro if quoted else none), *quoted))
