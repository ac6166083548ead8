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
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable, Select, bindparam, insert, inspect, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from models.database import Base

Row = TypeVar("Row", bound=Base)
Values = Mapping[str, Any]


def insert_row(session: Session, table: type[Base], **values: Any) -> int:
    """The number of the new row; no object is made of it. Every column that has a default is given."""
    [(number,)] = _insert(table, tuple(values)).rows(session, values)
    return int(number)


def add_at_once(session: Session, row: Row) -> Row:
    """Insert a new row of which every column but its number is given. The session has it as if it had read it."""
    number = insert_row(session, type(row), **inspect(row).dict)
    set_committed_value(row, "id", number)
    make_transient_to_detached(row)
    session.add(row)
    return row


def change_at_once(session: Session, row: Base, **to: Any) -> None:
    """Set columns of a row and write them, if that changes anything."""
    state = inspect(row)
    if all(name in state.dict and state.dict[name] == value for name, value in to.items()):
        return
    number = state.identity[0] if state.identity else 0
    _update(type(row), tuple(to)).run(session, {"row": number, **to})
    for name, value in to.items():
        set_committed_value(row, name, value)


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
    columns = kind.__table__.columns.keys()
    return [as_if_read(session, kind, dict(zip(columns, row, strict=True))) for row in ready.rows(session, values)]


class Ready:
    """A statement that is run often, compiled once for each kind of database."""

    def __init__(self, statement: Executable, columns: Sequence[str] = ()) -> None:
        """`columns`: those that an INSERT or UPDATE is given values for. Values that stand in the statement itself are
        part of it; `in_` is none of what can stand in it, since it is written anew for each list."""
        self.statement, self.columns = statement, columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, values: Values) -> list[tuple[Any, ...]]:
        """Raises what SQLAlchemy raises."""
        connection = session.connection()
        compiled = self._for(connection)
        found = compiled.execute(connection, values).fetchall()
        return [compiled.read(row) for row in found] if compiled.readers else found

    def run(self, session: Session, values: Values) -> None:
        """Raises what SQLAlchemy raises."""
        connection = session.connection()
        self._for(connection).execute(connection, values)

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _Compiled(self.statement, self.columns, connection)
        return self._compiled[name]


class _Compiled:
    """The words, in which order the values go into them, and what each value passes through on its way."""

    def __init__(self, statement: Executable, columns: Sequence[str], connection: Connection) -> None:
        dialect = connection.dialect
        compiled: Any = statement.compile(  # type: ignore[attr-defined]  # every statement has it
            dialect=dialect, column_keys=list(columns) or None
        )
        self.words: str = compiled.string
        self.order: list[str] | None = compiled.positiontup
        self.dialect = dialect
        self.writers = {
            name: write
            for name, bound in compiled.binds.items()
            if (write := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        # What stands in the statement itself, a limit or a state that is looked for.
        self.fixed = {
            name: self.writers[name](bound.value) if name in self.writers else bound.value
            for name, bound in compiled.binds.items()
            if not bound.required and bound.value is not None and name not in columns
        }
        selected = list(statement.selected_columns) if isinstance(statement, Select) else []
        self.readers: list[Callable[[Any], Any] | None] = [
            one.type.dialect_impl(dialect).result_processor(dialect, None) for one in selected
        ]

    def execute(self, connection: Connection, values: Values) -> Any:
        writers = self.writers
        given = {name: writers[name](value) if name in writers else value for name, value in values.items()}
        if self.fixed:
            given = {**self.fixed, **given}
        parameters = given if self.order is None else tuple([given[name] for name in self.order])
        driver = connection.connection.dbapi_connection
        if driver is None:
            raise ValueError("the connection is closed")
        cursor = driver.cursor()
        errors: Any = self.dialect.loaded_dbapi.Error
        try:
            cursor.execute(self.words, parameters)
        except errors as error:
            # Hidden, as everywhere: what was written may be somebody's words.
            raise DBAPIError.instance(
                self.words, dict(given), error, errors, hide_parameters=True, dialect=self.dialect
            ) from error
        return cursor

    def read(self, row: Iterable[Any]) -> tuple[Any, ...]:
        return tuple([value if read is None else read(value) for read, value in zip(self.readers, row, strict=True)])


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
