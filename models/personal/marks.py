"""What is marked in a text, and the plain words that stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from locales import _


class Kind(StrEnum):
    """What could lead to a person."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    NHS_NUMBER = "nhs_number"
    PUPIL_NUMBER = "pupil_number"
    INSURANCE_NUMBER = "insurance_number"
    POSTCODE = "postcode"
    BIRTH = "birth"
    ADDRESS = "address"
    SCHOOL = "school"
    REFERENCE = "reference"
    ACCOUNT = "account"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Mark:
    """`text[start:end]` is of this kind."""

    kind: Kind
    start: int
    end: int


def in_words(kind: Kind) -> str:
    """What it is, in the language being spoken: “a name”."""
    return {
        Kind.NAME: _("a name"),
        Kind.PHONE: _("a phone number"),
        Kind.EMAIL: _("an e-mail address"),
        Kind.NHS_NUMBER: _("an NHS number"),
        Kind.PUPIL_NUMBER: _("a pupil number"),
        Kind.INSURANCE_NUMBER: _("an insurance number"),
        Kind.POSTCODE: _("a postcode"),
        Kind.BIRTH: _("a day of birth"),
        Kind.ADDRESS: _("an address"),
        Kind.SCHOOL: _("a school"),
        Kind.REFERENCE: _("a case number"),
        Kind.ACCOUNT: _("a link or account"),
        Kind.NUMBER: _("a number"),
    }[kind]
