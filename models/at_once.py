"""What every turn reads and writes, without SQLAlchemy finding out each time how: the fast room of the turn.

SQLAlchemy's unit of work and its execution context take 40 to 200 µs around a statement that SQLite runs in 4. Here a
statement is compiled once, with what turns values into the driver's and back, and is then handed to the driver's own
cursor, inside the session's own transaction. Measured: a row inserted 8 µs (instead of 32; 200 through a flush),
changed 9 (20; 200), two rows read as objects 30 (115). Figures of a whole turn: docs/decisions/0004.

Only for what stands whatever follows, never inside a flow: when a flow's savepoint is rolled back, the unit of work
takes back what had been changed of the objects in memory, and these do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Dialect, Executable, Select, bindparam, insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from models.database import Base, Moment

Row = TypeVar("Row", bound=Base)
Values = Mapping[str, Any]


def insert_row(session: Session, table: type[Base], **values: Any) -> int:
    """The number of the new row; no object is made of it. Every column that has a default is given."""
    [(number,)] = _insert(table, tuple(values)).rows(session, values)
    return int(number)


def add_at_once(session: Session, table: type[Row], **values: Any) -> Row:
    """Insert a new row of which every column but its number is given. The session has it as if it had read it."""
    return as_if_read(session, table, {"id": insert_row(session, table, **values), **values})


def change_at_once(session: Session, row: Base, **to: Any) -> None:
    """Set columns of a row and write them, if that changes anything."""
    state, has = instance_state(row), row.__dict__
    if all(name in has and has[name] == value for name, value in to.items()):
        return
    _update(type(row), tuple(to)).run(session, {"row": state.key[1][0] if state.key else 0, **to})
    has.update(to)
    # As read from there just now; `set_committed_value` takes 5 µs for each.
    state._commit(has, to)


def as_if_read(session: Session, kind: type[Row], values: dict[str, Any]) -> Row:
    """The object of a row with these values in all its columns: the session's own if it has it already."""
    mapper = kind.__mapper__
    key = mapper.identity_key_from_primary_key((values["id"],))
    known = session.identity_map.get(key)
    if known is not None:
        return known  # type: ignore[no-any-return]  # it is of this kind, by its key
    row = cast("Row", mapper.class_manager.new_instance())
    state = instance_state(row)
    state.dict.update(values)
    # What SQLAlchemy's own loading does. `make_transient_to_detached` and `add`, which are made for any object in any
    # condition, took 29 µs, and a turn reads five rows.
    state.key = key
    session.identity_map.add(state)
    state.session_id = session.hash_key
    return row


def read_at_once(session: Session, kind: type[Row], ready: Ready, values: Values) -> list[Row]:
    """The rows of `kind` that a statement of all its columns finds, as objects. What was changed in the session is
    written first, so that it is found too."""
    session.flush()
    columns = _columns(kind)
    return [as_if_read(session, kind, dict(zip(columns, row, strict=True))) for row in ready.rows(session, values)]


@cache
def _columns(kind: type[Base]) -> tuple[str, ...]:
    return tuple(kind.__table__.columns.keys())


class Ready:
    """A statement that is run often, compiled once for each kind of database."""

    def __init__(self, statement: Executable, columns: Sequence[str] = ()) -> None:
        """`columns`: those that an INSERT or UPDATE is given values for. Values that stand in the statement itself are
        part of it; `in_` is none of what can stand in it, since it is written anew for each list."""
        self.statement, self.columns = statement, columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, values: Values) -> list[tuple[Any, ...]]:
        """Raises what SQLAlchemy raises."""
        dialect, driver = _driver(session)
        compiled = self._for(dialect)
        found = compiled.execute(driver, values).fetchall()
        return [compiled.read(row) for row in found] if compiled.readers else found

    def run(self, session: Session, values: Values) -> None:
        """Raises what SQLAlchemy raises."""
        dialect, driver = _driver(session)
        self._for(dialect).execute(driver, values)

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self.statement, self.columns, dialect)
        return compiled


DRIVER = "the driver's connection"


def _driver(session: Session) -> tuple[Dialect, Any]:
    """The driver's own connection, with every savepoint begun that the session is in."""
    # The innermost: within another one the session has to be asked again.
    inside = session.get_nested_transaction() or session.get_transaction()
    known = session.info.get(DRIVER)
    if known is not None and inside is not None and known[0] is inside:
        return known[1], known[2]
    connection = session.connection()
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise ValueError("the connection is closed")
    session.info[DRIVER] = (
        session.get_nested_transaction() or session.get_transaction(),
        connection.dialect,
        driver,
    )
    return connection.dialect, driver


class _Compiled:
    """The words, in which order the values go into them, and what each value passes through on its way."""

    def __init__(self, statement: Executable, columns: Sequence[str], dialect: Dialect) -> None:
        compiled: Any = statement.compile(  # type: ignore[attr-defined]  # every statement has it
            dialect=dialect, column_keys=list(columns) or None
        )
        self.words: str = compiled.string
        self.dialect = dialect
        self.errors: Any = dialect.loaded_dbapi.Error
        self.writers = {
            name: write
            for name, bound in compiled.binds.items()
            if (write := _writer(bound.type.dialect_impl(dialect), dialect)) is not None
        }
        # For a driver that takes values by their place: each by its name, in order, and what writes it.
        names: list[str] | None = compiled.positiontup
        self.places = [(name, self.writers.get(name)) for name in names] if names is not None else None
        # What stands in the statement itself, a limit or a state that is looked for.
        self.fixed = {
            name: bound.value
            for name, bound in compiled.binds.items()
            if not bound.required and bound.value is not None and name not in columns
        }
        selected = list(statement.selected_columns) if isinstance(statement, Select) else []
        self.readers: list[Callable[[Any], Any] | None] = [
            _reader(one.type.dialect_impl(dialect), dialect) for one in selected
        ]

    def execute(self, driver: Any, values: Values) -> Any:
        if self.fixed:
            values = {**self.fixed, **values}
        parameters: Any
        if self.places is not None:
            parameters = [values[name] if write is None else write(values[name]) for name, write in self.places]
        else:
            writers = self.writers
            parameters = {name: writers[name](value) if name in writers else value for name, value in values.items()}
        cursor = driver.cursor()
        try:
            cursor.execute(self.words, parameters)
        except self.errors as error:
            # Hidden, as everywhere: what was written may be somebody's words.
            raise DBAPIError.instance(
                self.words, parameters, error, self.errors, hide_parameters=True, dialect=self.dialect
            ) from error
        return cursor

    def read(self, row: Iterable[Any]) -> tuple[Any, ...]:
        return tuple([value if read is None else read(value) for read, value in zip(self.readers, row, strict=True)])


def _writer(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Moment) and dialect.name == "sqlite":
        return _moment_as_text
    return kind.bind_processor(dialect)  # type: ignore[no-any-return]  # a function, or None


def _reader(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Moment) and dialect.name == "sqlite":
        return _moment_of_text
    return kind.result_processor(dialect, None)  # type: ignore[no-any-return]  # a function, or None


def _moment_as_text(moment: datetime | None) -> str | None:
    """As SQLAlchemy has SQLite keep it, with `Moment`'s own check."""
    if moment is None:
        return None
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:26]


def _moment_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def _insert(table: type[Base], names: tuple[str, ...]) -> Ready:
    columns = table.metadata.tables[table.__tablename__]
    left_out = [one.name for one in columns.c if one.default is not None and one.name not in names]
    if left_out:
        raise ValueError(f"{table.__name__}: no default is filled in here, so {', '.join(left_out)} must be given")
    return Ready(insert(columns).returning(columns.c.id), names)


@cache
def _update(table: type[Base], names: tuple[str, ...]) -> Ready:
    columns = table.metadata.tables[table.__tablename__]
    return Ready(update(columns).where(columns.c.id == bindparam("row")), names)
