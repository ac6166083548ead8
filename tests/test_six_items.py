"""The partnership's six real items, from families' words to the board and back, on the real program.

Two members of staff work at the desk in the browser, over HTTP; three families talk on Telegram (the stand-in) and in the
web chat. Their words arrive, are gathered, are put before them ("is this what you meant?"), are answered; a second
person lets each answer go; everybody is told with their own words; the board shows it. One cannot be done, because;
one is done, and 28 days later it is not, so it is open again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from models.area import load_area
from tests.dated import DatedProgram
from tests.faults.program import until
from tests.somebody import Somebody
from tests.standin import BotApi
from tests.test_whole import MORNING, REFERENCE, colleague_of, family, first_admin
from tests.web.desk.colleague import Colleague
from tests.web.visitor import Visitor

# What a family wrote, by the number of the item; about what; what staff say, and where it stands then.
WORDS = {
    1: "The plan has the wrong name on it.",
    2: "We cannot get hold of the SEN team.",
    3: "Nobody tells us who our caseworker is.",
    4: "The school does only half of the plan.",
    5: "Please meet in the evening, as we work.",
    6: "Ask us what we think.",
}
TOPICS = {
    1: "Care plan (EHCP)",
    2: "Care plan (EHCP)",
    3: "Care plan (EHCP)",
    4: "School",
    5: "Something else",
    6: "Something else",
}
STANDS = {1: "doing", 2: "looking", 3: "cannot", 4: "looking", 5: "done", 6: "doing"}
ANSWERS = {
    3: "We have too few staff to ring each family. We will write to you.",
    4: "We ask each school what it does.",
}
WEB = (3, 6)
DONE, CANNOT = 5, 3
STILL = "It is still at noon."


class AtDesk(Colleague):
    """A member of staff who comes in by the link that the bot sent to their chat."""

    def __init__(self, address: str, chat: Somebody) -> None:
        Visitor.__init__(self, address)
        self.chat = chat
        self.comes_in()

    def comes_in(self) -> None:
        self.chat.says("/menu")
        self.chat.taps("Staff desk")
        link = re.search(r"/desk/enter/(\S+)", self.chat.hears("This opens your desk in the browser."))
        assert link is not None
        self.enters(link[1])
        assert "/desk/inbox" in self.page

    def acts(self, act: str, page: str, **fields: str) -> str:
        assert self.sends(act, page, **fields).status_code == 200, self.words
        return self.words


class OnTheWeb(Visitor):
    """A family that talks to the web chat, without a script."""

    def taps(self, *labels: str) -> None:
        for label in labels:
            self.waits_for(f">{html.escape(label)}</button>")
            self.presses(label)

    def waits_for(self, part: str) -> None:
        until(lambda: part in self.page or part in self.looks(), f"{part}; there is {self.lines[-3:]}")

    def taps_below(self, words: str, label: str) -> None:
        """The button with this label below the message with these words."""
        self.waits_for(html.escape(words))
        after = self.looks().partition(html.escape(words))[2]
        found = re.search(
            r'name="ref" value="(\d+)">(?:(?!</form>).)*?name="tap" value="([^"]*)"[^>]*>' + re.escape(label) + "<",
            after,
            re.S,
        )
        assert found is not None, f"no {label} below {words}"
        data = {"id": self.token(), "ref": found[1], "tap": html.unescape(found[2])}
        self._shown(self.http.post("/say", data=data))

    def hears(self, words: str) -> None:
        until(lambda: any(words in line for line in self.lines) or not self.looks(), f"{words}; {self.lines[-3:]}")


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def program(tmp_path: Path, api: BotApi) -> Iterator[DatedProgram]:
    with DatedProgram(tmp_path, api, MORNING) as program:
        yield program


def tells(taps: Callable[..., None], says: Callable[[str], object], topic: str, words: str) -> None:
    taps("Tell us", "Two minutes", topic)
    says(words)
    taps("That is all", "Skip", "Only staff, no name", "Send it")


def answered(author: AtDesk, approver: AtDesk, number: int, text: str) -> None:
    """Written by one, let go by another."""
    fields = {"status": STANDS[number], "who": "council", "text_en": text}
    author.opens(f"/items/{number}/say")
    part = re.search(r'<select[^>]*name="part".*?<option value="(\d+)"', author.page, re.S)
    if part is not None:  # something is being done about it already, and this goes on with it
        fields["part"] = part[1]
    author.sends("hand-in", **fields)
    if 'name="anyway"' in author.page:  # there are remarks on the words, which stay
        author.sends("hand-in", **fields)
    publication = re.search(r"/desk/publications/(\d+)/", author.page)
    assert publication is not None, author.words
    approver.acts("approve", f"/publications/{publication[1]}")


def test_six_items_from_families_words_to_the_board_and_open_again(program: DatedProgram, api: BotApi) -> None:
    address = f"http://127.0.0.1:{program.port}"
    facts = dict(enumerate(load_area("tameside").you_said, 1))
    anna = first_admin(program, api)
    bea = colleague_of(anna, "Publisher: tell all")
    mum, dan = family(api, "Amal"), family(api, "Dan")
    with OnTheWeb(address) as web, AtDesk(address, anna) as approver, AtDesk(address, bea) as author:
        web.looks()
        web.says("hello")
        web.taps("A parent or carer", "Yes, that is OK")
        people = {1: mum, 2: dan, 4: dan, 5: mum}
        refs = {}
        for number, words in WORDS.items():
            if number in WEB:
                tells(web.taps, web.says, TOPICS[number], words)
                web.waits_for("Your reference is")
                refs[number] = REFERENCE.findall(" ".join(line for line in web.lines if "Your reference is" in line))[
                    -1
                ]
                continue
            one = people[number]
            one.says("/menu")
            tells(one.taps, one.says, TOPICS[number], words)
            refs[number] = REFERENCE.findall(one.hears("Your reference is"))[-1]

        # Gathered, and put before those who said it.
        for number, ref in refs.items():
            assert words_on(author, f"/inbox/{ref}").count(WORDS[number])
            author.acts("put-in", f"/inbox/{ref}", theme=str(number))
            assert "1 person is asked." in author.acts("ask", f"/items/{number}")
        for number, words in WORDS.items():
            if number in WEB:
                web.taps_below(f"You told us: “{words}”", "Yes, I meant that")
                web.hears("It is good to know.")
            else:
                one = people[number]
                one.looks_back()
                one.hears("You told us: “{quote}”", quote=words)
                asked = next(it for it in one.new() if words in it.text and "Yes, I meant that" in it.labels)
                one.seen = one.person.chat.arrived
                one.person.taps("Yes, I meant that", on=asked)
                one.hears("It is good to know.")
        for number in WORDS:
            assert "Yes: 1. No: 0." in words_on(author, f"/items/{number}"), number

        # Answered, and let go by a second person; everybody is told with their own words.
        for number in WORDS:
            answered(author, approver, number, ANSWERS.get(number) or facts[number].doing or "")
        for number, words in WORDS.items():
            text = ANSWERS.get(number) or facts[number].doing or ""
            if number in WEB:
                web.hears(words)
                web.hears(text)
            else:
                people[number].looks_back()
                assert f"You told us: “{words}”" in people[number].hears(text)
        shown = {number: board(address, number) for number in WORDS}
        for number, fact in facts.items():
            assert fact.said in shown[number]
            assert (ANSWERS.get(number) or fact.doing or "") in shown[number]
            assert WORDS[number] not in shown[number]
        assert "We can't" in shown[CANNOT]
        assert "Done" in shown[DONE]

        # Four weeks later: is it?
        mum.seen = mum.person.chat.arrived
        program.jump_to(MORNING + timedelta(days=29))
        mum.hears("we said that it is done. Is it?")
        mum.taps("Not yet")
        mum.hears("What is still not right?")
        mum.says(STILL)
        assert "It no longer counts as done." in mum.hears("Staff see that it is not right yet.")
        assert "We said it was done. Families told us that it is not right yet." in board(address, DONE)
        author.comes_in()
        on_the_desk = words_on(author, f"/items/{DONE}")
        assert "Families say that it is not, so it is open again." in on_the_desk
        assert "Not right yet: fewer than 5 people." in on_the_desk
        assert STILL in on_the_desk
        assert STILL not in board(address, DONE)


def words_on(staff: AtDesk, page: str) -> str:
    staff.opens(page)
    return staff.words


def board(address: str, number: int) -> str:
    main = httpx.get(f"{address}/board/{number}", timeout=30).text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
