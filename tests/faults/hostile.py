"""Updates as nobody's phone sends them, and as every phone does: mixed, seeded, in every language.

What a person may do to a bot is not much: words, buttons, files, stickers, edits. What is in them is anything at all.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, cast

from bot.channels.telegram.payload import Update
from handlers import ERRANDS, STANDING
from tests.standin.world import BOT_ID

LANGUAGES = ("en", "pl", "ur", "en-GB", "pl-PL", "de", "zz", "", None, "ar-XB", 7)

CONTROL = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u115f\u3164\u180e\u2028\u2029\ufff9\ufffb"
TURNED_ROUND = "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f"
EMOJI = ("👍", "👎🏿", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇵🇱🇬🇧🇵🇰", "❤️‍🔥", "1️⃣", "🙂" * 300, "\U000e0001", "\U0010ffff")
PAYLOADS = (
    "'; DROP TABLE person; --", "1' OR '1'='1", "\" UNION SELECT secret_digest FROM invite --", "%' ESCAPE '", "_%_%",
    "<script>alert(1)</script>", "<b>bold</b>&amp;&lt;", "<a href='tg://user?id=1'>x</a>", "]]><!--",
    "*bold* _it_ `code` [x](tg://user?id=1) ||s||", "```\n```", "\\_\\*", "> quoted\n# head",
    "=1+1", "=HYPERLINK(\"http://127.0.0.1\")", "+441632960123", "-1", "@SUM(A1:A9)", "\t=cmd|' /C calc'!A0",
    "{}", "{text}", "{0.__class__}", "%s%n%d", "${7*7}", "{{7*7}}", "\\x00", "\\u0000", "../../etc/passwd", "\r\nX: y",
    "nan", "inf", "1e999", "-0", "9" * 400, "٣", "²", "½", "Ⅷ", "၅", "0x10", "1_000", "31/02/2027", "2027-13-45",
    "25:99", "24:00", "99999-01-01", "0000-00-00", "tomorrow" * 50, "in 99999999999999 days", "10.11.12.13.14",
    "NEAR(a b)", "a* OR b^2", "\"unclosed", "col:umn", "(((((", "AND OR NOT", "ı İ ß ﬁ Ǆ", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "ﷺ" * 40,
    "مجھے مدد چاہئے", "Zażółć gęślą jaźń", "help", "stop", "menu", "back", "undo", "/start", "/help@standin_bot",
    "/", "//", "/ ", "/start inv-", "/start inv-" + "A" * 60, "/start m-1", "/start x:y", "/who", "/erase", "/menu 1",
    "yes", "no", "done", "later", "1", "2", "3", "99", "0", " ", "\n", "-", "?", "…", "“”", "next Tuesday at 10",
    "12 March 2027", "18:30", "90", "https://example.org/x", "javascript:alert(1)", "01632 960123", "parent", "tak",
    "ہاں", "skip", "send", "The taxi was late again and nobody rang.", "who helps with speech?", "I am not safe",
)  # fmt: skip
DATA = (
    "", ":", "a", "a:", "a::", "a:1", "a:1:", "a:1:sure:yes", "a:0:x:y", "a:-1:x:y", "a:99999999999999999999:x:y",
    "a:9223372036854775807:topic:school", "a:9223372036854775808:x:y", "a:²:x:y", "a:٣:x:y", "a:1:x:y:z:w", "s", "s:",
    "s::", "s:nothing", "s:tell_us:=", "s:tell_us:topic=", "s:tell_us:topic=x:sure=yes", "s:erase:sure=yes",
    "s:meetings:meeting=999999", "s:meetings:meeting=x", "s:meetings:meeting=99999999999999999999999",
    "s:publish:sure=yes", "s:inbox:feedback=1", "s:call_meeting:sure=yes", "c", "c:", "c:nothing", "c:menu:x", "c:c",
    "\x00", "a:1:\x00:y", "🙂" * 16, "x" * 64, "a:1:" + "é" * 30, "%s", "{0}", "c:back", "c:stop", "c:undo",
)  # fmt: skip


class Hostile:
    """A crowd of `people` and what comes from them. `buttons` are all that anybody was ever shown."""

    def __init__(self, seed: int, people: Sequence[int]) -> None:
        self.chance = random.Random(seed)
        self.people = people
        self.buttons: list[str] = []
        self.last: dict[int, list[str]] = {}
        self.labels: list[str] = []
        self.sent: list[Update] = []
        self._number = 100_000_000

    def shown(self, person: int, taps: Sequence[str], labels: Sequence[str]) -> None:
        """Somebody was shown these buttons: now anybody may press them, for ever."""
        self.last[person] = list(taps)
        self.buttons += taps
        self.labels += labels

    def update(self) -> Update:
        """The next one. Some come again, as they were or under a new number; some numbers go down."""
        roll = self.chance.random()
        if self.sent and roll < 0.03:
            return self.chance.choice(self.sent[-200:])
        if self.sent and roll < 0.05:
            return {**self.chance.choice(self.sent[-200:]), "update_id": self._next()}
        person = self.chance.choice(self.people)
        made = cast("Update", {"update_id": self._next(), **self._content(person)})
        self.sent.append(made)
        del self.sent[:-400]
        return made

    def _next(self) -> int:
        if self.chance.random() < 0.002:
            self._number = self.chance.randrange(1, 2**31)
        self._number += 1
        return self._number

    def _content(self, person: int) -> dict[str, Any]:
        kinds = {
            self._own_tap: 38, self._words: 22, self._label: 8, self._others_tap: 10, self._bent_tap: 4,
            self._file: 4, self._event: 3, self._edit: 3, self._blocks: 1, self._elsewhere: 2, self._bent: 2,
            self._command: 5,
        }  # fmt: skip
        [kind] = self.chance.choices(list(kinds), list(kinds.values()))
        return kind(person)

    # What phones send

    def _own_tap(self, person: int) -> dict[str, Any]:
        last = self.last.get(person)
        return self._tap(person, self.chance.choice(last)) if last else self._words(person)

    def _others_tap(self, person: int) -> dict[str, Any]:
        return self._tap(person, self.chance.choice(self.buttons)) if self.buttons else self._words(person)

    def _label(self, person: int) -> dict[str, Any]:
        return self._says(person, self.chance.choice(self.labels)) if self.labels else self._words(person)

    def _command(self, person: int) -> dict[str, Any]:
        word = self.chance.choice((*ERRANDS, *STANDING, "start"))
        form = self.chance.choice(("/{}", "{}", "/{}@standin_bot", "/{} {}", "{} {}", "c:{}", "s:{}", "s:{}:a=b"))
        said = form.format(word, self.text()) if form.count("{}") == 2 else form.format(word)
        return self._tap(person, said) if form[1:2] == ":" else self._says(person, said)

    def _words(self, person: int) -> dict[str, Any]:
        return self._says(person, self.text())

    def _file(self, person: int) -> dict[str, Any]:
        name = self.text()[:300]
        size = self.chance.choice((0, 7, 20 * 1024 * 1024 + 1, 2**40))
        file = {"file_id": "F" * self.chance.choice((1, 80)), "file_size": size, "file_name": name, "mime_type": name}
        kind = self.chance.choice(("photo", "voice", "audio", "video", "video_note", "animation", "document"))
        more = {"caption": self.text()} if self.chance.random() < 0.5 else {}
        return {"message": self._message(person, **{kind: [file] if kind == "photo" else file}, **more)}

    def _event(self, person: int) -> dict[str, Any]:
        kind = self.chance.choice(
            ("sticker", "location", "venue", "contact", "poll", "dice", "pinned_message", "story")
        )
        return {"message": self._message(person, **{kind: {"emoji": "👍"}})}

    def _edit(self, person: int) -> dict[str, Any]:
        return {"edited_message": self._message(person, text=self.text(), edit_date=1)}

    def _blocks(self, person: int) -> dict[str, Any]:
        status = self.chance.choice(("kicked", "member", "left", "restricted"))
        return {"my_chat_member": {**self._message(person), "new_chat_member": {"status": status}}}

    # What no phone sends

    def _bent_tap(self, person: int) -> dict[str, Any]:
        data = self.chance.choice((*DATA, self.text()[:64]))
        if self.buttons and self.chance.random() < 0.6:
            parts = self.chance.choice(self.buttons).split(":")
            at = self.chance.randrange(len(parts))
            parts[at] = self.chance.choice(
                ("", "0", "99999999999999999999", "-1", "x=y", "=", "yes", "\u202e", "1", "2")
            )
            data = ":".join(parts)
        return self._tap(person, data)

    def _elsewhere(self, person: int) -> dict[str, Any]:
        group = {"id": -person, "type": self.chance.choice(("group", "supergroup", "channel"))}
        return {"message": {**self._message(person, text=self.text()), "chat": group}}

    def _bent(self, person: int) -> dict[str, Any]:
        """Shaped as no update is: a field gone, or of another type."""
        [(kind, content)] = self.chance.choice((self._words, self._own_tap, self._edit, self._file))(person).items()
        bent = dict(content)
        field = self.chance.choice(list(bent))
        if self.chance.random() < 0.4:
            del bent[field]
        else:
            bent[field] = self.chance.choice((None, 0, "", [], {}, "x", [None], {"id": "x"}, True))
        return self.chance.choice(({kind: bent}, {kind: bent}, {"poll_answer": {}}, {}, {kind: None}))

    # The parts

    def text(self) -> str:
        roll, chance = self.chance.random(), self.chance
        if roll < 0.50:
            return chance.choice(PAYLOADS)
        if roll < 0.62:
            return "".join(chance.choices(CONTROL + INVISIBLE + TURNED_ROUND + "abc ", k=chance.randrange(1, 40)))
        if roll < 0.74:
            return chance.choice(EMOJI) * chance.choice((1, 1, 2, 20))
        if roll < 0.82:
            return chance.choice(TURNED_ROUND + INVISIBLE) + chance.choice(PAYLOADS) + chance.choice(TURNED_ROUND)
        if roll < 0.83:
            return (chance.choice(PAYLOADS) or "x") * (100_000 // 20)
        if roll < 0.835:
            return chance.choice(("a", "9", "٣", "é", "🙂", "\u202e", "\n", "a\n", "ا")) * 100_000
        if roll < 0.90:
            return "".join(map(chr, (chance.randrange(1, 0xD800) for _ in range(chance.randrange(1, 60)))))
        if roll < 0.92:
            return chr(chance.randrange(0xD800, 0xE000)) + chance.choice(PAYLOADS)
        return " ".join(chance.choices(PAYLOADS, k=chance.randrange(2, 8)))

    def _says(self, person: int, text: str) -> dict[str, Any]:
        return {"message": self._message(person, text=text)}

    def _tap(self, person: int, data: str) -> dict[str, Any]:
        query = {"id": str(self._number), "from": self._user(person), "message": self._message(person), "data": data}
        return {"callback_query": query}

    def _message(self, person: int, **content: Any) -> dict[str, Any]:
        frame = {"message_id": self.chance.randrange(1, 10**6), "date": 1, "from": self._user(person)}
        return {**frame, "chat": {"id": person, "type": "private"}, **content}

    def _user(self, person: int) -> dict[str, Any]:
        language = LANGUAGES[person % 3] if self.chance.random() < 0.9 else self.chance.choice(LANGUAGES)
        return {"id": person, "is_bot": False, "first_name": self.text()[:64], "language_code": language}


def plainly(person: int, number: int, text: str) -> Update:
    """What somebody says who means no harm."""
    frame = {"message_id": number, "date": 1, "from": {"id": person}, "chat": {"id": person, "type": "private"}}
    return {"update_id": number, "message": {**frame, "text": text}}


__all__ = ["BOT_ID", "Hostile", "plainly"]
