"""A strict stand-in for the Telegram Bot API, over real HTTP. python-telegram-bot talks to it unmodified.

    with BotApi() as api:                       # base_url=api.url, base_file_url=api.file_url, token=api.token
        person = api.person(7, "Sam")
        person.starts()
        assert "Hello" in person.hears().text
        person.taps("Yes")

As a process: `python -m tests.standin --port 8081 --latency-ms 30`; control by HTTP under /_control/ (control.py).
"""

from .api import BotApi
from .faults import Fault, Kind
from .judge import Button, Call, Chat, Message, Shown
from .people import Group, Person
from .updates import Update

__all__ = ["BotApi", "Button", "Call", "Chat", "Fault", "Group", "Kind", "Message", "Person", "Shown", "Update"]
