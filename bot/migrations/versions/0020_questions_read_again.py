"""what families ask is read again as well

Revision: 0020, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0014'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ONE_OF_A_FEEDBACK = {'sqlite_where': sa.text('note_id IS NULL'), 'postgresql_where': sa.text('note_id IS NULL')}


def upgrade() -> None:
    op.drop_index('uq_second_look_feedback', 'second_look')
    with op.batch_alter_table('second_look', schema=None) as batch_op:
        batch_op.alter_column('feedback_id', existing_type=NUMBER, nullable=True)
        for column, table in (('question_id', 'question'), ('ahead_id', 'ahead_question')):
            batch_op.add_column(sa.Column(column, NUMBER, nullable=True))
            name = batch_op.f(f'fk_second_look_{column}_{table}')
            batch_op.create_foreign_key(name, table, [column], ['id'], ondelete='CASCADE')
            batch_op.create_unique_constraint(batch_op.f(f'uq_second_look_{column}'), [column])
        batch_op.add_column(sa.Column('alert_id', NUMBER, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_second_look_alert_id_alert'), 'alert', ['alert_id'], ['id'], ondelete='SET NULL'
        )
        batch_op.create_index(batch_op.f('ix_second_look_alert_id'), ['alert_id'])
    op.create_index('uq_second_look_feedback', 'second_look', ['feedback_id'], unique=True, **ONE_OF_A_FEEDBACK)


def downgrade() -> None:
    op.execute("DELETE FROM second_look WHERE feedback_id IS NULL")
    op.drop_index('uq_second_look_feedback', 'second_look')
    with op.batch_alter_table('second_look', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_second_look_alert_id'))
        batch_op.drop_constraint(batch_op.f('fk_second_look_alert_id_alert'), type_='foreignkey')
        batch_op.drop_column('alert_id')
        for column, table in (('question_id', 'question'), ('ahead_id', 'ahead_question')):
            batch_op.drop_constraint(batch_op.f(f'uq_second_look_{column}'), type_='unique')
            batch_op.drop_constraint(batch_op.f(f'fk_second_look_{column}_{table}'), type_='foreignkey')
            batch_op.drop_column(column)
        batch_op.alter_column('feedback_id', existing_type=NUMBER, nullable=False)
    op.create_index('uq_second_look_feedback', 'second_look', ['feedback_id'], unique=True, **ONE_OF_A_FEEDBACK)
