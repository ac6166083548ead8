"""Every path of every conversation, for a parent, a young person and staff, in every language, within every channel's
limits."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import Engine

from bot.channels.telegram.render import calls
from locales import languages
from models.partnership import Partnership
from tests.crawl import STARTS, WHO, Crawler, Seen, known

LONGEST_LABEL = 24  # of a row in a WhatsApp list
MOST_ROWS = 10
LONGEST_ASKED = 1024  # of a WhatsApp message with buttons or a list


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("language", sorted(languages()))
def test_every_path_of_every_conversation(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller, who: str, language: str
) -> None:
    known(tameside, engine, who, language)
    crawler = Crawler(engine, tameside, language)
    crawler.from_here(*STARTS)
    assert crawler.failures == []
    wrong = [f"{seen.where}: {complaint}" for seen in crawler.seen for complaint in complaints(seen)]
    assert wrong == []
    assert len(crawler.seen) > 100


def complaints(seen: Seen) -> list[str]:
    message, found = seen.message, []
    if message.text.startswith("Sorry, something went wrong"):
        found.append("it failed")
    if len(message.buttons) > MOST_ROWS:
        found.append(f"{len(message.buttons)} buttons")
    found += [f"long label: {button.label}" for button in message.buttons if len(button.label) > LONGEST_LABEL]
    labels = [button.label for button in message.buttons]
    if len(set(labels)) < len(labels):
        found.append(f"two buttons with one label: {labels}")
    found += [f"no label: {button}" for button in message.buttons if not button.label.strip()]
    if message.buttons and len(message.text) > LONGEST_ASKED:
        found.append(f"{len(message.text)} characters with buttons")
    if "{" in message.text or "}" in message.text:
        found.append(f"an unfilled place: {message.text}")
    if not message.text.strip():
        found.append("no words")
    if message.attachment is None and not calls(message, 1, None, None):
        found.append("nothing to send on Telegram")
    return found
