"""A questionnaire compiled against a catalogue, ready to advise; only its caches change, and they only remember."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import orjson

from service.advice.adaptive import Expected
from service.advice.conditions import mentions
from service.advice.judged import Judged, Standing
from service.advice.masks import Mask, Models, mask_of
from service.advice.phrases import Phrases
from service.advice.questionnaire import Question, Questionnaire
from service.advice.ranking import Ranking
from service.advice.reply import Reply
from service.advice.state import Beside
from service.advice.vocabulary import by_attribute
from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import CompanionRule, Companions
from service.catalogue.shop import Shop
from service.catalogue.universe import Universe
from service.documents.texts import nearest_locale

STANDINGS_KEPT = 256
"""Replies whose products are remembered; at 10,000 products one takes 2.5 KB."""

CARDS_KEPT = COMPANIONS_KEPT = 4096
"""Products and locales whose JSON and whose companions are remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A questionnaire over one catalogue.

    `standing(question id, reply)`, `widened(question id, reply)`, `card(rank, locale)`, a product's sku and JSON, and
    `beside(rank, locale)`, its companions, are remembered.
    `dependents` holds for each question those whose `only_if` tests it, `profile_attributes` what a profile may answer.
    `is_sensitive`: there are products of a sensitive category among its candidates.
    `adaptive` holds for each question in adaptive order all those that are chosen among, `expected` what each may gain.
    """

    questionnaire: Questionnaire
    catalogue: Catalogue
    version: str
    universe: Universe
    is_sensitive: bool
    everything: Mask
    models: Models
    ranking: Ranking
    judged: tuple[Judged, ...]
    by_id: Mapping[str, Judged]
    dependents: Mapping[str, tuple[str, ...]]
    profile_attributes: frozenset[str]
    adaptive: Mapping[str, tuple[str, ...]]
    expected: Mapping[str, Expected]
    standing: Callable[[str, Reply], Standing]
    widened: Callable[[str, Reply], Standing]
    card: Callable[[int, str], tuple[str, bytes]]
    beside: Callable[[int, str], tuple[Beside, ...]]
    _phrases: Mapping[str, Phrases]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order of the file."""
        return self.questionnaire.questions

    def phrases(self, locale: str) -> Phrases:
        """The texts for a locale: in the nearest language that the questionnaire has."""
        found = self._phrases.get(locale)
        return found or self._phrases[nearest_locale(locale, self.questionnaire.languages)]

    @property
    def companion_rules(self) -> tuple[CompanionRule, ...]:
        """The rules of `goes_with` in the catalogue's terms; cross-sell goes by them too, for its candidates alone."""
        return tuple(_rules(self.questionnaire, self.catalogue.shop))

    def knowing(self, not_sure: Mapping[str, float]) -> "Compiled":
        """The same with all that it remembers, asking by these shares of shoppers who could not answer a question."""
        expected = {each: replace(gain, not_sure=not_sure.get(each)) for each, gain in self.expected.items()}
        return replace(self, expected=expected)

    def left_by_options(self, judged: Judged) -> list[int]:
        """How many models each option of a question would leave of all candidates, if it narrowed."""
        return self.universe.count_models_each(judged.kept, self.universe.everything)


def compile_questionnaire(
    questionnaire: Questionnaire, catalogue: Catalogue, not_sure: Mapping[str, float] = MappingProxyType({})
) -> Compiled:
    """The questionnaire over a catalogue against which it has been checked.

    `not_sure` is by question the share of shoppers who could not answer it, where earlier dialogues have been counted.
    """
    shop = catalogue.shop
    same = questionnaire.same_product
    universe = Universe.of(catalogue, by_attribute(questionnaire.candidates, shop), None if same is None else same.text)
    judged = tuple(Judged.of(question, universe) for question in questionnaire.questions)
    by_id = {each.question.id: each for each in judged}
    adaptive = _adaptive(questionnaire)
    return Compiled(
        questionnaire=questionnaire,
        catalogue=catalogue,
        version=questionnaire.version,
        universe=universe,
        is_sensitive=shop.names_sensitive(universe.values("category")),
        everything=mask_of(universe.everything.words),
        models=Models.of(universe),
        ranking=Ranking.of(universe),
        judged=judged,
        by_id=by_id,
        dependents=_dependents(questionnaire),
        profile_attributes=frozenset(
            question.from_profile.attribute.text for question in questionnaire.questions if question.from_profile
        ),
        adaptive=adaptive,
        expected={each: Expected.of(by_id[each], not_sure.get(each)) for each in adaptive},
        standing=lru_cache(STANDINGS_KEPT)(lambda question, reply: by_id[question].standing(reply)),
        widened=lru_cache(STANDINGS_KEPT)(lambda question, reply: by_id[question].widened(reply)),
        card=lru_cache(CARDS_KEPT)(
            lambda rank, locale: (catalogue.products[rank].sku, catalogue.json_at(rank, locale))
        ),
        beside=lru_cache(COMPANIONS_KEPT)(_beside(questionnaire, catalogue)),
        _phrases={tag: Phrases.of(questionnaire, shop, tag) for tag in questionnaire.languages},
    )


def _adaptive(questionnaire: Questionnaire) -> Mapping[str, tuple[str, ...]]:
    stretches = [tuple(each.id for each in asked) for order, asked in questionnaire.stretches() if order == "adaptive"]
    return {question: stretch for stretch in stretches for question in stretch}


def _dependents(questionnaire: Questionnaire) -> Mapping[str, tuple[str, ...]]:
    tested = {
        question.id: {word.text for word, _ in mentions(question.only_if)} if question.only_if else set()
        for question in questionnaire.questions
    }
    return {each: tuple(other for other in tested if each in tested[other]) for each in tested}


def _beside(questionnaire: Questionnaire, catalogue: Catalogue) -> Callable[[int, str], tuple[Beside, ...]]:
    companions = Companions.of(_rules(questionnaire, catalogue.shop), catalogue)

    def beside(rank: int, locale: str) -> tuple[Beside, ...]:
        product = catalogue.products[rank]
        return tuple(
            Beside(
                sku=companion.product.sku,
                for_sku=product.sku,
                json=_spliced(
                    catalogue.json(companion.product.sku, locale),
                    {
                        "kind": companion.rule.kind,
                        "because": companion.rule.because.get(locale),
                        "for": product.sku,
                    },
                ),
            )
            for companion in companions.of_product(product)
        )

    return beside


def _spliced(product: bytes, more: Mapping[str, str]) -> bytes:
    """A JSON object continued by more fields."""
    return product[:-1] + b"," + orjson.dumps(more)[1:]


def _rules(questionnaire: Questionnaire, shop: Shop) -> Iterator[CompanionRule]:
    candidates = by_attribute(questionnaire.candidates, shop)
    for wish in questionnaire.goes_with:
        yield CompanionRule(
            id=wish.id,
            when=by_attribute(wish.when, shop),
            products=by_attribute(wish.products, shop),
            match=tuple(word.text for word in wish.match),
            kind=wish.kind,
            because=wish.because,
            among=candidates,
        )
