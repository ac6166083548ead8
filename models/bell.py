"""On PostgreSQL the database itself rings when there is something to send, and when a page of the web chat has news.

Several processes serve one database: the one that writes a message is often not the one that sends it, nor the one that
the page of its reader is open on. A trigger rings in the same transaction, so a bell is heard when, and only when,
what it rings for is committed; nothing that writes a message has to remember it. What is heard is a channel's name
and the key of a conversation (a digest), never words. Whoever is not listening loses nothing: the rows are looked at
again within seconds.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, event

from models.outgoing import Outgoing

TO_SEND = "yousaid_to_send"
NEWS = "yousaid_news"

# PostgreSQL says the same thing once, however often a transaction rings it.
UP = (
    """
    CREATE OR REPLACE FUNCTION yousaid_ring() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM changed WHERE lower(state) = 'waiting') THEN
            PERFORM pg_notify('yousaid_to_send', '');
        END IF;
        PERFORM pg_notify('yousaid_news', address.key)
            FROM changed JOIN address ON address.id = changed.address_id WHERE address.channel = 'web';
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER yousaid_made AFTER INSERT ON outgoing
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION yousaid_ring()
    """,
    """
    CREATE TRIGGER yousaid_changed AFTER UPDATE ON outgoing
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION yousaid_ring()
    """,
)
DOWN = (
    "DROP TRIGGER IF EXISTS yousaid_changed ON outgoing",
    "DROP TRIGGER IF EXISTS yousaid_made ON outgoing",
    "DROP FUNCTION IF EXISTS yousaid_ring()",
)


@event.listens_for(Outgoing.__table__, "after_create")
def _with_the_table(_table: Table, connection: Connection, **_what: Any) -> None:
    """A database that is made from the models, not by the migrations, rings as well."""
    if connection.dialect.name == "postgresql":
        for statement in UP:
            connection.exec_driver_sql(statement)
