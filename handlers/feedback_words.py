"""The words for what somebody said: how it felt, whose voice it is, who may see it, where it stands.

In one place, so that families, staff and the public board say the same thing in the same words.
"""

from __future__ import annotations

from handlers.dialogue import Chat
from locales import _, dates, ngettext
from models.area import Area
from models.feedback import Feedback, Status, Visibility, Voice
from models.small_number import shown_number

# So much of their own words is quoted back to people: enough to know them again.
QUOTED = 100


def feelings() -> dict[int, str]:
    return {
        1: _("😞 Very bad"),
        2: _("🙁 Bad"),
        3: _("😐 In the middle"),
        4: _("🙂 Good"),
        5: _("😀 Very good"),
    }


def feelings_also() -> dict[int, str]:
    """What else people type for each."""
    return {
        1: _("awful|terrible|horrible|very angry|very sad") + "|😢|😭|😡|😠|🤬|😩|😫|💔|😖",
        2: _("not good|poor|sad|angry|worried") + "|😟|😔|☹|😕|😒|😰|😥|👎",
        3: _("so-so|ok|okay|neither|mixed") + "|😶|🤷|😑|🫤|🤔",
        4: _("happy|fine|pleased|well") + "|😊|😌|👍|☺|👌",
        5: _("great|brilliant|excellent|very happy|love it") + "|😁|😃|😄|😍|🥰|❤|🎉|🤩",
    }


def voices() -> dict[Voice, str]:
    return {Voice.MINE: _("My own"), Voice.CHILD: _("My child's"), Voice.BOTH: _("Both of us")}


def visibilities() -> dict[Visibility, str]:
    return {
        Visibility.PARTNERSHIP: _("Only staff, no name"),
        Visibility.EVERYONE: _("Everyone, no name"),
        Visibility.FORUM: _("Only the parent forum"),
        Visibility.NAMED: _("Staff, with my name"),
    }


def statuses() -> dict[Status, str]:
    """Short, as labels."""
    return {
        Status.HEARD: _("Heard"),
        Status.LOOKING: _("Looking into it"),
        Status.DOING: _("Doing it"),
        Status.DONE: _("Done"),
        Status.CANNOT: _("We can't, because …"),
    }


def where_it_stands(status: Status, reason: str = "") -> str:
    """A whole sentence for the family, with what staff wrote about it."""
    match status:
        case Status.CANNOT:
            return _("We can't do this, because: {reason}", reason=reason)
        case Status.HEARD:
            said = _("We have heard it.")
        case Status.LOOKING:
            said = _("We are looking into it.")
        case Status.DOING:
            said = _("We are doing something about it.")
        case Status.DONE:
            said = _("It is done.")
    return f"{said} {reason}".strip()


def topic_label(area: Area, key: str) -> str:
    """What a topic is called; an old key that the area no longer has is shown as it is."""
    return next((_(topic.label) for topic in area.topics if topic.key == key), key)


def shortened(text: str, most: int = QUOTED) -> str:
    """The text on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:.–-") + "…"


def their_words(area: Area, feedback: Feedback, most: int = QUOTED) -> str:
    """What they said, quoted back to them; where they only tapped, what they tapped."""
    if feedback.text:
        return _("“{words}”", words=shortened(feedback.text, most))
    tapped = [topic_label(area, feedback.topic)]
    if feedback.feeling is not None:
        tapped.append(feelings()[feedback.feeling])
    return ", ".join(tapped)


def how_many_people(area: Area, count: int) -> str:
    """A number of people as staff see it at their desk: a small one could point to somebody."""
    shown = shown_number(count, area.publication.small_number)
    if shown is None:
        return _("fewer than {number} people", number=area.publication.small_number)
    return ngettext("{count} person", "{count} people", shown)


def how_many_files(count: int) -> str:
    return ngettext("With {count} photo, voice note or file.", "With {count} photos, voice notes or files.", count)


def by_when(chat: Chat, feedback: Feedback) -> str:
    """The day of the answer (T2): a promise only where somebody is there to keep it."""
    day = dates.day(feedback.answer_by)
    if chat.watched:
        return _("We promise an answer by {day}.", day=day)
    return _("We aim to answer by {day}. It may take longer.", day=day)


def advice(area: Area) -> str:
    """Free advice that takes no side (T13), with its number where one may be shown."""
    sendiass = area.sendiass
    where = sendiass.shown_phone or sendiass.web or ""
    said = _("For free advice that takes no side, ask {name}: {where}", name=sendiass.name, where=where)
    return _("{line} (not checked yet)", line=said) if sendiass.not_checked_yet else said
