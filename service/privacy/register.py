"""The shop's register: which attributes may be known, for which purposes, under which notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from service.documents.problem import Complaints
from service.documents.yaml import read_yaml
from service.privacy.declared import Notice, Purpose, RegisteredAttribute, ServedNotice
from service.privacy.register_file import Declarations, check_declarations, read_declarations

__all__ = [
    "Notice",
    "Purpose",
    "Register",
    "RegisteredAttribute",
    "ServedNotice",
    "UnknownAttribute",
    "UnknownNotice",
    "UnknownPurpose",
    "read_register",
]


class UnknownAttribute(Exception):
    """No such attribute is declared. `index` is its place among the decisions or values that were sent."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("no such attribute is declared; GET /v1/attributes lists them")
        self.index = index


class UnknownPurpose(Exception):
    """No such purpose is declared. `index` is its place among the decisions that were sent."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("no such purpose is declared; GET /v1/purposes lists them")
        self.index = index


class UnknownNotice(Exception):
    """No such notice, or no such version of it."""

    def __init__(self) -> None:
        super().__init__("there is no such notice in that version and language")


@dataclass(frozen=True, slots=True)
class Register:
    """What was declared, by id. Of several versions of a notice the last one is in force.

    `anonymous_orders`: whether orders that name nobody may be kept and learnt from.
    """

    attributes: Mapping[str, RegisteredAttribute]
    purposes: Mapping[str, Purpose]
    notices: tuple[Notice, ...]
    anonymous_orders: bool = False

    @classmethod
    def empty(cls) -> "Register":
        """The register of a shop whose file was refused: nothing may be known."""
        return cls(MappingProxyType({}), MappingProxyType({}), ())

    def readable(self, purpose: str) -> tuple[RegisteredAttribute, ...]:
        """The attributes with a value that the purpose may ever see, sorted by id; none for an unknown purpose."""
        declared = self.purposes.get(purpose)
        if declared is None or declared.legal_basis != "consent":
            return ()
        served = (each for each in self.attributes.values() if purpose in each.purposes and each.holds_a_value)
        return tuple(sorted(served, key=lambda attribute: attribute.id))

    def behaviour(self, attribute: str, purpose: str) -> RegisteredAttribute | None:
        """What a shopper does, as declared, if this purpose may ever see it."""
        declared, served = self.attributes.get(attribute), self.purposes.get(purpose)
        if declared is None or served is None or served.legal_basis != "consent":
            return None
        return declared if purpose in declared.purposes and not declared.holds_a_value else None

    def notice(self, notice_id: str, version: str) -> Notice:
        """That version of the notice; raises UnknownNotice."""
        for notice in self.notices:
            if (notice.id, notice.version) == (notice_id, version):
                return notice
        raise UnknownNotice

    def in_force(self, notice_id: str) -> Notice:
        """The version that is shown today; raises UnknownNotice."""
        for notice in reversed(self.notices):
            if notice.id == notice_id:
                return notice
        raise UnknownNotice


def read_register(path: Path, noted: Complaints | None = None) -> Register:
    """The register in a `privacy.yaml` (docs/privacy-file.md); raises Refused with everything that is wrong.

    Whoever passes `noted` finds there also what is odd about a file that is taken.
    """
    complaints = Complaints() if noted is None else noted
    declarations = read_declarations(read_yaml(path), complaints)
    check_declarations(declarations, complaints)
    complaints.refuse()
    return _register(declarations)


def _register(declarations: Declarations) -> Register:
    return Register(
        attributes=MappingProxyType({each.what.id: each.what for each in declarations.attributes}),
        purposes=MappingProxyType({each.what.id: each.what for each in declarations.purposes}),
        notices=tuple(each.what for each in declarations.notices),
        anonymous_orders=declarations.anonymous_orders,
    )
