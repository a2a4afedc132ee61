"""Which model answers, and which one only looks on. A bad file never takes the place of a good one."""

import logging
from pathlib import Path

from .features import Extract
from .model_file import SUFFIXES, LoadedModel, ModelError, golden_sound, load
from .prediction import ErrorCode

_LOG = logging.getLogger(__name__)


class Registry:
    """Holds the model in use and the one in shadow. `reload` may come from another thread than they are read in."""

    def __init__(self, path: Path, version: str | None, extract: Extract, shadow: str | None = None) -> None:
        self._path = path
        self._version = version
        self._extract = extract
        self._shadow_version = shadow
        self._before: str | None = None
        self.current: LoadedModel | None = None
        self.shadow: LoadedModel | None = None
        self.reason: str | None = None
        self.code = ErrorCode.NO_MODEL

    def reload(self) -> None:
        """Load the models again. What is wrong with one becomes the `reason`; the last good one stays."""
        self.reason = None
        self.current = self._loaded(self._version, self.current)
        if self._shadow_version is None:
            self.shadow = None
        elif (shadow := self._loaded(self._shadow_version, self.shadow)) is not None:
            self.shadow = shadow

    def serve(self, version: str) -> None:
        """Put this version in use: to promote the one in shadow, or to go back. ModelError leaves all as it was."""
        found = load(find_model(self._path, version), version, golden_sound(self._extract))
        before = None if self.current is None else self.current.version
        self.current, self._version, self.reason = found, version, None
        if before != version:
            self._before = before
        if self._shadow_version == version:
            self._shadow_version = self.shadow = None

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
        return tuple(sorted({path.stem for path in _models_in(folder)}))

    def _loaded(self, version: str | None, kept: LoadedModel | None) -> LoadedModel | None:
        try:
            return load(find_model(self._path, version), version, golden_sound(self._extract))
        except ModelError as error:
            stays = f"; {kept.version} stays in use" if kept else ""
            self.reason, self.code = f"{error}{stays}", error.code
            _LOG.error("No new model: %s", self.reason)
            return kept


def find_model(path: Path, version: str | None) -> Path:
    """Return the weights file that `path`, a file or a folder, and `version` mean. ModelError where it is not clear."""
    if not path.is_dir():
        return path
    found = _models_in(path)
    if version is not None:
        named = [file for file in found if file.stem == version]
        return named[0] if named else path / f"{version}.pth"
    match found:
        case [only]:
            return only
        case []:
            train = f"train one with: python -m ml_addon train --out {path}"
            raise ModelError(f"{path} holds no model (*.pth); {train}", ErrorCode.NO_MODEL)
        case several:
            names = ", ".join(file.stem for file in several)
            raise ModelError(f"{path} holds several models ({names}); say which with model.version", ErrorCode.NO_MODEL)


def _models_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in SUFFIXES) if folder.is_dir() else []
