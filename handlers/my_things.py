"""My things: what I said and where it stands, my meetings, and everything about me that I can see, take or erase."""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.feedback_words import by_when, shortened, their_words, topic_label, where_it_stands
from handlers.labels import clip
from handlers.needs import in_words
from locales import _
from locales.dates import day, moment, short_day
from models.database import now
from models.feedback import Feedback, Side, feedback_of, mine, standing_still
from models.meeting import Coming, Rsvp, rsvps_of

# WhatsApp shows ten rows; the newest are what people come for. All of it is in the copy to take.
MOST = 8
# Of each answer of staff so much is shown.
SHOWN = 600


def my_things(chat: Chat) -> None:
    what = chat.choose(
        "what",
        _("Your things. What would you like to see or change?"),
        _choices(chat),
        words={
            "said": _("what i said|my feedback|feedback|answers"),
            "meetings": _("my meetings|meeting"),
            "take": _("copy|take|download|see everything"),
            "erase": _("delete|erase|forget me"),
        },
        tall=True,
    )
    match what:
        case "said":
            _said(chat)
        case "meetings":
            _meetings(chat)
        case "needs":
            _needs(chat)
        case _:
            chat.then(_LEADS_TO[what])


_LEADS_TO = {
    "reminders": "reminders",
    "pulse": "pulse",
    "language": "language",
    "stop": "stop",
    "start": "start",
    "who": "welcome",
    "take": "take_away",
    "erase": "erase",
}


def _choices(chat: Chat) -> dict[str, str]:
    choices = {"said": _("What I said"), "meetings": _("My meetings")}
    if chat.person.needs:
        choices["needs"] = _("What I need")
    choices |= {"reminders": _("Reminders"), "language": _("Language")}
    choices |= {"start": _("Start messages")} if chat.person.stopped_at else {"stop": _("Stop messages")}
    if chat.area.pulses.statement:
        choices["pulse"] = _("Short questions")
    return choices | {"take": _("Take a copy"), "erase": _("Erase everything")}


# -- what I said


def _said(chat: Chat) -> None:
    if "which" in chat.answers and (named := mine(chat.session, chat.person, str(chat.answers["which"]))) is not None:
        _show(chat, named)
        return
    said = {one.ref: one for one in feedback_of(chat.session, chat.person)[:MOST]}
    if not said:
        chat.say(_("You have not told us anything yet."), chat.start(_("Tell us"), "tell_us"))
        return
    if len(said) == 1 and "which" not in chat.answers:
        _show(chat, *said.values())
        return
    ref = chat.choose(
        "which",
        _("Which one would you like to see?"),
        {ref: _label(chat, one) for ref, one in said.items()},
        words={ref: topic_label(chat.area, one.topic) for ref, one in said.items()},
        tall=True,
    )
    _show(chat, said[ref])


def _label(chat: Chat, feedback: Feedback) -> str:
    on = short_day(chat.area.today(feedback.received))
    return clip(_("{day}: {topic}", day=on, topic=topic_label(chat.area, feedback.topic)))


def _show(chat: Chat, feedback: Feedback) -> None:
    """Its words, where it stands and why, what was answered, and by when it is."""
    on = day(chat.area.today(feedback.received))
    chat.say(_("{ref}, {day}: {words}", ref=feedback.ref, day=on, words=their_words(chat.area, feedback, SHOWN)))
    chat.say(where_it_stands(feedback.status, feedback.history[-1].reason if feedback.history else ""))
    for note in feedback.notes[-3:]:
        words = shortened(note.text, SHOWN)
        chat.say(
            _("You wrote: “{words}”", words=words)
            if note.side is Side.FAMILY
            else _("Staff wrote: “{words}”", words=words)
        )
    if feedback.answered is None:
        chat.say(_by_when(chat, feedback))
    chat.say(
        _("You can write about it again, or take it back."),
        chat.start(_("Write again"), "answer_back", feedback=feedback.ref),
        chat.start(_("Take it back"), "take_back", feedback=feedback.ref),
        chat.start(_("My things"), "my_things"),
    )


def _by_when(chat: Chat, feedback: Feedback) -> str:
    """A promise that was broken is said to be broken, one that stands still says why (T2, T5)."""
    if (still := standing_still(feedback)) is not None:
        return _("Our answer has to wait, because: {reason}", reason=still.reason)
    if feedback.answer_by < chat.area.today(now()):
        return _("We promised an answer by {day}. It is late, and we are sorry.", day=day(feedback.answer_by))
    return by_when(chat, feedback)


# -- my meetings


def _meetings(chat: Chat) -> None:
    coming = [one for one in rsvps_of(chat.session, chat.person) if _still_ahead(one)]
    if not coming:
        chat.say(_("You have not said yes to a meeting that is coming."), chat.start(_("Meetings"), "meetings"))
        return
    for one in coming[:MOST]:
        chat.say("\n".join([one.meeting.title, _when(chat, one), _answers()[one.coming]]))
    chat.say(
        _("You can change what you said."),
        *(chat.start(clip(one.meeting.title), "meetings", meeting=one.meeting_id) for one in coming[:MOST]),
        tall=True,
    )


def _still_ahead(rsvp: Rsvp) -> bool:
    over = rsvp.meeting.ends is not None and rsvp.meeting.ends < now()
    return rsvp.coming is not Coming.NO and not over


def _when(chat: Chat, rsvp: Rsvp) -> str:
    starts = rsvp.meeting.starts
    return moment(starts, chat.area.zone) if starts else _("It has no date yet.")


def _answers() -> dict[Coming, str]:
    return {
        Coming.YES: _("You said: yes."),
        Coming.MAYBE: _("You said: maybe."),
        Coming.NO: _("You said: no."),
        Coming.TELL: _("You want to hear when there is a date."),
    }


# -- what I need


def _needs(chat: Chat) -> None:
    kept = chat.agree(
        "needs",
        _("You told us that you need this at meetings: {needs}. May I keep it?", needs=in_words(chat.person.needs)),
        yes=_("Yes, keep it"),
        no=_("No, erase it"),
    )
    if kept:
        chat.say(_("I keep it, so that you are not asked again."))
        return
    chat.person.needs = None
    chat.say(_("It is erased. You are asked again at the next meeting."))


ERRAND = Errand(
    my_things,
    label=lambda: _("My things"),
    words=lambda: _("my things|my stuff|my account|settings|my settings|privacy"),
    command="mythings",
    browsed=True,
    for_all_ages=True,
)
