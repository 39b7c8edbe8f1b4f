"""Sessions are handed over by one-time codes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("shopper_id", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_handover_session_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shopper_id"], ["shopper.id"], name="fk_handover_shopper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name="pk_handover"),
        sa.UniqueConstraint("code_hash", name="uq_handover_code_hash"),
    )
    op.create_index("ix_handover_shopper_id", "handover", ["shopper_id"])
    op.create_table(
        "wrong_code",
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("since", name="pk_wrong_code"),
    )


def downgrade() -> None:
    op.drop_table("wrong_code")
    op.drop_table("handover")
