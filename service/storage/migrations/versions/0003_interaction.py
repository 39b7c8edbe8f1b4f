"""Interactions are kept of shoppers who allow it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interaction",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shopper_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["shopper_id"], ["shopper.id"], name="fk_interaction_shopper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_interaction"),
        sa.UniqueConstraint("shopper_id", "key_hash", name="uq_interaction_shopper_id_key_hash"),
    )


def downgrade() -> None:
    op.drop_table("interaction")
