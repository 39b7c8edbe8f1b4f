"""What must be in the environment before numpy and the Prometheus client are imported. Imports neither itself."""

import atexit
import os
import shutil
import tempfile

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SHARED_FIGURES = "PROMETHEUS_MULTIPROC_DIR"


def prepare_environment() -> None:
    """No thread pool of numpy's may exist when workers are forked, and their figures need one folder to be added up."""
    for name in ONE_THREAD:
        os.environ[name] = "1"
    if SHARED_FIGURES not in os.environ:
        folder = os.environ[SHARED_FIGURES] = tempfile.mkdtemp(prefix="begleiter-figures-")
        atexit.register(_remove, folder, os.getpid())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker inherits the registration
        shutil.rmtree(folder, ignore_errors=True)
