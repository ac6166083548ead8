"""The errands, in the order of the menu: this is the table of contents of the chat."""

from __future__ import annotations

from collections.abc import Callable

from handlers import (
    alert,
    call_meeting,
    directory,
    drafts,
    erase,
    free_words,
    got_through,
    half_way,
    help_now,
    is_it_done,
    language,
    meaning,
    meetings,
    menu,
    my_things,
    own_words,
    publish,
    reminders_wanted,
    small_talk,
    staff,
    stop,
    take_away,
    tell_us,
    too_young,
    welcome,
    who,
    you_said,
)
from handlers.errand import Errand
from handlers.inbox.listing import ERRAND as INBOX
from locales import _

ERRANDS: dict[str, Errand] = {
    "menu": menu.ERRAND,
    "free_words": free_words.ERRAND,
    "welcome": welcome.ERRAND,
    "help": help_now.ERRAND,
    "stop": stop.ERRAND,
    "start": stop.START,
    "tell_us": tell_us.ERRAND,
    "half_way": half_way.ERRAND,
    "answer_back": own_words.ANSWER_BACK,
    "take_back": own_words.TAKE_BACK,
    "who": who.ERRAND,
    "who_next": who.NEXT,
    "got_through": got_through.ERRAND,
    "meetings": meetings.ERRAND,
    "taking_part": meetings.TAKING_PART,
    "ask_ahead": meetings.ASK_AHEAD,
    "you_said": you_said.ERRAND,
    "follow": you_said.FOLLOW,
    "is_it_done": is_it_done.ERRAND,
    "my_things": my_things.ERRAND,
    "take_away": take_away.ERRAND,
    "erase": erase.ERRAND,
    "reminders": reminders_wanted.ERRAND,
    "draft": drafts.ERRAND,
    "meaning": meaning.ERRAND,
    "thanks": small_talk.THANKS,
    "program": small_talk.PROGRAM,
    "a_person": small_talk.A_PERSON,
    "too_young": too_young.ERRAND,
    "language": language.ERRAND,
    **language.BY_NAME,
    "desk": menu.DESK,
    "inbox": INBOX,
    "alert": alert.ERRAND,
    "call_meeting": call_meeting.ERRAND,
    "run_meeting": call_meeting.RUN,
    "publish": publish.ERRAND,
    "publish_again": publish.AGAIN,
    "approve": publish.APPROVE,
    "sent": publish.SENT,
    "directory": directory.ERRAND,
    "directory_undo": directory.UNDO,
    "join_staff": staff.JOIN,
    "called": staff.CALLED,
    "colleagues": staff.COLLEAGUES,
}

# Words that work anywhere and are no errand of their own.
STANDING: dict[str, Callable[[], str]] = {
    "menu": lambda: _("menu|main menu|options|what can you do|start again|home"),
    "back": lambda: _("back|go back|undo|previous"),
    "resume": lambda: _("go on|carry on|continue|resume"),
    "drop": lambda: _("throw away|cancel this"),
}
