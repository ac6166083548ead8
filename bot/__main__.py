"""`python -m bot` is `yousaid`."""

from bot.cli import main

main()
