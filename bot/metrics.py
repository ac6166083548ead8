"""What to watch: whether it can serve (`/healthz`), and its figures for Prometheus (`/metrics`). No figure names a
person or their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.backup import BACKUP
from bot.figures import REGISTRY
from models.alert import nobody_has
from models.audit import Audit
from models.database import now, reading
from models.outgoing import FIRST_LANE, Class, Outgoing, State
from models.received import Received

OUTGOING = Gauge("yousaid_outgoing", "Messages by state", ["state"], registry=REGISTRY)
LATE_SECONDS = Gauge(
    "yousaid_oldest_due_seconds", "How late the oldest message that is due is", ["lane"], registry=REGISTRY
)
FAILED = Gauge("yousaid_failed_messages", "Messages that made the code fail and wait for staff", registry=REGISTRY)
ALERTS = Gauge("yousaid_alerts_nobody_has", "Alerts of which nobody has said that they have it", registry=REGISTRY)
ON_SHIFT = Gauge("yousaid_on_shift", "Whether any process of this database sends", registry=REGISTRY)
BACKED_UP = Gauge("yousaid_last_backup_timestamp_seconds", "When `yousaid backup` last finished", registry=REGISTRY)

LANES = {"first": FIRST_LANE, "second": tuple(kind for kind in Class if kind not in FIRST_LANE)}
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
        for lane, kinds in LANES.items():
            LATE_SECONDS.labels(lane).set(_lateness(session, kinds))
        FAILED.set(
            session.scalar(select(func.count()).where(Received.error.is_not(None), Received.dealt_with.is_(None))) or 0
        )
        ALERTS.set(len(nobody_has(session)))
        ON_SHIFT.set(_somebody_sends(session))
        backed_up = session.scalar(select(func.max(Audit.at)).where(Audit.about == BACKUP))
        BACKED_UP.set(backed_up.timestamp() if backed_up else 0)
    for state in State:
        OUTGOING.labels(state).set(counted.get(state, 0))


def _lateness(session: Session, kinds: Sequence[Class]) -> float:
    """Seconds for which the oldest message of these that is due has waited; 0 when none waits."""
    moment = now()
    waiting = (Outgoing.state == State.WAITING, Outgoing.kind.in_(kinds), Outgoing.due <= moment)
    oldest = session.scalar(select(func.min(Outgoing.due)).where(*waiting))
    return (moment - oldest).total_seconds() if oldest else 0.0


def _somebody_sends(session: Session) -> bool:
    if session.get_bind().dialect.name != "postgresql":
        return True
    from bot.shift import on_shift  # with psycopg, 9 MB, which SQLite does not need

    return on_shift(session)
