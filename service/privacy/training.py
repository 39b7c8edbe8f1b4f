"""Whose orders belong together while a model is trained: a name of training's own, of which nothing is kept."""

import hmac
from typing import NewType

from service.privacy.secret import Secret
from service.privacy.subject import ShopperId

TrainingId = NewType("TrainingId", str)
"""A shopper as training knows them: leads neither to the shop's reference nor to what database and ledger say."""


def training_id(secret: Secret, shopper: ShopperId) -> TrainingId:
    """The shopper's: HMAC-SHA256 under a key of its own, cut to 128 bits; another one after the secret was rotated."""
    return TrainingId(hmac.digest(secret.derived("training"), shopper.encode(), "sha256")[:16].hex())
