"""The questionnaires in force: a broken file is refused and named, and never takes the others down."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from service.advice.checking import Registered, examine
from service.advice.compiled import Compiled, compile_questionnaire
from service.advice.reading import read_questionnaire
from service.catalogue.catalogue import Catalogue
from service.documents.problem import Place, Problem, Refused

FROM_THE_CATALOGUE = frozenset({"BG-Q015", "BG-Q016", "BG-Q030"})
"""Errors that a change of the catalogue alone can bring about: `begleiter check` fails, the service goes on serving."""


class Register(Protocol):
    """The part of the privacy register that questionnaires are checked against."""

    @property
    def attributes(self) -> Registered:
        """Registered attributes by id."""
        ...


class UnknownQuestionnaire(LookupError):
    """No questionnaire of this id is in force."""

    def __init__(self, questionnaire: str) -> None:
        super().__init__("no questionnaire with this id is in force")
        self.questionnaire = questionnaire


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Questionnaires by id; `refused`: why files are not among them; `complaints`: what is wrong with those served."""

    published: Mapping[str, Compiled]
    refused: tuple[Problem, ...]
    complaints: tuple[Problem, ...]

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue, register: Register) -> "Shelf":
        """Every `*.yaml` in a folder, read, checked and compiled."""
        published: dict[str, Compiled] = {}
        refused: list[Problem] = []
        complaints: list[Problem] = []
        for path in sorted(folder.glob("*.y*ml")):
            try:
                compiled, found = _publish(path, catalogue, register)
            except Refused as error:
                refused.extend(error.problems)
            else:
                published[compiled.questionnaire.id] = compiled
                complaints.extend(found)
        return cls(MappingProxyType(published), tuple(refused), tuple(complaints))

    def get(self, questionnaire: str) -> Compiled:
        """The questionnaire in force; raises `UnknownQuestionnaire`."""
        try:
            return self.published[questionnaire]
        except KeyError:
            raise UnknownQuestionnaire(questionnaire) from None


def _publish(path: Path, catalogue: Catalogue, register: Register) -> tuple[Compiled, tuple[Problem, ...]]:
    if path.suffix != ".yaml":
        at = Place(str(path), 1, 1)
        raise Refused([Problem(at, "error", "BG-Q009", f"questionnaires end in .yaml; call it '{path.stem}.yaml'")])
    questionnaire = read_questionnaire(path)
    found, compiled = examine(questionnaire, catalogue, register.attributes)
    if any(problem.severity == "error" and problem.code not in FROM_THE_CATALOGUE for problem in found):
        raise Refused(found)
    return compiled or compile_questionnaire(questionnaire, catalogue), found
