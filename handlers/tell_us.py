"""Tell us: a family says what is good or bad, in one tap, in two minutes, or as the whole story.

Nothing is sent before they have read it and said so; one tap is sent at once, and can be taken back. Every text is
watched for danger before anything else. What becomes of words that somebody left half-way stands in `half_way`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from handlers.consent import agreed
from handlers.danger import ask_if_in_danger, watch, words_arrived, words_not_passed_on
from handlers.data_complaint import after_sending
from handlers.dialogue import Chat, Story
from handlers.errand import Errand
from handlers.feedback_words import (
    advice,
    by_when,
    feelings,
    feelings_also,
    how_many_files,
    their_words,
    topic_label,
    visibilities,
    voices,
)
from handlers.hard_words import answered_kindly
from handlers.inbox.notice import announce
from locales import _
from models.area import Area
from models.feedback import Feedback, Visibility, Voice, discard, forum_reads, give_feedback
from models.person import Kind, Person
from models.second_look import pick_if_its_turn

# Reading back more than this would not be read; all of it is sent.
READ_BACK = 3000
SKIP = "skip"
IN_THE_MIDDLE = 3
NOTHING = Story("")


class Length(StrEnum):
    ONE = "one"
    TWO = "two"
    WHOLE = "whole"


class Part(StrEnum):
    """What can be changed before it is sent."""

    TOPIC = "topic"
    WORDS = "words"
    FEELING = "feeling"
    VOICE = "voice"
    WHO = "who"


@dataclass(frozen=True, slots=True)
class Draft:
    topic: str
    story: Story = NOTHING
    feeling: int | None = None
    voice: Voice | None = None
    visibility: Visibility = Visibility.PARTNERSHIP
    name: str | None = None


def tell_us(chat: Chat) -> None:
    watch(chat, *_all_words(chat))
    agreed(chat)
    length = _length(chat)
    if length is Length.ONE and not chat.said_so_far("story"):  # words that are there are not dropped by a tap
        draft = Draft(_topic(chat))
        draft = replace(draft, feeling=_feeling(chat, skip=False))
        ask_if_in_danger(chat, feeling=draft.feeling)
        _send(chat, draft, at_once=True)
        return
    draft = _asked(chat, length)
    turn = 1
    while (sure := _read_back(chat, draft, turn)) == "change":
        draft = _changed(chat, draft, turn := turn + 1)
    if sure == "send":
        _send(chat, draft)
    else:
        discard(chat.session, chat.person, draft.story.attachments)
        words_not_passed_on(chat.session, chat.area, chat.conversation.id)
        chat.say(_("It is thrown away. Nothing was sent."))
        chat.then("menu")


def _all_words(chat: Chat) -> list[str]:
    """Everything that they wrote here so far, sent or not."""
    stories = {name.rstrip("…") for name in chat.answers if name.startswith("story")}
    names = [str(kept) for name, kept in chat.answers.items() if name.startswith("name")]
    return [*(chat.said_so_far(story).text for story in stories), *names]


# -- the questions; `turn` counts how often a part is asked, since an answer's name means one thing for ever


def _length(chat: Chat) -> Length:
    if "story" in chat.answers and "length" not in chat.answers:
        # The words were there before: somebody wrote them where no question was open.
        chat.say(_("I can pass that on. You see it before it is sent."))
        return Length.TWO
    return chat.choose(
        "length",
        _("How much would you like to say?"),
        {Length.ONE: _("One tap"), Length.TWO: _("Two minutes"), Length.WHOLE: _("The whole story")},
        words={Length.ONE: _("one|short|quick"), Length.TWO: _("two|medium"), Length.WHOLE: _("whole|long|all|story")},
        alone=True,
    )


def _asked(chat: Chat, length: Length) -> Draft:
    """Everything that is asked before the first reading back. A young person is not asked what is not needed."""
    draft = Draft(_topic(chat))
    draft = replace(draft, story=_words(chat, whole=length is Length.WHOLE), feeling=_feeling(chat))
    ask_if_in_danger(chat, draft.story.text, feeling=draft.feeling)
    if length is Length.WHOLE and _has_a_voice_to_name(chat.person):
        draft = replace(draft, voice=_voice(chat))
    return draft if chat.person.young else _who(chat, draft)


def _topic(chat: Chat, turn: int = 1) -> str:
    return chat.choose(
        _named("topic", turn),
        _("What is it about?"),
        {topic.key: _(topic.label) for topic in chat.area.topics},
        words={topic.key: _(topic.meaning) for topic in chat.area.topics},
        alone=_asked_once(chat, "topic"),
    )


def _words(chat: Chat, turn: int = 1, *, whole: bool = False) -> Story:
    name = _named("story", turn)
    if chat.watched and not chat.said_so_far(name):
        chat.say(_(chat.who_reads))
    if turn > 1:
        text = _("Please say it again from the start. It takes the place of what you said before, photos too.")
    elif chat.person.young:
        text = _("Say it in your own words. You can send a photo or a voice note too.")
    elif whole:
        text = _(
            "Tell us the whole story. What happened? What did it mean for you? What would help? "
            "You can send many messages, photos and voice notes. Please leave out names."
        )
    else:
        text = _("Tell us in your own words. You can send a photo or a voice note too. Please leave out names.")
    return chat.gather(name, text)


def _feeling(chat: Chat, turn: int = 1, *, skip: bool = True) -> int | None:
    faces: Mapping[str, str] = {str(step): label for step, label in feelings().items()}
    also: Mapping[str, str] = {str(step): words for step, words in feelings_also().items()}
    if skip:
        faces = {**faces, SKIP: _("Skip")}
    chosen = chat.choose(
        _named("feeling", turn),
        _("How does it feel to you?"),
        faces,
        words=also,
        alone=_asked_once(chat, "feeling"),
    )
    return None if chosen == SKIP else int(chosen)


def _has_a_voice_to_name(person: Person) -> bool:
    return person.kind not in (Kind.YOUNG, Kind.PROFESSIONAL)


def _voice(chat: Chat, turn: int = 1) -> Voice | None:
    chosen = chat.choose(
        _named("voice", turn),
        _("Whose words are these?"),
        {**{str(voice): label for voice, label in voices().items()}, SKIP: _("Skip")},
        words={"mine": _("mine|me|my words"), "child": _("child|my son|my daughter"), "both": _("we|us|together")},
        alone=_asked_once(chat, "voice"),
    )
    return None if chosen == SKIP else Voice(chosen)


def _who(chat: Chat, draft: Draft, turn: int = 1) -> Draft:
    offered = visibilities()
    if chat.area.forum is None:
        del offered[Visibility.FORUM]
    visibility = chat.choose(
        _named("who", turn),
        _(
            "Who may see it? Staff are the people from the services that work together here. “Everyone” means that it "
            "may be shown on a public page."
        ),
        offered,
        words={
            Visibility.PARTNERSHIP: _("staff|partnership|only staff"),
            Visibility.EVERYONE: _("everyone|everybody|public|anyone"),
            Visibility.FORUM: _("forum|parent carer forum|parents"),
            Visibility.NAMED: _("name|by name|with name|named"),
        },
        alone=_asked_once(chat, "who"),
    )
    name = None
    if visibility is Visibility.NAMED:
        name = chat.ask(_named("name", turn), _("Which name may staff see?"))
    return replace(draft, visibility=visibility, name=name)


def _named(name: str, turn: int) -> str:
    return name if turn == 1 else f"{name}{turn}"


def _asked_once(chat: Chat, part: str) -> bool:
    """Where a part was changed since, an old button is of no use to the words that came after it."""
    return sum(name.rstrip("0123456789") == part for name in chat.answers) <= 1


# -- reading back


def _read_back(chat: Chat, draft: Draft, turn: int) -> str:
    if draft.visibility is Visibility.FORUM and not forum_reads(chat.session):
        chat.say(_("Nobody from the forum reads here yet, so it may have to wait."))
    chat.say("\n".join([_("This is what we will send:"), *_lines(chat.area, draft)]))
    return chat.choose(
        _named("sure", turn),
        _("Shall I send it?"),
        {"send": _("Send it"), "change": _("Change something"), "drop": _("Throw it away")},
        words={"send": _("send|yes|ok|okay|good|right"), "change": _("change|edit|wrong"), "drop": _("throw away|no")},
    )


def _lines(area: Area, draft: Draft) -> list[str]:
    lines = [_("About: {topic}", topic=topic_label(area, draft.topic))]
    if draft.story.text:
        lines.append(_("“{words}”", words=_cut(draft.story.text)))
    if draft.story.attachments:
        lines.append(how_many_files(len(draft.story.attachments)))
    if draft.feeling is not None:
        lines.append(_("How it feels: {feeling}", feeling=feelings()[draft.feeling]))
    if draft.voice is not None:
        lines.append(_("Whose words: {voice}", voice=voices()[draft.voice]))
    lines.append(_("Who may see it: {who}", who=visibilities()[draft.visibility]))
    if draft.name:
        lines.append(_("Name: {name}", name=draft.name))
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= READ_BACK else text[:READ_BACK].rstrip() + " " + _("… (all of it is sent)")


def _changed(chat: Chat, draft: Draft, turn: int) -> Draft:
    parts = {
        Part.TOPIC: _("What it is about"),
        Part.WORDS: _("The words"),
        Part.FEELING: _("How it feels"),
        Part.VOICE: _("Whose words"),
        Part.WHO: _("Who may see it"),
    }
    if not _has_a_voice_to_name(chat.person):
        del parts[Part.VOICE]
    match chat.choose(f"part{turn}", _("What would you like to change?"), parts):
        case Part.TOPIC:
            return replace(draft, topic=_topic(chat, turn))
        case Part.WORDS:
            return replace(draft, story=_words(chat, turn))
        case Part.FEELING:
            return replace(draft, feeling=_feeling(chat, turn))
        case Part.VOICE:
            return replace(draft, voice=_voice(chat, turn))
        case Part.WHO:
            return _who(chat, draft, turn)


# -- sending


def _send(chat: Chat, draft: Draft, *, at_once: bool = False) -> None:
    feedback = give(chat.session, chat.area, chat.person, draft)
    words_arrived(chat.session, chat.area, chat.conversation.id, feedback)
    receipt(chat, feedback, take_back=at_once)
    answered_kindly(chat, draft.story.text)
    after_sending(chat, feedback, draft.story.text)


def give(session: Session, area: Area, person: Person, draft: Draft) -> Feedback:
    feedback = give_feedback(
        session,
        area,
        person,
        topic=draft.topic,
        text=draft.story.text,
        feeling=draft.feeling,
        voice=draft.voice,
        visibility=draft.visibility,
        name=draft.name,
        attachments=draft.story.attachments,
    )
    announce(session, area, feedback)
    pick_if_its_turn(session, feedback)
    return feedback


def receipt(chat: Chat, feedback: Feedback, *, take_back: bool = False) -> None:
    """What was sent, under which reference, by when it is answered, who reads it; and who can help meanwhile."""
    area = chat.area
    if take_back:
        chat.say(_("We have sent: {what}.", what=their_words(area, feedback)))
    thanks = _("Thank you. Your reference is {ref}.", ref=feedback.ref)
    chat.say(f"{thanks} {by_when(chat, feedback)}")
    buttons = []
    topic = next((topic for topic in area.topics if topic.key == feedback.topic), None)
    if topic is not None and topic.contacts and not _is_content(feedback):
        chat.say(advice(area))
        buttons.append(chat.start(_("Find who can help"), "who", words=topic.label))
    if take_back:
        buttons.append(chat.start(_("Add your own words"), "answer_back", feedback=feedback.ref))
        buttons.append(chat.start(_("Take it back"), "take_back", feedback=feedback.ref))
    else:
        buttons.append(chat.start(_("My things"), "my_things"))
    chat.say(_(chat.who_reads), *buttons)


def _is_content(feedback: Feedback) -> bool:
    """Who is glad needs no advice."""
    return feedback.feeling is not None and feedback.feeling > IN_THE_MIDDLE


ERRAND = Errand(
    tell_us,
    label=lambda: _("Tell us"),
    words=lambda: _("tell us|feedback|complaint|complain|praise|say something|my story|speak up"),
    command="feedback",
    words_answer="story",
    before_welcome=False,
)
