"""The stand-in as a process: `python -m tests.standin --port 8081 --latency-ms 30`. Prints where it is, as JSON."""

import argparse
import asyncio
import signal

import orjson
import uvloop

from .api import BotApi
from .control import Control


async def serve(api: BotApi) -> None:
    """Serve until asked to stop (SIGINT, SIGTERM)."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    api.server.control = Control(api)
    await api.open()
    where = {"port": api.port, "url": api.url, "file_url": api.file_url, "token": api.token}
    print(orjson.dumps(where).decode(), flush=True)
    await stop.wait()
    await api.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description="A strict stand-in for the Bot API.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="on every answer")
    parser.add_argument("--keep", type=int, default=1000, help="calls, and messages a chat, that are remembered")
    parser.add_argument("--people", type=int, default=0, help="people 1 to N have all spoken before")
    parser.add_argument("--police", action="store_true", help="30 messages a second over all, 1 in each chat")
    parser.add_argument("--unmodified-edits-pass", action="store_true", help="for bots that repeat themselves")
    given = parser.parse_args()
    api = BotApi(given.port, given.latency_ms / 1000, given.keep, given.host)
    api.world.unmodified_edits_pass = given.unmodified_edits_pass
    api.crowd(given.people)
    if given.police:
        api.police()
    uvloop.run(serve(api))


if __name__ == "__main__":
    main()
