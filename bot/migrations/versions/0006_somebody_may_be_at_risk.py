"""somebody may be at risk: who is on duty, who is told, what is read twice

Revision: 0006, after 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('duty_away',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.Column('instead_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instead_id'], ['person.id'], name=op.f('fk_duty_away_instead_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_away_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_away'))
    )
    with op.batch_alter_table('duty_away', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_away_last'), ['last'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_away_person_id'), ['person_id'], unique=False)

    op.create_table('duty_turn',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('order', sa.Enum('first', 'second', 'manager', name='order', native_enum=False, length=40), nullable=False),
    sa.Column('days', sa.JSON(), nullable=False),
    sa.Column('starts', sa.String(), nullable=False),
    sa.Column('ends', sa.String(), nullable=False),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_turn_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_turn'))
    )
    with op.batch_alter_table('duty_turn', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_turn_person_id'), ['person_id'], unique=False)

    op.create_table('signed_off',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_signed_off_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_off'))
    )
    with op.batch_alter_table('signed_off', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signed_off_name'), ['name'], unique=False)

    op.create_table('duty_email',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code_digest', sa.String(), nullable=False),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_duty_email_address_id_address'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_email_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_email')),
    sa.UniqueConstraint('person_id', name=op.f('uq_duty_email_person_id'))
    )
    op.create_table('second_look',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('picked', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done', sa.DateTime(timezone=True), nullable=True),
    sa.Column('missed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_second_look_feedback_id_feedback'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_look')),
    sa.UniqueConstraint('feedback_id', name=op.f('uq_second_look_feedback_id'))
    )
    with op.batch_alter_table('second_look', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_look_picked'), ['picked'], unique=False)

    op.create_table('alert_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('secret_digest', sa.String(), nullable=False),
    sa.Column('expires', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_link_alert_id_alert'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_alert_link_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_link')),
    sa.UniqueConstraint('secret_digest', name=op.f('uq_alert_link_secret_digest'))
    )
    with op.batch_alter_table('alert_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alert_link_alert_id'), ['alert_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alert_link_person_id'), ['person_id'], unique=False)

    op.create_table('second_reading',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('look_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('judged', sa.Enum('yes', 'no', 'unsure', name='judged', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['look_id'], ['second_look.id'], name=op.f('fk_second_reading_look_id_second_look'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_second_reading_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_reading')),
    sa.UniqueConstraint('look_id', 'person_id', name=op.f('uq_second_reading_look_id_person_id'))
    )
    with op.batch_alter_table('second_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_reading_person_id'), ['person_id'], unique=False)

    # Alerts from before were red, raised by words, and told as they are now from the start.
    level = sa.Enum('red', 'amber', name='level', native_enum=False, length=40)
    source = sa.Enum('words', 'asked', 'reader', name='source', native_enum=False, length=40)
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level', level, nullable=True))
        batch_op.add_column(sa.Column('source', source, nullable=True))
        batch_op.add_column(sa.Column('since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('step', number, nullable=True))
        batch_op.add_column(sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('arrival_due', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('chased_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE alert SET level = 'red', source = 'words', since = made, step = 0, reason = ''")
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.alter_column('level', existing_type=level, nullable=False)
        batch_op.alter_column('source', existing_type=source, nullable=False)
        batch_op.alter_column('since', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column('step', existing_type=number, nullable=False)
        batch_op.alter_column('reason', existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_column('chased_at')
        batch_op.drop_column('arrived_at')
        batch_op.drop_column('arrival_due')
        batch_op.drop_column('reason')
        batch_op.drop_column('told_at')
        batch_op.drop_column('step')
        batch_op.drop_column('since')
        batch_op.drop_column('source')
        batch_op.drop_column('level')

    with op.batch_alter_table('second_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_second_reading_person_id'))

    op.drop_table('second_reading')
    with op.batch_alter_table('alert_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alert_link_person_id'))
        batch_op.drop_index(batch_op.f('ix_alert_link_alert_id'))

    op.drop_table('alert_link')
    with op.batch_alter_table('second_look', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_second_look_picked'))

    op.drop_table('second_look')
    op.drop_table('duty_email')
    with op.batch_alter_table('signed_off', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signed_off_name'))

    op.drop_table('signed_off')
    with op.batch_alter_table('duty_turn', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_turn_person_id'))

    op.drop_table('duty_turn')
    with op.batch_alter_table('duty_away', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_away_person_id'))
        batch_op.drop_index(batch_op.f('ix_duty_away_last'))

    op.drop_table('duty_away')
