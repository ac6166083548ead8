"""families' data and pulses

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('abuse_answer',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_abuse_answer_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_abuse_answer'))
    )
    op.create_table('allowed_words',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('kind', sa.Enum('name', 'phone', 'email', 'nhs_number', 'pupil_number', 'insurance_number', 'postcode', 'birth', 'address', 'school', 'reference', 'account', 'number', name='kind', native_enum=False, length=40), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_allowed_words_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allowed_words'))
    )
    with op.batch_alter_table('allowed_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allowed_words_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_allowed_words_at'), ['at'], unique=False)

    op.create_table('pulse_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.Enum('parent', 'young', 'other', 'staff', name='side', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pulse_answer_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pulse_answer'))
    )
    with op.batch_alter_table('pulse_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pulse_answer_at'), ['at'], unique=False)
        batch_op.create_index('ix_pulse_answer_key_at', ['key', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_pulse_answer_person_id'), ['person_id'], unique=False)

    op.create_table('pulse_picture',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('asked', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pulse_picture_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pulse_picture'))
    )
    with op.batch_alter_table('pulse_picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pulse_picture_person_id'), ['person_id'], unique=False)

    op.create_table('pulse_wish',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_key', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pulse_wish_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_pulse_wish'))
    )
    with op.batch_alter_table('pulse_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pulse_wish_asked_at'), ['asked_at'], unique=False)

    op.create_table('data_complaint',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('feedback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('received', sa.DateTime(timezone=True), nullable=False),
    sa.Column('acknowledge_by', sa.Date(), nullable=False),
    sa.Column('marked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('acknowledged', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['acknowledged_by'], ['person.id'], name=op.f('fk_data_complaint_acknowledged_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['closed_by'], ['person.id'], name=op.f('fk_data_complaint_closed_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_data_complaint_feedback_id_feedback'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['marked_by'], ['person.id'], name=op.f('fk_data_complaint_marked_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_data_complaint_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_complaint'))
    )
    with op.batch_alter_table('data_complaint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_complaint_acknowledge_by'), ['acknowledge_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_complaint_feedback_id'), ['feedback_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_complaint_person_id'), ['person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('data_complaint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_data_complaint_person_id'))
        batch_op.drop_index(batch_op.f('ix_data_complaint_feedback_id'))
        batch_op.drop_index(batch_op.f('ix_data_complaint_acknowledge_by'))

    op.drop_table('data_complaint')
    with op.batch_alter_table('pulse_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pulse_wish_asked_at'))

    op.drop_table('pulse_wish')
    with op.batch_alter_table('pulse_picture', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pulse_picture_person_id'))

    op.drop_table('pulse_picture')
    with op.batch_alter_table('pulse_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pulse_answer_person_id'))
        batch_op.drop_index('ix_pulse_answer_key_at')
        batch_op.drop_index(batch_op.f('ix_pulse_answer_at'))

    op.drop_table('pulse_answer')
    with op.batch_alter_table('allowed_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_allowed_words_at'))
        batch_op.drop_index(batch_op.f('ix_allowed_words_about'))

    op.drop_table('allowed_words')
    op.drop_table('abuse_answer')
