"""The web chat: the embedded channel, which needs no account and no other company.

`WebChat` takes in what somebody wrote or pressed, and wakes the pages that wait for news; `timeline` reads a
conversation back from the rows. The pages themselves are in bot/web/.
"""

from bot.channels.web.chat import CHANNEL, WebChat, WebRows
from bot.channels.web.timeline import Entry, news, whole

__all__ = ["CHANNEL", "Entry", "WebChat", "WebRows", "news", "whole"]
