"""The contract's examples: what is good is taken, what is bad raises ContractError and nothing else."""

import pytest

from custom_components.smart_window.contract import (
    CONTRACT,
    MAX_BYTES,
    ContractError,
    MessageKind,
    OtherContract,
    Topics,
    decode,
)
from tests.contract.contract_files import Example, address, examples, mapping, messages

ALL = [example for kind in MessageKind for example in examples(kind)]
TOPICS = Topics()


def test_the_kinds_are_those_of_the_contract() -> None:
    assert set(MessageKind) == set(messages())
    assert [TOPICS.topic(kind, "bedroom") for kind in MessageKind] == [
        address(kind).format(id="bedroom", instance="bedroom") for kind in MessageKind
    ]


def test_the_sizes_are_those_of_the_contract() -> None:
    assert {kind: mapping(messages()[kind])["x-max-bytes"] for kind in MessageKind} == dict(MAX_BYTES)


@pytest.mark.parametrize("example", [e for e in ALL if e.valid], ids=lambda e: e.name)
def test_a_good_example_is_taken(example: Example) -> None:
    found = TOPICS.parse(example.topic)
    assert found.kind == example.message
    assert found.device_id in example.topic.split("/")
    message = decode(found.kind, example.payload)
    assert isinstance(message, OtherContract) == ("later_contract" in example.name)
    if isinstance(message, OtherContract):
        assert message.version != CONTRACT


@pytest.mark.parametrize("example", [e for e in ALL if not e.valid], ids=lambda e: e.name)
def test_a_bad_example_is_refused(example: Example) -> None:
    with pytest.raises(ContractError) as refused:
        decode(TOPICS.parse(example.topic).kind, example.payload)
    assert len(refused.value.detail) < 400
    assert refused.value.detail.isprintable()
