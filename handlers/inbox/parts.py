"""One story, several organisations: ask each for its part, answer yours, send the family one joined answer (T16)."""

from __future__ import annotations

from handlers import taps
from handlers.dialogue import Chat
from handlers.feedback_words import their_words
from handlers.inbox import telling
from handlers.labels import clip, room_for
from handlers.you_said import organisation_name
from locales import _, dates, ngettext, speaking
from models.area import Area
from models.database import now
from models.feedback import (
    FORUM,
    Feedback,
    FeedbackPart,
    NothingToSend,
    Visibility,
    answer_part,
    my_part,
    open_parts,
    parts_in,
    send_parts,
    split,
    who_answers,
    withdraw_part,
)
from models.message import Button, Message
from models.outgoing import Class, send
from models.person import reach
from models.plain import check
from models.stopping import wanted


def split_it(chat: Chat, feedback: Feedback) -> None:
    offered = [one for one in chat.area.organisations if _may_be_asked(feedback, one.key)]
    room = room_for(len(offered) + 1) - len("✓ ")
    asked: dict[str, str] = {}
    picked = chat.several(
        "whom", _("Who is to answer a part of it?"), {one.key: clip(_(one.name), room) for one in offered}
    )
    for key in picked:
        name = organisation_name(chat.area, key)
        asked[key] = chat.ask(f"part-{key}", _("What is {who} to answer? Colleagues read this.", who=name))
    if not asked:
        chat.say(_("Nobody was asked."), chat.start(_("Back to the list"), "inbox"))
        return
    for part in split(chat.session, chat.area, feedback, asked, chat.person):
        if part.organisation in asked:
            tell_colleagues(chat, part)
    count = len(asked)
    chat.say(
        ngettext("{count} organisation is asked.", "{count} organisations are asked.", count),
        chat.start(_("Open it again"), "inbox", which=feedback.ref),
    )


def _may_be_asked(feedback: Feedback, organisation: str) -> bool:
    """What was said to the parent carer forum only is asked of nobody else."""
    if feedback.visibility is Visibility.FORUM and organisation != FORUM:
        return False
    return all(one.organisation != organisation or one.sent is not None for one in feedback.parts)


def tell_colleagues(chat: telling.Sender, part: FeedbackPart) -> None:
    """Those who may answer for the organisation hear that a part is theirs; without the family's words."""
    for person in who_answers(chat.session, part):
        address = reach(person)
        if person.id == chat.person.id or address is None or not wanted(person, Class.RECEIPT):
            continue
        with speaking(person.language):
            day = dates.day(part.feedback.answer_by)
            text = _("A part of an answer is yours, by {day}: {asked}", day=day, asked=part.asked)
            button = Button(_("Open it"), taps.start("inbox", {"which": part.feedback.ref}))
        due = chat.area.next_waking(now())
        send(chat.session, address, Message(text, (button,)), Class.RECEIPT, due=due, about=part.feedback.about)


def answer_mine(chat: Chat, feedback: Feedback) -> None:
    part = my_part(chat.session, feedback, chat.person)
    if part is None:
        chat.say(_("That does not go any more: it has moved on."), chat.start(_("Back to the list"), "inbox"))
        return
    text = chat.ask("mine", _("Write your part. The family gets it with the others: {asked}", asked=part.asked))
    remarks = check(text, chat.area.glossary)[:4]
    if remarks:
        chat.say("\n".join([_("This could be plainer:"), *(f"• {remark.text}" for remark in remarks)]))
    if not chat.agree("keep", _("“{words}” Is that your part?", words=text), yes=_("Yes, keep it"), no=_("No")):
        chat.say(_("Nothing was kept."), chat.start(_("Open it again"), "inbox", which=feedback.ref))
        return
    if answer_part(chat.session, part, text, chat.person):
        _send(chat, feedback)
        return
    waiting = ", ".join(organisation_name(chat.area, one.organisation) for one in open_parts(feedback))
    chat.say(
        _("It is kept. Still to come: {who}.", who=waiting), chat.start(_("Open it again"), "inbox", which=feedback.ref)
    )


def send_what_we_have(chat: Chat, feedback: Feedback) -> None:
    text = joined_text(chat.area, feedback)
    if parts_in(feedback) and not chat.agree(
        "now", _("They will get:\n{message}", message=text), yes=_("Send it"), no=_("Do not send")
    ):
        chat.say(_("Nothing was sent."), chat.start(_("Open it again"), "inbox", which=feedback.ref))
        return
    _send(chat, feedback)


def _send(chat: Chat, feedback: Feedback) -> None:
    words = "\n\n".join(f"{organisation_name(chat.area, one.organisation)}: {one.answer}" for one in parts_in(feedback))
    language = feedback.person.language if feedback.person is not None else "en"
    with speaking(language):
        text = joined_text(chat.area, feedback)
    try:
        send_parts(chat.session, feedback, words, chat.person)
    except NothingToSend:
        chat.say(_("That does not go any more: it has moved on."), chat.start(_("Back to the list"), "inbox"))
        return
    chat.say(telling.tell(chat, feedback, lambda: text), chat.start(_("Back to the list"), "inbox"))


def joined_text(area: Area, feedback: Feedback) -> str:
    """One answer out of all parts that are in, in the language being spoken; what is still to come is said."""
    lines = [_("Here is the answer to what you told us ({ref}):", ref=feedback.ref), their_words(area, feedback)]
    lines += [
        _("{who} answers:\n{answer}", who=organisation_name(area, one.organisation), answer=one.answer)
        for one in parts_in(feedback)
    ]
    waiting = [organisation_name(area, one.organisation) for one in open_parts(feedback)]
    if waiting:
        lines.append(_("Still to come: {who}.", who=", ".join(waiting)))
    return "\n\n".join(lines)


def not_needed(chat: Chat, feedback: Feedback) -> None:
    """An organisation need not answer after all."""
    there = {one.organisation: one for one in open_parts(feedback)}
    names = {key: clip(organisation_name(chat.area, key), room_for(len(there))) for key in there}
    given = str(chat.answers.get("withdraw", ""))
    picked = chat.choose("withdraw", _("Whose part is not needed?"), {**({given: given} if given else {}), **names})
    part = there.get(picked)
    if part is not None and withdraw_part(chat.session, part, chat.person):
        _send(chat, feedback)
        return
    chat.say(_("It is not asked for any more."), chat.start(_("Open it again"), "inbox", which=feedback.ref))
