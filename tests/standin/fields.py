"""Reading the fields of a call, strictly.

Telegram ignores a field it does not know; here it fails the call, so that a slip in our code is found by a test and
not by a family. A reader takes what came over the wire (a form's string, or a value of a JSON body), returns the value
and raises ValueError with a reason; the method says which field it was.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from .refusals import bad

Reader: TypeAlias = Callable[[Any], Any]
Params: TypeAlias = dict[str, Any]

_INTEGER = re.compile(r"-?\d{1,19}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as a part of a multipart body."""

    name: str
    mime: str
    content: bytes = field(repr=False)


def integer(value: Any) -> int:
    """A whole number; forms carry it as digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    raise ValueError(f"must be a whole number, not {value!r}")


def number(value: Any) -> float:
    """A number; Telegram takes fractions of a second nowhere, but python-telegram-bot may send them."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return float(value)
    raise ValueError(f"must be a number, not {value!r}")


def flag(value: Any) -> bool:
    """True or False; in a form exactly `true` or `false`."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError(f"must be true or false, not {value!r}")


def text(value: Any) -> str:
    """A string that can be sent as UTF-8."""
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {value!r}")  # noqa: TRY004 - one kind of error for a wrong field
    value.encode()
    return value


def chat(value: Any) -> int:
    """A chat's id. Usernames are for channels, and this project has none."""
    try:
        return integer(value)
    except ValueError:
        raise bad("chat not found") from None


def file(value: Any) -> Upload | str:
    """A file: uploaded, or the id of one that is there already, or its address."""
    return value if isinstance(value, Upload) else text(value)


def within(least: int, most: int) -> Reader:
    """A whole number from `least` to `most`."""

    def read(value: Any) -> int:
        found = integer(value)
        if not least <= found <= most:
            raise ValueError(f"must be from {least} to {most}, not {found}")
        return found

    return read


def one_of(*values: str) -> Reader:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in values:
            raise ValueError(f"must be one of {', '.join(values)}, not {value!r}")
        return str(value)

    return read


def structure(value: Any) -> Any:
    """An object or a list; forms carry it as JSON."""
    if isinstance(value, str):
        value = orjson.loads(value)
    if not isinstance(value, dict | list):
        raise ValueError(f"must be an object or a list, not {value!r}")  # noqa: TRY004 - as above
    return value


def listing(item: Reader, most: int | None = None) -> Reader:
    """A list of `item`s, of at most `most`."""

    def read(value: Any) -> list[Any]:
        found = structure(value)
        if not isinstance(found, list):
            raise ValueError("must be a list")  # noqa: TRY004 - as above
        if most is not None and len(found) > most:
            raise ValueError(f"must hold at most {most}, not {len(found)}")
        return [item(one) for one in found]

    return read


def thing(required: Mapping[str, Reader], optional: Mapping[str, Reader]) -> Reader:
    """An object with exactly these fields."""

    def read(value: Any) -> dict[str, Any]:
        found = structure(value)
        if not isinstance(found, dict):
            raise ValueError("must be an object")  # noqa: TRY004 - as above
        return check(found, required, optional)

    return read


def check(given: Mapping[str, Any], required: Mapping[str, Reader], optional: Mapping[str, Reader]) -> dict[str, Any]:
    """Every field of `given`, read. Raises ValueError that names the one that is unknown, missing or ill-typed."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        reader = required.get(name) or optional.get(name)
        if reader is None:
            raise ValueError(f"unknown parameter {name!r}")
        try:
            found[name] = reader(value)
        except ValueError as problem:
            raise ValueError(f"parameter {name!r} {problem}") from None
    for name in required:
        if name not in found:
            raise ValueError(f"{name} is empty")
    return found
