"""Reads a number, an e-mail or a web address as staff type it, or says that it is none. Nothing is guessed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, shortnumberinfo

REGION = "GB"
LONGEST_HOURS = 80
_EMAIL = re.compile(r"[^\s@,;:<>()\"]+@[\w-]+(\.[\w-]+)+")


def read_phone(text: str) -> str:
    """A number that can be rung in the United Kingdom, spaced as it is written there.

    Short numbers ("111", "116 123") stay as they are typed. Raises ValueError for what is no number, and for one that
    costs the family a premium rate.
    """
    typed = " ".join(text.split())
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if shortnumberinfo.is_valid_short_number_for_region(number, REGION) and re.fullmatch(r"[\d ]+", typed):
        return typed
    if not phonenumbers.is_valid_number_for_region(number, REGION):
        raise ValueError("not a number of this country")
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        raise ValueError("a number at a premium rate")
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def read_email(text: str) -> str:
    """Raises ValueError for what cannot be one."""
    typed = text.strip()
    if len(typed) > 254 or not _EMAIL.fullmatch(typed):
        raise ValueError("not an e-mail address")
    return typed


def read_web(text: str) -> str:
    """An address that a browser opens; “https://” is put before one that was typed without. Raises ValueError."""
    typed = text.strip()
    address = typed if "://" in typed else f"https://{typed}"
    parts = urlsplit(address)
    host = parts.hostname or ""
    plain = parts.scheme in ("http", "https") and parts.username is None and not re.search(r"\s", address)
    if not plain or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) or len(address) > 500:
        raise ValueError("not a web address")
    return address


def read_hours(text: str) -> str:
    """One short line. Raises ValueError for more."""
    typed = " ".join(text.split())
    if not 1 <= len(typed) <= LONGEST_HOURS:
        raise ValueError("too long for opening hours")
    return typed
