"""Which services there are, and what that means for a question."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import OtherContract, ServiceState, Status
from custom_components.smart_window.inference_services import MOST_INSTANCES, Services, ServiceView


def services(*known: Status | OtherContract) -> Services:
    found = Services()
    for number, message in enumerate(known):
        found.apply(f"ml-{number}", message)
    return found


def status(state: ServiceState, version: str = "m-1") -> Status:
    return Status("ml", state, reason=f"{state}!", model_version=version)


def test_nobody_was_heard_of() -> None:
    assert Services().view == ServiceView()


@pytest.mark.parametrize("worse", [s for s in ServiceState if s is not ServiceState.READY])
def test_the_best_one_counts(worse: ServiceState) -> None:
    good, bad = status(ServiceState.READY), status(worse, "old")
    for known in ((bad, good), (good, bad)):
        assert services(*known).view == ServiceView(ServiceState.READY, None, "m-1", "ready!")


def test_another_contract_counts_where_none_of_ours_is_there() -> None:
    assert services(OtherContract(2)).view.other_contract == 2
    assert services(OtherContract(2), status(ServiceState.OFFLINE)).view.other_contract == 2
    assert services(status(ServiceState.CANNOT_PREDICT), OtherContract(2)).view.other_contract is None


def test_a_cleared_status_is_forgotten() -> None:
    found = services(status(ServiceState.READY))
    found.apply("ml-0", None)
    found.apply("never-there", None)
    assert found.view == ServiceView()
    assert not found.instances


def test_the_longest_silent_one_makes_room() -> None:
    found = services(*[status(ServiceState.OFFLINE)] * MOST_INSTANCES)
    found.apply("ml-0", status(ServiceState.READY))
    found.apply("new", status(ServiceState.OFFLINE))
    assert len(found.instances) == MOST_INSTANCES
    assert "ml-1" not in found.instances
    assert found.view.state is ServiceState.READY


def test_the_features_are_those_of_the_best_one_that_says_so() -> None:
    said = [replace(status(ServiceState.OFFLINE), feature_schema="old"), status(ServiceState.READY)]
    assert Services().feature_schema is None
    assert services(status(ServiceState.READY), OtherContract(2)).feature_schema is None
    assert services(*said).feature_schema == "old"
    assert services(*said, replace(status(ServiceState.READY), feature_schema="new")).feature_schema == "new"
