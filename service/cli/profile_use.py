"""What questionnaires ask the profile for, held against what privacy.yaml declares."""

from collections.abc import Iterator
from pathlib import Path

from service.advice.folder import questionnaire_files
from service.advice.reading import read_questionnaire
from service.documents.problem import Complaints, Problem, Refused
from service.privacy.unused import unused


def collected_for_nothing(register: Path, questionnaires: Path) -> Iterator[Problem]:
    """A remark for each declared attribute that no questionnaire and no model uses.

    None while a questionnaire cannot be read: it may be the one that uses what the others do not.
    """
    if not register.is_file():
        return
    try:
        asked_for = frozenset(_asked_for(questionnaires))
    except Refused:
        return
    yield from unused(register, asked_for)


def _asked_for(folder: Path) -> Iterator[str]:
    for path in questionnaire_files(folder)[0]:
        for question in read_questionnaire(path, Complaints()).questions:
            if question.from_profile is not None:
                yield question.from_profile.attribute.text
