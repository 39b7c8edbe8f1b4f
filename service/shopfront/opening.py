"""Opens the shop's files, and decides what of a change is taken: a broken or shrunken part leaves the old one in force.

Codes: BG-S040 too many products are gone, S041 a questionnaire would break, BG-P040 a notice's text was altered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from service.advice.shelf import Shelf
from service.api.rooms import Shopfront
from service.catalogue.catalogue import Catalogue, load_catalogue
from service.catalogue.companions import Companions
from service.documents.problem import Place, Problem, Refused
from service.privacy.declared import ServedNotice
from service.privacy.gate import Gate
from service.privacy.notices import NoticeAltered
from service.privacy.register import Register, read_register
from service.settings import Settings
from service.shopfront.files import CATALOGUE_FILES, REGISTER_FILE, Seen


def open_register(settings: Settings) -> tuple[Register, tuple[Problem, ...]]:
    """The shop's register, or an empty one with the complaints: then no profile is used at all."""
    try:
        return read_register(settings.shop / REGISTER_FILE), ()
    except Refused as refusal:
        return Register.empty(), refusal.problems


@dataclass(frozen=True, slots=True)
class Opening:
    """How this shop's files are opened. `altered` names the notices of a register whose text is not what it was."""

    settings: Settings
    gate: Callable[[Register], Gate]
    altered: Callable[[Register], Sequence[ServedNotice]]

    def first(self) -> Shopfront:
        """The files as they stand; raises `Refused` if the catalogue is broken, and does without any other part."""
        catalogue = load_catalogue(self.settings.shop)
        register, refused = open_register(self.settings)
        shelf = Shelf.load(self.settings.questionnaires, catalogue, register)
        return self._front(catalogue, register, shelf, refused)

    def after(self, before: Shopfront, then: Seen, now: Seen) -> Shopfront:
        """What is in force after a change; `then` is when the catalogue in force was read. Everything is checked first.

        The register comes before the catalogue, so that each answers only for what it breaks itself.
        """
        register, refused = self._register(before, changed=then.register != now.register)
        shelf = Shelf.load(self.settings.questionnaires, before.catalogue, register, before.questionnaires)
        front = self._front(before.catalogue, register, shelf, refused)
        return front if then.catalogue == now.catalogue else self._with_new_catalogue(front)

    def _register(self, before: Shopfront, *, changed: bool) -> tuple[Register, tuple[Problem, ...]]:
        if not changed:
            return before.register, before.refused
        try:
            register = read_register(self._register_file)
        except Refused as refusal:
            return before.register, refusal.problems
        altered = self.altered(register)
        if altered:
            told = str(NoticeAltered(altered))
            return before.register, (Problem(Place(str(self._register_file), 1, 1), "error", "BG-P040", told),)
        return register, ()

    def _with_new_catalogue(self, front: Shopfront) -> Shopfront:
        try:
            catalogue = load_catalogue(self.settings.shop)
            self._refuse_shrunken(front.catalogue, catalogue)
            shelf = Shelf.load(self.settings.questionnaires, catalogue, front.register, front.questionnaires)
            self._refuse_breaking(shelf)
        except Refused as refusal:
            return replace(front, catalogue_refused=refusal.problems)
        return self._front(catalogue, front.register, shelf, front.refused)

    def _refuse_shrunken(self, before: Catalogue, now: Catalogue) -> None:
        gone = sum(sku not in now for sku in before.by_sku)
        if gone * 100 > self.settings.feed_may_lose * len(before.products):
            told = (
                f"{gone} of {len(before.products)} products are gone, and one change may lose "
                f"{self.settings.feed_may_lose} % (BEGLEITER_FEED_MAY_LOSE); restore them, or restart if this is meant"
            )
            raise Refused([Problem(self._at_the_products(), "error", "BG-S040", told)])

    def _refuse_breaking(self, shelf: Shelf) -> None:
        if shelf.broken:
            names = ", ".join(sorted({PurePath(problem.at.file).name for problem in shelf.broken}))
            told = (
                f"the new catalogue breaks what is published ({names}); change both together, or restore what it needs"
            )
            raise Refused([Problem(self._at_the_products(), "error", "BG-S041", told), *shelf.broken])

    def _at_the_products(self) -> Place:
        present = (self.settings.shop / name for name in CATALOGUE_FILES[1:])
        return Place(str(next((path for path in present if path.is_file()), self.settings.shop)), 1, 1)

    @property
    def _register_file(self) -> Path:
        return self.settings.shop / REGISTER_FILE

    def _front(
        self,
        catalogue: Catalogue,
        register: Register,
        shelf: Shelf,
        refused: tuple[Problem, ...],
    ) -> Shopfront:
        rules = [rule for each in shelf.published.values() for rule in each.companion_rules]
        return Shopfront(
            catalogue=catalogue,
            questionnaires=shelf,
            register=register,
            gate=self.gate(register),
            companions=Companions.of(rules, catalogue),
            refused=refused,
        )
