"""Shoppers block topics."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocked_topic",
        sa.Column("shopper_id", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shopper_id"], ["shopper.id"], name="fk_blocked_topic_shopper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shopper_id", "topic", name="pk_blocked_topic"),
    )


def downgrade() -> None:
    op.drop_table("blocked_topic")
