"""How Alembic runs here: on the connection and in the transaction that it is given."""

from typing import Any, Literal

from alembic import context

from models.database import Moment, tell_postgresql
from models.desk.word_index import NAME as WORD_INDEX
from models.tables import Base

connection = context.config.attributes["connection"]


def _render(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """A moment is written into a migration as what the database keeps, so that migrations need no models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The index of words, and what SQLite keeps it in, is nothing that Alembic could write."""
    return kind != "table" or not (name or "").startswith(WORD_INDEX)


tell_postgresql(Base.metadata)
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite alters a table by copying it.
    render_as_batch=True,
    transactional_ddl=False,
    render_item=_render,
    include_name=_ours,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
