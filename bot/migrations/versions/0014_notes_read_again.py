"""what a family writes later is read again as well

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('second_look', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_second_look_feedback_id'), type_='unique')
        batch_op.add_column(sa.Column('note_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_second_look_note_id_feedback_note'), 'feedback_note', ['note_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_unique_constraint(batch_op.f('uq_second_look_note_id'), ['note_id'])
    op.create_index(
        'uq_second_look_feedback',
        'second_look',
        ['feedback_id'],
        unique=True,
        sqlite_where=sa.text('note_id IS NULL'),
        postgresql_where=sa.text('note_id IS NULL'),
    )


def downgrade() -> None:
    op.execute("DELETE FROM second_look WHERE note_id IS NOT NULL")
    op.drop_index('uq_second_look_feedback', 'second_look')
    with op.batch_alter_table('second_look', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_second_look_note_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_second_look_note_id_feedback_note'), type_='foreignkey')
        batch_op.drop_column('note_id')
        batch_op.create_unique_constraint(batch_op.f('uq_second_look_feedback_id'), ['feedback_id'])
