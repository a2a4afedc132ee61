"""Which model serves and which one looks on: changed over a real broker while questions come, and compared."""

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ml_addon.config import Config
from ml_addon.engine import TorchEngine
from ml_addon.model_messages import Change, InUse, Order, decode_in_use, decode_order, encode_in_use, encode_order
from ml_addon.prediction import ErrorCode, Failure
from ml_addon.service import Service
from ml_addon.shelf import SHIPPED, Choice, stock
from ml_addon.strict_json import ContractError

from .contract_files import Example, examples, validator
from .live_service import CLOCKS, STATUS, Ear, Gate, running
from .other_models import EAGER, add_eager, shipped_version
from .sounds import pcm, street

ORDERS, ANSWERS = "ml/models/ml-1", "ml/models/ml-1/result"
FEEDBACK, LEARNT = "ml/feedback/bedroom", "ml/feedback/bedroom/result"
LATER = "a_later_contract.json"
OURS = shipped_version()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "models"))
    add_eager(folder)
    return folder


@pytest.fixture
def gate(here: Config, models: Path) -> Gate:
    kept = stock(models)
    return Gate(TorchEngine(replace(here, model_path=models, models=kept, keeps_models=True), CLOCKS))


async def told(ear: Ear, name: str, do: str, version: str | None = None) -> dict[str, Any]:
    """Give an order; what came of it."""
    order = {"contract": 1, "correlation_id": name, "do": do, "version": version}
    await ear.send(json.dumps(order).encode(), ORDERS)
    return await heard(ear, name)


async def heard(ear: Ear, name: str) -> dict[str, Any]:
    found = await ear.until(ANSWERS, lambda answer: answer["correlation_id"] == name)
    validator("models_result").validate(found)
    return found


async def compared(ear: Ear, name: str, questions: int) -> dict[str, Any]:
    """The comparison once so many questions were answered by both; each order has the status told anew."""
    async with asyncio.timeout(10):
        for turn in range(1000):
            before = len(ear.heard)
            await told(ear, f"{name}-{turn}", "serve", OURS)
            found = [said for topic, said in ear.heard[before:] if topic == STATUS]
            if found and found[-1]["shadow"] and found[-1]["shadow"]["questions"] >= questions:
                validator("status").validate(found[-1])
                shadow: dict[str, Any] = found[-1]["shadow"]
                return shadow
    raise AssertionError("the two were never compared")


async def correct(ear: Ear, name: str, position: float) -> None:
    asked = {"temperature": 24.5, "humidity": 50, "context": {"hour": 15, "position": 40, "rain": False}}
    feedback = {"contract": 1, "correlation_id": name, "position": position, "asked": asked, "layer": None}
    await ear.send(json.dumps(feedback).encode(), FEEDBACK)
    await ear.until(LEARNT, lambda answer: answer["correlation_id"] == name)


async def test_one_looks_on_is_compared_is_promoted_and_rolled_back(service: Service, ear: Ear, models: Path) -> None:
    assert await told(ear, "o1", "shadow", EAGER) == {
        "contract": 1, "correlation_id": "o1", "model_version": OURS, "shadow": EAGER, "error": None,
    }  # fmt: skip
    for number in range(4):
        await ear.ask(f"q{number}", audio=pcm(street(1, -20)))
        assert (await ear.answer(f"q{number}"))["model_version"] == OURS
        assert {command["model_version"] for command in ear.commands(f"q{number}")} == {OURS}
    answer = await ear.answer("q0")
    found = await compared(ear, "look", 4)
    assert (found["version"], found["questions"], found["differed"], found["shed"]) == (EAGER, 4, 4, 0)
    assert found["difference"] == pytest.approx(100 - answer["position"])
    assert found["confidence"] == pytest.approx(answer["confidence"], abs=2e-3)

    for number in range(4):
        await correct(ear, f"q{number}", 100)
    await correct(ear, "asked-of-another-service", 100)
    async with asyncio.timeout(10):
        while (found := await compared(ear, f"after-{len(ear.heard)}", 4))["corrections"] < 5:
            pass
    assert (found["nearer"], found["farther"], found["shadow_distance"]) == (5, 0, 0)
    assert found["distance"] > 5

    promoted = await told(ear, "o2", "promote")
    assert (promoted["model_version"], promoted["shadow"], promoted["error"]) == (EAGER, None, None)
    await ear.ask("q9")
    assert (await ear.answer("q9"))["position"] == 100
    assert stock(models) == Choice(EAGER, before=OURS)
    back = await told(ear, "o3", "roll_back")
    assert (back["model_version"], back["error"]) == (OURS, None)
    assert stock(models) == Choice(OURS, before=EAGER)


async def test_after_a_restart_the_same_ones_are_in_use(
    here: Config,
    models: Path,
    gate: Gate,
    ear: Ear,
) -> None:
    async with running(here, gate):
        await ear.ready()
        await told(ear, "o1", "shadow", EAGER)
    again = TorchEngine(replace(here, model_path=models, models=stock(models), keeps_models=True), CLOCKS).abilities()
    assert (again.model_version, again.shadow) == (OURS, EAGER)


async def test_orders_that_cannot_be_done_say_why_and_change_nothing(service: Service, ear: Ear, models: Path) -> None:
    shutil.copy(models / f"{EAGER}.json", models / "cut.json")
    (models / "cut.json").write_text((models / "cut.json").read_text().replace(EAGER, "cut"))
    (models / "cut.pth").write_bytes((models / f"{EAGER}.pth").read_bytes()[:5000])
    shutil.copy(models / f"{EAGER}.pth", models / "later.pth")
    said = json.loads((models / f"{EAGER}.json").read_text())
    (models / "later.json").write_text(json.dumps(said | {"version": "later", "feature_schema": "later.v9"}))
    await told(ear, "o0", "shadow", EAGER)
    bad = {
        "unknown": ("shadow", "v99", "no_model"),
        "itself": ("shadow", OURS, "invalid"),
        "cut": ("serve", "cut", "model_damaged"),
        "schema": ("shadow", "later", "model_schema"),
        "nothing_before": ("roll_back", None, "no_model"),
        "outside": ("serve", "../../outside", "no_model"),
    }
    for name, (do, version, code) in bad.items():
        answer = await told(ear, name, do, version)
        assert answer["error"]["code"] == code, name
        assert answer["error"]["message"], name
        assert (answer["model_version"], answer["shadow"]) == (OURS, EAGER), name
    await told(ear, "o9", "end_shadow")
    nobody = await told(ear, "nobody", "promote")
    assert "no model looks on" in nobody["error"]["message"]
    await ear.ask("q1")
    assert (await ear.answer("q1"))["model_version"] == OURS


async def test_a_bad_order_is_dropped_and_a_retained_one_is_never_obeyed(service: Service, ear: Ear) -> None:
    for example in examples("models", "invalid"):
        if example.topic == ORDERS:
            await ear.send(example.payload, ORDERS)
    later = next(example for example in examples("models", "valid") if example.name == LATER)
    await ear.send(later.payload, ORDERS)
    answer = await heard(ear, "m-13")
    assert answer["error"]["code"] == "contract"
    assert answer["model_version"] == OURS
    assert (await told(ear, "last", "end_shadow"))["error"] is None
    answered = [answer for topic, answer in ear.heard if topic == ANSWERS and answer["correlation_id"] == "m-12"]
    assert {answer["error"]["code"] for answer in answered} == {"invalid"}


async def test_an_order_that_the_broker_kept_is_never_obeyed(here: Config, gate: Gate, ear: Ear) -> None:
    await ear.send(encode_order(Order("kept", Change.SHADOW, EAGER)), ORDERS, retain=True)
    async with running(here, gate):
        await ear.ready()
        found = await told(ear, "fresh", "serve", OURS)
    assert found["shadow"] is None


async def test_what_looks_on_waits_while_anybody_else_does_and_is_shed_rather_than_piled_up(
    service: Service, gate: Gate, ear: Ear
) -> None:
    await told(ear, "o1", "shadow", EAGER)
    gate.open.clear()
    names = [f"q{number}" for number in range(20)]
    for name in names:
        await ear.ask(name)
    assert await asyncio.to_thread(gate.waiting.wait, 10)
    assert gate.looked_on == []
    gate.open.set()
    for name in names:
        await ear.answer(name)
    found = await compared(ear, "c", 20)
    assert found["questions"] + found["shed"] == 20
    # No sound is kept for it.
    assert all(request.audio is None for request in gate.looked_on)


@pytest.mark.parametrize("example", [e for e in examples("models", "valid") if e.name != LATER], ids=str)
def test_every_valid_order_is_read_and_written_again(example: Example) -> None:
    order = decode_order(example.payload)
    assert order.change.value == json.loads(example.payload)["do"]
    assert decode_order(encode_order(order)) == order
    validator("models").validate(json.loads(encode_order(order)))


@pytest.mark.parametrize("example", [e for e in examples("models", "invalid") if e.topic == ORDERS], ids=str)
def test_every_invalid_order_is_refused(example: Example) -> None:
    with pytest.raises(ContractError):
        decode_order(example.payload)


@pytest.mark.parametrize(
    "found", [InUse("v1", None), InUse("v1", "v2"), InUse(None, None, Failure(ErrorCode.NO_MODEL, "x" * 700))]
)
def test_what_came_of_an_order_is_read_as_it_was_written(found: InUse) -> None:
    payload = encode_in_use("o1", found)
    validator("models_result").validate(json.loads(payload))
    name, read = decode_in_use(payload)
    assert (name, read.model_version, read.shadow) == ("o1", found.model_version, found.shadow)
    assert (read.failure is None) == (found.failure is None)


@pytest.mark.parametrize("example", [e for e in examples("models_result", "valid") if e.name != LATER], ids=str)
def test_the_command_line_reads_every_valid_answer(example: Example) -> None:
    assert decode_in_use(example.payload)[0] == "m-12"
