"""How somebody who comes takes part, with how many, and what they need (H3). All of it may be left out."""

from __future__ import annotations

from handlers.consent import agreed
from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.meetings.picking import given
from handlers.meetings.words import button_ask, how_to_join, way_label
from handlers.needs import ask_needs, in_words
from handlers.understanding import number
from locales import _, ngettext
from models.database import now
from models.meeting import Meeting, Rsvp, Way, rsvp_of, say_how

MOST_PEOPLE = 20
IN_COMPANY = (Way.IN_PERSON, Way.ONLINE)


def taking_part(chat: Chat) -> None:
    meeting = given(chat)
    if meeting is None:
        chat.then("meetings")
        return
    rsvp = rsvp_of(chat.session, meeting, chat.person)
    if rsvp is None or not rsvp.expected or not meeting.open(now()):
        chat.then("meetings", meeting=str(meeting.id))
        return
    agreed(chat)
    way = _way(chat, meeting)
    how_many = _how_many(chat, rsvp) if way in IN_COMPANY and not chat.person.young else 1
    needs = ask_needs(chat, rsvp.needs or chat.person.needs)
    say_how(chat.session, rsvp, way=way, how_many=how_many, needs=needs)
    noted = [way_label(way), ngettext("{count} person", "{count} people", how_many), in_words(needs)]
    said = [_("Thank you. I have noted: {what}.", what=", ".join(filter(None, noted)))]
    if needs:
        said.append(_("The people who run the meeting see what you need. I tell you when it is arranged."))
    chat.say("\n".join([*said, *how_to_join(meeting, way)]), button_ask(meeting))


def _way(chat: Chat, meeting: Meeting) -> Way:
    if len(meeting.ways) == 1:
        return Way(meeting.ways[0])
    return chat.choose("way", _("How will you take part?"), {Way(way): way_label(way) for way in meeting.ways})


def _how_many(chat: Chat, rsvp: Rsvp) -> int:
    asked = chat.ask(
        "how_many",
        _("How many of you will come?"),
        read=_count,
        recall=int,
        suggest={"1": _("Just me"), "2": _("2 of us"), "3": _("3 of us")},
    )
    return int(asked)


def _count(text: str) -> int:
    count = number(text)
    if count is None or not 1 <= count <= MOST_PEOPLE:
        raise NotUnderstood(_("Please type a number from 1 to {most}.", most=MOST_PEOPLE))
    return count


ERRAND = Errand(taking_part, label=lambda: _("How I take part"), in_menu=False)
