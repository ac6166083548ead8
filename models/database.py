"""The database: how it is opened, and the types that every table shares.

SQLite and PostgreSQL are the same to everything above. On SQLite a transaction that writes says so when it begins
(`BEGIN IMMEDIATE`): with the default, 200 people who wrote at once kept 51 of their 200 messages, without an error.
`synchronous=FULL`, and on PostgreSQL never `synchronous_commit=off`: what was committed survives a power cut.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, DateTime, Engine, Enum, Integer, MetaData, create_engine, event, func, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

READING = {"reading": True}


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite keeps no zone, so it is put back when read; a naive one is a mistake."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(one.value) for one in kind]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Moment,
        # SQLite's integers have 64 bits; PostgreSQL's only if asked: a number of an old button may be any.
        int: BigInteger().with_variant(Integer, "sqlite"),
        # JSON, not JSONB: the order of the answers is the order of the conversation.
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        # The value, as text: a new one needs no change of the database.
        enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=_values),
    }


def tell_postgresql(metadata: MetaData) -> None:
    """Which rows an index is of, where `sqlite_where` says it. Said beside that, it would load PostgreSQL's dialect
    (3 MB) also where nobody uses it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            rows = index.dialect_kwargs.get("sqlite_where")
            if rows is not None:
                index.dialect_kwargs["postgresql_where"] = rows


@event.listens_for(Base.metadata, "before_create")
def _tell(metadata: MetaData, connection: Connection, **_options: object) -> None:
    if connection.dialect.name == "postgresql":
        tell_postgresql(metadata)


def insert_unless_there(dialect: str, table: Any) -> Any:
    """`INSERT … ON CONFLICT DO NOTHING`, as SQLite or PostgreSQL has it: the other's dialect is never loaded."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_into
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_into  # type: ignore[assignment]
    return insert_into(table).on_conflict_do_nothing()


def now() -> datetime:
    """The moment, in UTC. The only clock there is: tests set it."""
    return datetime.now(UTC)


def open_database(url: str) -> Engine:
    """An engine for `url` (`sqlite:///file.db` or `postgresql+psycopg://…`).

    Raises `sqlalchemy.exc.ArgumentError` for a URL that is none.
    """
    as_json: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": _from_json}
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, **as_json)
        event.listen(engine, "connect", _never_before_it_is_written)
        return engine
    connect = {"timeout": 30, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, hide_parameters=True, **as_json)
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    _savepoints_as_words(engine)
    return engine


def _savepoints_as_words(engine: Engine) -> None:
    """SQLAlchemy makes a statement of each savepoint and compiles it; handed over as words it takes a third of that,
    and every run of a conversation has one or two of them."""
    dialect: Any = engine.dialect
    dialect.do_savepoint = lambda connection, name: connection.exec_driver_sql(f"SAVEPOINT {name}")
    dialect.do_rollback_to_savepoint = lambda connection, name: connection.exec_driver_sql(f"ROLLBACK TO {name}")
    dialect.do_release_savepoint = lambda connection, name: connection.exec_driver_sql(f"RELEASE {name}")


def _to_json(value: Any) -> str:
    """Every turn writes what it answers: orjson takes 2 µs for it, the standard library 30. What orjson refuses (half
    of a surrogate pair, a number of more than 64 bits) is left to the other."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(value)


def _from_json(text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _durable(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is of the wrong kind
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _never_before_it_is_written(connection: Any, _record: Any) -> None:
    """A server may be set to say that it has committed before it has. Restarted as if it had crashed, such a one lost
    28 of 355 messages that had been confirmed to Telegram. What is stricter than `on` stays as it is."""
    name = "synchronous_commit"
    setting = f"SELECT set_config('{name}', 'on', false) WHERE current_setting('{name}') = 'off'"
    connection.execute(setting)
    connection.commit()


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def alone(session: Session, doing: str) -> bool:
    """Whether no other process is just doing this; none will be until this transaction ends.

    On SQLite there is one writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(doing)))))


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed at the end, or not at all."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only looks: it never waits for a writer."""
    with Session(engine.execution_options(**READING), expire_on_commit=False) as session, session.begin():
        yield session
