"""The questionnaires in force: a broken file is refused and named, and never takes the others or its own past down."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from service.advice.checking import examine
from service.advice.compiled import Compiled, compile_questionnaire
from service.advice.folder import questionnaire_files
from service.advice.reading import read_questionnaire
from service.advice.registered import Registered
from service.catalogue.catalogue import Catalogue
from service.documents.problem import Problem, Refused

FROM_THE_CATALOGUE = frozenset({"BG-Q015", "BG-Q016", "BG-Q030"})
"""Errors that a change of the catalogue alone can bring about: `begleiter check` fails, the service goes on serving."""

EARLIER_KEPT = 3
"""Earlier versions of each questionnaire that stay loaded for the sessions which began with them."""

_NONE: Mapping[str, Compiled] = MappingProxyType({})


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
    """Questionnaires by id; `refused`: why files are not among them; `complaints`: what is wrong with those served.

    `earlier` holds what was published under an id before, the latest first. `broken`: errors that the catalogue brings
    to what was published without them before; whoever loads decides whether such a catalogue is taken.
    """

    published: Mapping[str, Compiled]
    refused: tuple[Problem, ...]
    complaints: tuple[Problem, ...]
    earlier: Mapping[str, tuple[Compiled, ...]] = field(default_factory=dict)
    broken: tuple[Problem, ...] = ()

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue, register: Register, before: "Shelf | None" = None) -> "Shelf":
        """Every `*.yaml` in a folder, read, checked and compiled; where one is broken, what was in force `before`."""
        loading = _Loading(catalogue, register, before or cls(_NONE, (), ()))
        paths, misplaced = questionnaire_files(folder)
        for path in paths:
            loading.take(path)
        return loading.shelf(misplaced)

    def get(self, questionnaire: str) -> Compiled:
        """The questionnaire in force; raises `UnknownQuestionnaire`."""
        try:
            return self.published[questionnaire]
        except KeyError:
            raise UnknownQuestionnaire(questionnaire) from None

    def of_version(self, questionnaire: str, version: str) -> Compiled:
        """That version if it is still loaded, else the one in force; raises `UnknownQuestionnaire`."""
        loaded = (self.published.get(questionnaire), *self.earlier.get(questionnaire, ()))
        found = next((each for each in loaded if each is not None and each.version == version), None)
        return found or self.get(questionnaire)

    def knowing(self, not_sure: Callable[[Compiled], Mapping[str, float]]) -> "Shelf":
        """The same, where adaptive questions are weighed by how many shoppers could not answer them."""

        def informed(compiled: Compiled) -> Compiled:
            return compiled.knowing(not_sure(compiled)) if compiled.adaptive else compiled

        published = MappingProxyType({name: informed(each) for name, each in self.published.items()})
        earlier = {name: tuple(map(informed, several)) for name, several in self.earlier.items()}
        return replace(self, published=published, earlier=MappingProxyType(earlier))


class _Loading:
    """One pass over the folder, which knows what was in force before."""

    def __init__(self, catalogue: Catalogue, register: Register, before: Shelf) -> None:
        self._catalogue = catalogue
        self._register = register
        self._before = before
        self._known = {(each.code, each.message) for each in (*before.complaints, *before.refused)}
        self._published: dict[str, Compiled] = {}
        self._refused: list[Problem] = []
        self._complaints: list[Problem] = []
        self._broken: list[Problem] = []

    def take(self, path: Path) -> None:
        """Publish a file, or what was in force under its name."""
        last = self._before.published.get(path.stem)
        try:
            compiled, found = self._publish(path, last)
        except Refused as error:
            self._refused.extend(error.problems)
            kept = None if last is None else self._over_this_catalogue(last, self._broken)
            if kept is not None:
                self._published[path.stem] = kept
        else:
            self._published[compiled.questionnaire.id] = compiled
            self._complaints.extend(found)
            if last is not None and last.version == compiled.version:
                self._broken.extend(self._new(found))

    def shelf(self, misplaced: tuple[Problem, ...]) -> Shelf:
        """What is in force from now on."""
        return Shelf(
            MappingProxyType(self._published),
            (*misplaced, *self._refused),
            tuple(self._complaints),
            MappingProxyType(dict(self._earlier())),
            tuple(self._broken),
        )

    def _publish(self, path: Path, last: Compiled | None) -> tuple[Compiled, tuple[Problem, ...]]:
        questionnaire = read_questionnaire(path)
        found, compiled = examine(questionnaire, self._catalogue, self._register.attributes)
        edited = last is not None and last.version != questionnaire.version
        errors = [problem for problem in found if problem.severity == "error"]
        if any(problem.code not in FROM_THE_CATALOGUE for problem in errors) or (edited and self._new(errors)):
            raise Refused(found)
        if last is not None and not edited and last.catalogue is self._catalogue:
            return last, found  # with all that it remembers
        return compiled or compile_questionnaire(questionnaire, self._catalogue), found

    def _over_this_catalogue(self, last: Compiled, broken: list[Problem]) -> Compiled | None:
        """A version that was in force, over the catalogue of now; None if it cannot be, with the reasons."""
        if last.catalogue is self._catalogue:
            return last
        found, compiled = examine(last.questionnaire, self._catalogue, self._register.attributes)
        broken.extend(self._new(found))
        return compiled

    def _new(self, found: Iterable[Problem]) -> list[Problem]:
        return [each for each in found if each.severity == "error" and (each.code, each.message) not in self._known]

    def _earlier(self) -> Iterator[tuple[str, tuple[Compiled, ...]]]:
        """By id the versions that were in force before, over the catalogue of now."""
        before = self._before
        for each in sorted({*before.published, *before.earlier}):
            now = self._published.get(each)
            past = (*([before.published[each]] if each in before.published else []), *before.earlier.get(each, ()))
            others = [one for one in past if now is None or one.version != now.version]
            carried = (self._over_this_catalogue(one, []) for one in others[:EARLIER_KEPT])
            yield each, tuple(one for one in carried if one is not None)
