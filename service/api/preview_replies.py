"""What the preview replies, built plainly from what advice found out."""

from service.advice.comparing import Change
from service.advice.condition_texts import ConditionTexts
from service.advice.coverage import Coverage, QuestionCoverage
from service.advice.graph import Graph, Node
from service.advice.questionnaire import Question, Questionnaire
from service.catalogue.product import Product
from service.documents.problem import Problem


def problem(found: Problem) -> dict[str, object]:
    """One complaint beside its line."""
    return {
        "line": found.at.line,
        "column": found.at.column,
        "severity": found.severity,
        "code": found.code,
        "message": found.message,
    }


def coverage(found: Coverage) -> dict[str, object]:
    """Shares, what is never shown, and gaps."""
    unshown, gaps = found.unshown, found.gaps
    return {
        "locale": found.locale,
        "models": found.models,
        "questions": [_question_coverage(each) for each in found.questions],
        "never_shown": {
            "proven": [_product(each, found.locale) for each in unshown.proven],
            "sampled": [_product(each, found.locale) for each in unshown.unseen],
            "models_looked_at": unshown.looked_at,
            "paths": unshown.paths,
        },
        "gaps": {
            "complete": gaps.complete,
            "combinations": gaps.looked_at,
            "found": [
                [
                    {"question": question, "text": text}
                    for (question, _), text in zip(gap.answers, gap.texts, strict=True)
                ]
                for gap in gaps.found
            ],
        },
    }


def graph(found: Graph, questionnaire: Questionnaire, locale: str) -> dict[str, object]:
    """Questions in the file's order, and arrows between their places."""
    told = ConditionTexts(questionnaire, locale)
    pairs = zip(found.nodes, questionnaire.questions, strict=True)
    return {
        "title": found.title,
        "questions": [_node(node, question, told) for node, question in pairs],
        "arrows": [
            {"from": each.start, "to": each.end, "conditional": each.because is not None} for each in found.edges
        ],
    }


def change(found: Change) -> dict[str, object]:
    """A part that differs."""
    return {
        "what": found.what,
        "id": found.id,
        "within": found.within,
        "how": found.how,
        "fields": [{"name": each.name, "before": each.before, "after": each.after} for each in found.fields],
    }


def _question_coverage(found: QuestionCoverage) -> dict[str, object]:
    return {
        "id": found.id,
        "text": found.text,
        "choose": found.kind,
        "effect": found.effect,
        "evenness": round(found.evenness, 4),
        "not_stated": round(found.not_stated, 4),
        "answers": [{"text": part.text, "fits": part.fits, "share": round(part.share, 4)} for part in found.parts],
    }


def _product(found: Product, locale: str) -> dict[str, str]:
    return {"sku": found.sku, "name": found.name.get(locale)}


def _node(node: Node, question: Question, told: ConditionTexts) -> dict[str, object]:
    return {
        "id": node.id,
        "line": question.at.line,
        "text": node.text,
        "choose": question.choose,
        "effect": question.effect,
        "weight": question.weight if question.effect == "prefer" else None,
        "options": node.options,
        "only_if": None if question.only_if is None else told.tell(question.only_if),
    }
