"""One feedback, as staff read it: the words, what came with them, and all that was written about it since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from handlers.dialogue import Chat
from handlers.feedback_words import feelings, statuses, topic_label, visibilities, voices
from handlers.inbox.telling import Sender
from locales import _, dates
from models import feedback as said
from models.abuse import hard_words, softened
from models.feedback import Feedback, Side, Visibility, Voice
from models.message import Button
from models.person import Kind
from models.personal import in_words, personal_data


def show(chat: Chat, feedback: Feedback) -> None:
    """Say what is known of it and may be seen, and record the look."""
    session, by, when = chat.session, chat.person, occasion(chat)
    # What is shown stays shown, so the look is kept even while a question stays open.
    chat.at_once(lambda: said.seen_by(session, feedback, by, when))
    chat.say("\n".join(_head(chat, feedback)))
    _words(chat, feedback)
    for attachment in said.attached(session, feedback):
        chat.say(attached_label(attachment.kind), attachment=attachment.id)
    for line in _parts(chat, feedback):
        chat.say(line)
    since = [*_notes(chat, feedback), *_history(chat, feedback)]
    for _moment, line, buttons in sorted(since, key=lambda one: one[0]):
        chat.say(line, *buttons)


def _words(chat: Chat, feedback: Feedback) -> None:
    if not feedback.text:
        return
    words, lines, buttons = _theirs(chat, feedback, feedback.text)
    chat.say("\n".join([*lines, _("“{words}”", words=words)]), *buttons)
    if found := _points_to_somebody(feedback.text):
        chat.say(found)


def _theirs(chat: Chat, feedback: Feedback, text: str) -> tuple[str, list[str], list[Button]]:
    """Words of a family as they are shown; hard ones stand behind a tap, and what else was said does not
    (docs/abuse-policy.md). With them a line that says so, and the tap: it shows all of it as it was written."""
    if not hard_words(text) or chat.answers.get("words") == "all":
        return text, [], []
    whole = chat.start(_("Show the words"), "inbox", which=feedback.ref, words="all")
    return softened(text), [_("This message has hard words.")], [whole]


def _points_to_somebody(text: str) -> str:
    kinds = dict.fromkeys(in_words(mark.kind) for mark in personal_data(text))
    return _("In these words: {what}. Take care with it.", what=", ".join(kinds)) if kinds else ""


def occasion(chat: Chat) -> str:
    """Under what a look is recorded: once for a conversation."""
    return f"conversation:{chat.conversation.id}"


def facts(desk: Sender, feedback: Feedback) -> Iterator[tuple[str, str]]:
    """What is known of it and may be seen by this member of staff, as pairs, for a page."""
    if feedback.feeling is not None:
        yield _("How it feels"), feelings()[feedback.feeling]
    yield _("From"), _who_says_it(feedback)
    name = said.name_shown(desk.session, desk.person, feedback)
    if name:
        yield _("Name"), name
    yield _("Who may see it"), may_see(feedback)
    yield _("Came on"), dates.moment(feedback.received, desk.area.zone)
    if feedback.answered is None:
        yield _("Answer promised by"), dates.day(feedback.answer_by)


def _head(chat: Chat, feedback: Feedback) -> Iterator[str]:
    yield f"{feedback.ref}: {topic_label(chat.area, feedback.topic)}"
    if feedback.feeling is not None:
        yield _("How it feels: {feeling}", feeling=feelings()[feedback.feeling])
    yield _("From: {who}", who=_who_says_it(feedback))
    name = said.name_shown(chat.session, chat.person, feedback)
    if name:
        yield _("Name: {name}", name=name)
    yield _("Who may see it: {who}", who=may_see(feedback))
    yield _("Came on {moment}.", moment=dates.moment(feedback.received, chat.area.zone))
    still = said.standing_still(feedback)
    if still is not None:
        yield _("The promise stands still, because: {reason}", reason=still.reason)
    elif feedback.answered is None:
        yield _("Answer promised by {day}.", day=dates.day(feedback.answer_by))
    yield _("Where it stands: {status}", status=statuses()[feedback.status])


def may_see(feedback: Feedback) -> str:
    """The family's wish, said to staff."""
    if feedback.visibility is Visibility.NAMED:
        return _("Staff, with the name")
    return visibilities()[feedback.visibility]


def _who_says_it(feedback: Feedback) -> str:
    match feedback.said_by:
        case Kind.YOUNG:
            return _("a young person")
        case Kind.PROFESSIONAL:
            return _("somebody who works with families")
        case Kind.PARENT:
            who = _("a parent or carer")
        case None:
            who = _("somebody who did not say who they are")
    if feedback.voice:
        return _("{who}. Whose words: {voice}", who=who, voice=voices()[Voice(feedback.voice)])
    return who


# When it was, what is said of it, and what can be tapped.
Entry = tuple[datetime, str, list[Button]]


def _notes(chat: Chat, feedback: Feedback) -> Iterator[Entry]:
    for note in feedback.notes:
        when = dates.moment(note.at, chat.area.zone)
        if note.side is Side.FAMILY:
            words, lines, buttons = _theirs(chat, feedback, note.text)
            said = _("They wrote ({when}):\n“{words}”", when=when, words=words)
            found = _points_to_somebody(note.text)
            yield note.at, "\n".join([*lines, said, *([found] if found else [])]), buttons
        else:
            yield note.at, _("We wrote ({when}):\n“{words}”", when=when, words=note.text), []


def _parts(chat: Chat, feedback: Feedback) -> Iterator[str]:
    """What organisations are to answer, and what is in and waits for the others."""
    names = {one.key: _(one.name) for one in chat.area.organisations}
    for part in feedback.parts:
        if part.sent is not None:
            continue
        who = names.get(part.organisation, part.organisation)
        if part.answered is None:
            yield _("{who} is to answer: {asked}", who=who, asked=part.asked)
        else:
            yield _("{who} has answered, and it waits: “{answer}”", who=who, answer=part.answer)


def _history(chat: Chat, feedback: Feedback) -> Iterator[Entry]:
    for change in feedback.history[1:]:
        when = dates.moment(change.at, chat.area.zone)
        said_so = " ".join([statuses()[change.status].removesuffix("…").strip(), change.reason]).strip()
        yield change.at, _("Set to ({when}): {status}", when=when, status=said_so), []


def attached_label(kind: str) -> str:
    """What a thing that came with the words is called."""
    names = {"photo": _("A photo"), "voice": _("A voice note"), "video": _("A video")}
    return names.get(kind) or _("A file")
