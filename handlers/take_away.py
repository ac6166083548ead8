"""Take a copy: a page to read, the same for a computer, and the photos, voice notes and files that they sent."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup, escape

from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _, languages, spoken
from locales.dates import moment
from models import keeping
from models.database import now
from models.keeping.taking import attachments_of
from models.message import File

# More would fill their phone; the rest is handed over by a person.
MOST_FILES = 20

_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}" dir="{direction}">\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
    "<style>body{{font:1.1em/1.5 sans-serif;max-width:45em;margin:1em auto;padding:0 1em}}"
    "dt{{font-weight:bold}}li,dd{{margin-bottom:.5em;white-space:pre-line}}</style>\n"
    "<h1>{title}</h1>\n<p>{made}</p>\n{body}\n</html>\n"
)


def take_away(chat: Chat) -> None:
    everything = keeping.held(chat.session, chat.person)
    made = moment(now(), chat.area.zone)
    as_json = json.dumps(everything, ensure_ascii=False, indent=2, default=str)
    chat.say(
        _("This is everything I hold about you. Keep it safe: whoever opens it can read it."),
        file=File.of("my-things.html", "text/html", page(everything, made).encode()),
    )
    chat.say(_("The same for a computer:"), file=File.of("my-things.json", "application/json", as_json.encode()))
    for attachment in attachments_of(chat.session, chat.person)[:MOST_FILES]:
        chat.say(_("You sent this:"), attachment=attachment.id)
    chat.say(
        _("Notes that staff made about safety are not in it. To ask for those, tell us."),
        chat.start(_("My things"), "my_things"),
    )


def page(everything: dict[str, Any], made: str) -> str:
    """What is held, as a page that reads on any phone without anything from elsewhere."""
    titles = _titles()
    body = Markup("\n").join(
        Markup("<h2>{}</h2>\n{}").format(titles.get(kind, kind), _shown(rows)) for kind, rows in everything.items()
    )
    right_to_left = languages()[spoken()].right_to_left
    return _PAGE.format(
        language=spoken(),
        direction="rtl" if right_to_left else "ltr",
        title=_("My things"),
        made=_("Made on {moment}.", moment=made),
        body=body,
    )


def _shown(value: Any) -> Markup:
    if isinstance(value, dict):
        rows = [
            Markup("<dt>{}</dt><dd>{}</dd>").format(str(name).replace("_", " "), _shown(one))
            for name, one in value.items()
            if one not in (None, "", [], {})
        ]
        return Markup("<dl>{}</dl>").format(Markup("").join(rows))
    if isinstance(value, list | tuple):
        return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(_shown(one)) for one in value))
    return escape(value)


def _titles() -> dict[str, str]:
    return {
        "about_you": _("About you"),
        "said": _("What you told us"),
        "meetings": _("Meetings"),
        "asked_ahead": _("Questions you sent ahead"),
        "looked_for": _("What you looked for"),
        "following": _("What you follow"),
        "verdicts": _("What you said is done or not"),
        "data_complaints": _("Complaints about data"),
        "short_questions": _("Short questions you answered"),
        "not_sent_yet": _("What you have not sent yet"),
        "files": _("Photos, voice notes and files"),
        "your_messages": _("What you wrote here"),
        "messages_to_you": _("What was written to you"),
        "who_looked": _("Who looked at your words"),
        "roles": _("Your roles as staff"),
    }


ERRAND = Errand(
    take_away,
    label=lambda: _("Take a copy"),
    words=lambda: _("take a copy|my data|copy of my data|download my data|what do you know about me|data request"),
    in_menu=False,
    for_all_ages=True,
)
