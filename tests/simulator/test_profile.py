"""A profile says what windows there are; what does not fit is named, all at once."""

import json
from pathlib import Path

import pytest

from simulator.device import LinkLost, LinkLostAction
from simulator.errors import SimulatorError
from simulator.profile import Outdoor, WindowProfile, invent, read_profile
from simulator.sounds import SoundKind


def written(folder: Path, content: object) -> Path:
    path = folder / "windows.json"
    path.write_text(json.dumps(content))
    return path


def test_an_id_is_enough(tmp_path: Path) -> None:
    (window,) = read_profile(written(tmp_path, [{"id": "guest_room"}]))
    assert window == WindowProfile("guest_room", "Guest room")


def test_everything_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_text(
        "- {id: a, name: Attic, area: Top, sound: street-loud, temperature: 27, humidity: 61, steady: true, speed: 2,\n"
        "   outdoor: {temperature: 3, humidity: 90, wind: 5}, position: null, rain: true, travel_s: 4, interval: 1,\n"
        "   clip_interval: 2, clip_s: 1, seed: 9, link_lost: {action: close, after_s: 60}}\n"
    )
    (window,) = read_profile(path)
    assert (window.name, window.area, window.sound, window.seed) == ("Attic", "Top", SoundKind.STREET_LOUD, 9)
    assert (window.temperature, window.humidity, window.steady, window.speed) == (27, 61, True, 2)
    assert window.outdoor == Outdoor(3, 90, 5)
    assert (window.interval, window.clip_interval, window.clip_s) == (1, 2, 1)
    assert (window.setup.position, window.setup.rain, window.setup.travel_s) == (None, True, 4)
    assert window.setup.link_lost == LinkLost(LinkLostAction.CLOSE, 60)


def test_all_complaints_come_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path, [{"id": "A"}, {"id": "b", "travel": 3, "humidity": 101}, {"id": "b", "sound": "thunder"}, 7]
    )
    with pytest.raises(SimulatorError) as caught:
        read_profile(path)
    for piece in ("id is 'A'", "unknown: travel", "humidity is 101", "'thunder'", "b occurs twice", "found 7"):
        assert piece in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{}", "[]", "a: [", "\x00", "[" * 5000, "- {id: a, temperature: 2001-99-99}", "- {id: a, temperature: !!int x}",
        "- {id: a, temperature: !!int ''}", f"- {{id: a, temperature: {'9' * 400}}}", "- {id: a, name: !!timestamp x}",
        f"- {{id: a, seed: {'9' * 5000}}}",
    ],
)  # fmt: skip
def test_what_is_no_list_of_windows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "windows.yaml"
    path.write_text(text)
    with pytest.raises(SimulatorError, match=r"windows\.yaml"):
        read_profile(path)


@pytest.mark.parametrize("opened", ["[", "{", "[{", '- {"a": '])
def test_brackets_that_nobody_closes_are_refused_before_they_cost_time(tmp_path: Path, opened: str) -> None:
    path = tmp_path / "windows.yaml"
    path.write_text(opened * 21)
    with pytest.raises(SimulatorError, match="nests its brackets more than 20 deep"):
        read_profile(path)


def test_many_windows_with_brackets_of_their_own_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_text("".join(f"- {{id: w{number}}}\n" for number in range(50)))
    assert len(read_profile(path)) == 50


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="nowhere"):
        read_profile(tmp_path / "nowhere.yaml")


def test_invented_windows_differ_in_id_name_and_seed() -> None:
    windows = invent(1000, ["Guest room", "bath-2"])
    assert len({window.id for window in windows}) == len({window.name for window in windows}) == 1000
    assert len({window.seed for window in windows}) == 1000
    assert [window.id for window in windows[:3]] == ["guest-room", "bath-2", "kitchen"]


def test_an_invented_id_must_fit() -> None:
    with pytest.raises(SimulatorError, match="--names"):
        invent(1, ["../x"])
