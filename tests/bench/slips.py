"""Writes a question as it may arrive from a tired thumb, an ear, or a telephone that thinks it knows better.

`slipped(text, chance)` gives the text again with slips in it: words spelt as they sound ("speek", "assesmnt"), letters
missed, swapped, doubled or from the key beside, words joined or parted, the wrong word that sounds alike or that the
telephone put in ("my sun", "the careers allowance"). `dictated(text, chance)` gives it as it comes out of talking to a
telephone: no marks, no capitals, "um" and "you know". The learning puts both among the examples (tests/bench/learn.py).
"""

import re
from random import Random

_SLIPS = 0.3
"""Of the words, how many get one; at least one does."""
_SHORTEST = 4
"""Letters: of shorter words only those in `_HEARD` go wrong here."""
_FILLERS = ("um", "erm", "er", "like", "you know", "well", "basically", "right", "so yeah")

# What is typed for what was meant: sounds alike, or what telephones put in its place.
_HEARD = {
    "son": ("sun",), "sons": ("suns",), "my": ("me", "mi"), "who": ("hu", "hoo", "how"), "where": ("were", "wear"),
    "their": ("there", "thier"), "there": ("their",), "your": ("you're",), "hear": ("here",), "know": ("no", "kno"),
    "write": ("rite", "right"), "writing": ("riting",), "right": ("rite",), "wait": ("weight", "wate"),
    "waiting": ("wating",), "week": ("weak",), "weeks": ("weaks",), "break": ("brake",), "breaks": ("brakes",),
    "for": ("four", "fro"), "to": ("too",), "of": ("off", "ov"), "the": ("teh", "th"), "is": ("iz",), "and": ("an",),
    "with": ("wiv", "wiht"), "what": ("wot", "wat"), "because": ("becuse", "cuz", "becos"), "school": ("skool", "scool", "shcool"),
    "speak": ("speek", "speack"), "speaking": ("speeking",), "speech": ("speach", "speach", "peach", "spech"),
    "talk": ("tork", "tolk"), "talking": ("torking", "takling"), "therapy": ("theropy", "therapie", "thearpy"),
    "therapist": ("theropist", "therapest"), "assessment": ("assesment", "assesmnt", "asessment"), "assessed": ("assesed", "asessed"),
    "autism": ("autisum", "artism", "autisim"), "autistic": ("artistic", "autisitc", "ortistic"), "adhd": ("ahdh", "adh", "ad hd"),
    "ehcp": ("echp", "ehpc", "ehc p", "ecp"), "senco": ("senko", "cenco", "senior"), "sendiass": ("sendias", "cendias"),
    "camhs": ("cams", "camms", "calms", "chams"), "dla": ("d l a", "dal"), "pip": ("pipp", "pp"), "carer": ("career", "carrer"),
    "carers": ("careers", "carrers"), "plan": ("plane", "plann"), "form": ("from",), "forms": ("froms",), "taxi": ("taxy", "tax"),
    "appeal": ("apeal", "apple", "appeel"), "respite": ("respit", "despite", "resbite"), "portage": ("portridge", "postage"),
    "transport": ("transprt", "trasnport"), "tribunal": ("tribunel", "tribual"), "diagnosis": ("diagnosys", "dyagnosis"),
    "diagnosed": ("diagnost", "dignosed"), "allowance": ("allowence", "alowance"), "benefits": ("benifits", "benfits"),
    "benefit": ("benifit",), "physio": ("fizio", "fisio"), "nursery": ("nursary", "nursry"), "nurse": ("nerse",),
    "excluded": ("exculded", "xcluded"), "exclusion": ("exclution",), "anxiety": ("anxioty", "angsiety"),
    "anxious": ("anxous", "ancious"), "behaviour": ("behavier", "behavour"), "wheelchair": ("wheel chair", "weelchair"),
    "hearing": ("herring", "hering"), "medication": ("meditation", "medcation"), "medicine": ("medisin",), "badge": ("bage", "bag"),
    "appointment": ("apointment", "appoitment"), "doctor": ("docter", "dr"), "disabled": ("disable", "dissabled"),
    "disability": ("disabilty", "dissability"), "please": ("plz", "pls", "plese"), "daughter": ("dauhter", "dorter", "daugter"),
    "brother": ("bruvver", "broter"), "child": ("chid", "chlid"), "children": ("childern", "childrens"), "teacher": ("techer", "teecher"),
    "learning": ("lerning",), "reading": ("reeding",), "eating": ("eeting",), "eat": ("eet",), "sleep": ("sleap", "slepe"),
    "sleeping": ("sleaping",), "toilet": ("toylet", "tolet"), "tired": ("tierd",), "referral": ("referal", "refferal"),
    "refused": ("refussed", "re fused"), "meeting": ("meating", "meetin"), "council": ("counsil", "counsel"), "review": ("revue", "reveiw"),
    "college": ("collage", "colledge"), "sensory": ("sensery", "sensary"), "dyslexia": ("dislexia", "dyslexya"),
    "stammer": ("stamer", "stama"), "stutter": ("stuter", "studder"), "glasses": ("glases",), "walk": ("wark", "wolk"),
    "walking": ("waking", "warking"), "bullied": ("bulied", "bullyed"), "bullying": ("bulling", "bullieing"), "money": ("mony", "munny"),
    "debt": ("det", "dept"), "rent": ("rant",), "place": ("plase", "palce"), "letter": ("leter", "later"), "help": ("hlep", "halp"),
    "night": ("nite",), "cant": ("carnt", "can't of"), "doesnt": ("dosnt", "doesant"), "wont": ("want", "wount"), "wet": ("whet",),
    "wets": ("whets",), "bed": ("bead",), "blue": ("blew",), "hurt": ("hert",), "course": ("corse",), "would": ("wood",),
    "could": ("cud",), "should": ("shud",), "first": ("furst",), "group": ("grup", "gruop"), "groups": ("grups",), "club": ("clob",),
    "activities": ("activitys", "activites"), "holiday": ("holliday",), "holidays": ("hollidays",), "social": ("soshal", "socal"),
    "worker": ("wroker", "werker"), "mental": ("mentle",), "health": ("helth", "heath"), "epilepsy": ("eppilepsy", "epilepsey"),
    "fits": ("fitts",), "deaf": ("def", "death"), "blind": ("blinde",), "language": ("langauge", "langwidge"),
    "occupational": ("ocupational", "occupation"), "occupation": ("ocupation",), "psychologist": ("sycologist", "phsycologist"),
    "paediatrician": ("pediatrition", "peadiatrician"), "educational": ("edjucational", "eductional"), "adviser": ("advicer",),
    "advice": ("advise", "advis"), "complain": ("complane", "compain"), "complaint": ("complant",), "admissions": ("addmissions", "admisions"),
    "childcare": ("child care", "chilcare"), "transition": ("transistion", "tranzition"), "discrimination": ("discrimnation",),
    "university": ("uni versity", "universty"), "allowed": ("aloud",), "whole": ("hole",), "weight": ("wait",),
}  # fmt: skip

# Spelt by ear: what is written, what it becomes.
_BY_EAR = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("ea", "ee"), ("ee", "ea"), ("tion", "shun"), ("tion", "sion"), ("ph", "f"), ("ight", "ite"), ("ck", "k"), ("ought", "ort"),
        ("ough", "uff"), ("^wr", "r"), ("^kn", "n"), ("ie", "ei"), ("ei", "ie"), ("er$", "a"), ("our$", "or"), ("th$", "f"), ("^wh", "w"),
        ("ing$", "in"), ("ing$", "ng"), ("y$", "ie"), ("qu", "kw"), ("ce$", "s"), ("ce", "se"), ("ci", "si"), ("se$", "ze"), ("^c(?=[aou])", "k"),
        ("le$", "el"), ("el$", "le"), ("al$", "el"), ("ai", "ay"), ("ay$", "ai"), ("oo", "u"), ("ou", "ow"), ("ate$", "ait"), ("ies$", "ys"),
        ("ed$", "d"), ("ent$", "ant"), ("ant$", "ent"), ("ance$", "ence"), ("(?<=[a-z])e$", ""), ("aw", "or"), ("au", "or"), ("x", "ks"),
        ("dge", "ge"), ("tch", "ch"), ("(?<!^)h", ""), ("ible$", "able"), ("able$", "ible"), ("ise$", "ize"), ("ly$", "ley"),
    )
)  # fmt: skip
_BESIDE = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol", "a": "qsz",
    "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb", "h": "gyjn", "j": "hukm", "k": "jil", "l": "kop", "z": "asx", "x": "zsc",
    "c": "xdv", "v": "cfb", "b": "vgn", "n": "bhm", "m": "nj",
}  # fmt: skip
_VOWEL = re.compile("(?<=[a-z])[aeiou](?=[a-z])")
_DOUBLE = re.compile(r"([a-z])\1")
_WORD = re.compile(r"[A-Za-z']+")


def slipped(text: str, chance: Random) -> str:
    """The text with slips in about a third of its words, and now and then two words run together."""
    words = text.split()
    able = [place for place, word in enumerate(words) if _can(word)]
    if not able:
        return text
    many = max(1, round(_SLIPS * len(able) * chance.uniform(0.5, 1.8)))
    for place in chance.sample(able, min(many, len(able))):
        words[place] = _wrong(words[place].lower(), chance)
    if len(words) > 2 and chance.random() < 0.12:
        place = chance.randrange(len(words) - 1)
        words[place : place + 2] = [words[place] + words[place + 1]]
    return " ".join(words)


def dictated(text: str, chance: Random) -> str:
    """The text as a telephone writes down what is said to it."""
    spoken = re.sub(r"[^\w\s']", " ", text).lower().split()
    for _ in range(chance.choice((0, 1, 1, 2))):
        spoken.insert(chance.randrange(len(spoken) + 1), chance.choice(_FILLERS))
    return " ".join(
        chance.choice(_HEARD[word]) if word in _HEARD and chance.random() < 0.1 else word for word in spoken
    )


def _can(word: str) -> bool:
    plain = word.lower().strip(".,?!")
    return plain in _HEARD or (len(plain) >= _SHORTEST and _WORD.fullmatch(plain) is not None)


def _wrong(word: str, chance: Random) -> str:
    plain = word.strip(".,?!")
    if (plain in _HEARD and chance.random() < 0.6) or len(plain) < _SHORTEST:
        return chance.choice(_HEARD.get(plain, (plain,)))
    # Weighted as people make them: by ear most, then the thumb.
    way = chance.choices(
        (_by_ear, _vowel_missed, _undoubled, _doubled, _swapped, _missed, _beside), (40, 14, 8, 6, 14, 10, 8)
    )[0]
    return way(plain, chance)


def _by_ear(word: str, chance: Random) -> str:
    fitting = [(pattern, instead) for pattern, instead in _BY_EAR if pattern.search(word)]
    if not fitting:
        return _vowel_missed(word, chance)
    pattern, instead = chance.choice(fitting)
    return pattern.sub(instead, word, count=1)


def _vowel_missed(word: str, chance: Random) -> str:
    places = [found.start() for found in _VOWEL.finditer(word)]
    if not places:
        return _swapped(word, chance)
    place = chance.choice(places)
    if chance.random() < 0.35:  # another vowel in its place
        return word[:place] + chance.choice("aeiou") + word[place + 1 :]
    return word[:place] + word[place + 1 :]


def _undoubled(word: str, chance: Random) -> str:
    return _DOUBLE.sub(r"\1", word, count=1) if _DOUBLE.search(word) else _missed(word, chance)


def _doubled(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + word[place] + word[place:]


def _swapped(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _missed(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + word[place + 1 :]


def _beside(word: str, chance: Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + chance.choice(_BESIDE.get(word[place], word[place])) + word[place + 1 :]
