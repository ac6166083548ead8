"""Miss-watch: two in a hundred of the texts that the screening let pass are read again, by two people (issue 5): what
families tell us, what they write about it later, what they ask the Who's Who, and what they send ahead to a meeting.

`tables` holds the rows, `picking` says which texts are read again, `reading` who reads them and what comes of it.
"""

from __future__ import annotations

from models.second_look.picking import (
    MOST_IN_A_WEEK,
    pick_ahead_if_its_turn,
    pick_if_its_turn,
    pick_one_a_week,
    pick_question_if_its_turn,
)
from models.second_look.reading import (
    Counted,
    counted,
    judge,
    look_of,
    missed_texts,
    shown_to,
    to_read,
    words_not_sent,
)
from models.second_look.tables import Judged, SecondLook, SecondReading

__all__ = [
    "MOST_IN_A_WEEK",
    "Counted",
    "Judged",
    "SecondLook",
    "SecondReading",
    "counted",
    "judge",
    "look_of",
    "missed_texts",
    "pick_ahead_if_its_turn",
    "pick_if_its_turn",
    "pick_one_a_week",
    "pick_question_if_its_turn",
    "shown_to",
    "to_read",
    "words_not_sent",
]
