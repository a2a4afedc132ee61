"""Model files that somebody exchanged who can write both of them: hashes and archives are made to fit."""

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path

import safetensors.torch
import torch

from ml_addon.features import FusedFeatures
from ml_addon.model_file import ModelError, golden_sound, load
from tests.fuzz.engine.target import Target, promise

_SHIPPED = Path(__file__).parents[3] / "ml_addon" / "models"
_MOST_TEXT = 1_000


def targets() -> list[Target]:
    """The sidecar, the archive as bytes, and the pickle in it."""
    torch.set_num_threads(1)
    sound = golden_sound(FusedFeatures())
    shipped = max(_SHIPPED.glob("*.pth"))
    weights, document = shipped.read_bytes(), json.loads(shipped.with_suffix(".json").read_bytes())
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "v1.pth"
    tensors = path.with_suffix(".safetensors")

    def loads(found: bytes, metadata: bytes, path: Path = path) -> bool:
        path.write_bytes(found)
        path.with_suffix(".json").write_bytes(metadata)
        try:
            load(path, None, sound)
        except ModelError as error:
            promise("a refusal is short", len(str(error)) < _MOST_TEXT)
            return False
        return True

    def exchanged(found: bytes, path: Path = path) -> bool:
        return loads(found, json.dumps(document | {"sha256": hashlib.sha256(found).hexdigest()}).encode(), path)

    loads.__dict__["folder"] = folder  # it goes when the targets go
    pickled = _pickle_of(weights)
    plain = safetensors.torch.save(torch.load(shipped, weights_only=True))
    return [
        Target(
            "sidecar", (json.dumps(document).encode(),), lambda payload: loads(weights, payload), 100_000, one_of=30
        ),
        Target("archive", (weights,), exchanged, 400_000, one_of=60, most_memory=20_000_000),
        Target(
            "pickle",
            (pickled, *_others()),
            lambda payload: exchanged(_with(weights, payload)),
            20_000,
            one_of=60,
            most_memory=20_000_000,
        ),
        Target(
            "tensors",
            (plain, plain[:8] + b"{}", b"\0" * 8),
            lambda payload: exchanged(payload, tensors),
            400_000,
            one_of=60,
            most_memory=20_000_000,
        ),
    ]


def _pickle_of(weights: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(weights)) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        return archive.read(name)


def _with(weights: bytes, pickled: bytes) -> bytes:
    """The archive with another pickle in it, and checksums that fit."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(weights)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, pickled if name.endswith("/data.pkl") else old.read(name))
    return made.getvalue()


def _others() -> list[bytes]:
    """Pickles of other tensors: none of ours, broadcast ones that are small on disk and huge in memory, other kinds."""
    shapes: dict[str, object] = {
        "broadcast": torch.zeros(1).expand(1 << 34),
        "sparse": torch.sparse_coo_tensor(
            torch.tensor([[0], [1]]), torch.ones(1), (1 << 20, 1 << 20), check_invariants=True
        ),
        "complex": torch.zeros(2, dtype=torch.complex64),
        "empty": torch.zeros(0),
        "words": ["a", 1, None],
    }
    made = []
    for value in ({name: tensor} for name, tensor in shapes.items()):
        buffer = io.BytesIO()
        torch.save(value, buffer)
        made.append(_pickle_of(buffer.getvalue()))
    return made
