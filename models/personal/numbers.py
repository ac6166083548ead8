"""Numbers, addresses of e-mail and web, days of birth: known by form, by check digit or by the word before.

All of these take a text in known letters (`letters.plain`) and give stretches of it. Where a form is doubtful it is
marked all the same: a number masked too many is asked about, one too few is published.
"""

# ruff: noqa: E501  # a pattern is read in one line

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import PhoneNumberType
from stdnum.gb import nhs
from stdnum.gb import upn as pupil

from .marks import Kind
from .public import public

Found = tuple[Kind, int, int]

_GAP = r"[\s.,\-()/·_*|]{0,3}"  # what people put between the digits of a number
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")

_EMAIL = re.compile(r"(?<![\w.+])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_EMAIL_SPACED = re.compile(
    r"(?<![\w.])[\w.+-]+(?: dot [\w+-]+)*\s{0,2}(?:@|\(at\)|\[at\]|\{at\}|\bat\b)\s{0,2}"
    r"[\w-]+(?:(?:\s{0,2}(?:\(dot\)|\[dot\]|\bdot\b)\s{0,2}|\s{0,2}\.\s{0,2}|\.)(?:com|co|uk|org|net|info|example|me|pl|eu|io|ac|gov|nhs|edu))+\b",
    re.IGNORECASE,
)
_EMAIL_SAID = re.compile(r"@|\(at\)|\[at\]|\{at\}|\bdot\b", re.IGNORECASE)
_PROVIDERS = re.compile(
    r"\b[\w.+-]{2,}\s(?:at|@)\s(?:gmail|hotmail|outlook|yahoo|icloud|googlemail|live|aol|btinternet|sky|proton)\b(?:\s?\.\s?[a-z.]{2,6})?",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”]+|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|co\.uk|org|net|uk|me|io|page|blog|info|pl|eu|tv|gg|ly|link|app)(?:/[^\s<>\"“”]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,}")
_HANDLE_NAMED = re.compile(
    r"\b(?:insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|twitter|facebook|fb|messenger|discord|telegram|whats\s?app|skype|roblox|xbox|gamertag|psn|username|user name|threads|bluesky)"
    r"(?:\s+(?:name|id|handle|account|user|username|tag))?(?:\s+(?:is|its|it's|as|under)\s+|\s*[:=@]\s*@?)([\w.#\-]{3,})(?:\s+(?-i:([A-Z][\w'-]+)))?",
    re.IGNORECASE,
)

_NHS = re.compile(rf"(?<![\d+])\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)")
_NHS_SAID = re.compile(
    rf"\bnhs\s*(?:no|num|number|nr|id|#)?\.?\s*(?:is|was|:|=|#|-)?\s*((?:\d{_GAP}){{6,12}}\d|(?:\d{_GAP}){{9}}\d)",
    re.IGNORECASE,
)
_UPN = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Z][\s-]?(?:\d[\s-]?){11}[\dA-HJ-NP-RT-Z](?![A-Za-z0-9])", re.IGNORECASE)
_UPN_SAID = re.compile(
    r"\b(?:upn|unique pupil number|pupil number|pupil no|pupil id|uln|learner number)\.?\s*(?:is|was|:|=|#|-)?\s*([A-Z0-9][A-Z0-9 -]{4,17}[A-Z0-9])\b",
    re.IGNORECASE,
)
_NINO = re.compile(
    r"(?<![A-Za-z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)  # fmt: skip
_NINO_SAID = re.compile(
    r"\b(?:ni|nino|n\.i\.|national insurance)(?:\s+(?:no|num|number|nr))?\.?\s*(?:is|was|:|=|#)?\s*([A-Z]{2}[\s.-]?(?:\d[\s.-]?){6}[A-Z]?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PESEL = re.compile(r"(?<!\d)\d{11}(?!\d)")
_PESEL_SAID = re.compile(r"\bpesel\w*\s*(?:to|jest|nr|numer|:|=|#)?\s*((?:\d[\s-]?){10}\d)", re.IGNORECASE)
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?:GIR\s?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRV-Y])[\s.-]{0,2}[0-9O][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_POSTCODE_SAID = re.compile(
    r"\b(?:post\s?code|kod pocztowy)\s*(?:is|to|:|=)?\s*([A-Z]{1,2}\s?\d[A-Z\d]?(?:\s{0,2}\d[A-Z]{2})?|\d{2}-\d{3})\b",
    re.IGNORECASE,
)

_PHONE = re.compile(rf"(?<![\w.@#/])(?:\(?\+|00)?\(?[\dOo](?:{_GAP}[\dOoIl]){{8,14}}(?![\dA-Za-z])")
_PHONE_SAID = re.compile(
    rf"\b(?:ring|call|phone|text|tel|telephone|mob|mobile|whats\s?app|number|num|no|landline|dial|telefon|numer|tel\.|dzwoń|dzwonić|fon|nambar)\b\W{{0,3}}"
    rf"(?:(?:me|us|her|him|is|on|at|to|back|my|number|nr|mi|pod|numer|it's|its|jest|now|please)\W{{1,3}}){{0,4}}(\+?\d(?:{_GAP}\d){{5,13}})(?!\d)",
    re.IGNORECASE,
)
_PHONE_SAID_URDU = re.compile(rf"(?:فون|نمبر|موبائل|کال)[^\d\n]{{0,20}}(\+?\d(?:{_GAP}\d){{5,13}})(?!\d)")
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2})(?!\d)")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|wrzesnia|października|pazdziernika|listopada|grudnia"
    "|جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر"
)
_DAY = (
    r"(?:\d{1,2}\s?[./\- ]\s?\d{1,2}\s?[./\- ]\s?\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s*(?:of\s+)?[\s./-]?(?:{_MONTHS})\.?(?:[\s,./-]*(?:'?\d{{4}}|'?\d{{2}})(?!\d))?"
    rf"|(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:[\s,]+\d{{4}})?(?!\d)|(?:{_MONTHS})\.?\s+(?:of\s+)?\d{{4}}(?!\d)|\d{{6}}(?!\d)|\d{{8}}(?!\d)|(?:19|20)\d\d(?!\d))"
)
_BIRTH_WORD = (
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bbirth\s?dates?\b|\bbirthday\b|\bb'?day\b|\bborn\b|\bborned\b|\bturn(?:s|ed|ing)?\s+\d{1,2}\b|\bur\.|\burodz\w*|\bdata urodzenia|\bdaty urodzenia"
    r"|\bpaidaish\b|تاریخ پیدائش|پیدائش|پیدا ہوا|پیدا ہوئی|پیدا|سالگرہ)"
)
_BIRTH = re.compile(rf"{_BIRTH_WORD}[^\d\n]{{0,18}}?({_DAY})", re.IGNORECASE)
_BIRTH_AFTER = re.compile(
    rf"({_DAY})\s*(?:کو|میں)?\s*(?:is (?:his|her|my|their) (?:birthday|dob|date of birth)|\(?dob\)?|پیدا)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:case|ref|our ref|your ref|reference|file|claim|application|referral|appeal|tribunal|complaint|ehcp?|ehcna|plan|patient|hospital|mrn|pupil|student|client|person|child|lcs|liquidlogic|mosaic|"
    r"passport|licence|license|customer|account|membership|candidate|exam|uci|dla|pip|nass|home office|sprawy|sprawa|sygnatura)"
    r"(?:\s+(?:id|no|num|number|nr|ref|reference|code|numer))?\.?\s*(?:is|was|to|:|=|#|-|№)?\s*(?:is\s+)?\(?"
    r"((?=[A-Z0-9/\-_.]*\d)(?:[A-Z]{1,6}[/\-_. ]?)?(?=[A-Z0-9]*\d)[A-Z0-9]{2,}(?:[/\-_.][A-Z0-9]+)*)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![A-Za-z0-9/])(?=[A-Z0-9/\-_]*[A-Z])(?=(?:[A-Z/\-_]*\d){4})[A-Z]{1,8}[/\-_]?[A-Z0-9]*(?:[/\-_][A-Z0-9]+)*(?![A-Za-z0-9/])"
)
_PLATE = re.compile(r"(?<![A-Za-z0-9])[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}\s?[A-HJ-PR-Z]{3}(?![A-Za-z0-9])")
_BANK = re.compile(r"(?<!\d)\d{2}-\d{2}-\d{2}\b[\s,]*(?:\w+\s+){0,3}\d{8}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:\d{4}[\s-]?){3}\d{4}(?!\d)")
_LONG = re.compile(r"(?<![\d£$€.,])\d{7,}(?![\d]|,\d|\.\d)")
_PLACE_ON_EARTH = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,}")

_SAID_DIGITS = {
    "hundred": "00", "thousand": "000", "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "jeden": "1", "dwa": "2", "trzy": "3", "cztery": "4", "pięć": "5", "piec": "5",
    "sześć": "6", "szesc": "6", "siedem": "7", "osiem": "8", "dziewięć": "9", "dziewiec": "9",
    "صفر": "0", "ایک": "1", "دو": "2", "تین": "3", "چار": "4", "پانچ": "5", "چہ": "6", "سات": "7", "اٹہ": "8", "آٹھ": "8", "نو": "9",
}  # fmt: skip
_REPEATED = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}
_SPOKEN = re.compile(r"[^\W\d_]+|\d+|[^\s\w]+")
_FEWEST_SPOKEN = 7
# Numbers of services, which nobody has at home: free, at the local rate, for companies, short.
_SERVICES = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN, PhoneNumberType.PREMIUM_RATE}
)


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def emails(text: str) -> Iterator[Found]:
    if not _EMAIL_SAID.search(text) and " at " not in text:
        return
    for pattern in (_EMAIL, _EMAIL_SPACED, _PROVIDERS):
        for found in pattern.finditer(text):
            if pattern is _EMAIL_SPACED and not re.search(
                r"@|\bdot\b|\(at\)|\[at\]|\{at\}", found.group(), re.IGNORECASE
            ):
                continue  # "I was at example.org"
            if found.group().casefold().rstrip(".") not in public().emails:
                yield Kind.EMAIL, found.start(), found.end()


def links(text: str) -> Iterator[Found]:
    if "." in text or "@" in text or ":" in text:
        for found in _LINK.finditer(text):
            address = found.group().rstrip(".,;:!?)")
            host = re.sub(r"^https?://", "", address, flags=re.IGNORECASE).split("/")[0].split(":")[0]
            if not public().has_host(host):
                yield Kind.ACCOUNT, found.start(), found.start() + len(address)
        for found in _HANDLE.finditer(text):
            yield Kind.ACCOUNT, found.start(), found.end()
    for found in _HANDLE_NAMED.finditer(text):
        if _is_account(found.group(1)) or (found.group(2) and found.group(1)[:1].isupper()):
            yield Kind.ACCOUNT, found.start(1), found.end()


def _is_account(word: str) -> bool:
    return bool(re.search(r"[\d_.#]", word.rstrip(".")))


def numbers(text: str) -> Iterator[Found]:
    """Everything that is known by its digits, the surest first."""
    if any(sign.isdigit() for sign in text):
        for look in _LOOKS:
            yield from look(text)
    yield from _spoken(text)


def _all_of(
    kind: Kind, pattern: re.Pattern[str], group: int = 0, sure: Callable[[str], bool] = bool
) -> Callable[[str], Iterator[Found]]:
    def look(text: str) -> Iterator[Found]:
        for found in pattern.finditer(text):
            if sure(found.group(group)):
                yield kind, found.start(group), found.end(group)

    return look


def _is_pesel(written: str) -> bool:
    number = digits(written)
    sums = sum(int(digit) * weight for digit, weight in zip(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=False))
    return (10 - sums % 10) % 10 == int(number[10]) and 1 <= int(number[2:4]) % 20 <= 12 and 1 <= int(number[4:6]) <= 31


def _is_not_public_postcode(written: str) -> bool:
    return re.sub(r"[\s.-]", "", written).upper() not in public().postcodes


def _is_number(written: str) -> bool:
    return digits(written) not in public().numbers


def _phones(text: str) -> Iterator[Found]:
    for found in _PHONE.finditer(text):
        written = found.group()
        if _DATE.search(written) and not written.startswith(("0", "+", "(0")):
            continue
        number = digits(written.translate(_LETTERS_FOR_DIGITS))
        if sum(sign.isdigit() for sign in written) >= 6 and _is_phone(written, number):
            yield Kind.PHONE, found.start(), found.end()


def _is_phone(written: str, number: str) -> bool:
    if number in public().numbers or not 9 <= len(number) <= 15:
        return False
    abroad = "+" in written or number.startswith("00")
    if not abroad and not number.startswith(("0", "7", "44")):
        return False
    try:
        read = phonenumbers.parse(("+" + number.removeprefix("00")) if abroad else number, "GB")
    except phonenumbers.NumberParseException:
        return number.startswith("0")
    return phonenumbers.number_type(read) not in _SERVICES


def _births(text: str) -> Iterator[Found]:
    for pattern in (_BIRTH, _BIRTH_AFTER):
        for found in pattern.finditer(text):
            yield Kind.BIRTH, found.start(1), found.end(1)


def dates(text: str) -> Iterator[tuple[int, int]]:
    """Days in figures: beside a name they are a day of birth (`find.py`)."""
    for found in _DATE.finditer(text):
        yield found.span()


def _spoken(text: str) -> Iterator[Found]:
    """“oh seven seven double nine …”: digits said one by one, in words, or some of them."""
    run: list[str] = []
    start = end = words = 0
    times = 1

    def ended() -> Iterator[Found]:
        if len(run) >= _FEWEST_SPOKEN and words >= 4:
            yield Kind.PHONE, start, end

    for found in _SPOKEN.finditer(text) if _may_be_spoken(text) else ():
        word = found.group().casefold()
        if word in _REPEATED:
            times = _REPEATED[word]
            if not run:
                start = found.start()
            words += 1
            continue
        digit = _SAID_DIGITS.get(word) or (word if word.isdigit() and len(word) < 6 else "")
        if digit:
            if not run and times == 1:
                start = found.start()
            words += not word.isdigit()
            run.extend(digit * times)
            times, end = 1, found.end()
        elif word not in {"-", ",", ".", "...", "/", "and", "space", "dash"}:
            yield from ended()
            run, words, times = [], 0, 1
    yield from ended()


def _may_be_spoken(text: str) -> bool:
    return sum(word in _SAID_DIGITS for word in text.casefold().replace(",", " ").replace("-", " ").split()) >= 4


_LOOKS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _all_of(Kind.NHS_NUMBER, _NHS_SAID, 1),
    _all_of(Kind.PUPIL_NUMBER, _UPN, sure=lambda written: pupil.is_valid(re.sub(r"[\s-]", "", written))),
    _all_of(Kind.PUPIL_NUMBER, _UPN_SAID, 1, lambda written: len(digits(written)) >= 5),
    _all_of(Kind.INSURANCE_NUMBER, _NINO),
    _all_of(Kind.INSURANCE_NUMBER, _NINO_SAID, 1),
    _all_of(Kind.NUMBER, _PESEL_SAID, 1),
    _births,
    _all_of(Kind.NUMBER, _BANK),
    _all_of(Kind.NUMBER, _CARD),
    _all_of(Kind.NUMBER, _PLACE_ON_EARTH),
    _phones,
    _all_of(Kind.NHS_NUMBER, _NHS, sure=lambda written: nhs.is_valid(digits(written)) and _is_number(written)),
    _all_of(Kind.NUMBER, _PESEL, sure=_is_pesel),
    _all_of(Kind.POSTCODE, _POSTCODE, sure=_is_not_public_postcode),
    _all_of(Kind.POSTCODE, _POSTCODE_SAID, 1, _is_not_public_postcode),
    _all_of(
        Kind.REFERENCE,
        _REFERENCE,
        1,
        lambda written: len(digits(written)) >= 3 and not re.fullmatch(r"(?:19|20)\d\d", written),
    ),
    _all_of(Kind.PHONE, _PHONE_SAID, 1, _is_number),
    _all_of(Kind.PHONE, _PHONE_SAID_URDU, 1, _is_number),
    _all_of(Kind.REFERENCE, _CODE),
    _all_of(Kind.NUMBER, _PLATE),
    _all_of(Kind.NUMBER, _LONG, sure=_is_number),
)
