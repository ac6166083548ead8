"""Pulses: one short question at a time, to those who agreed to it, and how the answers move (T7, T8).

Off until somebody says yes. A statement of the area's (`pulses.toml`) is put to each in turn, never more often than the
area allows, in day time; families and staff are asked the same, so that their answers can be compared. Who erases their
things takes their answers along.

`trend` is what may be shown of it: by month and by who answers, and nothing of a group smaller than the area's
threshold. `picture` draws it, in a process of its own: drawing is heavy.
"""

from models.pulse.asking import (
    agree,
    answer,
    answers_of,
    asked,
    due,
    forget_old,
    next_statement,
    no_more,
    statement,
    wants,
)
from models.pulse.drawing import drawn, in_words, picture, sides, svg
from models.pulse.tables import PulseAnswer, PulsePicture, PulseWish, Side
from models.pulse.trend import Point, Trend, comparison, trend

__all__ = [
    "Point",
    "PulseAnswer",
    "PulsePicture",
    "PulseWish",
    "Side",
    "Trend",
    "agree",
    "answer",
    "answers_of",
    "asked",
    "comparison",
    "drawn",
    "due",
    "forget_old",
    "in_words",
    "next_statement",
    "no_more",
    "picture",
    "sides",
    "statement",
    "svg",
    "trend",
    "wants",
]
