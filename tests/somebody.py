"""Somebody with Telegram, in their own language, as a story tells of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from locales import _, speaking
from tests.patience import PATIENCE
from tests.standin import BotApi, Shown
from tests.standin.people import Person

Found = TypeVar("Found")


class Somebody:
    """What they look for is what has arrived since they last did something."""

    def __init__(self, api: BotApi, name: str, language: str = "en") -> None:
        self.api, self.language = api, language
        self.person: Person = api.person(first_name=name, language_code=language)
        self.seen = 0

    def read(self, sentence: str, **values: object) -> str:
        """An English sentence or label as it stands in their language."""
        with speaking(self.language):
            return _(sentence, **values)

    # -- what they do

    def says(self, text: str) -> None:
        self.seen = self.person.chat.arrived
        self.person.says(text)

    def starts(self, payload: str = "") -> None:
        self.seen = self.person.chat.arrived
        self.person.starts(payload)

    def taps(self, *labels: str) -> None:
        """Presses one button after the other, each on what came last; the first may have come long before."""
        for label in labels:
            self._taps(self.read(label))

    def _taps(self, label: str) -> None:
        shown = self.waits(lambda: self._with_button(label), f"[{label}]")
        self.seen = self.person.chat.arrived
        self.person.taps(label, on=shown)

    def _with_button(self, label: str) -> Shown | None:
        return next((one for one in reversed(self.new()) if label in one.labels), None)

    def marks(self, *beginnings: str) -> None:
        """Marks several buttons of one question by how their labels begin."""
        for beginning in beginnings:

            def label(beginning: str = beginning) -> str | None:
                labels = [label for one in reversed(self.new()) for label in one.labels]
                return next((label for label in labels if label.startswith(beginning)), None)

            self._taps(self.waits(label, f"[{beginning}…]") or "")

    def looks_back(self) -> None:
        """Looks at everything that ever came, for a button or for words."""
        self.seen = 0

    def waits(self, condition: Callable[[], Found], what: str) -> Found:
        try:
            return self.api.wait_for(condition, PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{self.person} waited in vain for {what}; there is {self.new()}") from error

    # -- what they see

    def new(self) -> list[Shown]:
        return self.person.chat.arrivals_after(self.seen)

    def hears(self, sentence: str, **values: object) -> str:
        """Waits for words; gives back all that has arrived since they last did something."""
        part = self.read(sentence, **values)
        self.waits(lambda: any(part in one.text for one in self.new()), part)
        return "\n".join(one.text for one in self.new())

    def file(self, kind: str) -> dict[str, Any]:
        """The newest document whose name ends like this."""
        found = [one.document for one in self.new() if one.document and one.document["file_name"].endswith(kind)]
        assert found, f"no file {kind}"
        return found[-1]

    def ever(self, part: str) -> bool:
        return any(part in text for text in self.person.chat.texts)
