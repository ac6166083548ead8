"""What to watch: whether it can serve (`/healthz`), and its figures for Prometheus (`/metrics`). No figure names a
person or their words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    platform_collector,
    process_collector,
)
from sqlalchemy import Engine, func, select, text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.database import now, reading
from models.outgoing import Outgoing, State
from models.received import Received

REGISTRY = CollectorRegistry()
process_collector.ProcessCollector(registry=REGISTRY)
platform_collector.PlatformCollector(registry=REGISTRY)

HEARD = Counter("yousaid_heard", "Messages taken in and committed", ["channel", "outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("yousaid_turn_seconds", "From a message's arrival to its commit", registry=REGISTRY)
DELIVERED = Counter("yousaid_deliveries", "Attempts to send, by outcome", ["channel", "outcome"], registry=REGISTRY)
OUTGOING = Gauge("yousaid_outgoing", "Messages by state", ["state"], registry=REGISTRY)
LATE_SECONDS = Gauge("yousaid_oldest_due_seconds", "How late the oldest message that is due is", registry=REGISTRY)
FAILED = Gauge("yousaid_failed_messages", "Messages that made the code fail and wait for staff", registry=REGISTRY)

# A clock that has not looked for this long has stopped.
CLOCK_STOPPED = timedelta(minutes=5)


def metrics_routes(
    engine: Engine, last_sweep: Callable[[], datetime | None], problems: Callable[[], list[str]]
) -> list[Route]:
    """`problems` names what keeps it from serving, beyond the database: a channel that refuses us, say."""

    async def healthz(_request: Request) -> Response:
        found = list(problems())
        try:
            await run_in_threadpool(_look, engine)
        except Exception:
            found.append("database")
        swept = last_sweep()
        if swept is not None and now() - swept > CLOCK_STOPPED:
            found.append("clock")
        return PlainTextResponse("not ready: " + ", ".join(found) if found else "ok", 503 if found else 200)

    async def metrics(_request: Request) -> Response:
        await run_in_threadpool(_count, engine)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


def _look(engine: Engine) -> None:
    with reading(engine) as session:
        session.execute(text("SELECT 1"))


def _count(engine: Engine) -> None:
    with reading(engine) as session:
        counted = dict(session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state)).all())
        oldest = session.scalar(
            select(func.min(Outgoing.due)).where(Outgoing.state == State.WAITING, Outgoing.due <= now())
        )
        FAILED.set(
            session.scalar(select(func.count()).where(Received.error.is_not(None), Received.dealt_with.is_(None))) or 0
        )
    for state in State:
        OUTGOING.labels(state).set(counted.get(state, 0))
    LATE_SECONDS.set((now() - oldest).total_seconds() if oldest else 0)
