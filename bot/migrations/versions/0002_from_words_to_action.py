"""from words to action

Revision: 0002, after 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0008'
branch_labels = None
depends_on = None

# Until now an item had one thing that was being done about it: what was said of it last.
FIRST_ACTIONS = """
INSERT INTO theme_action (theme_id, status, organisation, role, due, made, chased_for)
SELECT theme.id, theme.status, newest.organisation, '', newest.due, newest.made, theme.chased_for
FROM theme JOIN theme_update AS newest ON newest.id = (
    SELECT max(one.id) FROM theme_update AS one WHERE one.theme_id = theme.id
)
WHERE EXISTS (
    SELECT 1 FROM theme_update AS one WHERE one.theme_id = theme.id AND one.status IN ('looking', 'doing', 'done')
)
"""
UPDATES_OF_ACTIONS = """
UPDATE theme_update SET action_id = (SELECT id FROM theme_action WHERE theme_action.theme_id = theme_update.theme_id)
"""
CHASED_BEFORE = """
UPDATE theme SET chased_for = (SELECT max(chased_for) FROM theme_action WHERE theme_action.theme_id = theme.id)
"""


def upgrade() -> None:
    op.create_table('theme_action',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('theme_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', sa.Enum('heard', 'looking', 'doing', 'done', 'cannot', name='status', native_enum=False, length=40), nullable=False),
    sa.Column('organisation', sa.String(), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('chased_for', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_theme_action_theme_id_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_action'))
    )
    with op.batch_alter_table('theme_action', schema=None) as batch_op:
        batch_op.create_index('ix_theme_action_due', ['status', 'due'], unique=False)
        batch_op.create_index(batch_op.f('ix_theme_action_theme_id'), ['theme_id'], unique=False)

    op.create_table('earlier_promise',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('answered', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_earlier_promise_feedback_id_feedback'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_earlier_promise'))
    )
    with op.batch_alter_table('earlier_promise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_earlier_promise_answer_by'), ['answer_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_earlier_promise_feedback_id'), ['feedback_id'], unique=False)

    op.create_table('feedback_part',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('asked', sa.String(), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_feedback_part_answered_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_feedback_part_asked_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_feedback_part_feedback_id_feedback'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_part')),
    sa.UniqueConstraint('feedback_id', 'organisation', name=op.f('uq_feedback_part_feedback_id_organisation'))
    )
    with op.batch_alter_table('feedback_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_part_answered_by'), ['answered_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_part_asked_by'), ['asked_by'], unique=False)
        batch_op.create_index('ix_feedback_part_open', ['organisation', 'answered'], unique=False)

    op.create_table('meant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('theme_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('asked', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fits', sa.Boolean(), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('answered', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_meant_asked_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_meant_feedback_id_feedback'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_meant_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_meant_theme_id_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meant'))
    )
    with op.batch_alter_table('meant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meant_asked'), ['asked'], unique=False)
        batch_op.create_index(batch_op.f('ix_meant_asked_by'), ['asked_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_meant_feedback_id'), ['feedback_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meant_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_meant_theme', ['theme_id', 'person_id'], unique=False)

    op.create_table('promise_pause',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('days_left', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_promise_pause_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_promise_pause_feedback_id_feedback'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_pause'))
    )
    with op.batch_alter_table('promise_pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promise_pause_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promise_pause_feedback_id'), ['feedback_id'], unique=False)

    op.create_table('theme_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('theme_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.Enum('made', 'reworded', 'topic', 'priority', 'owner', 'words in', 'words out', 'asked if meant', 'note', name='change', native_enum=False, length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_theme_change_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_theme_change_feedback_id_feedback'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_theme_change_theme_id_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_change'))
    )
    with op.batch_alter_table('theme_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_change_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_theme_change_feedback_id'), ['feedback_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_theme_change_theme_id'), ['theme_id'], unique=False)

    op.create_table('verdict_asked',
    sa.Column('update_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_verdict_asked_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['update_id'], ['theme_update.id'], name=op.f('fk_verdict_asked_update_id_theme_update'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('update_id', 'person_id', name=op.f('pk_verdict_asked'))
    )
    with op.batch_alter_table('verdict_asked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verdict_asked_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('broadcast', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('action_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('another', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('update_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_broadcast_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_broadcast_update_id'), ['update_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_broadcast_update_id_theme_update'), 'theme_update', ['update_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_broadcast_action_id_theme_action'), 'theme_action', ['action_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paused', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('priority', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_theme_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_theme_priority'), ['priority'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_theme_owner_id_person'), 'person', ['owner_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('theme_update', schema=None) as batch_op:
        batch_op.add_column(sa.Column('action_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('role', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('reopened', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f('ix_theme_update_action_id'), ['action_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_theme_update_action_id_theme_action'), 'theme_action', ['action_id'], ['id'], ondelete='CASCADE')

    # Only rows that were there before needed these.
    with op.batch_alter_table('broadcast', schema=None) as batch_op:
        batch_op.alter_column('role', existing_type=sa.String(), server_default=None)
        batch_op.alter_column('another', existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table('theme_update', schema=None) as batch_op:
        batch_op.alter_column('role', existing_type=sa.String(), server_default=None)
        batch_op.alter_column('reopened', existing_type=sa.Boolean(), server_default=None)

    op.execute(FIRST_ACTIONS)
    op.execute(UPDATES_OF_ACTIONS)
    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.drop_column('chased_for')


def downgrade() -> None:
    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('chased_for', sa.Date(), nullable=True))
    op.execute(CHASED_BEFORE)

    with op.batch_alter_table('theme_update', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_theme_update_action_id_theme_action'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_theme_update_action_id'))
        batch_op.drop_column('reopened')
        batch_op.drop_column('role')
        batch_op.drop_column('action_id')

    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_theme_owner_id_person'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_theme_priority'))
        batch_op.drop_index(batch_op.f('ix_theme_owner_id'))
        batch_op.drop_column('owner_id')
        batch_op.drop_column('priority')

    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.drop_column('paused')

    with op.batch_alter_table('broadcast', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_broadcast_action_id_theme_action'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_broadcast_update_id_theme_update'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_broadcast_update_id'))
        batch_op.drop_index(batch_op.f('ix_broadcast_action_id'))
        batch_op.drop_column('update_id')
        batch_op.drop_column('another')
        batch_op.drop_column('action_id')
        batch_op.drop_column('role')

    with op.batch_alter_table('verdict_asked', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_verdict_asked_person_id'))

    op.drop_table('verdict_asked')
    with op.batch_alter_table('theme_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_change_theme_id'))
        batch_op.drop_index(batch_op.f('ix_theme_change_feedback_id'))
        batch_op.drop_index(batch_op.f('ix_theme_change_by_id'))

    op.drop_table('theme_change')
    with op.batch_alter_table('promise_pause', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promise_pause_feedback_id'))
        batch_op.drop_index(batch_op.f('ix_promise_pause_by_id'))

    op.drop_table('promise_pause')
    with op.batch_alter_table('meant', schema=None) as batch_op:
        batch_op.drop_index('ix_meant_theme')
        batch_op.drop_index(batch_op.f('ix_meant_person_id'))
        batch_op.drop_index(batch_op.f('ix_meant_feedback_id'))
        batch_op.drop_index(batch_op.f('ix_meant_asked_by'))
        batch_op.drop_index(batch_op.f('ix_meant_asked'))

    op.drop_table('meant')
    with op.batch_alter_table('feedback_part', schema=None) as batch_op:
        batch_op.drop_index('ix_feedback_part_open')
        batch_op.drop_index(batch_op.f('ix_feedback_part_asked_by'))
        batch_op.drop_index(batch_op.f('ix_feedback_part_answered_by'))

    op.drop_table('feedback_part')
    with op.batch_alter_table('earlier_promise', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_earlier_promise_feedback_id'))
        batch_op.drop_index(batch_op.f('ix_earlier_promise_answer_by'))

    op.drop_table('earlier_promise')
    with op.batch_alter_table('theme_action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_action_theme_id'))
        batch_op.drop_index('ix_theme_action_due')

    op.drop_table('theme_action')
