"""The index of words in which staff search: what families said, and what was written back and forth since.

The database keeps it in step by itself, with triggers, in the transaction that changes a word: whoever writes or
erases needs to know nothing of it. SQLite has it as FTS5, PostgreSQL as `tsvector`; each row of it is one message: an
even number is what was said first, an odd one what was written later. It knows nothing of who may see what: a search
joins it with what somebody may see (`models.desk.listing`).

Erased words leave it with their row. FTS5 only marks them as gone until it next tidies up, so whoever erases calls
`tidy` once afterwards.
"""

from __future__ import annotations

import re
from typing import Any, cast

from sqlalchemy import BigInteger, Column, ColumnElement, MetaData, Table, event, func, inspect, literal, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from models.feedback.said import FeedbackNote

NAME = "feedback_words"
# More words than this in one search find nothing that fewer do not.
MOST_WORDS = 8

SQLITE = (
    """CREATE VIRTUAL TABLE feedback_words USING fts5
    (words, feedback_id UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER IF NOT EXISTS feedback_words_said AFTER INSERT ON feedback BEGIN
    INSERT INTO feedback_words (rowid, words, feedback_id) VALUES (new.id * 2, new.text, new.id); END""",
    """CREATE TRIGGER IF NOT EXISTS feedback_words_changed AFTER UPDATE OF text ON feedback BEGIN
    DELETE FROM feedback_words WHERE rowid = old.id * 2;
    INSERT INTO feedback_words (rowid, words, feedback_id) VALUES (new.id * 2, new.text, new.id); END""",
    """CREATE TRIGGER IF NOT EXISTS feedback_words_gone AFTER DELETE ON feedback BEGIN
    DELETE FROM feedback_words WHERE rowid = old.id * 2; END""",
    """CREATE TRIGGER IF NOT EXISTS feedback_words_later_said AFTER INSERT ON feedback_note BEGIN
    INSERT INTO feedback_words (rowid, words, feedback_id) VALUES (new.id * 2 + 1, new.text, new.feedback_id); END""",
    """CREATE TRIGGER IF NOT EXISTS feedback_words_later_changed AFTER UPDATE OF text ON feedback_note BEGIN
    DELETE FROM feedback_words WHERE rowid = old.id * 2 + 1;
    INSERT INTO feedback_words (rowid, words, feedback_id) VALUES (new.id * 2 + 1, new.text, new.feedback_id); END""",
    """CREATE TRIGGER IF NOT EXISTS feedback_words_later_gone AFTER DELETE ON feedback_note BEGIN
    DELETE FROM feedback_words WHERE rowid = old.id * 2 + 1; END""",
)
POSTGRESQL = (
    "CREATE TABLE feedback_words (number BIGINT PRIMARY KEY, feedback_id BIGINT NOT NULL, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_feedback_words_words ON feedback_words USING gin (words)",
    """CREATE FUNCTION feedback_words_said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM feedback_words WHERE number = OLD.id * 2; END IF;
    IF TG_OP <> 'DELETE' THEN INSERT INTO feedback_words (number, feedback_id, words)
        VALUES (NEW.id * 2, NEW.id, to_tsvector('english', NEW.text)); END IF;
    RETURN NULL; END $$""",
    """CREATE FUNCTION feedback_words_later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM feedback_words WHERE number = OLD.id * 2 + 1; END IF;
    IF TG_OP <> 'DELETE' THEN INSERT INTO feedback_words (number, feedback_id, words)
        VALUES (NEW.id * 2 + 1, NEW.feedback_id, to_tsvector('english', NEW.text)); END IF;
    RETURN NULL; END $$""",
    """CREATE TRIGGER feedback_words_said AFTER INSERT OR DELETE OR UPDATE OF text ON feedback
    FOR EACH ROW EXECUTE FUNCTION feedback_words_said()""",
    """CREATE TRIGGER feedback_words_later AFTER INSERT OR DELETE OR UPDATE OF text ON feedback_note
    FOR EACH ROW EXECUTE FUNCTION feedback_words_later()""",
)

# A table of its own on PostgreSQL, a virtual one on SQLite: neither is for the ORM or for migrations to look after. Its
# words have no type here: that of PostgreSQL would load its whole dialect.
_INDEX = Table(NAME, MetaData(), Column("number", BigInteger), Column("feedback_id", BigInteger), Column("words"))


def make(_table: object, connection: Any, **_options: object) -> None:
    """With the tables themselves, for a database that is made without migrations."""
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.exec_driver_sql(statement)


def keep_in_step(connection: Connection) -> None:
    """For after a migration: SQLite alters a table by copying it, and its triggers are not copied."""
    if connection.dialect.name == "sqlite" and inspect(connection).has_table(NAME):
        for trigger in SQLITE[1:]:
            connection.exec_driver_sql(trigger)


event.listen(FeedbackNote.__table__, "after_create", make)


def searched(words: str) -> list[str]:
    """The words of a search, as both databases take them: letters and digits, each a beginning of a word."""
    return re.findall(r"\w+", words.replace("_", " "))[:MOST_WORDS]


def has_words(session: Session, feedback_id: Any, words: str) -> ColumnElement[bool]:
    """A condition: that in one message of this feedback all these words stand, each at least as a beginning."""
    found = searched(words)
    if not found:
        return literal(value=False)
    if session.get_bind().dialect.name == "postgresql":
        asked = func.to_tsquery("english", " & ".join(f"{word}:*" for word in found))
        matching: ColumnElement[bool] = _INDEX.c.words.bool_op("@@")(asked)
    else:
        all_of_them = " ".join(f'"{word}"*' for word in found)
        matching = cast("ColumnElement[bool]", text(f"{NAME} MATCH :asked").bindparams(asked=all_of_them))
    return cast("ColumnElement[bool]", feedback_id.in_(select(_INDEX.c.feedback_id).where(matching)))


def tidy(session: Session) -> None:
    """What was erased in this transaction leaves the index for good. On PostgreSQL its vacuum does that."""
    if session.get_bind().dialect.name != "postgresql":
        session.flush()
        session.execute(text("INSERT INTO feedback_words (feedback_words) VALUES ('optimize')"))
