"""what the same person says elsewhere joins their open alert, and what became of the words is kept

Revision: 0013, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                'words',
                sa.Enum('awaited', 'kept back', 'sent', name='words', native_enum=False, length=40),
                nullable=False,
                server_default='awaited',
            )
        )
        batch_op.add_column(sa.Column('joined_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_alert_joined_to_alert'), 'alert', ['joined_to'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_index(batch_op.f('ix_alert_joined_to'), ['joined_to'], unique=False)
    op.execute("UPDATE alert SET words = 'sent' WHERE feedback_id IS NOT NULL")
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.alter_column('words', server_default=None)


def downgrade() -> None:
    # Each becomes an alert of its own again, as it was told of, taken and decided with the one that it had joined.
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alert_joined_to'))
        batch_op.drop_constraint(batch_op.f('fk_alert_joined_to_alert'), type_='foreignkey')
        batch_op.drop_column('joined_to')
        batch_op.drop_column('words')
