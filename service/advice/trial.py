"""A questionnaire that is tried before it is published: what is wrong with the text, and what it would do."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.advice.advise import Answers, parse_answers
from service.advice.checking import examine
from service.advice.compiled import Compiled
from service.advice.questionnaire import Questionnaire
from service.advice.reading import read_questionnaire_text
from service.advice.registered import Registered
from service.advice.reply import AnswerRefused
from service.catalogue.catalogue import Catalogue
from service.documents.problem import Complaints, Problem, Refused


class QuestionnaireRefused(Exception):
    """The text has errors, so that nothing can be shown of what it would do."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("The questionnaire has errors; mend them first.")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a text; without `questionnaire` its form is broken, without `compiled` its meaning.

    One whose author tests fail is compiled all the same, so that it can be seen why they do.
    """

    questionnaire: Questionnaire | None
    compiled: Compiled | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from being published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def playable(self) -> Compiled:
        """The questionnaire over the catalogue; raises `QuestionnaireRefused`."""
        if self.compiled is None:
            raise QuestionnaireRefused(self.errors)
        return self.compiled


def try_out(text: str, name: str | None, catalogue: Catalogue, register: Registered) -> Trial:
    """The text read and checked as a file of this name would be; without a name it may be called anything.

    What is odd and could be published all the same is looked for by `checking.look_for_oddities`.
    """
    noted = Complaints()
    try:
        questionnaire = read_questionnaire_text(text, name, noted)
    except Refused as refusal:
        return Trial(None, None, refusal.problems)
    found, compiled = examine(questionnaire, catalogue, register)
    return Trial(questionnaire, compiled, Complaints([*noted.found, *found]).problems)


def understood(compiled: Compiled, raw: Mapping[str, object]) -> tuple[Answers, tuple[str, ...]]:
    """The answers that a questionnaire takes, and the questions whose answer it does not."""
    taken: dict[str, object] = {}
    refused: list[str] = []
    for question, answer in raw.items():
        try:
            parse_answers(compiled, {question: answer})
        except AnswerRefused:
            refused.append(question)
        else:
            taken[question] = answer
    return parse_answers(compiled, taken), tuple(refused)
