"""A model on disk: `<version>.pth` or `.safetensors`, the weights, and `<version>.json`, what they must answer.

Nothing of a file is believed before it is checked: its size and hash, the schemas of what it is fed, its shape,
and what it answers to the golden input.
"""

import hashlib
import io
import json
import math
import pickle
import struct
from dataclasses import dataclass
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from . import inputs
from .audio import to_samples
from .features import Extract
from .model import WindowModel
from .pickle_names import PickleError, check_pickle
from .prediction import ErrorCode
from .strict_json import ContractError, Fields, Json, Kind, parse_object
from .swift import Swift
from .wav import Encoding, RawClip

FORMAT = 2
MAX_BYTES = 8_000_000
SUFFIXES = (".pth", ".safetensors")
_ZIP = b"PK\x03\x04"  # what torch.save writes; its older form, a bare pickle, is not read at all
_TOLERANCE = 2e-3
_GOLDEN_SECONDS, _GOLDEN_RATE = 1, 16_000
_MAX_WIDTH = 1024
_MOST_TEXT = 300
# What torch.load lets out where the pickle in the archive is broken: its reader trusts the order of things in it.
_DAMAGED = (
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    MemoryError,
    ImportError,
    struct.error,
)


class ModelError(Exception):
    """A model file that cannot be used, and why. `code` is what an answer says of it."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.MODEL_DAMAGED) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that answered its golden input as it should."""

    version: str
    network: WindowModel
    swift: Swift


def golden_clip() -> RawClip:
    """One second of a rising tone: the same samples on every machine, to a bit or so."""
    time = torch.arange(_GOLDEN_SECONDS * _GOLDEN_RATE, dtype=torch.float64) / _GOLDEN_RATE
    tone = torch.sin(2 * math.pi * (100 * time + 1500 * time.square())) * torch.exp(-2 * time)
    return RawClip(Encoding.S16, _GOLDEN_RATE, 1, struct.pack(f"<{len(tone)}h", *(tone * 8000).round().int().tolist()))


def golden_scalars() -> Tensor:
    """An ordinary summer evening, (1, 18); some of it is not known."""
    known = [
        24.5,
        52.0,
        19.0,
        65.0,
        2.0,
        0.0,
        20.0,
        10.0,
        900.0,
        1.0,
        17.0,
        2.0,
        math.nan,
        40.0,
        math.nan,
        0.2,
        1.0,
        3.0,
    ]
    return torch.tensor([known])


def golden_answer(network: WindowModel, sound: Tensor) -> tuple[list[float], list[float]]:
    """Return the logits and the calibrated confidences of all 21 positions for the golden input."""
    with torch.inference_mode():
        told = inputs.to_inputs(golden_scalars(), torch.zeros(1, len(inputs.Liking)), sound[None])
        logits, good = network(told)
        return logits[0].tolist(), network.calibrated(good[0], network.strangeness(told)[0]).tolist()


def save(network: WindowModel, weights: Path, version: str, golden_sound: Tensor, trained: Json) -> None:
    """Write both files. `trained` is kept as it is: how the model was made and what it reached."""
    content = _packed(network, weights, version)
    logits, good = golden_answer(network, golden_sound)
    metadata: dict[str, Json] = {
        "format": FORMAT,
        "version": version,
        "sha256": hashlib.sha256(content).hexdigest(),
        "feature_schema": inputs.READS.id,
        "input_schema": inputs.SCHEMA,
        "width": network.width,
        "golden": {
            "features": [round(x, 5) for x in golden_sound.tolist()],
            "logits": [round(x, 6) for x in logits],
            "confidence": [round(x, 6) for x in good],
        },
        "trained": trained,
    }
    weights.parent.mkdir(parents=True, exist_ok=True)
    weights.write_bytes(content)
    sidecar(weights).write_text(json.dumps(metadata, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def _packed(network: WindowModel, weights: Path, version: str) -> bytes:
    state = {name: _smallest(tensor.detach()) for name, tensor in network.state_dict().items()}
    match weights.suffix:
        case ".pth":
            buffer = io.BytesIO()
            torch.save(state, buffer)
            return buffer.getvalue()
        case ".safetensors":
            said = {"version": version, "feature_schema": inputs.READS.id, "input_schema": inputs.SCHEMA}
            packed: bytes = safetensors.torch.save(state, said)
            return packed
        case other:
            raise ModelError(f"{weights} ends with {other!r}; expected {' or '.join(SUFFIXES)}")


def _smallest(tensor: Tensor) -> Tensor:
    """A copy, of 16 bits each where that loses nothing."""
    half = tensor.half()
    return half if torch.equal(half.float(), tensor) else tensor.clone()


def sidecar(weights: Path) -> Path:
    """Where the metadata of a weights file lies."""
    return weights.with_suffix(".json")


def load(weights: Path, version: str | None, golden_sound: Tensor) -> LoadedModel:
    """Return the model in `weights`, checked and tried, or raise ModelError.

    `version` is the one that is expected, None for any. `golden_sound` are the golden clip's features as this service
    computes them.
    """
    metadata = _read_metadata(sidecar(weights))
    found = _read_bytes(weights)
    try:
        data = _Metadata.read(metadata)
    except ContractError as error:
        code = ErrorCode.MODEL_SCHEMA if error.kind is Kind.VERSION else ErrorCode.MODEL_DAMAGED
        raise ModelError(f"{sidecar(weights)}: {error.message}", code) from error
    if version is not None and data.version != version:
        raise ModelError(
            f"{weights} holds version {data.version!a}; service.yaml asks for {version!a}", ErrorCode.MODEL_VERSION
        )
    if data.sha256 != (digest := hashlib.sha256(found).hexdigest()):
        raise ModelError(f"{weights} is damaged or was exchanged: its sha256 is {digest}, expected {data.sha256}")
    network = _build(weights, found, data.width)
    _try(weights, network, data, golden_sound)
    return LoadedModel(data.version, network, Swift(network))


@dataclass(frozen=True, slots=True)
class _Metadata:
    version: str
    sha256: str
    width: int
    sound: tuple[float, ...]
    logits: tuple[float, ...]
    confidence: tuple[float, ...]

    @classmethod
    def read(cls, fields: Fields) -> "_Metadata":
        if (form := fields.integer("format", 1, 1_000_000)) != FORMAT:
            raise ContractError(
                Kind.VERSION, f"format: the model's file has format {form}, this service reads {FORMAT}"
            )
        for name, own in (("feature_schema", inputs.READS.id), ("input_schema", inputs.SCHEMA)):
            if (found := fields.line(name)) != own:
                raise ContractError(Kind.VERSION, f"{name}: the model reads {found}, this service gives it {own}")
        golden = fields.object("golden")
        return cls(
            version=fields.line("version"),
            sha256=fields.line("sha256"),
            width=fields.integer("width", 1, _MAX_WIDTH),
            sound=golden.numbers("features", 256, 1e6),
            logits=golden.numbers("logits", 256, 1e6),
            confidence=golden.numbers("confidence", 256, 1),
        )


def _read_bytes(path: Path) -> bytes:
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise ModelError(f"{path} has {size} bytes; at most {MAX_BYTES} are read")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}", ErrorCode.NO_MODEL) from error


def _read_metadata(path: Path) -> Fields:
    try:
        return Fields(parse_object(_read_bytes(path)))
    except ContractError as error:
        raise ModelError(f"{path}: {error.message}") from error


def metadata_of(weights: Path) -> dict[str, Json]:
    """What a model says of itself, unchecked but for being JSON; ModelError where there is none."""
    path = sidecar(weights)
    try:
        return parse_object(_read_bytes(path))
    except ContractError as error:
        raise ModelError(f"{path}: {error.message}") from error


def read_checkpoint(path: Path) -> WindowModel:
    """A network from bare weights, whatever their width; ModelError where they are no network of this service."""
    found = _read_bytes(path)
    try:
        state = _unpacked(path, found)
        width = len(state["position.weight"][0])
    except (KeyError, IndexError, TypeError) as error:
        raise ModelError(
            f"{path} holds no position.weight of two dimensions: it is no network of this service"
        ) from error
    return _build(path, found, width)


def _unpacked(weights: Path, found: bytes) -> dict[str, Tensor]:
    if weights.suffix == ".safetensors":
        try:
            tensors: dict[str, Tensor] = safetensors.torch.load(found)
        except safetensors.SafetensorError as error:
            raise ModelError(f"{weights} cannot be loaded: {error}") from error
        return tensors
    if not found.startswith(_ZIP):
        raise ModelError(f"{weights} was not written by torch.save", ErrorCode.MODEL_UNSAFE)
    try:
        check_pickle(found)
    except PickleError as error:
        raise ModelError(f"{weights} cannot be loaded: {error}") from error
    try:
        state = torch.load(io.BytesIO(found), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(f"{weights} cannot be loaded: it holds more than weights", ErrorCode.MODEL_UNSAFE) from error
    except _DAMAGED as error:
        raise ModelError(f"{weights} cannot be loaded: {_first_line(error)}") from error
    if not isinstance(state, dict):
        raise ModelError(f"{weights} holds something else than weights")
    return state


def _first_line(error: Exception) -> str:
    (first, *_) = (*str(error).splitlines(), type(error).__name__)
    return first[:_MOST_TEXT]


def _build(weights: Path, found: bytes, width: int) -> WindowModel:
    network = WindowModel(width)
    try:
        state = _unpacked(weights, found)
        if not all(isinstance(value, Tensor) for value in state.values()):
            raise ModelError(f"{weights} holds something else than weights")
        # A model that was made before there were ears has none.
        state = {f"ears.{name}": table for name, table in network.ears.state_dict().items()} | state
        # Their shapes come before their values: a tensor may be small on disk and of any size in memory.
        network.load_state_dict(state)
        if not all(tensor.isfinite().all() for tensor in network.state_dict().values()):
            raise ModelError(f"{weights} holds a weight that is no number")
    except _DAMAGED as error:
        raise ModelError(f"{weights} cannot be loaded: {_first_line(error)}") from error
    return network.eval().requires_grad_(requires_grad=False)


def _try(weights: Path, network: WindowModel, data: _Metadata, golden_sound: Tensor) -> None:
    logits, confidence = golden_answer(network, golden_sound)
    for what, got, expected in (
        ("hears the golden clip", golden_sound.tolist(), data.sound),
        ("answers the golden question", (*logits, *confidence), (*data.logits, *data.confidence)),
    ):
        if len(got) != len(expected) or not _close(got, expected):
            raise ModelError(f"{weights}: this machine {what} otherwise than the one that trained the model")


def _close(got: list[float] | tuple[float, ...], expected: tuple[float, ...]) -> bool:
    return all(math.isclose(a, b, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE) for a, b in zip(got, expected, strict=True))


def golden_sound(extract: Extract) -> Tensor:
    """The golden clip's features as the network reads them, by this extractor."""
    return inputs.sound_of(extract(to_samples(golden_clip())))
