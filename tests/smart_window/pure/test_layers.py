"""What was learnt of an owner: the last version is in force, nothing goes without a trace, and all of it survives."""

import json

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.contract import Layer
from custom_components.smart_window.layers import KEPT, Layers, Origin


def layer(version: int) -> Layer:
    return Layer("layer.v1", version, float(version), (0.1 * version, -0.2))


def learnt(*versions: int) -> Layers:
    layers = Layers()
    for version in versions:
        layers = layers.learnt(layer(version), "m1", 1000.0 + version)
    return layers


def test_at_first_nothing_is_known_and_there_is_nothing_to_go_back_to() -> None:
    layers = Layers()
    assert (layers.present, layers.number) == (None, 0)
    assert layers.reset(5.0) is layers
    with pytest.raises(LookupError):
        layers.rolled_back(5.0)


def test_the_last_one_learnt_is_in_force() -> None:
    layers = learnt(1, 2)
    assert (layers.present, layers.number) == (layer(2), 2)


def test_a_reset_leaves_nothing_in_force_and_can_be_taken_back() -> None:
    layers = learnt(1, 2).reset(7.0)
    assert (layers.present, layers.number, layers.versions[-1].origin) == (None, 3, Origin.RESET)
    back = layers.rolled_back(8.0)
    assert (back.present, back.number, back.versions[-1].origin) == (layer(2), 4, Origin.ROLLED_BACK)
    assert back.versions[-1].model_version == "m1"


def test_one_goes_back_to_the_version_that_is_named_and_to_no_other() -> None:
    layers = learnt(1, 2, 3)
    assert layers.rolled_back(9.0, 1).present == layer(1)
    for missing in (3, 4, 0):  # the one in force is none to go back to
        with pytest.raises(LookupError):
            layers.rolled_back(9.0, missing)


def test_only_the_latest_versions_are_kept() -> None:
    layers = learnt(*range(1, KEPT + 6))
    assert [version.number for version in layers.versions] == list(range(6, KEPT + 6))
    with pytest.raises(LookupError):
        layers.rolled_back(9.0, 5)


@given(st.lists(st.sampled_from(["learn", "reset", "back"]), max_size=40))
def test_numbers_only_grow_and_the_store_brings_all_of_it_back(steps: list[str]) -> None:
    layers, before = Layers(), 0
    for count, step in enumerate(steps, start=1):
        match step:
            case "learn":
                layers = layers.learnt(layer(count), None, float(count))
            case "reset":
                layers = layers.reset(float(count))
            case _:
                if len(layers.versions) > 1:
                    layers = layers.rolled_back(float(count))
        assert layers.number >= before
        before = layers.number
    assert Layers.from_dict(json.loads(json.dumps(layers.to_dict()))) == layers


@pytest.mark.parametrize("stored", [None, [], {}, {"versions": [{}]}, {"versions": [{"number": "1"}]}, {"versions": 3}])
def test_a_store_that_does_not_fit_gives_none(stored: object) -> None:
    assert Layers.from_dict(stored) == Layers()
