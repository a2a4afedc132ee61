"""Benchmarks of the inference service run in its environment, .venv-ml."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]


def become(name: str) -> int:
    """Go on as benchmarks/service/`name`.py, with one thread; returns only what cannot be started."""
    python = _ROOT / ".venv-ml" / "bin" / "python"
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.execve(python, [str(python), "-m", f"benchmarks.service.{name}", *sys.argv[1:]], environment)  # noqa: S606
