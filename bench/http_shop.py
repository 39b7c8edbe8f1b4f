"""A simulated shop of any size for benchmarks of the HTTP side: ten questions of eight options over ten attributes."""

import csv
import random
from pathlib import Path

QUESTIONS, OPTIONS = 10, 8
ANSWERS = {"q0": "o1", "q1": ["o2", "o3"], "q2": "o4", "q3": ["o1", "o5", "o6"]}

SHOP = """currency: EUR
country: DE
locales: [de, en]
categories:
  thing:
    label: Dinge
attributes:
  model:
    type: text
    label: Modell
"""
ATTRIBUTE = """  a{n}:
    type: many
    label: Merkmal {n}
"""
HEAD = """questionnaire: bench
languages: [de, en]
title:
  de: Messung
  en: Measurement
show_at_most: 3
same_product: model
questions:
"""
QUESTION = """  - id: q{n}
    ask:
      de: Frage {n}?
      en: Question {n}?
    choose: {choose}
    effect: {effect}
    answers:
"""
OPTION = """      - id: o{option}
        text:
          de: Antwort {option}
          en: Answer {option}
        fits:
          a{n}: [v{option}]
"""


def write_shop(folder: Path, products: int, *, seed: int = 7) -> None:
    """Write shop/, questionnaires/ and nothing else into the folder."""
    dice = random.Random(seed)
    shop, questionnaires = folder / "shop", folder / "questionnaires"
    shop.mkdir(parents=True)
    questionnaires.mkdir()
    (shop / "shop.yaml").write_text(SHOP + "".join(ATTRIBUTE.format(n=n) for n in range(QUESTIONS)))
    (shop / "privacy.yaml").write_text(PRIVACY)
    with (shop / "products.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ("sku", "name:de", "name:en", "category", "price", "model", *(f"a{n}" for n in range(QUESTIONS)))
        )
        table.writerows(_product(dice, number) for number in range(products))
    (questionnaires / "bench.yaml").write_text(HEAD + "".join(_question(n) for n in range(QUESTIONS)))


def _product(dice: random.Random, number: int) -> tuple[object, ...]:
    values = ["|".join(f"v{each}" for each in sorted(dice.sample(range(OPTIONS), 3))) for _ in range(QUESTIONS)]
    stated = [value if dice.random() < 0.95 else "" for value in values]  # noqa: PLR2004 - one in twenty is missing
    name = f"Ding Nummer {number}"
    return (f"T-{number:07}", name, name, "thing", f"{dice.uniform(10, 4000):.2f}", f"m{number // 3}", *stated)


def _question(n: int) -> str:
    choose, effect = ("one", "many")[n % 2], ("filter", "prefer", "require")[n % 3]
    options = "".join(OPTION.format(option=option, n=n) for option in range(OPTIONS))
    return QUESTION.format(n=n, choose=choose, effect=effect) + options


PRIVACY = """languages: [de]
purposes:
  advice_session:
    text: Beraten
    example: Antworten entscheiden.
    legal_basis: contract
  advice_profile:
    text: Mit dem Profil beraten
    example: Nicht noch einmal fragen.
    legal_basis: consent
attributes:
  height_cm:
    label: Größe
    why: Damit es passt.
    kind: number
    purposes: [advice_profile]
    sources: [crm]
notices:
  - id: profile
    version: 1
    text: Ein Hinweis.
"""
