"""items and meetings name their rung on the ladder of participation

Revision: 0015, after 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0009'
branch_labels = None
depends_on = None

RUNGS = ('co-designing', 'engaging', 'consulting', 'informing', 'educating', 'coercing')


def upgrade() -> None:
    for table in ('theme', 'meeting'):
        op.add_column(table, sa.Column('rung', sa.Enum(*RUNGS, name='rung', native_enum=False, length=40), nullable=True))


def downgrade() -> None:
    for table in ('theme', 'meeting'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('rung')
