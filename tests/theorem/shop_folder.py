"""A shop in which everything that consent can open makes a difference, so that nothing can be used unnoticed."""

from pathlib import Path

from service.cross_sell.pointer import publish
from service.cross_sell.traits import Equals, Within
from service.settings import Settings
from tests.builders import a_shop_folder
from tests.cross_sell.artefacts import an_artefact

SHOP_YAML = """\
currency: EUR
country: DE
locales: [de, en]
categories:
  bike: {label: {de: Räder, en: Bikes}}
  pedal: {label: {de: Pedale, en: Pedals}}
  tyre: {label: {de: Reifen, en: Tyres}, lasts_days: 30}
  lamp: {label: {de: Lampen, en: Lamps}}
  cushion: {label: {de: Kissen, en: Cushions}, sensitive: yes}
attributes:
  model: {type: text}
  seat: {type: text}
  basket_fits: {type: boolean}
  rider_min_cm: {type: number, unit: cm}
  rider_max_cm: {type: number, unit: cm}
  ships_with_pedals: {type: boolean}
"""
PRODUCTS_CSV = """\
sku,name:de,name:en,category,price,model,seat,basket_fits,rider_min_cm,rider_max_cm,ships_with_pedals
BI-1,Rad Eins,Bike one,bike,900.00,one,upright,yes,150,175,no
BI-2,Rad Zwei,Bike two,bike,1100.00,two,sporty,no,160,185,no
BI-3,Rad Drei,Bike three,bike,1300.00,three,upright,no,170,195,yes
BI-4,Rad Vier,Bike four,bike,1500.00,four,sporty,yes,175,205,yes
PD-1,Pedale,Pedals,pedal,40.00,,,,,,
TY-1,Reifen,Tyre,tyre,30.00,,,,,,
TY-2,Reifen breit,Wide tyre,tyre,35.00,,,,,,
LA-1,Lampe,Lamp,lamp,25.00,,,,,,
LA-2,Lampe hell,Bright lamp,lamp,45.00,,,,,,
CU-1,Sitzkissen,Cushion,cushion,20.00,,,,,,
"""
PRIVACY_YAML = """\
languages: [de, en]
purposes:
  advice_session: {text: Beraten, example: Antworten zählen., legal_basis: contract}
  advice_profile: {text: Mit Profil beraten, example: Größe., legal_basis: consent, valid_for_days: 365}
  cross_sell: {text: Vorschlagen, example: Passendes., legal_basis: consent}
  behaviour_capture: {text: Merken, example: Gesehenes., legal_basis: consent}
  model_training: {text: Lernen, example: Gekauftes., legal_basis: consent}
  profile_merge: {text: Verbinden, example: Zwei Konten., legal_basis: consent}
attributes:
  height_cm:
    {label: Größe, why: Passt., kind: number, purposes: [advice_profile, cross_sell], sources: [shopper, crm],
     retention_days: 730}
  seat:
    {label: Sitz, why: Passt., kind: text, purposes: [advice_profile, cross_sell], sources: [crm, shopper]}
  has_basket:
    {label: Korb, why: Passt., kind: boolean, purposes: [advice_profile], sources: [shopper]}
  night_rider:
    {label: Nachts, why: Licht., kind: boolean, purposes: [cross_sell], sources: [crm]}
  orders:
    {label: Käufe, why: Passt., kind: behaviour, purposes: [cross_sell, model_training, behaviour_capture],
     retention_days: 900}
notices:
  - {id: profile, version: 1, text: Alter Hinweis.}
  - {id: profile, version: 2, text: Hinweis.}
"""
QUESTIONNAIRE = """\
questionnaire: bike
languages: [de, en]
title: {de: Rad finden, en: Find a bike}
candidates: {category: [bike]}
questions:
  - id: budget
    ask: {de: Wie viel?, en: How much?}
    choose: range
    attribute: price
  - id: height
    ask: {de: Wie groß?, en: How tall?}
    choose: number
    min: 120
    max: 220
    effect: require
    fits_between: [rider_min_cm, rider_max_cm]
    from_profile: {attribute: height_cm, purpose: advice_profile}
    remember_as: height_cm
  - id: seat
    ask: {de: Wie sitzen?, en: How to sit?}
    choose: one
    from_profile: {attribute: seat, purpose: advice_profile}
    remember_as: seat
    answers:
      - id: upright
        text: {de: Aufrecht, en: Upright}
        fits: {seat: [upright]}
      - id: sporty
        text: {de: Sportlich, en: Sporty}
        fits: {seat: [sporty]}
  - id: basket
    ask: {de: Mit Korb?, en: With a basket?}
    choose: one
    effect: prefer
    from_profile: {attribute: has_basket, purpose: advice_profile}
    remember_as: has_basket
    answers:
      - id: "yes"
        text: {de: Ja, en: "Yes"}
        fits: {basket_fits: ["yes"]}
      - id: "no"
        text: {de: Nein, en: "No"}
        fits: {basket_fits: ["no"]}
goes_with:
  - id: pedals
    when: {ships_with_pedals: "no"}
    products: {category: [pedal]}
    kind: must_have
    because: {de: Kommt ohne Pedale, en: Comes without pedals}
"""
SKUS = ("BI-1", "BI-2", "BI-3", "BI-4", "CU-1", "LA-1", "LA-2", "PD-1", "TY-1", "TY-2")
CATEGORIES = ("bike", "cushion", "lamp", "pedal", "tyre")
BLOCKABLE = ("lamp", "tyre", "pedal", "health", "bike")
TRAITS = (
    Equals("night_rider", "yes"),
    Equals("seat", "sporty"),
    Equals("seat", "upright"),
    Within("height_cm", 100.0, 175.0),
    Within("height_cm", 175.0, 230.0),
)


def write_shop(folder: Path) -> Settings:
    """All files of the shop, a model made by hand in service, and the settings that name them."""
    a_shop_folder(folder / "shop", shop=SHOP_YAML, csv=PRODUCTS_CSV)
    (folder / "shop" / "privacy.yaml").write_text(PRIVACY_YAML)
    (folder / "questionnaires").mkdir()
    (folder / "questionnaires" / "bike.yaml").write_text(QUESTIONNAIRE)
    settings = Settings(
        shop=folder / "shop",
        questionnaires=folder / "questionnaires",
        data=folder / "var",
        database_url=f"sqlite:///{folder}/begleiter.sqlite3",
        secret="s" * 40,
    )
    publish(settings.models, a_model(settings.models))
    return settings


def a_model(models: Path) -> Path:
    """Every product speaks a little for every other, every trait for products of its own."""
    goes = {one: {other: 0.1 + 0.01 * (i * j % 7) for j, other in enumerate(SKUS)} for i, one in enumerate(SKUS)}
    factors = [[float((row * 3 + column * 5) % 11) for column in range(len(SKUS))] for row in range(len(TRAITS))]
    return an_artefact(
        models,
        *SKUS,
        trait_names=TRAITS,
        traits=factors,
        goes=goes,
        went=goes,
        categories=CATEGORIES,
        pairs=[("BI-1", "LA-1", 20), ("BI-2", "TY-1", 15)],
        popularity=range(40, 40 + len(SKUS)),
    )
