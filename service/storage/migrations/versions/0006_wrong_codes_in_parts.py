"""Count wrong handover codes in each part of the codes by itself, so that who guesses does not stop everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("wrong_code")
    op.create_table(
        "wrong_code",
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part", name="pk_wrong_code"),
    )


def downgrade() -> None:
    op.drop_table("wrong_code")
    op.create_table(
        "wrong_code",
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("since", name="pk_wrong_code"),
    )
