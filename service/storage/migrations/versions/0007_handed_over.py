"""Remember of a session at which revision it went on elsewhere, so that it is not counted as left."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("handed_over", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "handed_over")
