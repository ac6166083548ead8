"""The public board: "You said, we are doing", for everybody, without the chat and without a script.

Nothing here knows who is looking: no cookie is read, so that a page is the same for all and may be kept for a minute.
"""

from __future__ import annotations

from bot.web.board.pages import BoardPages

__all__ = ["BoardPages"]
