"""What the preview of an edited questionnaire looks like."""

from service.api.shapes.words import COUNT, NUMBER, TEXT, YES_NO, Shape, described, list_of, one_of, or_null, ref, thing

SHARE: Shape = {"type": "number", "minimum": 0, "maximum": 1}
CHOOSE = one_of("one", "many", "number", "range")
EFFECT = one_of("require", "filter", "prefer")
PRODUCTS = list_of(thing(sku=TEXT, name=TEXT))

SHAPES: dict[str, Shape] = {
    "Preview": thing(
        questionnaires=list_of(ref("QuestionnaireHeading")),
        products=COUNT,
        largest_bytes=described(COUNT, "The longest body that a preview takes."),
        seconds=described(NUMBER, "How long a preview may take."),
    ),
    "QuestionnaireHeading": thing(id=TEXT, version=TEXT, title=TEXT, languages=list_of(TEXT)),
    "PreviewCheck": thing(
        questionnaire=described(or_null(ref("QuestionnaireHeading")), "Null if its form is broken."),
        problems=described(list_of(ref("Complaint")), "In the order of the file."),
        playable=described(YES_NO, "Whether it can be played, drawn and compared; failing author tests do not matter."),
        publishable=described(YES_NO, "Whether the service would take this file."),
        complete=described(YES_NO, "Whether the time sufficed to look for everything that may be odd."),
        published=described(or_null(TEXT), "The version in force under this id."),
    ),
    "Complaint": thing(line=COUNT, column=COUNT, severity=one_of("error", "warning", "note"), code=TEXT, message=TEXT),
    "PreviewCoverage": thing(
        locale=TEXT,
        models=described(COUNT, "Different products that may be shown."),
        questions=list_of(
            thing(
                id=TEXT,
                text=TEXT,
                choose=CHOOSE,
                effect=EFFECT,
                evenness=described(SHARE, "1 where every answer gets as many products, 0 where one gets them all."),
                not_stated=described(SHARE, "Products that say nothing of what is asked."),
                answers=list_of(thing(text=TEXT, fits=COUNT, share=SHARE)),
            )
        ),
        never_shown=thing(proven=PRODUCTS, sampled=PRODUCTS, models_looked_at=COUNT, paths=COUNT),
        gaps=thing(
            complete=YES_NO,
            combinations=COUNT,
            found=described(
                list_of(list_of(thing(question=TEXT, text=TEXT))), "Answers that no product meets together."
            ),
        ),
    ),
    "PreviewGraph": thing(
        title=TEXT,
        questions=list_of(
            thing(
                id=TEXT,
                line=COUNT,
                text=TEXT,
                choose=CHOOSE,
                effect=EFFECT,
                weight=or_null(one_of("low", "medium", "high")),
                options=list_of(TEXT),
                only_if=described(or_null(TEXT), "The condition in words; null if it is always asked."),
            )
        ),
        arrows=described(list_of(thing(**{"from": COUNT, "to": COUNT}, conditional=YES_NO)), "By places, from 0."),
    ),
    "PreviewComparison": thing(
        version=TEXT,
        published=described(or_null(TEXT), "The version in force under this id; null if there is none."),
        same=described(YES_NO, "Whether both mean the same."),
        changes=list_of(ref("Change")),
        before=or_null(ref("Outcome")),
        after=ref("Outcome"),
    ),
    "Change": thing(
        what=one_of("questionnaire", "question", "answer", "rule"),
        id=TEXT,
        within=described(or_null(TEXT), "The question of an answer."),
        how=one_of("added", "removed", "altered"),
        fields=list_of(thing(name=TEXT, before=or_null(TEXT), after=or_null(TEXT))),
    ),
    "Outcome": thing(
        state=ref("State"), not_taken=described(list_of(TEXT), "Questions whose answer was left out here.")
    ),
}
