"""Mistakes made by script in a questionnaire that is right, each with the complaint that it must draw and its line."""

import re
from collections.abc import Callable

MUTATIONS: dict[str, Callable] = {}


class NotHere(Exception):
    """The questionnaire has nothing in which this mistake could be made."""


def mutation(make):
    MUTATIONS[make.__name__] = make
    return make


def mutated(name, text):
    """The text with the mistake in it, the code of the complaint and its line; raises `NotHere`."""
    lines = text.split("\n")
    code, line = MUTATIONS[name](lines)
    return "\n".join(lines), code, line


def find(lines, pattern, after=0):
    for place in range(after, len(lines)):
        if re.search(pattern, lines[place]):
            return place
    raise NotHere(pattern)


def replace(lines, pattern, new, after=0):
    """Change the first line that matches; its number, counted from 1."""
    place = find(lines, pattern, after)
    lines[place] = re.sub(pattern, new, lines[place], count=1)
    return place + 1


@mutation
def a_misspelt_key(lines):
    return "BG-Y020", replace(lines, r"^    choose:", "    chose:")


@mutation
def a_key_given_twice(lines):
    place = find(lines, "^    effect:")
    lines.insert(place, lines[place])
    return "BG-Y007", place + 2


@mutation
def a_tab(lines):
    return "BG-Y005", replace(lines, r"^    effect:", "\teffect:")


@mutation
def a_blank_too_many(lines):
    return "BG-Y006", replace(lines, r"^    effect:", "     effect:")


@mutation
def a_forgotten_colon(lines):
    return "BG-Y006", replace(lines, r"^    effect: ", "    effect ")


@mutation
def a_bracket_left_open(lines):
    return "BG-Y006", replace(lines, r"fits: \{(\w+): \[(\w+)\]\}", r"fits: {\1: [\2}")


@mutation
def a_quotation_mark_left_open(lines):
    return "BG-Y006", replace(lines, r"^(\s+)(de|en): (\w)", r'\1\2: "\3', after=10)


@mutation
def a_text_that_begins_with_a_star(lines):
    return "BG-Y008", replace(lines, r"^(\s+)(de|en): (\w)", r"\1\2: *\3", after=10)


@mutation
def a_text_cut_short(lines):
    return "BG-Y029", replace(lines, r"^(\s+)(de|en): (\w+) ", r"\1\2: \3 # ", after=10)


@mutation
def a_deleted_question_text(lines):
    place = find(lines, "^    ask:")
    end = next(number for number in range(place + 1, len(lines)) if not lines[number].startswith("      "))
    del lines[place:end]
    return "BG-Y021", place if "- id" in lines[place - 1] else find(lines[:place][::-1], "- id") * -1 + place


@mutation
def an_effect_that_does_not_exist(lines):
    return "BG-Y025", replace(lines, r"^    effect: (filter|prefer|require)", "    effect: filtered")


@mutation
def an_id_with_a_capital(lines):
    return "BG-Q001", replace(lines, r"^      - id: (\w)", r"      - id: X\1")


@mutation
def an_answer_given_twice(lines):
    first = find(lines, "^      - id:")
    second = find(lines, "^      - id:", first + 1)
    lines[second] = lines[first]
    return "BG-Q002", second + 1


@mutation
def a_translation_deleted(lines):
    place = find(lines, r"^        text:")
    del lines[place + 2]
    return "BG-Q003", place + 2


@mutation
def a_translation_left_empty(lines):
    place = find(lines, r"^        text:")
    return "BG-Y022", replace(lines, r": .*", ":", after=place + 2)


@mutation
def a_language_that_is_not_listed(lines):
    place = find(lines, r"^        text:")
    lines.insert(place + 1, "          fr: Bonjour")
    return "BG-Q004", place + 2


@mutation
def bounds_exchanged(lines):
    return "BG-Q007", replace(lines, r"^    min: .*", "    min: 10000")


@mutation
def a_weight_for_a_filter(lines):
    place = find(lines, "^    effect: filter")
    lines.insert(place + 1, "    weight: high")
    return "BG-Q005", place + 2


@mutation
def a_condition_on_a_question_that_is_misspelt(lines):
    return "BG-Q011", replace(lines, r"only_if: \{(\w+):", r"only_if: {\1x:")


@mutation
def a_condition_on_a_later_question(lines):
    first = find(lines, "^  - id:")
    last = [line for line in lines[: find(lines, "^goes_with")] if line.startswith("  - id:")][-1].split(": ")[1]
    lines.insert(first + 1, f"    only_if: {{{last}: whatever}}")
    return "BG-Q012", first + 2


@mutation
def a_condition_on_an_answer_that_is_misspelt(lines):
    return "BG-Q013", replace(lines, r"(only_if: \{\w+: \[?)(\w+)", r"\1\2x")


@mutation
def a_condition_that_never_holds(lines):
    place = find(lines, r"only_if: \{\w+: \w+\}")
    question, option = re.search(r"\{(\w+): (\w+)\}", lines[place]).groups()
    lines[place] = f"    only_if: {{all: [{{{question}: {option}}}, {{not: {{{question}: {option}}}}}]}}"
    return "BG-Q028", place + 1


@mutation
def an_attribute_that_is_misspelt(lines):
    return "BG-Q014", replace(lines, r"fits: \{(\w+):", r"fits: {\1x:")


@mutation
def a_value_that_is_misspelt(lines):
    return "BG-Q015", replace(lines, r"fits: \{(\w+): \[(\w+)", r"fits: {\1: [\2x")


@mutation
def a_category_that_does_not_exist(lines):
    return "BG-Q015", replace(lines, r"category: \[(\w+)", r"category: [\1x")


@mutation
def a_band_for_words(lines):
    return "BG-Q017", replace(lines, r"fits: \{(\w+): \[\w+\]\}", r"fits: {\1: {from: 3}}")


@mutation
def an_answer_that_fits_nothing(lines):
    place = find(lines, r"fits: \{\w+: \{to:")
    replace(lines, r"to: [\d.]+", "to: 0.1", after=place)
    return "BG-Q018", find(lines[: place + 1][::-1], "      - id:") * -1 + place + 1


@mutation
def an_answer_that_fits_everything(lines):
    place = find(lines, r"fits: \{\w+: \[")
    replace(lines, r"fits: .*", "fits: {price: {from: 0}}", after=place)
    return "BG-Q019", find(lines[: place + 1][::-1], "      - id:") * -1 + place + 1


@mutation
def a_profile_attribute_that_is_misspelt(lines):
    return "BG-Q020", replace(lines, r"from_profile: \{attribute: (\w+)", r"from_profile: {attribute: \1x")


@mutation
def a_rule_that_never_agrees(lines):
    place = find(lines, "^    match:")
    lines[place] = "    match: [model]"
    return "BG-Q022", find(lines[: place + 1][::-1], "  - id:") * -1 + place + 1


@mutation
def a_question_that_never_matters(lines):
    first = find(lines, "^  - id:")
    added = "  - {id: mood, ask: Wie?, choose: one, answers: [{id: good, text: Gut}, {id: bad, text: Schlecht}]}"
    lines.insert(first, added)
    return "BG-Q025", first + 1


@mutation
def a_test_that_fails(lines):
    place = find(lines, "^    expect:")
    lines[place] = "    expect: {results_at_least: 900}"
    return "BG-Q030", place - 1


@mutation
def a_test_with_a_product_that_is_misspelt(lines):
    return "BG-Q031", replace(lines, r"(includes|shortlist): \[([\w-]+)", r"\1: [\2X")
