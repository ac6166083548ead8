"""The small language in which conversations are written: named answers.

A flow is a function; a question has a name; asking an answered question returns its answer; asking an unanswered one
ends the run there. When the reply comes, the flow runs again from the top and gets one question further. The whole
state is the dict of named answers and the name of the question that is open.

Authors' one rule: a new meaning takes a new name, a new wording keeps the old one. A family in mid-conversation
survives a release by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

from sqlalchemy.orm import Session

from handlers import taps
from handlers.understanding import Choice, understand
from locales import _, switch
from models import duty
from models.area import Area
from models.conversation import Conversation
from models.finding import Finder, Found, known_from_all
from models.message import Button, Card, File, Message
from models.outgoing import Class, Outgoing, send
from models.partnership import Partnership
from models.person import Address, Person, reach
from models.question import said_before
from models.stopping import wanted
from models.unanswered import hear_what_was_learnt

Value = TypeVar("Value", bound=str | int)
Answer = TypeVar("Answer")

SKIPPED = "-"
DONE = "."


class Unanswered(BaseException):
    """The open question ends the run. Not an `Exception`: a flow's own `except` must not swallow it."""


class Finished(BaseException):
    """The flow ends here, as if it had returned: what it wrote stands."""


class NotUnderstood(Exception):
    """A reply that is no answer. Its text says, in the person's language, what would be one."""


class Lost(Exception):
    """A kept answer that no longer means anything: its question is asked again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person said to one question: a tapped value, or words and attachments (by their rows)."""

    text: str = ""
    question: str = ""  # of a tap
    value: str = ""  # of a tap
    attachments: tuple[int, ...] = ()

    @property
    def tapped(self) -> bool:
        return bool(self.question)


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody told us: possibly in several messages, with photos, voice notes and files."""

    text: str
    attachments: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.attachments)


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """`read` makes what is kept out of a reply, and whether that completes the answer; `recall` makes the value of
    what is kept. They are two functions: a kept “2” is for ever the thing that was chosen, not the second of a list."""

    name: str
    text: str
    read: Callable[[Reply, Any], tuple[Any, bool]]
    recall: Callable[[Any], Answer]
    choices: Sequence[Choice] = ()
    takes_words: bool = False
    takes_files: bool = False
    tall: bool = False
    hint: str = ""
    in_place: bool = False
    alone: bool = False


@dataclass
class Chat:
    """What a flow sees: who it talks to, what was answered, and the verbs to say and to ask.

    `session` is the transaction of the message being handled. While a question is open everything that the flow
    wrote is taken back, so a write may stand anywhere in it and happens once.
    """

    session: Session
    partnership: Partnership
    address: Address
    conversation: Conversation
    reply: Reply | None
    answers: dict[str, Any] = field(default_factory=dict)
    lines: list[Message] = field(default_factory=list)
    anyway: list[Message] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    open: Question[Any] | None = None
    consumed: bool = False
    own_words: bool = False
    unchanged: bool = False
    remark: str = ""
    # Whether what they wrote has been looked at for danger, and whether what this interrupted goes on by itself.
    screened: bool = False
    goes_back: bool = False
    next: tuple[str, dict[str, Any]] | None = None
    lasting: list[Callable[[], None]] = field(default_factory=list)
    # What else the person has not finished.
    waiting: Sequence[Conversation] = ()

    @property
    def person(self) -> Person:
        return self.address.person

    @property
    def area(self) -> Area:
        return self.partnership.area

    @property
    def watched(self) -> bool:
        """Whether anybody watches messages here: somebody on the duty rota who can be reached."""
        return duty.watched(self.session, self.area)

    @property
    def who_reads(self) -> str:
        """Who reads messages, and when: English, for `_()`."""
        return duty.who_reads(self.session, self.area)

    @property
    def finder(self) -> Finder:
        return self.partnership.finder

    def find(self, words: str) -> Found:
        """Whom to ask: with what staff have taught until now, and what this person said before in the same talk."""
        hear_what_was_learnt(self.session, self.finder)
        known = known_from_all(said_before(self.session, self.person))
        if known:
            return self.finder.find(words, young=self.person.young, known=known)
        return self.finder.find(words, young=self.person.young)

    # -- saying

    def say(
        self,
        text: str,
        *buttons: Button,
        card: Card | None = None,
        file: File | None = None,
        attachment: int | None = None,
        tall: bool = False,
    ) -> None:
        """Say something. Words alone are joined with what is said or asked next; anything else stands by itself."""
        self.lines.append(Message(text, buttons, card=card, file=file, attachment=attachment, tall=tall))

    def say_anyway(self, text: str) -> None:
        """Say what nobody may miss: also when the questions that follow it have been answered already."""
        self.anyway.append(Message(text))
        self.lines.append(Message(text))

    def start(self, label: str, flow: str, **answers: str | int) -> Button:
        """A button that starts a flow with answers filled in ("Yes, I'm coming" under a reminder)."""
        return Button(label, tap=taps.start(flow, answers))

    def write_to(
        self,
        person: Person,
        message: Message,
        kind: Class,
        *,
        about: str | None = None,
    ) -> Outgoing | None:
        """Have something sent to somebody else; None when there is no way to reach them, or they have said stop."""
        address = reach(person) if wanted(person, kind) else None
        return send(self.session, address, message, kind, about=about) if address else None

    def then(self, flow: str, **answers: Any) -> None:
        """When this flow ends, go on with another one, with these answers filled in."""
        self.next = (flow, answers)

    def speak(self, language: str) -> None:
        """Go on in another language from here."""
        switch(language)

    def finish(self) -> NoReturn:
        """The flow ends here, also from deep inside it: what was said is sent, what was written stands."""
        raise Finished

    def at_once(self, work: Callable[[], None]) -> None:
        """Do something that stands even while a question is open (messages are stopped, a language is changed).

        It is done again whenever the flow runs: give it only what may be done twice."""
        work()
        self.lasting.append(work)

    # -- asking

    def choose(
        self,
        name: str,
        text: str,
        choices: Mapping[Value, str],
        *,
        words: Mapping[Value, str] | None = None,
        tall: bool = False,
        alone: bool = False,
    ) -> Value:
        """One of `choices` (value: label). `words` holds further names of each, with `|` between them. What is asked
        after an answer that stands `alone` does not depend on it: corrected, it leaves the later answers as they are.
        """
        values = {str(value): value for value in choices}
        offered = [
            Choice(str(value), label, tuple((words or {}).get(value, "").split("|")))
            for value, label in choices.items()
        ]
        return self._ask(
            Question(
                name, text, _choice_reader(offered), lambda kept: _of(values, kept), offered, tall=tall, alone=alone
            )
        )

    def agree(self, name: str, text: str, *, yes: str | None = None, no: str | None = None) -> bool:
        """Yes or no, in whatever words the labels give them."""
        labels = {"yes": yes or _("Yes"), "no": no or _("No")}
        words = {
            "yes": _("yes|yeah|yep|yup|y|ok|okay|sure|please|👍"),
            "no": "|".join([_("no|nope|nah|n|no thanks|no thank you|👎"), _("not now|not yet|not today|never mind")]),
        }
        return self.choose(name, text, labels, words=words) == "yes"

    def ask(
        self,
        name: str,
        text: str,
        read: Callable[[str], Answer] | None = None,
        *,
        recall: Callable[[Any], Answer] | None = None,
        skip: str = "",
        suggest: Mapping[str, str] | None = None,
        hint: str = "",
    ) -> Any:
        """Words of their own. `read` turns them into a value, or raises `NotUnderstood` saying what would do;
        `recall` makes the value again of what was kept of it (`str(value)`, or ISO for days and times). `skip` is the
        label of a button that leaves it out (the answer is then None); `suggest` offers answers (kept text: label)."""
        offered = [Choice(value, label) for value, label in (suggest or {}).items()]
        if skip:
            offered.append(Choice(SKIPPED, skip, tuple(_("skip|next|none|no|-").split("|"))))
        question = Question(
            name,
            text,
            _words_reader(offered, read),
            lambda kept: None if kept is None else (recall or read or str)(kept),
            offered,
            takes_words=True,
            hint=hint,
        )
        return self._ask(question)

    def gather(
        self,
        name: str,
        text: str,
        *,
        more: str | None = None,
        done: str | None = None,
        skip: str = "",
    ) -> Story:
        """A story, also as several messages, photos, voice notes and files, until they say that this is all.

        The first message is not yet the end: people write as they talk. `skip` lets them send nothing at all."""
        partial = self._partial(name)
        offered = [Choice(DONE, done or _("That is all"), tuple(_("done|finished|that's all|send|ok").split("|")))]
        if not partial:
            offered = [Choice(SKIPPED, skip, tuple(_("skip|next|none|no|-").split("|")))] if skip else []
        asked = (more or _("I have kept that. You can add more, or a photo or a voice note.")) if partial else text
        question = Question(name, asked, _story_reader(offered), _story, offered, takes_words=True, takes_files=True)
        return self._ask(question)

    def said_so_far(self, name: str) -> Story:
        """What has been gathered under this name, also while they have not yet said that this is all."""
        kept = self.answers.get(name) or self._partial(name)
        return _story(kept) if kept else Story("")

    def several(
        self, name: str, text: str, choices: Mapping[Value, str], *, done: str | None = None
    ) -> tuple[Value, ...]:
        """Any number of `choices`: each tap marks one or takes the mark away, until they say that this is all."""
        values = {str(value): value for value in choices}
        marked = list(self._partial(name) or ())
        offered = [
            Choice(str(value), ("✓ " if str(value) in marked else "") + label, (label,))
            for value, label in choices.items()
        ]
        offered.append(
            Choice(
                DONE,
                (done or _("That is all")) if marked else _("None of these"),
                tuple(_("done|finished|that's all|none|next|ok").split("|")),
            )
        )
        question = Question(
            name,
            text,
            _marks_reader(offered),
            lambda kept: tuple(_of(values, one) for one in kept),
            offered,
            in_place=bool(marked),
        )
        return self._ask(question)

    # -- how it works

    def _ask(self, question: Question[Answer]) -> Answer:
        if question.name in self.reached:
            raise ValueError(f"{self.conversation.flow} asks two questions named {question.name}")
        self._take(question)
        if question.name in self.answers:
            try:
                value = question.recall(self.answers[question.name])
            except (Lost, NotUnderstood):
                self._forget(question.name)
            else:
                self.reached.append(question.name)
                self.lines[:] = self.anyway  # the rest was said before this was answered
                return value
        return self._leave(question)

    def _take(self, question: Question[Any]) -> None:
        """Use the reply if it is to this question: a tap names it, words answer the one that is open."""
        reply = self.reply
        if reply is None or self.consumed:
            return
        mine = reply.question == question.name if reply.tapped else self._words_are_for(question)
        if not mine:
            return
        self.consumed = True
        # What presses a button is ours, whatever it sounds like; everything else is theirs.
        self.own_words = not reply.tapped and _pick(reply, question.choices) is None
        try:
            kept, complete = question.read(reply, self._partial(question.name))
        except NotUnderstood as why:
            # An old button of a list that has closed since corrects nothing.
            self.unchanged = question.name in self.answers
            self.remark = "" if self.unchanged else str(why)
            return
        if question.name in self.answers and complete and self.answers[question.name] == kept:
            self.unchanged = True
            return
        if complete and question.alone and question.name in self.answers:
            self.answers[question.name] = kept
            return
        self._forget(question.name)
        self.answers[question.name if complete else _unfinished(question.name)] = kept
        if not complete:
            # Its words depend on what has been gathered: the author's line is run again.
            raise _Again

    def _words_are_for(self, question: Question[Any]) -> bool:
        return question.name == self.conversation.open and question.name not in self.answers

    def _partial(self, name: str) -> Any:
        return self.answers.get(_unfinished(name))

    def _forget(self, name: str) -> None:
        """Changing or losing an answer forgets those after it: they were given in the light of it, unless it stands
        alone."""
        names = list(self.answers)
        for later in {name, _unfinished(name)} & set(names):
            start = names.index(later)
            for forgotten in names[start:]:
                self.answers.pop(forgotten, None)

    def _leave(self, question: Question[Any]) -> NoReturn:
        self.open = question
        raise Unanswered


class _Again(BaseException):
    """The run starts once more: what is asked depends on what was just said."""


def run(flow: Callable[[Chat], None], chat: Chat) -> bool:
    """Runs the flow as far as it gets. True when it ended; False when `chat.open` waits for an answer, and then
    nothing that the flow wrote is left but what it did `at_once`."""
    while True:
        savepoint = chat.session.begin_nested()
        try:
            flow(chat)
        except Unanswered:
            savepoint.rollback()
            for work in chat.lasting:
                work()
            return False
        except _Again:
            savepoint.rollback()
            chat.lines, chat.anyway, chat.reached, chat.lasting = [], [], [], []
            continue
        except Finished:
            savepoint.commit()
            return True
        except BaseException:
            savepoint.rollback()
            raise
        savepoint.commit()
        return True


def question_message(chat: Chat, footer: Iterable[Button]) -> Message:
    """The open question as it is sent: its words, its buttons, and the way back, out and to help."""
    question = chat.open
    if question is None:
        raise ValueError("no question is open")
    buttons = tuple(
        Button(choice.label, tap=taps.answer(chat.conversation.id, question.name, choice.value))
        for choice in question.choices
    )
    return Message(
        question.text,
        buttons,
        tuple(footer),
        tall=question.tall or chat.person.young,
        hint=question.hint,
        in_place=question.in_place,
        notice="" if chat.watched else _(chat.who_reads),
    )


def _unfinished(name: str) -> str:
    return f"{name}…"


def _of(values: Mapping[str, Value], kept: str) -> Value:
    if kept not in values:
        raise Lost(kept)
    return values[kept]


def _pick(reply: Reply, offered: Sequence[Choice]) -> str | None:
    """The canonical value that a tap or typed words stand for."""
    if reply.tapped:
        return reply.value if any(choice.value == reply.value for choice in offered) else None
    chosen = understand(reply.text, offered)
    return chosen.value if chosen else None


def _choice_reader(offered: Sequence[Choice]) -> Callable[[Reply, Any], tuple[Any, bool]]:
    def read(reply: Reply, _partial: Any) -> tuple[Any, bool]:
        value = _pick(reply, offered)
        if value is None:
            raise NotUnderstood(_("Please tap one of the buttons, or type its words."))
        return value, True

    return read


def _words_reader(
    offered: Sequence[Choice], read_words: Callable[[str], Any] | None
) -> Callable[[Reply, Any], tuple[Any, bool]]:
    def read(reply: Reply, _partial: Any) -> tuple[Any, bool]:
        value = _pick(reply, offered) if offered else None
        if value == SKIPPED:
            return None, True
        if value is None and reply.tapped:
            if read_words is None:
                raise NotUnderstood(_("Please type your answer."))
            value = reply.value  # from a list that has moved on: what was meant is still clear, if `read` takes it
        words = value if value is not None else reply.text.strip()
        if not words:
            raise NotUnderstood(_("Please type your answer in words."))
        return (canonical(read_words(words)) if read_words else words), True

    return read


def canonical(value: Any) -> Any:
    """What is kept of a value: days and times as ISO text, numbers and words as they are."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)


def _story_reader(offered: Sequence[Choice]) -> Callable[[Reply, Any], tuple[Any, bool]]:
    def read(reply: Reply, partial: Any) -> tuple[Any, bool]:
        parts = dict(partial or {"text": "", "attachments": []})
        value = _pick(reply, offered) if offered and not reply.attachments else None
        if value is not None:
            return parts, True
        if reply.tapped or not (reply.text.strip() or reply.attachments):
            raise NotUnderstood(_("Please write it in your own words, or send a photo or a voice note."))
        parts["text"] = "\n".join(filter(None, [parts["text"], reply.text.strip()]))
        parts["attachments"] = [*parts["attachments"], *reply.attachments]
        return parts, False

    return read


def _story(kept: Any) -> Story:
    if isinstance(kept, str):
        return Story(kept)  # words that were filled in when the flow was started
    return Story(kept["text"], tuple(kept["attachments"]))


def _marks_reader(offered: Sequence[Choice]) -> Callable[[Reply, Any], tuple[Any, bool]]:
    def read(reply: Reply, partial: Any) -> tuple[Any, bool]:
        marked = list(partial or ())
        value = _pick(reply, offered)
        if value is None:
            raise NotUnderstood(_("Please tap what fits, then the last button."))
        if value == DONE:
            return marked, True
        return ([one for one in marked if one != value] if value in marked else [*marked, value]), False

    return read
