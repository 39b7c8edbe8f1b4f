"""What advice looks like: questionnaires and the state of a dialogue (DESIGN, section 4)."""

from service.api.shapes.words import (
    ANSWER,
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    YES_NO,
    Shape,
    by_key,
    described,
    list_of,
    one_of,
    or_null,
    ref,
    thing,
)

CHOOSE = one_of("one", "many", "number", "range")
EFFECT = one_of("require", "filter", "prefer")
PROFILE_VALUE: Shape = {"type": ["string", "number", "boolean"]}

SHAPES: dict[str, Shape] = {
    "Questionnaires": thing(
        questionnaires=list_of(thing(id=TEXT, version=TEXT, title=TEXT, languages=list_of(TEXT))),
    ),
    "Questionnaire": thing(
        id=TEXT,
        version=TEXT,
        locale=TEXT,
        title=TEXT,
        languages=list_of(TEXT),
        questions=list_of(
            thing(
                id=TEXT,
                text=TEXT,
                help=or_null(TEXT),
                choose=CHOOSE,
                effect=EFFECT,
                not_sure=YES_NO,
                unit=or_null(TEXT),
                from_profile=described(
                    or_null(thing(attribute=TEXT, purpose=TEXT)), "The profile's value that answers it, with consent."
                ),
                options=list_of(thing(id=TEXT, text=TEXT)),
            ),
        ),
        attributes=described(by_key(TEXT), "Labels of the products' attributes, as `unknown` names them."),
    ),
    "State": thing(
        questionnaire=thing(id=TEXT, version=TEXT, locale=TEXT),
        question=or_null(ref("Question")),
        progress=thing(answered=COUNT, at_most=COUNT),
        remaining=described(COUNT, "Different products that are left; variants of one model count once."),
        answers=by_key(ANSWER),
        prefilled=described(by_key(ref("Prefilled")), "Questions that the consented profile answers."),
        set_aside=described(list_of(TEXT), "Answered questions that are off the path; kept, and counted again later."),
        outdated=described(
            list_of(TEXT),
            "In a session whose questionnaire was changed meanwhile: questions whose answer no longer counts.",
        ),
        skipped=list_of(thing(question=TEXT, because=one_of("no_difference", "prefilled"))),
        conflict=or_null(ref("Conflict")),
        widened=described(
            list_of(thing(question=TEXT, by=NUMBER, text=TEXT)),
            "Answers that count wider than given, by so many per cent, because nothing would have fitted.",
        ),
        show_results=described(YES_NO, "Whether the questionnaire wants the shortlist to be shown already."),
        remember=described(
            list_of(thing(question=TEXT, attribute=TEXT, purpose=TEXT)),
            "Answers given here that the shopper may let the shop remember; the same for everybody.",
        ),
        shortlist=described(list_of(ref("Match")), "Best first."),
        companions=list_of(ref("Companion")),
        basis=ref("Basis"),
    ),
    "Question": thing(
        id=TEXT,
        text=TEXT,
        help=or_null(TEXT),
        choose=CHOOSE,
        effect=EFFECT,
        not_sure=YES_NO,
        unit=or_null(TEXT),
        range={
            "type": ["object", "null"],
            "properties": {"from": {"type": ["number", "null"]}, "to": {"type": ["number", "null"]}},
            "required": ["from", "to"],
            "additionalProperties": False,
        },
        prefilled=or_null(ref("Prefilled")),
        options=list_of(
            thing(id=TEXT, text=TEXT, remaining=described(COUNT, "Products left if this option is chosen.")),
        ),
    ),
    "Prefilled": thing(value=PROFILE_VALUE, source=TEXT),
    "Conflict": thing(
        answers=list_of(TEXT),
        ways_out=described(
            list_of(thing(give_up=list_of(TEXT), remaining=COUNT, best=list_of(ref("Match")))),
            "Smallest sets of answers to give up, with the best products that are then left.",
        ),
        near_misses=described(list_of(ref("Match")), "Products that miss fewest of the answers."),
    ),
    "Reason": thing(question=TEXT, text=TEXT),
    "Match": thing(
        sku=TEXT,
        name=TEXT,
        price=NUMBER,
        currency=TEXT,
        url=or_null(TEXT),
        image=or_null(TEXT),
        fits=list_of(ref("Reason")),
        misses=list_of(ref("Reason")),
        unknown=described(list_of(TEXT), "Attributes that matter here and that the catalogue does not state."),
    ),
    "Companion": thing(
        sku=TEXT,
        name=TEXT,
        price=NUMBER,
        currency=TEXT,
        url=or_null(TEXT),
        image=or_null(TEXT),
        kind=one_of("must_have", "nice_to_have"),
        because=TEXT,
        **{"for": described(TEXT, "The sku of the product that it goes with.")},
    ),
    "Basis": thing(
        used=list_of(thing(attribute=TEXT, purpose=TEXT)),
        not_used_without_consent=list_of(TEXT),
    ),
    "Handover": thing(code=described(TEXT, "Nine letters in groups of three, to be read aloud."), expires_at=TIME),
    "NewSession": thing(
        id=TEXT, token=described(TEXT, "The only key to this session; shown once."), state=ref("State")
    ),
}
