"""publications obey a message budget, and taps on their buttons are counted

Revision: 0012, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('broadcast', sa.Column('most_a_week', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.add_column('broadcast', sa.Column('left_out', sa.JSON(), nullable=True))
    op.add_column('delivery', sa.Column('tapped_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_column('tapped_at')
    with op.batch_alter_table('broadcast', schema=None) as batch_op:
        batch_op.drop_column('left_out')
        batch_op.drop_column('most_a_week')
