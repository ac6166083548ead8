"""Words for `plain`: what staff write out of habit, with what to say instead; and syllables that spelling hides."""

from __future__ import annotations

# What office language says, and what people say.
STIFF = {
    "accordingly": "so",
    "additionally": "also",
    "advise us": "tell us",
    "ahead of": "before",
    "amend": "change",
    "and/or": "or",
    "ascertain": "find out",
    "assist": "help",
    "assistance": "help",
    "at this moment in time": "now",
    "at your earliest convenience": "when you can",
    "attend": "come to",
    "cease": "stop",
    "clarification": "a clear answer",
    "cohort": "group",
    "commence": "start",
    "commences": "starts",
    "complete the form": "fill in the form",
    "consequently": "so",
    "co-ordinate": "organise",
    "deem": "think",
    "demonstrate": "show",
    "disseminate": "share",
    "due to the fact that": "because",
    "endeavour": "try",
    "enquire": "ask",
    "ensure": "make sure",
    "facilitate": "help",
    "feedback loop": "hearing what happened",
    "finalise": "finish",
    "forthcoming": "coming",
    "further to": "after",
    "going forward": "from now on",
    "holistic": "whole",
    "implement": "start to do",
    "in accordance with": "as it says in",
    "in order to": "to",
    "in relation to": "about",
    "in respect of": "about",
    "in the event of": "if",
    "in the event that": "if",
    "inform": "tell",
    "key stakeholders": "people it matters to",
    "leverage": "use",
    "liaise": "talk",
    "monitor": "keep an eye on",
    "notify": "tell",
    "obtain": "get",
    "on a regular basis": "often",
    "operationalise": "do",
    "participate": "take part",
    "per annum": "a year",
    "pertaining to": "about",
    "please do not hesitate to": "please",
    "prior to": "before",
    "provide": "give",
    "purchase": "buy",
    "pursuant to": "under",
    "reach out to": "talk to",
    "regarding": "about",
    "remuneration": "pay",
    "request": "ask for",
    "require": "need",
    "reside": "live",
    "robust": "strong",
    "service user": "person",
    "service users": "people",
    "signpost": "tell you where to go",
    "strategic": "long-term",
    "submit": "send",
    "subsequently": "later",
    "sufficient": "enough",
    "take cognisance of": "think about",
    "terminate": "end",
    "timely manner": "good time",
    "undertake": "do",
    "utilise": "use",
    "wherein": "where",
    "whilst": "while",
    "with regard to": "about",
    "with regards to": "about",
    "with respect to": "about",
}

# Short forms that are words by now: nobody asks what they stand for.
KNOWN_TO_ALL = frozenset(
    {"NHS", "UK", "OK", "TV", "AM", "PM", "PDF", "QR", "SMS", "DVD", "USB", "ID", "BSL", "II", "III"}
)

# What cannot be promised: who says it does not know, or it is not so.
CERTAIN = (
    "guarantee",
    "guarantees",
    "guaranteed",
    "definitely",
    "certainly",
    "100%",
    "without fail",
    "never again",
    "will ensure",
    "rest assured",
)
SECRET = (
    "confidential",
    "confidentially",
    "in confidence",
    "in strict confidence",
    "completely private",
    "completely anonymous",
    "totally anonymous",
    "between us",
)
AT_ONCE = (
    "immediately",
    "instantly",
    "straight away",
    "straightaway",
    "right away",
    "at once",
    "24/7",
    "round the clock",
    "help is coming",
    "help is on its way",
    "help is on the way",
)
SOME_DAY = (
    "as soon as possible",
    "asap",
    "as soon as we can",
    "shortly",
    "in due course",
    "soon",
    "at the earliest opportunity",
    "in a timely way",
    "in a timely manner",
)

# Things that are done in office language without anybody doing them.
DONE_BY_NOBODY = (
    "actioned",
    "addressed",
    "advised",
    "agreed",
    "allocated",
    "approved",
    "arranged",
    "assessed",
    "assigned",
    "completed",
    "considered",
    "contacted",
    "decided",
    "delivered",
    "determined",
    "developed",
    "discussed",
    "distributed",
    "established",
    "escalated",
    "finalised",
    "forwarded",
    "given",
    "held",
    "identified",
    "implemented",
    "informed",
    "introduced",
    "investigated",
    "invited",
    "issued",
    "made",
    "monitored",
    "notified",
    "offered",
    "processed",
    "progressed",
    "provided",
    "published",
    "put in place",
    "raised",
    "received",
    "reminded",
    "required",
    "requested",
    "reviewed",
    "scheduled",
    "sent",
    "shared",
    "submitted",
    "taken",
    "taken into account",
    "undertaken",
    "updated",
)

# Syllables of words whose spelling misleads, most of them about children, schools and help: by how many they have.
_BY_COUNT = {
    1: """
        aged aren't build camhs can't change changed co deaf does don't else eye eyes fire fruit guard guess
        guide home hour juice league once one our pip place queue real send some suit tired tongue use used
        weren't whose won't yes
    """,
    2: """
        able anxious average barely being believe biscuit building business buyer cafe café camera carer changes
        circuit client colleague couldn't couple create dial diet difference different doesn't doing elsewhere
        evening every favourite fluid general going goodbye guidance hadn't hasn't haven't homework hundred
        icart interest iscan isn't issue leisure lifetime likely lion lovely maybe middle million naked needed
        nothing ofsted onion patience patient people people's places player poem poet precious preference
        preschool question quiet react really receive region resume ruin safeguard safely science science's
        seeing senco several social someone something sometimes somewhere special table theory therefore trial
        trouble union useful uses value valued wasn't wednesday welfare
    """,
    3: """
        actual annual anyone anything anywhere area audience autism autistic caregiver conference continue
        created dialogue diary earlier easier everyday everyone everything everywhere families family happier
        idea initial interested interesting manual museum nobody obvious opinion period previous reaction
        reassess reassure recipe reference referral religion religious reopen safeguarding sendiass serious
        somebody suitable temperature theatre therapies therapy timetable triage usual various vegetable video
        visual whatever whenever wherever
    """,
    4: """
        anxiety anybody appreciate associate continuous cooperate coordinate coproduction ehcps especially
        everybody experience immediate mediation reality situation society usually variety
    """,
    5: """
        coordinator immediately individual
    """,
}
SYLLABLES = {word: count for count, listed in _BY_COUNT.items() for word in listed.split()}
