"""A model file is believed only after it was checked, and a bad one never takes the place of a good one."""

import hashlib
import io
import json
import pickle
import resource
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from ml_addon import features
from ml_addon.features import FusedFeatures
from ml_addon.model_file import ModelError, golden_sound, load, read_checkpoint, save
from ml_addon.prediction import ErrorCode
from ml_addon.registry import Registry
from ml_addon.shelf import Choice

(SHIPPED,) = (Path(__file__).parents[2] / "ml_addon" / "models").glob("*.pth")
EXTRACT = FusedFeatures()
SOUND = golden_sound(EXTRACT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped model alone, as a v1."""
    found = tmp_path / "models"
    found.mkdir()
    shutil.copy(SHIPPED, weights(found))
    document = json.loads(SHIPPED.with_suffix(".json").read_text("utf-8"))
    (found / "v1.json").write_text(json.dumps(document | {"version": "v1"}), "utf-8")
    return found


def weights(folder: Path) -> Path:
    return folder / "v1.pth"


def edit(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change the metadata."""
    path = folder / "v1.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), "utf-8")


def exchange(folder: Path, content: bytes) -> None:
    """Put other weights in, with the right hash: as somebody would who can write both files."""
    weights(folder).write_bytes(content)
    edit(folder, lambda document: document.update(sha256=hashlib.sha256(content).hexdigest()))


def refused(folder: Path, version: str | None = None) -> str:
    with pytest.raises(ModelError) as caught:
        load(weights(folder), version, SOUND)
    return str(caught.value)


def saved(value: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def shipped_state() -> dict[str, torch.Tensor]:
    state = torch.load(SHIPPED, weights_only=True)
    assert isinstance(state, dict)
    return state


def test_the_shipped_model_loads_and_is_small() -> None:
    network = load(SHIPPED, SHIPPED.stem, SOUND).network
    assert SHIPPED.stat().st_size <= 500 * 1024
    assert network.ears.fitted == 1


def test_another_version_than_the_one_asked_for_is_refused(folder: Path) -> None:
    assert "v1" in refused(folder, "v7")


def test_a_tampered_file_is_refused(folder: Path) -> None:
    content = bytearray(weights(folder).read_bytes())
    content[len(content) // 2] ^= 1
    weights(folder).write_bytes(content)
    assert "sha256" in refused(folder)


def test_a_truncated_file_is_refused(folder: Path) -> None:
    weights(folder).write_bytes(weights(folder).read_bytes()[:5000])
    assert "sha256" in refused(folder)
    exchange(folder, weights(folder).read_bytes())
    assert "cannot be loaded" in refused(folder)


class Bomb:
    """Unpickled, it would write a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.write_text, (self.target, "boom"))


def test_a_pickle_that_would_run_code_is_refused_and_does_not_run(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "boom"
    exchange(folder, saved(Bomb(target)))
    assert "cannot be loaded" in refused(folder)
    exchange(folder, pickle.dumps(Bomb(target)))
    assert "torch.save" in refused(folder)
    assert not target.exists()
    pickle.loads(pickle.dumps(Bomb(target)))  # noqa: S301  the bomb works
    assert target.exists()


@pytest.mark.parametrize(
    "pickled",
    [
        b"",
        b"\x80\x02.",
        b"\x80\x02}q\x00K\x01Nes.",
        b"\x80\x02Nh\x05.",
        b"\x80\x05\x95\xff",
        b"\x80\x02X\x01\0\0\0\xff.",
    ],
)
def test_an_archive_whose_pickle_is_broken_is_refused(folder: Path, pickled: bytes) -> None:
    exchange(folder, with_pickle(pickled))
    assert "cannot be loaded" in refused(folder)


@pytest.mark.parametrize(
    ("pickled", "told"),
    [
        (b"\x80\x02c" + b"9" * 20_000, "its pickle is broken"),
        (b"\x80\x02cos\n" + b"9" * 201 + b"\n.", "it names something with more than 200 characters"),
        (b"\x80\x02(ios\n" + b"9" * 201 + b"\n.", "it names something with more than 200 characters"),
        (b"\x80\x02X\x40\x42\x0f\x00" + b"9" * 1_000_000 + b".", "its pickle has 1000008 bytes; at most 1000000"),
    ],
)
def test_a_pickle_that_would_keep_torch_busy_for_long_is_refused_before_torch_sees_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pickled: bytes, told: str
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("torch read it")

    exchange(folder, with_pickle(pickled))
    monkeypatch.setattr(torch, "load", never)
    assert told in refused(folder)


def test_a_packed_pickle_is_refused_however_its_packing_is_broken(folder: Path) -> None:
    packed = bytearray(with_pickle(b"\x80\x02}." * 1000, zipfile.ZIP_DEFLATED))
    begin = packed.index(b"/data.pkl") + len(b"/data.pkl")
    packed[begin : begin + 4] = b"\xff" * 4
    exchange(folder, bytes(packed))
    assert "its pickle is packed or encrypted" in refused(folder)


def with_pickle(pickled: bytes, packing: int = zipfile.ZIP_STORED) -> bytes:
    """The shipped archive with another pickle in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(SHIPPED) as whole, zipfile.ZipFile(made, "w", packing) as archive:
        for name in whole.namelist():
            archive.writestr(name, pickled if name.endswith("/data.pkl") else whole.read(name))
    return made.getvalue()


def test_a_tensor_that_is_small_on_disk_and_huge_in_memory_is_refused_before_it_is_unfolded(folder: Path) -> None:
    exchange(folder, saved(shipped_state() | {next(iter(shipped_state())): torch.zeros(1).expand(1 << 31)}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "cannot be loaded" in refused(folder)
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000
    )  # KiB; unfolded it takes 2 GiB and more


@pytest.mark.parametrize("content", [[1, 2], {"a": 1}, torch.zeros(3)], ids=["list", "numbers", "tensor"])
def test_weights_that_are_something_else_are_refused(folder: Path, content: object) -> None:
    exchange(folder, saved(content))
    assert str(weights(folder)) in refused(folder)


def test_weights_of_another_shape_are_refused(folder: Path) -> None:
    state = shipped_state()
    state["good.bias"] = torch.zeros(7)
    exchange(folder, saved(state))
    assert "cannot be loaded" in refused(folder)


def test_a_weight_that_is_no_number_is_refused(folder: Path) -> None:
    state = shipped_state()
    state["good.bias"][3] = torch.nan
    exchange(folder, saved(state))
    assert "no number" in refused(folder)


def test_weights_that_answer_the_golden_question_otherwise_are_refused(folder: Path) -> None:
    state = shipped_state()
    state["position.bias"] += 0.1
    exchange(folder, saved(state))
    assert "golden question" in refused(folder)


def test_another_hearing_is_noticed() -> None:
    deaf = SOUND.clone()
    deaf[features.NAMES.index("centroid_mean")] *= 1.01
    with pytest.raises(ModelError, match="golden clip"):
        load(SHIPPED, None, deaf)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("feature_schema", "smart-window-48.v0"),
        ("input_schema", "other"),
        ("format", 1),
        ("width", 10**6),
        ("width", "wide"),
        ("version", None),
        ("sha256", 7),
        ("golden", []),
    ],
)
def test_metadata_of_another_schema_is_refused(folder: Path, name: str, value: object) -> None:
    edit(folder, lambda document: document.update({name: value}))
    assert name in refused(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"{}"])
def test_metadata_that_is_no_metadata_is_refused(folder: Path, content: bytes) -> None:
    (folder / "v1.json").write_bytes(content)
    assert "v1.json" in refused(folder)


@pytest.mark.parametrize("name", ["v1.pth", "v1.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refused(folder)


def test_a_zip_bomb_is_not_even_read(folder: Path) -> None:
    with zipfile.ZipFile(weights(folder), "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("data", bytes(9_000_000))
    assert "bytes" in refused(folder)


def test_a_bad_file_leaves_the_last_good_model_in_use(folder: Path) -> None:
    registry = Registry(folder, Choice(), EXTRACT)
    found = []
    for content in (weights(folder).read_bytes(), b"rubbish", SHIPPED.read_bytes()):
        weights(folder).write_bytes(content)
        registry.reload()
        found.append((registry.current, registry.reason or ""))
    (first, well), (kept, trouble), (again, well_again) = found
    assert first is not None
    assert kept is first
    assert "v1 stays in use" in trouble
    assert again is not first
    assert well == well_again == ""


def test_a_bad_file_at_the_start_leaves_no_model_and_the_reason(folder: Path) -> None:
    weights(folder).write_bytes(b"rubbish")
    registry = Registry(folder, Choice(), EXTRACT)
    registry.reload()
    assert registry.current is None
    assert registry.reason is not None


def test_among_several_models_the_version_decides(folder: Path) -> None:
    shutil.copy(folder / "v1.pth", folder / "v2.pth")
    shutil.copy(folder / "v1.json", folder / "v2.json")
    undecided = Registry(folder, Choice(), EXTRACT)
    undecided.reload()
    assert undecided.reason is not None
    assert "model.version" in undecided.reason
    decided = Registry(folder, Choice("v1"), EXTRACT)
    decided.reload()
    assert decided.current is not None
    assert decided.versions() == ("v1", "v2")


def test_an_empty_folder_is_explained(tmp_path: Path) -> None:
    registry = Registry(tmp_path, Choice(), EXTRACT)
    registry.reload()
    assert registry.reason is not None
    assert "train" in registry.reason


def two_versions(folder: Path) -> Registry:
    """v1 serves, v2 looks on; both are the same network."""
    network = read_checkpoint(folder / "v1.pth")
    save(network, folder / "v2.safetensors", "v2", SOUND, {})
    registry = Registry(folder, Choice("v1", shadow="v2"), EXTRACT)
    registry.reload()
    return registry


def served(registry: Registry) -> tuple[str | None, str | None]:
    current, shadow = registry.current, registry.shadow
    return (current.version if current else None, shadow.version if shadow else None)


def test_one_version_serves_and_another_looks_on_until_it_is_promoted_and_the_first_comes_back(folder: Path) -> None:
    registry = two_versions(folder)
    assert registry.versions() == ("v1", "v2")
    assert served(registry) == ("v1", "v2")
    registry.serve("v2")
    assert served(registry) == ("v2", None)
    assert registry.roll_back() == "v1"
    assert served(registry) == ("v1", None)
    registry.reload()
    assert served(registry) == ("v1", None)


def test_a_version_that_is_not_there_is_not_promoted(folder: Path) -> None:
    registry = two_versions(folder)
    with pytest.raises(ModelError, match="v9"):
        registry.serve("v9")
    assert served(registry) == ("v1", "v2")
    with pytest.raises(ModelError, match="no other model"):
        registry.roll_back()


def test_what_cannot_look_on_is_refused_each_with_its_own_reason_and_nothing_changes(folder: Path) -> None:
    registry = two_versions(folder)
    shutil.copy(folder / "v1.json", folder / "cut.json")
    (folder / "cut.pth").write_bytes((folder / "v1.pth").read_bytes()[:1000])
    edit_of = json.loads((folder / "v2.json").read_text())
    shutil.copy(folder / "v2.safetensors", folder / "later.safetensors")
    (folder / "later.json").write_text(json.dumps(edit_of | {"version": "later", "input_schema": "inputs.v99"}))
    (folder / "cut.json").write_text((folder / "cut.json").read_text().replace('"v1"', '"cut"'))
    said = []
    for version in ("v9", "v1", "cut", "later", "../models/v2"):
        with pytest.raises(ModelError) as caught:
            registry.look_on(version)
        said.append((caught.value.code, version in str(caught.value)))
        assert served(registry) == ("v1", "v2")
    assert said == [
        (ErrorCode.NO_MODEL, True),
        (ErrorCode.INVALID, True),
        (ErrorCode.MODEL_DAMAGED, True),
        (ErrorCode.MODEL_SCHEMA, True),
        (ErrorCode.NO_MODEL, True),
    ]


def test_what_looks_on_is_promoted_and_only_that(folder: Path) -> None:
    registry = two_versions(folder)
    assert registry.promote() == "v2"
    assert served(registry) == ("v2", None)
    with pytest.raises(ModelError, match="no model looks on"):
        registry.promote()
    registry.look_on("v1")
    assert registry.roll_back() == "v1"
    assert served(registry) == ("v1", None)


def test_a_choice_that_cannot_be_kept_is_not_made(folder: Path) -> None:
    def full(choice: Choice) -> None:
        raise OSError(f"no space left for {choice.serving}")

    registry = Registry(folder, Choice("v1", shadow="v2"), EXTRACT, full)
    two_versions(folder)
    registry.reload()
    for change in (lambda: registry.serve("v2"), registry.promote, lambda: registry.look_on(None)):
        with pytest.raises(OSError, match="no space"):
            change()
        assert served(registry) == ("v1", "v2")
    registry.reload()
    assert served(registry) == ("v1", "v2")


def test_a_bad_file_in_shadow_leaves_the_serving_model_alone_and_is_told(folder: Path) -> None:
    registry = two_versions(folder)
    (folder / "v2.safetensors").write_bytes(b"rubbish")
    registry.reload()
    assert served(registry) == ("v1", "v2")
    assert registry.reason is not None
    assert "v2" in registry.reason


def test_safetensors_hold_the_same_network_and_say_what_they_are(folder: Path) -> None:
    two_versions(folder)
    plain, safe = load(folder / "v1.pth", "v1", SOUND), load(folder / "v2.safetensors", "v2", SOUND)
    for name, tensor in plain.network.state_dict().items():
        assert torch.equal(tensor, safe.network.state_dict()[name]), name
    with safe_open(folder / "v2.safetensors", "pt") as file:
        assert file.metadata()["version"] == "v2"


def test_a_checkpoint_of_somebody_else_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "mine.pth"
    path.write_bytes(saved({"layer.weight": torch.zeros(3, 3)}))
    with pytest.raises(ModelError, match=r"position\.weight"):
        read_checkpoint(path)
    with pytest.raises(ModelError, match=r"\.onnx"):
        save(read_checkpoint(SHIPPED), tmp_path / "v3.onnx", "v3", SOUND, {})
