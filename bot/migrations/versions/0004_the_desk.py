"""the desk

Revision: 0004, after 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0001'
branch_labels = None
depends_on = None

# The index of words, as models/desk/word_index.py had it at this release; it is filled from what is there.
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
FILL = (
    "INSERT INTO feedback_words ({number}, feedback_id, words) SELECT id * 2, id, {text} FROM feedback",
    "INSERT INTO feedback_words ({number}, feedback_id, words) "
    "SELECT id * 2 + 1, feedback_id, {text} FROM feedback_note",
)


def upgrade() -> None:
    op.create_table('desk_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('secret_digest', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_desk_link_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_link')),
    sa.UniqueConstraint('secret_digest', name=op.f('uq_desk_link_secret_digest'))
    )
    with op.batch_alter_table('desk_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_link_expires'), ['expires'], unique=False)
        batch_op.create_index(batch_op.f('ix_desk_link_person_id'), ['person_id'], unique=False)

    op.create_table('desk_session',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('secret_digest', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.Column('flash', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_desk_session_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_session')),
    sa.UniqueConstraint('secret_digest', name=op.f('uq_desk_session_secret_digest'))
    )
    with op.batch_alter_table('desk_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_session_expires'), ['expires'], unique=False)
        batch_op.create_index(batch_op.f('ix_desk_session_person_id'), ['person_id'], unique=False)

    op.create_table('desk_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('touched', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_desk_draft_feedback_id_feedback'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_desk_draft_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_draft')),
    sa.UniqueConstraint('person_id', 'form', name=op.f('uq_desk_draft_person_id_form'))
    )
    with op.batch_alter_table('desk_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_draft_feedback_id'), ['feedback_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_desk_draft_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_desk_draft_touched'), ['touched'], unique=False)

    op.create_table('saved_reply',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('changed', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_saved_reply_owner_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_reply'))
    )
    with op.batch_alter_table('saved_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_reply_owner_id'), ['owner_id'], unique=False)

    op.create_table('colleague_note',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_colleague_note_author_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_colleague_note_feedback_id_feedback'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_colleague_note'))
    )
    with op.batch_alter_table('colleague_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_colleague_note_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_colleague_note_feedback_id'), ['feedback_id'], unique=False)

    op.create_table('feedback_work',
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('organisation', sa.String(), nullable=True),
    sa.Column('snoozed_until', sa.Date(), nullable=True),
    sa.Column('changed', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_feedback_work_feedback_id_feedback'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_feedback_work_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('feedback_id', name=op.f('pk_feedback_work'))
    )
    with op.batch_alter_table('feedback_work', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_work_organisation'), ['organisation'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_work_person_id'), ['person_id'], unique=False)

    owed = sa.text('answered IS NULL')
    op.create_index('ix_feedback_owed', 'feedback', ['answer_by', 'id'], sqlite_where=owed, postgresql_where=owed)
    connection = op.get_bind()
    postgresql = connection.dialect.name == 'postgresql'
    for statement in POSTGRESQL if postgresql else SQLITE:
        connection.exec_driver_sql(statement)
    for statement in FILL:
        how = {'number': 'number', 'text': "to_tsvector('english', text)"} if postgresql else {'number': 'rowid', 'text': 'text'}
        connection.exec_driver_sql(statement.format(**how))


def downgrade() -> None:
    op.drop_index('ix_feedback_owed', 'feedback')
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        for table, name in (('feedback', 'said'), ('feedback_note', 'later')):
            connection.exec_driver_sql(f'DROP TRIGGER feedback_words_{name} ON {table}')
            connection.exec_driver_sql(f'DROP FUNCTION feedback_words_{name}()')
    else:
        for name in ('said', 'changed', 'gone', 'later_said', 'later_changed', 'later_gone'):
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS feedback_words_{name}')
    connection.exec_driver_sql('DROP TABLE feedback_words')
    with op.batch_alter_table('feedback_work', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_work_person_id'))
        batch_op.drop_index(batch_op.f('ix_feedback_work_organisation'))

    op.drop_table('feedback_work')
    with op.batch_alter_table('colleague_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_colleague_note_feedback_id'))
        batch_op.drop_index(batch_op.f('ix_colleague_note_author_id'))

    op.drop_table('colleague_note')
    with op.batch_alter_table('saved_reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_reply_owner_id'))

    op.drop_table('saved_reply')
    with op.batch_alter_table('desk_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_draft_touched'))
        batch_op.drop_index(batch_op.f('ix_desk_draft_person_id'))
        batch_op.drop_index(batch_op.f('ix_desk_draft_feedback_id'))

    op.drop_table('desk_draft')
    with op.batch_alter_table('desk_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_session_person_id'))
        batch_op.drop_index(batch_op.f('ix_desk_session_expires'))

    op.drop_table('desk_session')
    with op.batch_alter_table('desk_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_link_person_id'))
        batch_op.drop_index(batch_op.f('ix_desk_link_expires'))

    op.drop_table('desk_link')
