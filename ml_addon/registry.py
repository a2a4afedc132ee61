"""Which model answers, and which one only looks on. A bad file never takes the place of a good one."""

import logging
from collections.abc import Callable
from pathlib import Path

from .features import Extract
from .model_file import SUFFIXES, LoadedModel, ModelError, golden_sound, load
from .prediction import ErrorCode
from .shelf import Choice

_LOG = logging.getLogger(__name__)


def _forgotten(_choice: Choice) -> None:
    """Where nothing outlives the process."""


class Registry:
    """Holds the model in use and the one in shadow. Changes may come from another thread than they are read in.

    `kept` is told of each choice before it is in force, so that one that cannot be kept is not made.
    """

    def __init__(
        self, path: Path, choice: Choice, extract: Extract, kept: Callable[[Choice], None] = _forgotten
    ) -> None:
        self._path = path
        self._choice = choice
        self._extract = extract
        self._kept = kept
        self.current: LoadedModel | None = None
        self.shadow: LoadedModel | None = None
        self.reason: str | None = None
        self.code = ErrorCode.NO_MODEL

    def reload(self) -> None:
        """Load the models again. What is wrong with one becomes the `reason`; the last good one stays."""
        self.reason = None
        self.current = self._loaded(self._choice.serving, self.current)
        if (version := self._choice.shadow) is None or (self.current and version == self.current.version):
            self.shadow = None
        elif (shadow := self._loaded(version, self.shadow)) is not None:
            self.shadow = shadow

    def serve(self, version: str) -> None:
        """Put this version in use: to promote the one in shadow, or to go back. ModelError leaves all as it was."""
        found = self._tried(version)
        serving = None if self.current is None else self.current.version
        before = self._choice.before if serving == version else serving
        shadow = None if self._choice.shadow == version else self._choice.shadow
        self._choose(Choice(version, before, shadow))
        self.current, self.reason = found, None
        if shadow is None:
            self.shadow = None

    def roll_back(self) -> str:
        """Put the version in use that served before; return it. ModelError where there was none."""
        if (version := self._choice.before) is None:
            raise ModelError("no other model served before; say which version shall serve", ErrorCode.NO_MODEL)
        self.serve(version)
        return version

    def look_on(self, version: str | None) -> None:
        """Let this version look on, None: none. ModelError leaves all as it was."""
        if version is not None and self.current is not None and version == self.current.version:
            raise ModelError(f"{version} serves: it cannot look on at the same time", ErrorCode.INVALID)
        found = None if version is None else self._tried(version)
        self._choose(Choice(self._choice.serving, self._choice.before, version))
        self.shadow = found

    def promote(self) -> str:
        """Put the version in use that looks on; return it. ModelError where none does."""
        if self.shadow is None:
            raise ModelError("no model looks on: choose one first, or say which version shall serve", ErrorCode.INVALID)
        version = self.shadow.version
        self.serve(version)
        return version

    def versions(self) -> tuple[str, ...]:
        """The versions that lie there, by their files' names."""
        return tuple(sorted({path.stem for path in _models_in(self._folder)}))

    @property
    def _folder(self) -> Path:
        return self._path if self._path.is_dir() else self._path.parent

    def _tried(self, version: str) -> LoadedModel:
        if version not in (there := self.versions()):
            raise ModelError(f"there is no model {version!a}; there are {', '.join(there)}", ErrorCode.NO_MODEL)
        return load(find_model(self._folder, version), version, golden_sound(self._extract))

    def _choose(self, choice: Choice) -> None:
        self._kept(choice)
        self._choice = choice

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
