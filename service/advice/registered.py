"""What advice needs to know of the privacy register: by which names, kinds, sources and purposes values are kept."""

from collections.abc import Collection, Mapping
from typing import Protocol

PURPOSE = "advice_profile"
"""The only purpose for which a questionnaire uses a profile."""


class RegisteredAttribute(Protocol):
    """One attribute in the privacy register."""

    @property
    def kind(self) -> str:
        """What its values are: text, number, boolean or behaviour."""
        ...

    @property
    def purposes(self) -> Collection[str]:
        """The purposes that the attribute may ever serve."""
        ...

    @property
    def sources(self) -> Collection[str]:
        """Who may deliver it."""
        ...


Registered = Mapping[str, RegisteredAttribute]
