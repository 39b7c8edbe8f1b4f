"""Which files of a folder are questionnaires, and what is wrong with the others' names or with the folder itself."""

from pathlib import Path

from service.documents.problem import Place, Problem


def questionnaire_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The questionnaires in a folder, and complaints: of another ending, or of a folder that is not there."""
    if not folder.is_dir():
        return (), (_misplaced(folder, "there is no such folder; create it, or mend BEGLEITER_QUESTIONNAIRES"),)
    found = sorted(folder.glob("*.y*ml"))
    others = [path for path in found if path.suffix != ".yaml"]
    complaints = (_misplaced(path, f"questionnaires end in .yaml; call it '{path.stem}.yaml'") for path in others)
    return tuple(path for path in found if path not in others), tuple(complaints)


def _misplaced(path: Path, message: str) -> Problem:
    return Problem(Place(str(path), 1, 1), "error", "BG-Q009", message)
