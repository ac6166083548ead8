"""What to look at in a reply to one family, before it goes: what makes any text plainer, and what a reply must not do.

It may not name somebody whom the family did not name, nor promise a day on which nobody works. Advice, as all of it:
the writer decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from locales import _, dates
from models.area.facts import Term
from models.personal import Kind, personal_data
from models.plain.remarks import Remark, RemarkKind, check
from models.promise import is_working_day

MONTHS = ("january february march april may june july august september october november december").split()
WEEKEND = re.compile(r"\b(?:by|on|this|before)\s+(?:next\s+)?(saturday|sunday)\b", re.IGNORECASE)
DAY = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{'|'.join(MONTHS)})(?:,?\s+(?P<year>20\d\d))?\b",
    re.IGNORECASE,
)
# What is not in the hands of whoever writes.
OUTCOME = re.compile(
    r"\b(?:you|he|she|they|your (?:child|son|daughter))(?:['’]ll| will) (?:get|have|be given|be offered) (?:an? |the )?"
    r"(?:place|plan|ehcp?|funding|school place|diagnosis|taxi|one to one|1:1)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+")
MOST_DAYS_AGO = 200


def check_reply(text: str, glossary: Iterable[Term] = (), *, said: str = "", today: date) -> list[Remark]:
    """The remarks on a reply, the gravest first. `said` is what the family wrote: names that stand there are theirs to
    give. The sentences come in the language being spoken."""
    return [*_names(text, said), *_days(text, today), *_outcomes(text), *check(text, glossary)]


def _names(text: str, said: str) -> Iterator[Remark]:
    given = {word.casefold() for word in WORD.findall(said)}
    for mark in personal_data(text):
        words = text[mark.start : mark.end]
        if {word.casefold() for word in WORD.findall(words)} <= given:
            continue
        if mark.kind is Kind.NAME:
            said_so = _("“{words}” looks like a name. Leave it out: say the job or the team.", words=words)
        else:
            said_so = _("“{words}” may lead to a person. Leave it out if you can.", words=words)
        yield Remark(RemarkKind.NAME, words, said_so)


def _days(text: str, today: date) -> Iterator[Remark]:
    for found in WEEKEND.finditer(text):
        yield Remark(
            RemarkKind.PROMISE, found[0], _("Does anybody work on “{words}”? Say a working day.", words=found[0])
        )
    for found in DAY.finditer(text):
        day = _day(found, today)
        if day is not None and day >= today and not is_working_day(day):
            shown = dates.day(day)
            yield Remark(RemarkKind.PROMISE, found[0], _("{day} is no working day. Can you keep this?", day=shown))


def _day(found: re.Match[str], today: date) -> date | None:
    month = MONTHS.index(found["month"].casefold()) + 1
    try:
        day = date(int(found["year"] or today.year), month, int(found["day"]))
    except ValueError:
        return None
    if not found["year"] and (today - day).days > MOST_DAYS_AGO:
        return day.replace(year=day.year + 1)
    return day


def _outcomes(text: str) -> Iterator[Remark]:
    for found in OUTCOME.finditer(text):
        yield Remark(
            RemarkKind.PROMISE,
            found[0],
            _("Is “{words}” yours to promise? Say what you will do, and by which day.", words=found[0]),
        )
