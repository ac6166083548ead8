"""How much the stand-in itself can carry: `python -m tests.standin.ceiling`. No bot library, only aiohttp and orjson.

Any figure of a bot near these is a figure of the stand-in.
"""

import asyncio
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp
import orjson
import uvloop

SIDE_BY_SIDE = 50


@dataclass
class Ceiling:
    """Messages a second: sent one-way, and answered to people who wait for each reply."""

    sends_per_second: float
    answered_per_second: float
    answered_p99_ms: float
    standin_processor_share: float


async def _sends(session: aiohttp.ClientSession, api: str, seconds: float) -> float:
    ends = time.monotonic() + seconds

    async def sender(chat_id: int) -> int:
        sent = 0
        while time.monotonic() < ends:
            async with session.post(
                f"{api}/sendMessage", data={"chat_id": chat_id, "text": f"Message {sent}"}
            ) as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()
            sent += 1
        return sent

    return sum(await asyncio.gather(*(sender(1 + number) for number in range(SIDE_BY_SIDE)))) / seconds


async def _echo(session: aiohttp.ClientSession, api: str) -> None:
    """The least that is a bot: hears, and answers each message."""
    keyboard = orjson.dumps({"inline_keyboard": [[{"text": "First", "callback_data": "a"}]]}).decode()

    async def answer(update: dict[str, Any]) -> None:
        if "callback_query" in update:
            query = update["callback_query"]
            await _post(session, f"{api}/answerCallbackQuery", callback_query_id=query["id"])
            chat_id = query["message"]["chat"]["id"]
        else:
            chat_id = update["message"]["chat"]["id"]
        await _post(session, f"{api}/sendMessage", chat_id=chat_id, text="Please choose", reply_markup=keyboard)

    offset = 0
    async with asyncio.TaskGroup() as answers:
        while True:
            for update in await _post(session, f"{api}/getUpdates", offset=offset, timeout=10):
                offset = update["update_id"] + 1
                answers.create_task(answer(update))


async def _post(session: aiohttp.ClientSession, url: str, **data: str | int) -> Any:
    async with session.post(url, data=data) as answer:
        return orjson.loads(await answer.read())["result"]


async def measure(where: dict[str, Any], seconds: float) -> Ceiling:
    api = f"{where['url']}{where['token']}"
    control = where["url"].removesuffix("/bot") + "/_control"
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None)) as session:
        sends = await _sends(session, api, seconds)
        bot = asyncio.create_task(_echo(session, api))
        plan = {"people": SIDE_BY_SIDE, "seconds": seconds, "steps": 6}
        async with session.post(f"{control}/load", json=plan) as answer:
            report = await answer.json()
        bot.cancel()
        await asyncio.gather(bot, return_exceptions=True)
    return Ceiling(round(sends, 1), report["per_second"], report["p99_ms"], report["standin_processor_share"])


def main(seconds: float = 5.0) -> None:
    command = [sys.executable, "-m", "tests.standin", "--port", "0", "--keep", "20", "--people", str(SIDE_BY_SIDE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as standin:
        assert standin.stdout
        where = orjson.loads(standin.stdout.readline())
        try:
            ceiling = uvloop.run(measure(where, seconds))
        finally:
            standin.terminate()
    print(orjson.dumps(asdict(ceiling), option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
