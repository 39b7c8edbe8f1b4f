"""What insights look like."""

from service.api.shapes.words import COUNT, TEXT, YES_NO, Shape, described, list_of, ref, thing

DAY: Shape = {"type": "string", "format": "date"}

SHAPES: dict[str, Shape] = {
    "Insights": thing(
        questionnaire=TEXT,
        **{"from": DAY, "to": DAY},
        rounded_to=described(COUNT, "Every figure is rounded down to a multiple of this."),
        versions=list_of(ref("InsightsOfVersion")),
    ),
    "InsightsOfVersion": thing(
        version=TEXT,
        in_force=YES_NO,
        questions=list_of(ref("InsightsOfQuestion")),
        shortlist_shown=described(COUNT, "Dialogues' ends: no question was left, and products were shown."),
        products_chosen=list_of(thing(sku=TEXT, count=COUNT)),
    ),
    "InsightsOfQuestion": thing(
        id=TEXT,
        shown=COUNT,
        answered=COUNT,
        not_sure=COUNT,
        taken_back=COUNT,
        left_here=described(COUNT, "Sessions that expired while this question was open."),
        conflicts=COUNT,
        ways_out_taken=COUNT,
        options=list_of(thing(id=TEXT, answered=COUNT)),
    ),
    "ChoiceCounted": thing(counted=YES_NO),
}
