"""a number that is given to another message later is not taken for the first one

Revision: 0018, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('received', sa.Column('mark', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('received', schema=None) as batch_op:
        batch_op.drop_column('mark')
