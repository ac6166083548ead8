"""what is old is found without reading through everything

Revision: 0019, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0020'
branch_labels = None
depends_on = None

ERASED = {'sqlite_where': sa.text('erased_at IS NOT NULL'), 'postgresql_where': sa.text('erased_at IS NOT NULL')}


def upgrade() -> None:
    op.create_index('ix_feedback_received', 'feedback', ['received'])
    op.create_index('ix_person_created', 'person', ['created'])
    op.create_index('ix_address_erased_at', 'address', ['erased_at'], **ERASED)


def downgrade() -> None:
    op.drop_index('ix_address_erased_at', 'address')
    op.drop_index('ix_person_created', 'person')
    op.drop_index('ix_feedback_received', 'feedback')
