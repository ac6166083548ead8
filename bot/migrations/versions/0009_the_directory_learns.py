"""the directory learns

Revision: 0009, after 0012
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_asked',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('why', sa.Enum('unreached', 'danger', 'waits', 'no way', 'never', 'old', name='why', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_asked_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_asked'))
    )
    with op.batch_alter_table('contact_asked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_asked_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_asked_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_asked_person_id'), ['person_id'], unique=False)

    op.create_table('contact_owner',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('organisation', sa.String(), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_contact_owner_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_owner_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_owner'))
    )
    with op.batch_alter_table('contact_owner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_owner_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_owner_person_id'), ['person_id'], unique=False)

    op.create_table('settled',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outcome', sa.Enum('card', 'gap', 'not ours', name='outcome', native_enum=False, length=40), nullable=False),
    sa.Column('contact_id', sa.String(), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_settled_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settled'))
    )
    op.create_table('learnt_words',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('settled_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_learnt_words_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_learnt_words_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_id'], ['settled.id'], name=op.f('fk_learnt_words_settled_id_settled'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learnt_words'))
    )
    with op.batch_alter_table('learnt_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_learnt_words_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_learnt_words_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_learnt_words_settled_id'), ['settled_id'], unique=False)

    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.add_column(sa.Column('settled_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_question_settled_id'), ['settled_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_question_settled_id_settled'), 'settled', ['settled_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_question_settled_id_settled'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_question_settled_id'))
        batch_op.drop_column('settled_id')

    with op.batch_alter_table('learnt_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_learnt_words_settled_id'))
        batch_op.drop_index(batch_op.f('ix_learnt_words_person_id'))
        batch_op.drop_index(batch_op.f('ix_learnt_words_contact_id'))

    op.drop_table('learnt_words')
    op.drop_table('settled')
    with op.batch_alter_table('contact_owner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_owner_person_id'))
        batch_op.drop_index(batch_op.f('ix_contact_owner_contact_id'))

    op.drop_table('contact_owner')
    with op.batch_alter_table('contact_asked', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_asked_person_id'))
        batch_op.drop_index(batch_op.f('ix_contact_asked_contact_id'))
        batch_op.drop_index(batch_op.f('ix_contact_asked_at'))

    op.drop_table('contact_asked')
