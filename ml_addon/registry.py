"""Which model answers. A bad file never takes the place of a good one."""

import logging
from pathlib import Path

from .features import Extract
from .model_file import LoadedModel, ModelError, golden_sound, load
from .prediction import ErrorCode

_LOG = logging.getLogger(__name__)


class Registry:
    """Holds the model in use. `reload` may be called from another thread than `current` is read in."""

    def __init__(self, path: Path, version: str | None, extract: Extract) -> None:
        self._path = path
        self._version = version
        self._extract = extract
        self._before: str | None = None
        self.current: LoadedModel | None = None
        self.reason: str | None = None
        self.code = ErrorCode.NO_MODEL

    def reload(self) -> None:
        """Load the model again. What is wrong with it becomes the `reason`; the last good one stays."""
        try:
            self.current = load(_find(self._path, self._version), self._version, golden_sound(self._extract))
            self.reason = None
        except ModelError as error:
            kept = f"; {self.current.version} stays in use" if self.current else ""
            self.reason, self.code = f"{error}{kept}", error.code
            _LOG.error("No new model: %s", self.reason)

    def serve(self, version: str) -> None:
        """Put this version in use. ModelError leaves all as it was."""
        found = load(_find(self._path, version), version, golden_sound(self._extract))
        before = None if self.current is None else self.current.version
        self.current, self._version, self.reason = found, version, None
        if before != version:
            self._before = before

    def roll_back(self) -> str:
        """Put the version in use that served before; return it. ModelError where there was none."""
        if self._before is None:
            raise ModelError(
                "no other model served before in this run; say which version shall serve", ErrorCode.NO_MODEL
            )
        version = self._before
        self.serve(version)
        return version

    def versions(self) -> tuple[str, ...]:
        """The versions that lie there, by their files' names."""
        folder = self._path if self._path.is_dir() else self._path.parent
        return tuple(sorted(path.stem for path in folder.glob("*.pth")))


def _find(path: Path, version: str | None) -> Path:
    """Return the weights file that `path`, a file or a folder, and `version` mean."""
    if not path.is_dir():
        return path
    if version is not None:
        return path / f"{version}.pth"
    match sorted(path.glob("*.pth")):
        case [only]:
            return only
        case []:
            train = f"train one with: python -m ml_addon train --out {path}"
            raise ModelError(f"{path} holds no model (*.pth); {train}", ErrorCode.NO_MODEL)
        case several:
            names = ", ".join(file.stem for file in several)
            raise ModelError(f"{path} holds several models ({names}); say which with model.version", ErrorCode.NO_MODEL)
