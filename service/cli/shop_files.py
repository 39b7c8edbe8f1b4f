"""A shop folder read for checking: catalogue and register as far as they can be read, and what is wrong with them."""

from dataclasses import dataclass
from pathlib import Path

from service.catalogue.catalogue import Catalogue, load_catalogue
from service.documents.problem import Complaints, Problem, Refused
from service.privacy.register import Register, read_register
from service.shopfront.files import REGISTER_FILE


@dataclass(frozen=True, slots=True)
class Against:
    """What questionnaires are checked against; no catalogue where it could not be read."""

    catalogue: Catalogue | None
    register: Register
    problems: tuple[Problem, ...]

    @classmethod
    def read(cls, folder: Path) -> "Against":
        """The shop in a folder."""
        catalogue, with_catalogue = of_catalogue(folder)
        register, with_register = of_register(folder / REGISTER_FILE)
        return cls(catalogue, register, (*with_catalogue, *with_register))


def of_catalogue(folder: Path) -> tuple[Catalogue | None, tuple[Problem, ...]]:
    """The catalogue in a folder, with what is odd about it; or everything that is wrong with it."""
    noted = Complaints()
    try:
        return load_catalogue(folder, noted), noted.problems
    except Refused as refusal:
        return None, refusal.problems


def of_register(path: Path) -> tuple[Register, tuple[Problem, ...]]:
    """The register in a file, with what is odd about it; or everything that is wrong with it."""
    noted = Complaints()
    try:
        return read_register(path, noted), noted.problems
    except Refused as refusal:
        return Register.empty(), refusal.problems
