"""Stopping half-way still counts for what was said, if they say so.

Words that somebody wrote and did not send are shown to them once more, with three ways on: send them as they are,
throw them away, or go on. Nothing is sent, and nothing is lost, without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from handlers import taps
from handlers.danger import words_arrived, words_not_passed_on
from handlers.dialogue import Chat, Story
from handlers.errand import Errand
from handlers.feedback_words import how_many_files, shortened
from handlers.tell_us import Draft, give, receipt
from locales import _
from models.area import Area
from models.conversation import Conversation, end, going_on
from models.feedback import Feedback, Visibility, Voice, discard
from models.message import Button, Message
from models.person import Person

Kind = TypeVar("Kind", bound=StrEnum)

# Enough of their own words to know them again.
SHOWN = 200


def half_way(chat: Chat) -> None:
    waiting = unfinished(chat.session, chat.area, chat.person)
    if waiting is None:
        chat.say(_("You have nothing unsent."))
        return
    what = chat.choose("what", _question(chat.area, waiting), _ways())
    if what == "on":
        chat.then("tell_us")
        return
    if what == "send":
        feedback = send_as_it_is(chat.session, chat.area, waiting)
        if feedback is not None:
            receipt(chat, feedback)
    else:
        throw_away(chat.session, chat.area, waiting)
        chat.say(_("It is thrown away. Nothing was sent."))
    chat.then("menu")


def asked_what_becomes_of_it(area: Area, conversation: Conversation) -> Message:
    """The question as the clock sends it, to somebody who left words unsent; its buttons work at any age."""
    buttons = tuple(Button(label, taps.start("half_way", {"what": way})) for way, label in _ways().items())
    return Message(_question(area, conversation), buttons)


def _question(area: Area, conversation: Conversation) -> str:
    story = draft_in(conversation.answers, area).story
    shown = [_("You wrote something and did not send it.")]
    if story.text:
        shown.append(_("“{words}”", words=shortened(story.text, SHOWN)))
    if story.attachments:
        shown.append(how_many_files(len(story.attachments)))
    return "\n".join(shown)


def _ways() -> dict[str, str]:
    return {"send": _("Send it as it is"), "drop": _("Throw it away"), "on": _("Go on")}


# -- the same for others to call: the clock, and whatever drops a conversation


def unfinished(session: Session, area: Area, person: Person) -> Conversation | None:
    """The conversation in which this person wrote words that were not sent, if there is one."""
    return next((one for one in going_on(session, person.id) if wrote_something(one, area)), None)


def wrote_something(conversation: Conversation, area: Area) -> bool:
    """Whether a conversation holds words that were not sent."""
    if conversation.flow != "tell_us" or conversation.ended is not None:
        return False
    return bool(draft_in(conversation.answers, area).story)


def send_as_it_is(session: Session, area: Area, conversation: Conversation) -> Feedback | None:
    """Make a feedback of what a half-done conversation has said, because the person said so; it ends by this.

    None when there are no words in it.
    """
    if not wrote_something(conversation, area):
        return None
    person = session.get_one(Person, conversation.person_id)
    feedback = give(session, area, person, draft_in(conversation.answers, area))
    words_arrived(session, area, conversation.id, feedback)
    end(conversation)
    return feedback


def add(conversation: Conversation, words: Story) -> None:
    """Put more words, photos or files with what a half-done conversation has said so far."""
    answers = dict(conversation.answers)
    newest = next(name for name in reversed(answers) if name.startswith("story") and answers[name])
    kept = answers[newest]
    before = Story(kept) if isinstance(kept, str) else Story(kept["text"], tuple(kept["attachments"]))
    answers[newest] = {
        "text": "\n".join(filter(None, [before.text, words.text.strip()])),
        "attachments": [*before.attachments, *words.attachments],
    }
    conversation.answers = answers


def throw_away(session: Session, area: Area, conversation: Conversation) -> None:
    """Nothing of a half-done conversation is kept, because the person said so."""
    person = session.get_one(Person, conversation.person_id)
    discard(session, person, draft_in(conversation.answers, area).story.attachments)
    words_not_passed_on(session, area, conversation.id)
    end(conversation)


def draft_in(answers: Mapping[str, Any], area: Area) -> Draft:
    """What a half-done conversation has said so far: the newest answer of each kind counts.

    Words without a topic go under the area's last one ("something else"). Who chose to be named but gave no name is
    not named: the most private setting is the default.
    """
    newest: dict[str, Any] = {}
    for question, kept in answers.items():
        if kept:
            newest[question.rstrip("…").rstrip("0123456789")] = kept
    known = {topic.key for topic in area.topics}
    topic: str = newest.get("topic", "")
    name: str = newest.get("name", "")
    story = newest.get("story", "")
    visibility = _one_of(Visibility, newest.get("who"))
    if visibility is None or (visibility is Visibility.NAMED and not name):
        visibility = Visibility.PARTNERSHIP
    return Draft(
        topic=topic if topic in known else area.topics[-1].key,
        story=Story(story) if isinstance(story, str) else Story(story["text"], tuple(story["attachments"])),
        feeling=int(newest["feeling"]) if newest.get("feeling") in set("12345") else None,
        voice=_one_of(Voice, newest.get("voice")),
        visibility=visibility,
        name=name if visibility is Visibility.NAMED else None,
    )


def _one_of(kind: type[Kind], value: object) -> Kind | None:
    return next((one for one in kind if one == value), None)


ERRAND = Errand(half_way, label=lambda: _("What I did not send"), in_menu=False, before_welcome=False, browsed=True)
