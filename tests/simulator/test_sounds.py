"""Sounds have the level and the character that they are named for, and come back the same from the same seed."""

from pathlib import Path

import numpy as np
import pytest

from simulator.errors import SimulatorError
from simulator.sounds import LEVELS_DBFS, RATE, Recording, Samples, SoundKind, clip, dbfs, sound_named
from simulator.wav import read_wav, wav_bytes


def share_above(samples: Samples, hertz: float) -> float:
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[frequencies > hertz].sum() / power.sum())


@pytest.mark.parametrize("kind", SoundKind)
@pytest.mark.parametrize("seed", [0, 3])
def test_level_is_the_promised_one(kind: SoundKind, seed: int) -> None:
    samples = clip(kind, 5.0, seed)
    assert samples.dtype == np.int16
    assert len(samples) == 5 * RATE
    assert dbfs(samples) == pytest.approx(LEVELS_DBFS[kind], abs=0.5)


def test_loud_street_is_loud_and_a_quiet_one_is_quiet() -> None:
    assert dbfs(clip(SoundKind.STREET_LOUD, 5.0, 1)) == pytest.approx(-20, abs=1)
    assert dbfs(clip(SoundKind.STREET_QUIET, 5.0, 1)) == pytest.approx(-55, abs=1)


def test_same_seed_same_sound_and_another_seed_another_one() -> None:
    first = clip(SoundKind.RAIN, 1.0, 7)
    clip.cache_clear()
    assert np.array_equal(first, clip(SoundKind.RAIN, 1.0, 7))
    assert not np.array_equal(first, clip(SoundKind.RAIN, 1.0, 8))


def test_clips_are_shared_and_cannot_be_written() -> None:
    assert clip(SoundKind.SPEECH, 1.0, 1) is clip(SoundKind.SPEECH, 1.0, 1)
    with pytest.raises(ValueError, match="read-only"):
        clip(SoundKind.SPEECH, 1.0, 1)[0] = 0


def test_rain_hisses_and_a_street_rumbles() -> None:
    assert share_above(clip(SoundKind.RAIN, 5.0, 1), 2000) > 0.4
    assert share_above(clip(SoundKind.STREET_LOUD, 5.0, 1), 2000) < 0.25


def test_speech_has_pauses_and_a_street_has_none() -> None:
    def quietest_to_mean(kind: SoundKind) -> float:
        frames = clip(kind, 5.0, 2).astype(np.float64).reshape(-1, 1600)
        levels = np.sqrt((frames**2).mean(axis=1))
        return float(levels.min() / levels.mean())

    assert quietest_to_mean(SoundKind.SPEECH) < 0.1 < quietest_to_mean(SoundKind.STREET_LOUD)


def test_names_of_sounds(tmp_path: Path) -> None:
    assert sound_named("loud") is SoundKind.STREET_LOUD
    assert sound_named("rain") is SoundKind.RAIN
    (tmp_path / "a.wav").touch()
    assert sound_named("a.wav", tmp_path) == Recording(tmp_path / "a.wav")
    for wrong in ("thunder", "b.wav", 3, None):
        with pytest.raises(SimulatorError):
            sound_named(wrong, tmp_path)


def test_a_wav_file_comes_back_and_is_repeated(tmp_path: Path) -> None:
    samples = clip(SoundKind.STREET_LOUD, 0.5, 1)
    path = tmp_path / "street.wav"
    path.write_bytes(wav_bytes(samples, RATE))
    assert np.array_equal(read_wav(path, RATE), samples)
    assert np.array_equal(clip(Recording(path), 1.0, 0), np.concatenate([samples, samples]))


def test_another_rate_keeps_pitch_and_level(tmp_path: Path) -> None:
    tone = (10_000 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100)).astype(np.int16)
    path = tmp_path / "tone.wav"
    path.write_bytes(wav_bytes(tone, 44_100))
    heard = read_wav(path, RATE)
    assert len(heard) == RATE
    assert int(np.argmax(np.abs(np.fft.rfft(heard)))) == 440
    assert dbfs(heard) == pytest.approx(dbfs(tone), abs=0.05)


def at_rate(rate: int) -> bytes:
    whole = wav_bytes(np.ones(100, np.int16), RATE)
    return whole.replace(RATE.to_bytes(4, "little"), rate.to_bytes(4, "little"), 1)


def with_a_chunk_behind_the_end() -> bytes:
    return wav_bytes(np.ones(100, np.int16), RATE).replace(b"data", b"junk")[:60]


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"no sound at all", at_rate(0), at_rate(1), at_rate(2**31), with_a_chunk_behind_the_end()],
)
def test_what_is_no_wav_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(SimulatorError, match=r"bad\.wav"):
        read_wav(path, RATE)


@pytest.mark.parametrize("bits", [40, 64, 0x0410])
def test_a_file_with_wider_samples_than_any_is_refused_in_words(tmp_path: Path, bits: int) -> None:
    path, whole = tmp_path / "wide.wav", wav_bytes(np.ones(400, np.int16), RATE)
    at = whole.index(b"fmt ") + 8 + 14
    path.write_bytes(whole[:at] + bits.to_bytes(2, "little") + whole[at + 2 :])
    with pytest.raises(SimulatorError, match="bits"):
        read_wav(path, RATE)
