"""Data minimisation: what the register declares and nothing uses.

Code: BG-P011 an attribute that no questionnaire and no model uses.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from service.documents.problem import Complaints, Problem, Refused
from service.documents.yaml import read_yaml
from service.privacy.declared import RegisteredAttribute
from service.privacy.orders import ORDERS
from service.privacy.register_file import read_declarations

BY_QUESTIONNAIRES = frozenset({"advice_profile"})
BY_MODELS = frozenset({"cross_sell", "model_training"})
BY_CAPTURE = BY_MODELS | {"behaviour_capture"}


def unused(path: Path, asked_for: Collection[str]) -> Iterator[Problem]:
    """A note for each attribute that is collected for nothing; `asked_for` are those that questionnaires name.

    A file that cannot be read has complaints of its own, and gets none here.
    """
    complaints = Complaints()
    try:
        declared = read_declarations(read_yaml(path), Complaints()).attributes
    except Refused:
        return
    for attribute in declared:
        if not _is_used(attribute.what, asked_for):
            complaints.within(f"attribute '{attribute.what.id}'").add(
                attribute.at,
                "BG-P011",
                "no questionnaire asks the profile for it and no model learns from it; leave it out",
                severity="warning",
            )
    yield from complaints.problems


def _is_used(attribute: RegisteredAttribute, asked_for: Collection[str]) -> bool:
    purposes = frozenset(attribute.purposes)
    if not attribute.holds_a_value:
        return attribute.id == ORDERS and bool(purposes & BY_CAPTURE)  # all that shoppers do goes by this one name
    return bool(purposes & BY_MODELS) or (bool(purposes & BY_QUESTIONNAIRES) and attribute.id in asked_for)
