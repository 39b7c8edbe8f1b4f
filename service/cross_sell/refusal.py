"""Why a model on disk is not taken into service."""


class ArtefactRefused(Exception):
    """The artefact is damaged, incomplete or foreign; the message says in which way, and holds no content of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
