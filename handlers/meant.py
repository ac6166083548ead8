"""Is this what you meant? Staff ask those behind an item, before everybody reads it; what they say comes back (T1, T6).

Offered to staff, never forced. Nobody is asked in the quiet hours, nobody who stopped messages, nobody twice about the
same words.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import taps
from handlers.consent import agreed
from handlers.danger import watch, words_arrived
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.feedback_words import their_words
from handlers.inbox import reading
from handlers.labels import clip
from locales import _, ngettext, speaking
from models.area import Area
from models.database import now
from models.message import Button, Message
from models.outgoing import Class, send
from models.person import Person, reach
from models.personal.allowed import as_published
from models.stopping import wanted
from models.theme import (
    Meant,
    Theme,
    ask_if_meant,
    can_be_asked,
    corrections,
    looks_after,
    meant_counts,
    meant_for,
    say_if_meant,
)

# Of what families meant instead, so many are shown at once.
MOST_SHOWN = 5


def ask_families(chat: Chat, theme: Theme) -> None:
    """Staff see how many would be asked, and what."""
    count = len(can_be_asked(chat.session, theme))
    if not count and "ask" not in chat.answers:
        chat.say(_("There is nobody to ask: all were asked, or cannot be written to."))
        return
    sure = chat.agree(
        "ask",
        "\n".join(
            [
                ngettext("{count} person would be asked:", "{count} people would be asked:", count),
                _(
                    "We want to write for everyone: “{said}” Is this what you meant?",
                    said=_shown(chat.session, theme, theme.said),
                ),
            ]
        ),
        yes=_("Ask them"),
        no=_("Do not ask"),
    )
    if not sure:
        chat.say(_("Nobody was asked."), chat.start(_("Open the item"), "themes", which=theme.id))
        return
    asked = ask_behind(chat.session, chat.area, theme, chat.person)
    chat.say(asked, chat.start(_("Open the item"), "themes", which=theme.id))


def ask_behind(session: Session, area: Area, theme: Theme, by: Person) -> str:
    """Ask everybody behind the item who was not asked about these words; says how many. Raises `NotAllowed`."""
    rows = ask_if_meant(session, theme, by)
    for row in rows:
        _ask(session, area, row)
    return ngettext("{count} person is asked. You hear what they say.", "{count} people are asked. You hear what they say.", len(rows))  # fmt: skip  # noqa: E501


def _ask(session: Session, area: Area, row: Meant) -> None:
    session.refresh(row)
    address = reach(row.person)
    if address is None or not wanted(row.person, Class.REMINDER):
        return
    with speaking(row.person.language):
        lines = [
            _("You told us: “{quote}”", quote=their_words(area, row.feedback).strip("“”")),
            _question(session, row),
        ]
        buttons = tuple(
            Button(label, taps.start("meant", {"meant": row.id, "fits": fits})) for fits, label in _answers().items()
        )
    send(session, address, Message("\n".join(lines), buttons), Class.REMINDER, due=area.next_waking(now()), about=f"meant:{row.id}")  # fmt: skip  # noqa: E501


def _question(session: Session, row: Meant) -> str:
    said = _shown(session, row.theme, row.said)
    return _("We want to write for everyone: “{said}” Is this what you meant?", said=said)


def _shown(session: Session, theme: Theme, said: str) -> str:
    """Several people are asked, and none of them reads what points to another."""
    return as_published(session, theme.about, _(said))


def _answers() -> dict[str, str]:
    return {"yes": _("Yes, I meant that"), "no": _("No, something else")}


def meant(chat: Chat) -> None:
    """Started by a button: a person says whether the words say what they meant."""
    row = meant_for(chat.session, chat.answers.get("meant", ""), chat.person)
    if row is None:
        chat.say(_("I cannot find that any more."), chat.start(_("See what is here"), "you_said"))
        return
    agreed(chat)
    fits = chat.choose(
        "fits", _question(chat.session, row), _answers(), words={"yes": _("yes|yeah|yep|ok"), "no": _("no|nope")}
    )
    if fits == "yes":
        say_if_meant(chat.session, row, fits=True)
        chat.say(_("Thank you. It is good to know."))
        return
    words = chat.ask("words", _("What did you mean? Please leave out names."), skip=_("Skip")) or ""
    watch(chat, words)
    say_if_meant(chat.session, row, fits=False, words=words)
    words_arrived(chat.session, chat.area, chat.conversation.id, row.feedback)
    _tell_staff(chat, row)
    chat.say(_("Thank you. Staff can see that this is not what you meant."))


def _tell_staff(chat: Chat, row: Meant) -> None:
    for person in looks_after(chat.session, row.theme):
        address = reach(person)
        if address is None or not wanted(person, Class.RECEIPT):
            continue
        with speaking(person.language):
            text = _("A family says that “{said}” is not what they meant.", said=clip(row.said, 100))
            button = Button(_("Look at it"), taps.start("themes", {"which": row.theme_id}))
        send(chat.session, address, Message(text, (button,)), Class.RECEIPT, due=chat.area.next_waking(now()), about=row.theme.about)  # fmt: skip  # noqa: E501


def what_they_said(chat: Chat, theme: Theme) -> list[str]:
    """For staff: how many were asked and what they said; and what they meant instead, without their names."""
    counts = meant_counts(chat.session, theme)
    if not counts.asked:
        return []
    lines = [
        _(
            "Asked if it is right: {asked}. Yes: {yes}. No: {no}. No answer yet: {silent}.",
            asked=counts.asked,
            yes=counts.yes,
            no=counts.no,
            silent=counts.silent,
        )
    ]
    found = corrections(chat.session, theme, chat.person, reading.occasion(chat))
    chat.at_once(lambda: _looked(chat, theme))
    return lines + [_("They meant: “{words}”", words=row.words) for row in found[:MOST_SHOWN] if row.words]


def _looked(chat: Chat, theme: Theme) -> None:
    corrections(chat.session, theme, chat.person, reading.occasion(chat))


ERRAND = Errand(meant, label=lambda: _("Say what you meant"), in_menu=False)
