"""The ladder of participation: how far families work with staff on something (T10).

Staff say it of an item and of a meeting; families see it, and the yearly report counts it. None: nobody has said yet.
"""

from __future__ import annotations

from enum import StrEnum


class Rung(StrEnum):
    """From the top down: the first three are done with families, the next two for them, the last to them."""

    CO_DESIGNING = "co-designing"
    ENGAGING = "engaging"
    CONSULTING = "consulting"
    INFORMING = "informing"
    EDUCATING = "educating"
    COERCING = "coercing"
