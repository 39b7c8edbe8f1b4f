"""`begleiter play`: a questionnaire in the terminal, as a shopper sees it, with the counts that shrink."""

from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console

from service.advice.advise import advise, parse_answers
from service.advice.compiled import Compiled
from service.advice.reply import AnswerRefused
from service.cli.opened import about_a_questionnaire, opened
from service.cli.play_input import NotUnderstood, Typed, Wish, understood
from service.cli.play_screen import show_end, show_question, show_shortlist
from service.privacy.view import AdviceView, ConsentedView

_PROMPT = "answer (b back, w why, r again, q quit)"
_NOBODY: AdviceView = ConsentedView.nothing("advice_profile")


@click.command()
@about_a_questionnaire
def play(questionnaire: Path, against: Path | None, locale: str) -> None:
    """Play QUESTIONNAIRE (a file): answer, see what is left, go back, see why."""
    compiled = opened(questionnaire, against)
    _Dialogue(compiled, locale or compiled.questionnaire.languages[0], Console()).run()


class _Dialogue:
    """One shopper's answers, the latest last."""

    def __init__(self, compiled: Compiled, locale: str, console: Console) -> None:
        self._compiled = compiled
        self._locale = locale
        self._console = console
        self._answers: dict[str, object] = {}
        self._total = int(self._state()["remaining"])

    def run(self) -> None:
        while True:
            state = self._state()
            wish = self._end(state) if state["question"] is None else self._answer(state)
            if wish == "quit":
                return
            self._grant(wish, state)

    def _answer(self, state: dict[str, Any]) -> Wish | None:
        """Take an answer, or return what is wished instead; asks again until one of them is understood."""
        question = state["question"]
        show_question(self._console, state, self._total)
        while True:
            try:
                said = understood(_ask(), question)
                if not isinstance(said, Typed):
                    return said
                answers = {**self._answers, question["id"]: said.value}
                parse_answers(self._compiled, answers)
            except (NotUnderstood, AnswerRefused) as refused:
                self._console.print(str(refused), style="yellow", markup=False)
            else:
                self._answers = answers
                return None

    def _end(self, state: dict[str, Any]) -> Wish:
        show_end(self._console, state, self._total)
        said = _ask()
        return "back" if said == "b" else "again" if said == "r" else "quit"

    def _grant(self, wish: Wish | None, state: dict[str, Any]) -> None:
        if wish == "why":
            show_shortlist(self._console, state)
        elif wish == "again":
            self._answers = {}
        elif wish == "back" and self._answers:
            self._answers.popitem()

    def _state(self) -> dict[str, Any]:
        answers = parse_answers(self._compiled, self._answers)
        state = advise(self._compiled, answers, _NOBODY, self._locale)
        told: dict[str, Any] = orjson.loads(orjson.dumps(state.as_json()))
        return told


def _ask() -> str:
    """What is typed; the end of the input is the wish to quit."""
    try:
        typed: str = click.prompt(_PROMPT, prompt_suffix=": ")
    except click.Abort:
        return "q"
    return typed.strip()
