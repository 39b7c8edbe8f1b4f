"""Sensitive topics: what nobody wants to be reminded of by a shop, told by words in a category's id and labels.

After Regulation (EU) 2016/679 (GDPR), article 9, with what is as personal: addiction, grief, debts. A word with a star
stands for every word that begins so.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

SENSITIVE_TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "health": (
            "health gesundheit* medical medizin* medicine* medikament* medication* arznei* pharma* drugstore "
            "apotheke* krankheit* kranken* krankenpflege disease* illness* diabetes diabetic* diabetik* "
            "blutdruck* blutzucker* allergie* allergy allergies inkontinenz* incontinence prothese* prosthe* "
            "orthop* rollstuhl* wheelchair* hörgerät* hörhilfe* therap* diät* diet diets dieting abnehmen "
            "slimming schmerz* disability behindert*"
        ),
        "mental_health": "mental psych* depression* angststörung* anxiety burnout psychotherap*",
        "sexuality": (
            "sex sexual* sexuell* sexuality sexualität sexshop sextoy* sexspielzeug* erotic* erotik* dessous "
            "kondom* condom* verhütung* contracepti* vibrator* dildo* lesbian* lesbisch* gay schwul* queer "
            "lgbt* lgbtq* fetisch* fetish*"
        ),
        "pregnancy": (
            "pregnan* schwanger* umstandsmode maternity mutterschaft* geburt geburtshilfe birth childbirth "
            "fertility fruchtbarkeit* kinderwunsch* ovulation* stillen stillzeit stillkissen breastfeeding "
            "nursing"
        ),
        "religion": (
            "religio* religiös* religious kirche* church* christian christlich* bible* bibel* koran* quran* "
            "islam* muslim* jüdisch* jewish* judaica judaism judentum hindu* buddhis* gebet* prayer* rosary "
            "rosenkranz rosenkränze kommunion* konfirmation* baptism taufe"
        ),
        "belief": "weltanschauung* atheis* esoteri* esoterik* occult* okkult*",
        "politics": "politi* partei parteien wahlkampf* campaigning aktivismus activism propaganda",
        "ethnic_origin": "ethnic* ethnisch* ethnie* racial migrant* afro roma sinti",
        "trade_union": "gewerkschaft* union unions unionism betriebsrat* streik streiks",
        "addiction": (
            "addict* sucht suchthilfe suchtmittel alkohol* alcohol* liquor spirits spirituosen schnaps tabak* "
            "tobacco* zigarette* zigarre* cigarette* cigar cigars vape* vaping nikotin* nicotine cannabis cbd "
            "raucherbedarf smoking glücksspiel* gambling"
        ),
        "grief": "trauer* grief mourning funeral* bestattung* grabschmuck grablicht* urne urnen urn urns",
        "debt": "schulden schuldner* debt debts insolvenz* insolvency kredit kredite loan loans",
        "crime": "straftat* vorstrafe* criminal* conviction*",
        "biometrics": "biometri* genetic* genetik* gentest* dna",
    }
)
"""Topic -> its words, German and English."""

_WORDS = re.compile(r"[^\W_]+")


def topics_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The sensitive topics of which these texts hold a word, in the order of the list."""
    words = {word for text in texts for word in _WORDS.findall(unicodedata.normalize("NFC", text).casefold())}
    return tuple(topic for topic, listed in _LISTED.items() if any(listed(word) for word in words))


class _Listed:
    """Whether a word is one of a topic's."""

    def __init__(self, told: str) -> None:
        entries = [unicodedata.normalize("NFC", word).casefold() for word in told.split()]
        self._whole = frozenset(word for word in entries if not word.endswith("*"))
        self._beginnings = tuple(word.removesuffix("*") for word in entries if word.endswith("*"))

    def __call__(self, word: str) -> bool:
        return word in self._whole or word.startswith(self._beginnings)


_LISTED = {topic: _Listed(told) for topic, told in SENSITIVE_TOPICS.items()}
