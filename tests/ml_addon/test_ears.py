"""The ears hear apart what they were fitted on, whatever the gain, and give a noise its name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
import torch

from ml_addon import feature_schema, model_file
from ml_addon.audio import SAMPLE_RATE
from ml_addon.calibration import to_reference
from ml_addon.ears import Ears, Sound, gainless, loudest, named
from ml_addon.features import FusedFeatures
from ml_addon.model import WindowModel
from ml_addon.prediction import Reason
from ml_addon.predictor import called
from ml_addon.training.listen import Heard, area_under_curve, auc_over_folds, find_clips, fit_ears, hear_folder
from ml_addon.training.sounds import Kind, Synth, to_level

WORDS = Path(__file__).parents[2] / "custom_components" / "smart_window" / "translations"
FOLDERS = {"002 - Rain": Kind.RAIN, "004 - Baby cry": Kind.SPEECH, "007 - Helicopter": Kind.TRAFFIC}
EXTRACT = FusedFeatures()
EPOCHS = 12


def _bar(_what: str, _total: int) -> object:
    return lambda _done: None


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made up clips, laid out as ESC-10: three kinds, two folds, four clips each."""
    folder = tmp_path_factory.mktemp("esc")
    synth = Synth(torch.Generator().manual_seed(1))
    for name, kind in FOLDERS.items():
        (folder / name).mkdir()
        for fold in (1, 2):
            for number in range(4):
                samples = to_level(synth.street(kind, 3), -25).clamp(-1, 1)
                soundfile.write(folder / name / f"{fold}-{number}-A.ogg", samples.numpy(), SAMPLE_RATE)
    return folder


@pytest.fixture(scope="module")
def heard(clips: Path) -> Heard:
    found = hear_folder(clips, EXTRACT, _bar)  # type: ignore[arg-type]  # a bar that shows nothing
    assert found is not None
    return found


@pytest.fixture(scope="module")
def ears(heard: Heard) -> Ears:
    return fit_ears(heard, 1, EPOCHS)


def test_each_clip_is_heard_as_it_is_and_in_variants(heard: Heard) -> None:
    assert heard.kinds == ("baby cry", "helicopter", "rain")
    assert heard.plain.sum() == 24
    assert heard.features.isfinite().all()
    assert (heard.plain <= heard.alone).all()
    assert heard.wanted()[:, Sound.RAIN].mean() == pytest.approx(1 / 3)


def test_ears_of_other_folds_tell_the_sounds_apart(heard: Heard) -> None:
    areas = auc_over_folds(heard, 1, EPOCHS)
    assert min(areas.values()) > 0.9
    mixed = replace(heard, kind=heard.kind[torch.randperm(len(heard.kind), generator=torch.Generator().manual_seed(3))])
    assert min(auc_over_folds(mixed, 1, EPOCHS).values()) < 0.7


def test_a_seed_fits_one_pair_of_ears(heard: Heard, ears: Ears) -> None:
    first, second, other = (one.state_dict() for one in (ears, fit_ears(heard, 1, EPOCHS), fit_ears(heard, 2, EPOCHS)))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["first"], other["first"])


def test_the_gain_of_a_microphone_changes_nothing(heard: Heard, ears: Ears) -> None:
    """As the calibration moves features, and as a louder recording has them."""
    moved = torch.stack([to_reference(row, feature_schema.CURRENT, 104.0) for row in heard.features[:20]])
    assert torch.allclose(ears(moved), ears(heard.features[:20]), atol=1e-3)
    wave = to_level(Synth(torch.Generator().manual_seed(4)).street(Kind.RAIN, 3), -30)
    quiet, loud = (gainless(EXTRACT(wave * gain)[None]) for gain in (0.3, 3.0))
    assert (quiet - loud).abs().max() < 0.05


def test_a_model_without_ears_and_a_clip_without_all_features_name_nothing(heard: Heard, ears: Ears) -> None:
    values = heard.features[0]
    assert named(Ears(), values, feature_schema.CURRENT) == {}
    assert set(named(ears, values, feature_schema.CURRENT)) == set(Sound)
    assert named(ears, values[: len(feature_schema.V1)], feature_schema.V1) == {}


def test_a_noise_is_called_by_the_likeliest_sound_where_that_is_likely() -> None:
    assert loudest({Sound.RAIN: 0.85, Sound.VOICE: 0.95, Sound.ENGINE: 0.1}) is Sound.VOICE
    assert loudest({Sound.RAIN: 0.7, Sound.VOICE: 0.75, Sound.ENGINE: 0.1}) is None
    assert loudest({}) is None
    reasons = (Reason("co2", 20.0), Reason("noise", -12.0))
    assert called(reasons, Sound.RAIN) == (Reason("co2", 20.0), Reason("noise_rain", -12.0))
    assert called(reasons, None) == reasons


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("sound", Sound)
def test_each_sound_has_its_words(language: str, sound: Sound) -> None:
    words = json.loads((WORDS / f"{language}.json").read_text("utf-8"))["common"]
    assert words[f"because_noise_{sound.name.lower()}"] != words["because_noise"]


def test_ears_travel_in_the_model_file_and_a_model_from_before_has_none(
    heard: Heard, ears: Ears, tmp_path: Path
) -> None:
    network = WindowModel(8).eval()
    sound = model_file.golden_sound(EXTRACT)
    older = {name: value for name, value in network.state_dict().items() if not name.startswith("ears.")}
    torch.save(older, tmp_path / "older.pth")
    assert model_file.read_checkpoint(tmp_path / "older.pth").ears.fitted == 0
    network.ears = ears
    model_file.save(network, tmp_path / "new.pth", "new", sound, {})
    loaded = model_file.load(tmp_path / "new.pth", "new", sound).network
    assert torch.equal(loaded.ears(heard.features), network.ears(heard.features))


def test_clips_laid_out_as_esc_50_are_found(tmp_path: Path) -> None:
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta" / "esc50.csv").write_text("filename,fold,target,category\n1-2-A-10.wav,1,10,rain\n")
    (clip,) = find_clips(tmp_path)
    assert (clip.path, clip.kind, clip.fold) == (tmp_path / "audio" / "1-2-A-10.wav", "rain", 1)


def test_a_folder_without_clips_gives_no_ears(tmp_path: Path) -> None:
    assert hear_folder(tmp_path, EXTRACT, _bar) is None  # type: ignore[arg-type]
    assert hear_folder(None, EXTRACT, _bar) is None  # type: ignore[arg-type]


def test_the_area_under_the_curve_counts_pairs() -> None:
    score = torch.tensor([0.9, 0.4, 0.6, 0.4])
    assert area_under_curve(score, torch.tensor([True, True, False, False])) == pytest.approx(2.5 / 4)
