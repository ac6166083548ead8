"""several processes: what is lent stands in the database, and the database rings

Revision: 0008, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0006'
branch_labels = None
depends_on = None

# As models/bell.py had it when this was released.
UP = (
    """
    CREATE OR REPLACE FUNCTION yousaid_ring() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM changed WHERE lower(state) = 'waiting') THEN
            PERFORM pg_notify('yousaid_to_send', '');
        END IF;
        PERFORM pg_notify('yousaid_news', address.key)
            FROM changed JOIN address ON address.id = changed.address_id WHERE address.channel = 'web';
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER yousaid_made AFTER INSERT ON outgoing
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION yousaid_ring()
    """,
    """
    CREATE TRIGGER yousaid_changed AFTER UPDATE ON outgoing
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION yousaid_ring()
    """,
)
DOWN = (
    "DROP TRIGGER IF EXISTS yousaid_changed ON outgoing",
    "DROP TRIGGER IF EXISTS yousaid_made ON outgoing",
    "DROP FUNCTION IF EXISTS yousaid_ring()",
)


def upgrade() -> None:
    op.create_table(
        'lent',
        sa.Column('token', sa.String(), nullable=False),
        sa.Column('sealed', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('token', name=op.f('pk_lent')),
    )
    with op.batch_alter_table('lent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lent_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_lent_until'), ['until'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        for statement in UP:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for statement in DOWN:
            op.execute(statement)
    with op.batch_alter_table('lent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lent_until'))
        batch_op.drop_index(batch_op.f('ix_lent_key'))
    op.drop_table('lent')
