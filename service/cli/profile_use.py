"""What questionnaires ask the profile for, held against what privacy.yaml declares."""

from collections.abc import Iterator
from pathlib import Path

from service.advice.folder import questionnaire_files
from service.advice.reading import read_questionnaire
from service.documents.problem import Complaints, Problem, Refused
from service.privacy.unused import unused


def collected_for_nothing(register: Path, questionnaires: Path) -> Iterator[Problem]:
    """A remark for each declared attribute that no questionnaire and no model uses."""
    return unused(register, frozenset(_asked_for(questionnaires))) if register.is_file() else iter(())


def _asked_for(folder: Path) -> Iterator[str]:
    for path in questionnaire_files(folder)[0]:
        try:
            questionnaire = read_questionnaire(path, Complaints())
        except Refused:
            continue
        for question in questionnaire.questions:
            if question.from_profile is not None:
                yield question.from_profile.attribute.text
