"""The list of features is the contract's, and an older list can be read from a newer one."""

import re
from pathlib import Path

import pytest
import yaml

from ml_addon.feature_schema import CURRENT, KNOWN, N_MFCC, V1, V2

CONTRACT = yaml.safe_load((Path(__file__).parents[2] / "contract" / "features.yaml").read_text("utf-8"))


def contract_names() -> list[str]:
    names: list[str] = []
    for entry in CONTRACT["values"]:
        if found := re.fullmatch(rf"mfcc0_(\w+) … mfcc{N_MFCC - 1}_\1", entry["name"]):
            names += [f"mfcc{i}_{found[1]}" for i in range(N_MFCC)]
        else:
            names += entry["name"].split(", ")
    return names


def test_the_names_and_their_order_are_the_contract_s() -> None:
    assert list(CURRENT.names) == contract_names()
    assert CONTRACT["schema"] == CURRENT.id


@pytest.mark.parametrize("schema", KNOWN.values(), ids=KNOWN)
def test_a_schema_s_id_tells_its_length_and_no_name_comes_twice(schema: object) -> None:
    assert schema in {V1, V2}
    assert isinstance(schema, type(V1))
    assert len(set(schema.names)) == len(schema) == int(schema.id.split("-")[2].split(".")[0])


def test_what_an_older_model_reads_is_found_by_name() -> None:
    assert V2.holds(V1)
    assert not V1.holds(V2)
    assert [V2.names[column] for column in V2.columns_of(V1)] == list(V1.names)
