"""What the clock's bell rings for, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.clock import Clock, Sweep
from bot.writer import Writer
from models.partnership import Partnership
from tests.patience import PATIENCE


def test_a_sweep_that_the_end_cuts_off_is_no_error(
    engine: Engine, tameside: Partnership, caplog: pytest.LogCaptureFixture
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work(_session: Session, _partnership: Partnership, _moment: datetime) -> int:
        begun.set()
        assert may_end.wait(PATIENCE)
        return 0

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        clock = Clock(writer, tameside, [Sweep("long", work)], lambda: None)
        clock.start(0.01)
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        clock.stop()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        may_end.set()
        await asyncio.to_thread(writer.stop)

    with caplog.at_level(logging.ERROR):
        asyncio.run(go())
    assert [record.getMessage() for record in caplog.records] == []
