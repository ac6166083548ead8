"""Personal data of every kind, planted in ordinary sentences by a generator with a seed. All of it is invented.

Telephone numbers come from the ranges that Ofcom keeps free for drama; the other numbers are made by their own rules,
check digit included, so that they look as real as a real one.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

KNOWN = "Kieran Jayden Tyler Amelia Zahra Ayesha Oliver Callum Niamh Siobhan Ibrahim Maryam Aaliyah Kacper Bartosz Ewelina Reuben Imogen".split()
WORDS_TOO = "Grace Rose Mark Lily Daisy Poppy Max Jade Summer Amber Hope Faith".split()
PLACES_TOO = "Ashton Chester Preston Lincoln Denton Jordan Brooklyn Devon".split()
ON_NO_LIST = "Xyla Torvald Quillan Ezrin Brannoch Thelwyn Marzouq Okonjo Yevheniia Dzvinka".split()
FAMILY = (
    "Cross Nowak Hussain O'Brien Begum Okafor Smith-Jones Wiśniewska McAllister Patel Ramsbottom van der Merwe".split(
        " "
    )[:11]
)
URDU = "حمزہ زینب فاطمہ بلال عائشہ سدرہ".split()
STREETS = (
    "Mill Lane|Acacia Avenue|King Edward Road|Lord Street|Old Hall Close|Garden Walk|Birch Grove|St Anne's Road".split(
        "|"
    )
)
SCHOOLS = "Oakfield Primary School|St Oswin's RC Primary|Larkmoor High|Brindle Heath Academy|Thornvale Special School|Pinfold Nursery|St. Cuthwin's C of E Primary School".split(
    "|"
)


@dataclass(frozen=True)
class Planted:
    kind: str
    text: str
    identifier: str
    """As it stands in the text."""


Maker = Callable[[random.Random], tuple[str, str]]
"""Gives a sentence with `{}` in it, and what goes there."""


def planted(count: int, seed: int) -> Iterator[Planted]:
    """So many texts, each with one identifier, all kinds in turn."""
    chance = random.Random(seed)
    kinds = list(MAKERS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        sentence, identifier = chance.choice(MAKERS[kind])(chance)
        before, after = chance.choice(AROUND)
        yield Planted(kind, f"{before}{sentence.replace('{}', identifier)}{after}", identifier)


def survives(identifier: str, text: str) -> bool:
    """Whether an identifier, or what matters of it, can still be read in a text: its digits, or any of its words."""
    text = re.sub(r"\[[^\]]*\]", " | ", text)  # what stands in its place
    numbers, shown = _digits(identifier), _digits(text)
    if len(numbers) >= 4:
        return numbers in shown or any(part in shown for part in re.findall(r"\d{5,}", numbers))
    left = _words(text)
    return any(word in left for word in _words(identifier) if len(word) > 2 and word not in COMMON)


COMMON = frozenset(
    "school primary high academy nursery special the van der road lane avenue street close walk grove old hall garden king mill rc class double triple dot com mail example org net snapchat".split()
)


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(sign)) for sign in text if unicodedata.digit(sign, None) is not None)


def _words(text: str) -> set[str]:
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return set(re.findall(r"[^\W\d_]+", seen.casefold()))


AROUND = (
    ("", ""), ("Hello, ", ". Thank you."), ("we are so tired of this. ", " and nobody ever answers"), ("Please help! ", " 😢"),
    ("The taxi was late again.\n", "\nIt is not good enough."), ("", ", that is all I know"), ("The SEN team said to write here. ", " (again)"),
)  # fmt: skip


# -- numbers, as people write them


def _spaced(chance: random.Random, number: str, groups: tuple[int, ...]) -> str:
    parts, at = [], 0
    for size in groups:
        parts.append(number[at : at + size])
        at += size
    return chance.choice([" ", "-", ".", "  ", " - ", "/", "", " "]).join(part for part in parts if part)


def _disguised(chance: random.Random, number: str) -> str:
    """Other digits, signs that nobody sees, letters for digits."""
    match chance.randrange(6):
        case 0:
            return "".join(chr(0xFF10 + int(sign)) if sign.isdigit() else sign for sign in number)
        case 1:
            return "".join(chr(0x0660 + int(sign)) if sign.isdigit() else sign for sign in number)
        case 2:
            return "".join(chr(0x06F0 + int(sign)) if sign.isdigit() else sign for sign in number)
        case 3:
            return "\u200b".join(number)
        case 4:
            return number.replace(" ", "\u00a0").replace("-", "–")
        case _:
            return number


def _mobile(chance: random.Random) -> str:
    number = f"07700900{chance.randrange(1000):03}"
    groups = chance.choice([(5, 6), (5, 3, 3), (4, 3, 4), (11,), (3, 4, 4), (2, 2, 2, 2, 3)])
    written = _spaced(chance, number, groups)
    if chance.random() < 0.25:
        written = chance.choice(["+44 ", "+44", "0044 ", "(+44) ", "+44 (0)"]) + written[1:].lstrip(" -./")
    return written


def _landline(chance: random.Random) -> str:
    number = chance.choice(["01632960", "01134960", "01614960", "02079460"]) + f"{chance.randrange(1000):03}"
    return _spaced(chance, number, chance.choice([(5, 6), (4, 3, 4), (5, 3, 3), (11,)]))


SPOKEN = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _said(chance: random.Random) -> str:
    number = f"07700900{chance.randrange(1000):03}"
    words: list[str] = []
    at = 0
    while at < len(number):
        if number[at : at + 2] == number[at] * 2 and chance.random() < 0.7:
            words.append(f"double {SPOKEN[int(number[at])]}")
            at += 2
        else:
            words.append(chance.choice(["zero", "oh"]) if number[at] == "0" else SPOKEN[int(number[at])])
            at += 1
    return " ".join(words)


def _phone(chance: random.Random) -> tuple[str, str]:
    sentence = chance.choice(
        [
            "ring me on {}",
            "my number is {}",
            "call {} after six",
            "{} is my mobile",
            "text {} please",
            "Tel: {}",
            "you can get me on {} any day",
            "zadzwońcie {}",
            "میرا نمبر {} ہے",
            "mera number {} hai",
        ]
    )
    written = chance.choice([_mobile, _landline])(chance)
    return sentence, _disguised(chance, written) if chance.random() < 0.3 else written


def _phone_said(chance: random.Random) -> tuple[str, str]:
    return chance.choice(["its {}", "my number is {}", "ring me {} thanks"]), _said(chance)


def _nhs(chance: random.Random) -> tuple[str, str]:
    while True:
        digits = "999" + "".join(str(chance.randrange(10)) for _ in range(6))  # the range for tests
        check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            break
    number = _spaced(chance, digits + str(check), chance.choice([(3, 3, 4), (10,)]))
    if chance.random() < 0.2:
        number = _disguised(chance, number)
    return chance.choice(
        ["NHS number {}", "his nhs no is {}", "the letter says {} at the top", "NHS: {}", "{} is her NHS number"]
    ), number


def _upn(chance: random.Random) -> tuple[str, str]:
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    digits = "".join(str(chance.randrange(10)) for _ in range(12))
    digits = f"{chance.choice([357, 876, 800]):03}" + digits[3:]
    check = letters[sum((place + 2) * int(digit) for place, digit in enumerate(digits)) % 23]
    number = check + digits
    return chance.choice(["UPN {}", "his pupil number is {}", "the school uses {} for her"]), chance.choice(
        [number, number.lower(), f"{number[:4]} {number[4:8]} {number[8:]}"]
    )


def _nino(chance: random.Random) -> tuple[str, str]:
    digits = "".join(str(chance.randrange(10)) for _ in range(6))
    number = f"{chance.choice(['AB', 'JK', 'PW', 'CE'])}{digits}{chance.choice('ABCD')}"
    spaced = f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8]}"
    return chance.choice(["my NI number is {}", "National Insurance {}", "they asked for {} again"]), chance.choice(
        [number, spaced, number.lower()]
    )


def _pesel(chance: random.Random) -> tuple[str, str]:
    digits = f"{chance.randrange(100):02}{chance.choice([21, 25, 31, 3, 11]):02}{chance.randrange(1, 29):02}{chance.randrange(10000):04}"
    check = (
        10 - sum(int(digit) * weight for digit, weight in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True)) % 10
    ) % 10
    return chance.choice(["PESEL {}", "numer PESEL: {}", "w paszporcie jest {}", "jego pesel to {}"]), digits + str(
        check
    )


# -- addresses of all kinds


def _email(chance: random.Random) -> tuple[str, str]:
    name = chance.choice(["zahra.k", "j_smith82", "mum-of-3", "kowalska", "o.brien+send"])
    host = chance.choice(["example.org", "example.com", "mail.example.co.uk", "example.net"])
    written = chance.choice(
        [
            f"{name}@{host}",
            f"{name}@{host}".upper(),
            f"{name} @ {host}",
            f"{name}(at){host}",
            f"{name} at {host.replace('.', ' dot ')}",
            f"{name} [at] {host.replace('.', ' [dot] ')}",
            f"{name}＠{host}",
        ]
    )
    return chance.choice(["write to {}", "my email is {}", "{} is best", "e-mail: {}", "mój mail {}"]), written


def _postcode(chance: random.Random) -> tuple[str, str]:
    outward = chance.choice(["SK14", "OL6", "M34", "WA8", "WA7", "SK16", "EC1A", "M1", "L3"])
    inward = f"{chance.randrange(10)}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}"
    written = chance.choice(
        [
            f"{outward} {inward}",
            f"{outward}{inward}",
            f"{outward} {inward}".lower(),
            f"{outward}{inward}".lower(),
            f"{outward}  {inward}",
            f"{outward}-{inward}",
        ]
    )
    return chance.choice(
        ["we are at {}", "postcode {}", "I live in {} now", "kod pocztowy {}", "nobody collects from {}"]
    ), written


def _address(chance: random.Random) -> tuple[str, str]:
    street = chance.choice(STREETS)
    number = chance.choice(
        [
            str(chance.randrange(1, 200)),
            f"{chance.randrange(1, 90)}a",
            f"Flat {chance.randrange(1, 9)}, {chance.randrange(1, 90)}",
            f"{chance.randrange(1, 90)}",
        ]
    )
    sentence = chance.choice(
        [
            "we live at {}",
            "the taxi never comes to {}",
            "my address is {}",
            "{}, that is where we are",
            "they sent it to {}",
        ]
    )
    if chance.random() < 0.25 and sentence.startswith(("we live", "my address")):
        return sentence, f"{number} {street}".lower()
    return sentence, f"{number} {street}"


def _address_polish(chance: random.Random) -> tuple[str, str]:
    return chance.choice(["mieszkamy przy {}", "adres: {}"]), chance.choice(
        ["ul. Długiej 5", "ul. Kwiatowa 12/3", "ulicy Polnej 7", "os. Zielone 4"]
    )


def _link(chance: random.Random) -> tuple[str, str]:
    written = chance.choice(
        [
            "https://www.facebook.com/kieran.cross.9",
            "instagram.com/zahra_k",
            "@jaydenplays07",
            "https://example.com/family/nowak",
            "www.tiktok.com/@lily_mae2012",
            "snapchat: kieran_x9",
            "t.me/zahra_k1",
        ]
    )
    return chance.choice(["look at {}", "it is all on {}", "find me, {}", "he posted it on {} last night"]), written


def _born(chance: random.Random) -> tuple[str, str]:
    day, month, year = chance.randrange(13, 29), chance.randrange(1, 13), chance.randrange(2005, 2022)
    name = "January February March April May June July August September October November December".split()[month - 1]
    polish = (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split()[
            month - 1
        ]
    )
    urdu = "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر".split()[month - 1]
    written = chance.choice(
        [
            f"{day}/{month:02}/{year}",
            f"{day}.{month}.{year % 100:02}",
            f"{day}-{month:02}-{year}",
            f"{day} {month:02} {year}",
            f"{day}th {name} {year}",
            f"the {day}th of {name} {year}",
            f"{name} {day}, {year}",
            f"{day} {name[:3].lower()} {year}",
            f"{year}-{month:02}-{day}",
            f"{day}{month:02}{year}",
        ]
    )
    english = [
        "dob {}",
        "D.O.B. {}",
        "his date of birth is {}",
        "born {}",
        "she was born on {}",
        "my birthday is {}",
        "DOB: {}",
        "he was born on the {}",
    ]
    if chance.random() < 0.2:
        return chance.choice(["ur. {}", "urodzony {}", "urodziła się {}", "data urodzenia: {}"]), chance.choice(
            [f"{day}.{month:02}.{year}", f"{day} {polish} {year}"]
        )
    if chance.random() < 0.15:
        return chance.choice(["تاریخ پیدائش {}", "وہ {} کو پیدا ہوا"]), f"{day} {urdu} {year}"
    return chance.choice(english), written


def _reference(chance: random.Random) -> tuple[str, str]:
    digits = f"{chance.randrange(10000, 9999999)}"
    written = chance.choice(
        [
            f"EHC/{2020 + chance.randrange(6)}/{digits}",
            f"EHCP-{digits}",
            digits,
            f"SEN{digits}",
            f"TC-{digits}/B",
            f"LCS{digits}",
        ]
    )
    return chance.choice(
        [
            "case number {}",
            "our ref: {}",
            "the reference is {}",
            "EHCP ref {}",
            "hospital number {}",
            "client id {}",
            "file no. {}",
        ]
    ), written


def _plate(chance: random.Random) -> tuple[str, str]:
    return chance.choice(["the taxi is {}", "reg {}"]), chance.choice(["AB12 CDE", "MX71 KLP", "PO19XYZ"])


# -- names and schools


def _child(chance: random.Random) -> tuple[str, str]:
    name = chance.choice(KNOWN + WORDS_TOO + PLACES_TOO + ON_NO_LIST)
    whole = f"{name} {chance.choice(FAMILY)}" if chance.random() < 0.4 else name
    return chance.choice(
        [
            "my son {} has no place",
            "my daughter {} is at home",
            "our lad, {}, waits",
            "my child {} needs help",
            "my son is called {}",
            "her name is {}",
            "my eldest son {} was sent home",
            "their daughter {} cried",
            "my boy's name is {}",
        ]
    ), whole


def _child_small(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        ["my son {} wont go in", "my daughter {} hasnt slept", "he is called {}", "my name is {} and i hate it"]
    ), chance.choice(KNOWN + PLACES_TOO).lower()


def _in_passing(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        [
            "Nobody asked {} what she wanted",
            "We told {} that it was over",
            "I want help for {}",
            "because {} cannot cope",
            "It was {} who rang",
            "{} is still waiting",
            "{}'s taxi never came",
            "They moved {} and told nobody",
        ]
    ), chance.choice(KNOWN)


def _adult(chance: random.Random) -> tuple[str, str]:
    family = chance.choice(FAMILY)
    sentence = chance.choice(
        ["{} said no", "his teacher {} shouted", "we saw {} on Monday", "I spoke to {} about it", "thank you to {}"]
    )
    return sentence, f"{chance.choice(['Mrs', 'Mr', 'Miss', 'Ms', 'Dr', 'Mr.', 'Dr.', 'Mx', 'Prof'])} {family}"


def _worker(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        [
            "our SENCO {} never rings",
            "his social worker {} left",
            "her caseworker {} was kind",
            "the driver {} shouted",
            "his teacher {} is lovely",
            "my friend {} saw it",
        ]
    ), chance.choice(KNOWN + ON_NO_LIST)


def _mixed_script(chance: random.Random) -> tuple[str, str]:
    name = chance.choice(["Kieran", "Jayden", "Oliver"])
    return "my son {} is not well", chance.choice(
        ["\u200b".join(name), name.replace("e", "е"), "".join(chr(ord(sign) + 0xFEE0) for sign in name)]
    )


def _polish(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        [
            "mój syn {} nie ma miejsca w szkole",
            "moja córka {} płacze",
            "nazywam się {}",
            "mam na imię {}",
            "syn {} ma autyzm",
            "Moja córeczka {} nie mówi",
        ]
    ), chance.choice(
        ["Jakub", "Zuzanna", "Łukasz", "Małgorzata", "Świętosław", "Bożydar", "Stanisław Wiśniewski", "Ewa Dąbrowska"]
    )


def _polish_bent(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        [
            "proszę pomóc mojemu synowi: {} czeka",
            "nikt nie słucha, co mówi {}",
            "mojego syna {} nie przyjęli",
            "z {} jest coraz gorzej",
        ]
    ), chance.choice(["Jakuba", "Kacprem", "Zosią", "Mateusza", "Michałowi", "Filipa"])


def _urdu(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        ["میرا بیٹا {} اسکول نہیں جاتا", "میری بیٹی {} روتی ہے", "اس کا نام {} ہے", "میرے بیٹے {} کو مدد چاہیے"]
    ), chance.choice(URDU)


def _roman_urdu(chance: random.Random) -> tuple[str, str]:
    return chance.choice(["mera beta {} school nahi jata", "meri beti {} roti hai", "mera naam {} hai"]), chance.choice(
        ["Hamza", "Zainab", "Bilal", "Ayesha"]
    )


def _school(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        [
            "he goes to {}",
            "{} will not take him",
            "she is in year 4 at {}",
            "the head of {} said no",
            "a girl in Year 9 at {}",
        ]
    ), chance.choice(SCHOOLS)


def _class(chance: random.Random) -> tuple[str, str]:
    return chance.choice(["im in {} and they laugh", "he is in class {} now", "everyone in {} saw it"]), chance.choice(
        ["8C", "10B", "7L", "9X2"]
    )


MAKERS: dict[str, tuple[Maker, ...]] = {
    "phone": (_phone,), "phone, said": (_phone_said,), "NHS number": (_nhs,), "pupil number": (_upn,), "insurance number": (_nino,), "PESEL": (_pesel,),
    "e-mail": (_email,), "postcode": (_postcode,), "address": (_address, _address, _address_polish), "link or account": (_link,), "day of birth": (_born,),
    "reference": (_reference,), "number plate": (_plate,), "name after a cue": (_child,), "name, small": (_child_small,), "name in passing": (_in_passing,),
    "adult": (_adult,), "worker": (_worker,), "name in disguise": (_mixed_script,), "Polish name": (_polish,), "Polish name, bent": (_polish_bent,),
    "Urdu name": (_urdu,), "Urdu in Latin letters": (_roman_urdu,), "school": (_school,), "class": (_class,),
}  # fmt: skip
