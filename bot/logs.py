"""Logs hold ids, never words, names or tokens: nothing that a family typed ever reaches them."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from typing import Any

import structlog

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")


def start_logging(*, as_json: bool) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    # Libraries log whole addresses, and a bot's address holds its token.
    for name in ("httpx", "httpcore", "aiohttp", "telegram", "apscheduler", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_tokens)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _hide_tokens,
            structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: _NeverInTheWay(),
    )


class _NeverInTheWay:
    """Prints lines. Where they cannot be written (the disk is full, nobody reads the pipe any more) they are lost, and
    the program goes on: a log that raised ended the thread that writes the database, and nobody was answered again."""

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = msg


def _without_tokens(record: logging.LogRecord) -> bool:
    record.msg, record.args = TOKEN.sub("…", record.getMessage()), ()
    if record.exc_info and record.exc_info[0]:
        record.msg, record.exc_info = f"{record.msg} ({record.exc_info[0].__name__})", None
    return True


def _hide_tokens(_logger: Any, _name: str, event: Any) -> Any:
    return {key: TOKEN.sub("…", value) if isinstance(value, str) else value for key, value in event.items()}
