"""Telegram, through python-telegram-bot: what its updates say, and what our messages look like there.

    bot = new_bot(token, api_url)               python-telegram-bot's own Bot, over our own HTTP
    channel = Telegram(bot)                     deliver(), fetch(): what the post needs
    hearing = Hearing(channel, turns, on_turned)
    await Polling(bot, hearing).run()           or webhook_route(hearing, secret) and open_webhook(bot, ...)

Nothing is acknowledged before it has been committed, and nothing is guessed about what was sent.
"""

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.hearing import Hearing
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.profile import describe, forget_staff_commands, set_staff_commands
from bot.channels.telegram.request import new_bot
from bot.channels.telegram.webhook import close_webhook, open_webhook, webhook_route

__all__ = [
    "Hearing",
    "Polling",
    "Telegram",
    "close_webhook",
    "describe",
    "forget_staff_commands",
    "new_bot",
    "open_webhook",
    "set_staff_commands",
    "webhook_route",
]
