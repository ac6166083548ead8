"""Where every message arrives: which conversation it belongs to, and what the person is told.

In this order: a block or unblock by the channel; help and stop, which beat everything; a tap; a command by its word;
the open question; and free words, which find their errand by themselves. No flow needs a line for back, stop, menu,
help, another language or being interrupted: all of that is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from handlers import ERRANDS, STANDING, taps
from handlers.alarm import red_line
from handlers.danger import watch
from handlers.dialogue import Chat, Question, Reply, question_message, run
from handlers.errand import Errand
from handlers.feedback_words import shortened
from handlers.half_way import draft_in, wrote_something
from handlers.last_buttons import tap_meant
from handlers.understanding import Choice, names_one, plain, understand
from locales import SOURCE, _, speaking, spoken
from models import attachment
from models.alert import may_take, on_every_desk
from models.at_once import change_at_once
from models.broadcast import tapped
from models.conversation import Conversation, begin, end, ended_between, finish, going_on
from models.database import now
from models.heard import Heard, started
from models.message import Button, Message
from models.outgoing import answer
from models.partnership import Partnership
from models.person import Address, Person, heard_from
from models.role import NotAllowed, may
from models.screening import screen

# Longer than this a message is hardly a slip of one of the buttons: the words are worth an errand of their own.
WORDS_THAT_MEAN_SOMETHING = 3
# Not understood so often, the same question is not put again.
STUCK_AFTER = 2
# A longer message is joined to no other: Telegram takes 4,096 characters, and a phone shows some 600.
JOINED_AT_MOST = 900
BACK_SOON = timedelta(hours=2)


def receive(session: Session, heard: Heard, address: Address, partnership: Partnership) -> None:
    """Handle one message of a person whose row is locked, in the language being spoken. Writes, never commits."""
    Reception(session, heard, address, partnership).handle()


@dataclass
class Reception:
    session: Session
    heard: Heard
    address: Address
    partnership: Partnership
    said: list[Message] = field(default_factory=list)
    waiting: list[Conversation] = field(default_factory=list)
    began: datetime = field(default_factory=now)
    told_what_nobody_has: bool = False

    @property
    def person(self) -> Person:
        return self.address.person

    # -- the order of things

    def handle(self) -> None:
        if self.heard.event == "blocked":
            self.address.blocked_at = now()
            return
        heard_from(self.session, self.address)
        if self.heard.event == "unblocked":
            return
        self.waiting = going_on(self.session, self.person.id)
        try:
            self._answer()
        except NotAllowed:
            self._say(_("You do not have the role for that any more. Ask a colleague who is an admin."))
            self._leave_current()
        self._send()

    def _answer(self) -> None:
        heard = self.heard
        payload = started(heard)
        command = self._command(heard.text) if heard.text and not heard.tap and payload is None else None
        if heard.tap:
            self._tapped(taps.parse(heard.tap))
        elif payload is not None:
            self._arrived(payload)
        elif command is not None and (words := self._words_after(command)):
            self._start(command, {ERRANDS[command].words_answer: words})
        elif command is not None:
            self._do(command)
        elif heard.event:
            self._happened(heard.event)
        else:
            self._words()

    # -- taps

    def _tapped(self, tap: taps.Tap) -> None:
        match tap:
            case taps.CommandTap(command) if command in STANDING or command in ERRANDS:
                self._do(command)
            case taps.StartTap(flow, answers) if flow in ERRANDS:
                self._start(flow, self._without_via(answers))
            case taps.AnswerTap(number, question, value):
                self._answer_tapped(number, Reply(question=question, value=value))
            case _:
                self._say(_("That button is from an earlier version of me. Here is what I can do now."))
                self._menu()

    def _without_via(self, answers: Mapping[str, str]) -> dict[str, str]:
        """A button of a publication says which one it came with, so that it can be counted."""
        answers = dict(answers)
        via = answers.pop("via", "")
        if via.isascii() and via.isdigit():
            tapped(self.session, int(via), self.person)
        return answers

    def _answer_tapped(self, number: int, reply: Reply) -> None:
        mine = next((one for one in self.waiting if one.id == number), None)
        if mine is not None:
            self._current(mine)
            self._run(mine, reply)
            return
        old = self.session.get(Conversation, number)
        if old is None or old.person_id != self.person.id:
            self._say(_("I do not know that button any more. Nothing was changed."))
        else:
            self._say(_("That is over. This button does nothing now."))
        if self.waiting:
            self._run(self.waiting[0], None)
        else:
            self._menu()

    # -- commands

    def _command(self, text: str) -> str | None:
        """The command that this whole message is, in the person's language or in English; else None."""
        if text.startswith("/"):
            word = text.strip().removeprefix("/").partition(" ")[0].partition("@")[0].casefold()
            return next((name for name, errand in ERRANDS.items() if errand.command == word and word), None) or (
                word if word in STANDING else "menu"
            )
        name = _named(text)
        if name is None or name in ("stop", "help"):
            return name
        # A word that is also an answer to the open question is that answer; help and stop alone beat everything.
        question = self._open_question()
        if question is None:
            return name
        if name in STANDING or ERRANDS[name].aside:
            return None if names_one(text, question.choices) else name
        return None if question.takes_words or understand(text, question.choices) is not None else name

    def _words_after(self, command: str) -> str:
        """What follows a command in the same message, where that command takes words: “/who speech therapy”."""
        if not self.heard.text.startswith("/") or command not in ERRANDS or not ERRANDS[command].words_answer:
            return ""
        return self.heard.text.strip().partition(" ")[2].strip()

    def _open_question(self) -> Question[Any] | None:
        current = self.waiting[0] if self.waiting else None
        if current is None or current.open is None or current.parked is not None or current.flow not in ERRANDS:
            return None
        chat = self._chat(current, None)
        only_looking = self.session.begin_nested()
        finished = run(ERRANDS[current.flow].flow, chat)
        only_looking.rollback()
        return None if finished else chat.open

    def _do(self, command: str) -> None:
        match command:
            case "menu":
                self._menu()
            case "back":
                self._back()
            case "resume":
                self._resume()
            case "drop" if self.waiting and wrote_something(self.waiting[0], self.partnership.area):
                self._start("half_way", {})  # their words are theirs to throw away, knowing that they do
            case "drop":
                self._leave_current()
                self._say(_("That is thrown away. Nothing of it was sent."))
                self._menu()
            case _:
                self._start(command, {})

    def _back(self) -> None:
        if not self.waiting:
            self._menu()
            return
        conversation = self.waiting[0]
        answers = dict(conversation.answers)
        if not answers:
            self._menu()
            return
        answers.pop(next(reversed(answers)))
        conversation.answers = answers
        self._run(conversation, None)

    def _resume(self) -> None:
        if self.waiting:
            told = next((one for one in self.waiting if not self._only_looked_at(one)), self.waiting[0])
            self._current(told)
            self._run(told, None)
        else:
            self._say(_("There is nothing unfinished."))
            self._menu()

    def _leave_current(self) -> None:
        if self.waiting:
            end(self.waiting.pop(0))

    def _menu(self) -> None:
        self._perform("menu", {})

    # -- arriving by a link

    def _arrived(self, payload: str) -> None:
        """A bare start, or a deep link: `inv-SECRET`, `flow` or `flow-name_value`."""
        if payload.startswith("inv-"):
            self._start("join_staff", {"secret": payload.removeprefix("inv-")})
            return
        flow, _dash, rest = payload.partition("-")
        if flow in ERRANDS and ERRANDS[flow].in_menu and flow != "welcome":
            self._start(flow, _filled_in(flow, rest))
        elif not payload and self.person.stopped_at is not None:
            self._start("start", {})
        elif self.waiting:
            self._resume()
        elif self.person.agreed_to is None and "welcome" in ERRANDS:
            self._start("welcome", {})
        else:
            self._menu()

    # -- words

    def _words(self) -> None:
        reply = Reply(
            text=self.heard.text,
            attachments=tuple(
                attachment.keep(self.session, self.person.id, self.heard.channel, one).id for one in self.heard.attached
            ),
        )
        if self.waiting and self.waiting[0].open is not None and self.waiting[0].parked is None:
            self._run(self.waiting[0], reply)
        else:
            self._free_words(reply)

    def _free_words(self, reply: Reply, *, during: Conversation | None = None) -> None:
        """Words that answer no question: they press a button, find their errand, or the person is asked which it is."""
        if self._pressed_in_words(reply):
            return
        named = understand(
            reply.text,
            [
                Choice(name, errand.label(), tuple(errand.words().split("|")))
                for name, errand in ERRANDS.items()
                if errand.in_menu and self._permitted(errand)
            ],
        )
        if named is not None and not reply.attachments and len(plain(reply.text)) > 1:
            self._start(named.value, {})
            return
        answers: dict[str, Any] = {"words": {"text": reply.text, "attachments": list(reply.attachments)}}
        if during is not None and wrote_something(during, self.partnership.area):
            answers["during"] = during.id  # it may be more of what they were telling
        self._start("free_words", answers)

    def _pressed_in_words(self, reply: Reply) -> bool:
        """Whether these words stand for a button of the newest message, which then is pressed."""
        tap = tap_meant(self.session, self.address, reply.text) if reply.text and not reply.attachments else None
        if tap is not None:
            self._tapped(taps.parse(tap))
        return tap is not None

    def _happened(self, event: str) -> None:
        """What is neither words nor a tap: an edit, a sticker, a place, and whatever a channel brings next."""
        sentences = {
            "edited": _(
                "I see that you changed an earlier message. I cannot change what I have already kept. "
                "Please send it again as a new message."
            ),
            "sticker": _("Thank you for the sticker. I can only read words, so please type what you need."),
            "location": _("Thank you. I do not use or keep your location. Please type what you need."),
            "contact": _("Thank you. I do not keep contacts that people send me. Please type what you need."),
        }
        self._say(sentences.get(event) or _("I cannot use that kind of message. Please type what you need."))
        if self.waiting and self.waiting[0].parked is None:
            self._run(self.waiting[0], None)
        else:
            self._menu()

    # -- running flows

    def _permitted(self, errand: Errand) -> bool:
        return errand.permission is None or may(self.session, self.person, errand.permission)

    def _start(self, name: str, answers: dict[str, Any]) -> None:
        errand = ERRANDS[name]
        if not self._permitted(errand):
            self._say(_("That is for staff. Ask a colleague who is an admin for an invite."))
            self._menu()
            return
        self._perform(name, answers)

    def _perform(self, name: str, answers: dict[str, Any]) -> None:
        if self.address.closed_at is not None and not ERRANDS[name].for_all_ages:
            name, answers = "too_young", {}
        errand = ERRANDS[name]
        unfinished = next((one for one in self.waiting if one.flow == name), None)
        if unfinished is not None and not answers and not self._only_looked_at(unfinished):
            self._current(unfinished)
            self._say(_("You had started this before. Let us go on where you were."))
            self._run(unfinished, None)
            return
        if unfinished is not None and not wrote_something(unfinished, self.partnership.area):
            self.waiting.remove(unfinished)
            change_at_once(self.session, unfinished, ended=now(), answers={}, open=None)
        conversation = begin(self.session, self.person.id, name, answers)
        if not errand.aside and self.waiting:
            self._park(self.waiting[0])
        self.waiting.insert(0, conversation)
        self._run(conversation, None)

    def _current(self, conversation: Conversation) -> None:
        """This is the one that words belong to from now on."""
        if self.waiting and self.waiting[0] is not conversation:
            self._park(self.waiting[0])
            self.waiting.remove(conversation)
            self.waiting.insert(0, conversation)
        change_at_once(self.session, conversation, parked=None)

    def _park(self, conversation: Conversation) -> None:
        change_at_once(self.session, conversation, parked=conversation.parked or now())

    def _chat(self, conversation: Conversation, reply: Reply | None) -> Chat:
        return Chat(
            self.session,
            self.partnership,
            self.address,
            conversation,
            reply,
            answers=dict(conversation.answers),
            waiting=[one for one in self.waiting if one is not conversation],
        )

    def _run(self, conversation: Conversation, reply: Reply | None) -> None:
        errand = ERRANDS.get(conversation.flow)
        if errand is None:
            end(conversation)
            self.waiting.remove(conversation)
            self._say(_("What you had started is no longer here. Nothing of it was sent. Here is what I can do."))
            self._menu()
            return
        if not self._permitted(errand):
            raise NotAllowed(errand.permission)
        if errand.permission is not None and conversation.flow != "alert":
            self._say_what_nobody_has()
        chat = self._chat(conversation, reply)
        finished = run(errand.flow, chat)
        # What is no answer to buttons becomes free words, which are looked at there.
        theirs = chat.own_words and (not chat.remark or (chat.open is not None and chat.open.takes_words))
        if errand.permission is None and reply is not None and reply.text and theirs and not chat.screened:
            self._look_for_danger(chat, reply)
        if finished:
            self._finished(conversation, errand, chat)
        else:
            self._still_open(conversation, chat, reply)

    def _look_for_danger(self, chat: Chat, reply: Reply) -> None:
        """No flow can forget it: what was typed in answer to any question is looked at, and what has to be said about
        it stands before all else."""
        before = len(chat.lines)
        watch(chat, reply.text)
        chat.lines = chat.lines[before:] + chat.lines[:before]
        if chat.remark and before < len(chat.lines):
            self.said.extend(chat.lines[: len(chat.lines) - before])

    def _say_what_nobody_has(self) -> None:
        """A red alert that nobody has had for half an hour stands above every screen of staff, once a message."""
        if self.told_what_nobody_has:
            return
        self.told_what_nobody_has = True
        for alert in on_every_desk(self.session, self.began):
            button = Button(_("I have it"), taps.start("alert", {"alert": alert.code}))
            mine = may_take(self.session, self.person)
            self.said.append(Message(red_line(alert, self.began), (button,) if mine else ()))

    def _still_open(self, conversation: Conversation, chat: Chat, reply: Reply | None) -> None:
        question = chat.open
        if question is None:
            raise ValueError(f"{conversation.flow} stopped without a question")
        understood = reply is None or (chat.consumed and not chat.remark)
        if not understood and self._means_something_else(conversation, chat, reply):
            return
        misses = 0 if understood else conversation.misses + 1
        change_at_once(
            self.session, conversation, answers=chat.answers, misses=misses, open=question.name, touched=now()
        )
        if chat.unchanged:
            self._say(_("You have already answered that. This is where you are:"))
        if conversation.misses >= STUCK_AFTER:
            self._stuck(chat)
            return
        if chat.remark:
            self._say(_("Sorry, I did not understand. {what}", what=chat.remark))
        elif not understood:
            self._say(_("Something here has changed since you last wrote. Please answer this one:"))
        if not chat.remark:
            self.said.extend(chat.lines)
        asked = question_message(chat, self._footer(back=bool(chat.reached)))
        if ERRANDS[conversation.flow].permission is not None:
            asked = replace(asked, notice="")  # staff know who reads messages: they do
        self.said.append(asked)

    def _means_something_else(self, conversation: Conversation, chat: Chat, reply: Reply | None) -> bool:
        """A whole sentence where a button was expected is seldom a slip: it may be a question, or their story."""
        if reply is None or reply.tapped or chat.open is None:
            return False
        if chat.open.takes_words:
            return self._is_a_way_out(conversation, chat, reply)
        if self._pressed_in_words(reply):
            change_at_once(self.session, conversation, open=chat.open.name, touched=now())
            return True
        if ERRANDS[conversation.flow].permission is not None:
            return False  # staff at their work are no family with a story
        short = not reply.attachments and len(reply.text.split()) < WORDS_THAT_MEAN_SOMETHING
        slip = short and screen(reply.text).level == "none"
        if slip and (conversation.misses < STUCK_AFTER or not plain(reply.text)):
            return False
        change_at_once(self.session, conversation, open=chat.open.name, touched=now())
        self._free_words(reply, during=conversation)
        return True

    def _is_a_way_out(self, conversation: Conversation, chat: Chat, reply: Reply) -> bool:
        """What cannot be read as the code, day or number that was asked for, and is the name of an errand, opens it."""
        name = _named(reply.text) if chat.remark and chat.open is not None and not reply.attachments else None
        if name is None or chat.open is None:
            return False
        change_at_once(self.session, conversation, open=chat.open.name, touched=now())
        self._do(name)
        return True

    def _stuck(self, chat: Chat) -> None:
        """Not understood twice: help and a person, not the same question again."""
        self.said.append(
            Message(
                _("We are stuck, and that is not your fault. What would help?"),
                (
                    Button(_("Show the question"), taps.command("resume")),
                    Button(_("Find a person to ask"), taps.start("who", {})),
                    Button(_("Throw this away"), taps.command("drop")),
                ),
                self._footer(back=bool(chat.reached)),
            )
        )

    def _finished(self, conversation: Conversation, errand: Errand, chat: Chat) -> None:
        finish(self.session, conversation)
        # The flow may have ended or erased others as well.
        self.waiting = [
            one for one in self.waiting if one is not conversation and one.ended is None and one in self.session
        ]
        if chat.lines:
            chat.lines[-1] = replace(chat.lines[-1], footer=self._footer(back=False))
        self.said.extend(chat.lines)
        self.waiting = [one for one in self.waiting if one.ended is None]  # a flow may end others
        if chat.next is not None:
            self._perform(*chat.next)
            return
        if not self.waiting or conversation.flow in ("menu", "desk", "stop", "start"):
            return
        if chat.goes_back and self._was_just_left(self.waiting[0]):
            change_at_once(self.session, self.waiting[0], parked=None)
        if self.waiting[0].parked is None:
            self._say(_("Now back to where you were."))
            self._run(self.waiting[0], None)
        elif (
            now() - self.waiting[0].parked < BACK_SOON
            and self.waiting[0].flow in ERRANDS
            and not self._only_looked_at(self.waiting[0])
            and not ended_between(self.session, self.person.id, self.waiting[0].parked, self.began)
        ):  # once is enough: the menu has it too
            self._offer_to_go_on(self.waiting[0])

    def _was_just_left(self, conversation: Conversation) -> bool:
        return (
            conversation.parked is not None
            and now() - conversation.parked < BACK_SOON
            and conversation.flow in ERRANDS
            and not ended_between(self.session, self.person.id, conversation.parked, self.began)
        )

    def _only_looked_at(self, conversation: Conversation) -> bool:
        """Nothing is lost when this is left: whoever wants it again finds it with one tap."""
        errand = ERRANDS.get(conversation.flow)
        return errand is not None and errand.only_looked_at(conversation)

    def _offer_to_go_on(self, conversation: Conversation) -> None:
        """Its own words are found again by their own errand, whatever else has begun when the button is pressed."""
        has_words = wrote_something(conversation, self.partnership.area)
        self.said.append(
            Message(
                self._what_is_unfinished(conversation),
                (
                    Button(
                        _("Go on with it"),
                        taps.start("half_way", {"what": "on"}) if has_words else taps.command("resume"),
                    ),
                    Button(
                        _("Throw it away"),
                        taps.start("half_way", {"what": "drop"}) if has_words else taps.command("drop"),
                    ),
                ),
            )
        )

    def _what_is_unfinished(self, conversation: Conversation) -> str:
        """Told by their own words where there are any: who told several things knows them again."""
        if wrote_something(conversation, self.partnership.area):
            words = draft_in(conversation.answers, self.partnership.area).story.text
            if words:
                return _("You have not sent this yet: “{words}”", words=shortened(words))
        return _("You have not finished this yet: {what}.", what=ERRANDS[conversation.flow].label())

    # -- what goes out

    def _footer(self, *, back: bool) -> tuple[Button, ...]:
        ways = [Button(_("Back"), taps.command("back"))] if back else []
        return (*ways, Button(_("Menu"), taps.command("menu")), Button(_("Help now"), taps.command("help")))

    def _say(self, text: str) -> None:
        self.said.append(Message(text))

    def _send(self) -> None:
        for message in joined(self.said):
            answer(
                self.session,
                self.address,
                message,
                replaces=self.heard.tapped_ref if message.in_place and self.heard.tapped_ref else None,
            )


def joined(messages: list[Message]) -> list[Message]:
    """Words alone are sent together with what comes after them: one message, one sound of the telephone."""
    out: list[Message] = []
    for message in messages:
        before = out[-1] if out else None
        joinable = (
            before is not None
            and before.plain()
            and message.card is None
            and message.file is None
            and message.attachment is None
            and len(before.text) + len(message.text) <= JOINED_AT_MOST
        )
        if before is not None and joinable:
            out[-1] = before.joined(message)
        else:
            out.append(message)
    return out


def _what_there_is() -> tuple[int, ...]:
    """Changes when the errands do, as they may between tests; else it is the same for ever."""
    return tuple(map(id, ERRANDS.values()))


def _named(text: str) -> str | None:
    """The command that these words are, in the person's language or in English."""
    said = plain(text)
    return _vocabulary(spoken(), _what_there_is()).get(said) or _vocabulary(SOURCE, _what_there_is()).get(said)


@cache
def _vocabulary(language: str, _errands: tuple[int, ...]) -> dict[str, str]:
    """Every word that is a command in this language, and what it commands; where two claim it, the first."""
    with speaking(language):
        said = [(name, words()) for name, words in STANDING.items()]
        said += [(name, f"{errand.label()}|{errand.words()}") for name, errand in ERRANDS.items()]
    found: dict[str, str] = {}
    for name, words in said:
        for word in filter(None, map(plain, words.split("|"))):
            found.setdefault(word, name)
    return found


def sorry() -> str:
    """For somebody whose message made the code fail. It has been kept."""
    return _(
        "Sorry, something went wrong here. It is our fault, not yours. Your words are kept, and staff can see them. "
        "To go on, type “menu”. If somebody is in danger now, ring 999."
    )


def _filled_in(flow: str, rest: str) -> dict[str, str]:
    """What a deep link answers already.

    Anybody can write such a link. It may answer one question of a family's conversation, as a poster for a meeting
    does: one that answered “Send it?” as well would speak in the name of whoever opens it."""
    question, _line, value = rest.partition("-")[0].partition("_")
    tap = taps.parse(f"s:{flow}:{question}={value}")
    if ERRANDS[flow].permission is not None or not value or not isinstance(tap, taps.StartTap):
        return {}
    return tap.answers
