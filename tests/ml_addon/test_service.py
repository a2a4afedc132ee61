"""The service on a real broker: what it answers, what it commands, what it survives."""

import asyncio
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ml_addon.config import Config, Limits
from ml_addon.engine import TorchEngine
from ml_addon.messages import Request
from ml_addon.prediction import Clocks, Prediction, PredictionError
from ml_addon.service import Service

from .conftest import Broker
from .contract_files import examples, validator
from .live_service import CLOCKS, CONTROL, LIMIT_S, RESPONSE, STATUS, Ear, Gate, granted, listening, question, running
from .sounds import pcm, street


@pytest.fixture(scope="module")
def torch_engine(config: Config) -> TorchEngine:
    return TorchEngine(config, CLOCKS)


@pytest.fixture
def gate(torch_engine: TorchEngine) -> Gate:
    return Gate(torch_engine)


async def test_a_granted_question_moves_the_window_and_is_answered(service: Service, ear: Ear) -> None:
    await ear.ask("q1", audio=pcm(street(1, -55)))
    answer = await ear.answer("q1")
    (command,) = ear.commands("q1")
    validator("control").validate(command)
    assert answer["acted"] is True
    assert command["position"] == answer["position"] > 0
    fence = (command["source"], command["session"], command["rev"], command["model_version"])
    assert fence == ("ml", "s-1", 7, answer["model_version"])


async def test_a_loud_window_and_a_quiet_one_end_differently(service: Service, ear: Ear) -> None:
    await ear.ask("quiet", audio=pcm(street(1, -55)))
    await ear.ask("loud", audio=pcm(street(1, -20)))
    quiet, loud = await ear.answer("quiet"), await ear.answer("loud")
    assert quiet["position"] - loud["position"] >= 10


async def test_a_correction_is_answered_with_a_layer_which_the_next_question_may_carry(
    service: Service, ear: Ear
) -> None:
    layer: object = None
    for number in range(1, 5):
        correction = {
            "contract": 1,
            "correlation_id": f"f{number}",
            "position": 0,
            "asked": {"temperature": 24.5, "humidity": 50, "context": {"hour": 15, "position": 40}},
            "layer": layer,
        }
        await ear.send(json.dumps(correction).encode(), "ml/feedback/bedroom")
        answer = await ear.until("ml/feedback/bedroom/result", lambda a, n=number: a["correlation_id"] == f"f{n}")  # type: ignore[misc]
        validator("feedback_result").validate(answer)
        assert answer["error"] is None
        layer = answer["layer"]
        assert answer["layer"]["version"] == number
    await ear.ask("q1", layer=layer)
    assert (await ear.answer("q1"))["error"] is None


async def test_a_correction_that_does_not_fit_is_answered_with_the_reason(service: Service, ear: Ear) -> None:
    await ear.send(b'{"contract": 1, "correlation_id": "f1", "position": 101, "asked": {}}', "ml/feedback/bedroom")
    answer = await ear.until("ml/feedback/bedroom/result", lambda a: a["correlation_id"] == "f1")
    validator("feedback_result").validate(answer)
    assert answer["error"]["code"] == "invalid"
    assert "position" in answer["error"]["message"]


@pytest.mark.parametrize(
    "grant", [granted(act=False), granted(min_confidence=1.0)], ids=["may not act", "not sure enough"]
)
async def test_without_leave_there_is_an_answer_and_no_command(
    service: Service, ear: Ear, grant: dict[str, object]
) -> None:
    await ear.ask("q1", grant=grant)
    answer = await ear.answer("q1")
    assert (answer["acted"], answer["error"]) == (False, None)
    await ear.barrier()
    assert ear.commands("q1") == []


async def test_the_position_stays_inside_the_grant(service: Service, ear: Ear) -> None:
    await ear.ask("q1", audio=pcm(street(1, -20)), grant=granted(min=40, max=60))
    assert (await ear.answer("q1"))["position"] == 40
    assert ear.commands("q1")[0]["position"] == 40


async def test_every_bad_message_of_the_contract_is_dropped_and_told_once_a_kind(
    service: Service, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bad = [e for e in examples("request", "invalid") if "+" not in e.topic and "#" not in e.topic]
    for _ in range(2):
        for example in bad:
            await ear.send(example.payload, example.topic)
    await ear.barrier()
    told = [r for r in caplog.records if r.name == "ml_addon.ledger"]
    assert len({r.getMessage().split("):")[0] for r in told}) == len(told)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]
    assert [
        payload for topic, payload in ear.heard if topic.startswith("window/") and payload["command_id"] != "barrier"
    ] == []
    refusals = [p for t, p in ear.heard if t.startswith("ml/inference/response/") and p["correlation_id"] != "barrier"]
    for refusal in refusals:
        validator("response").validate(refusal)
    of_sound = {"audio", "audio_base64", "audio_empty", "audio_format"}
    of_numbers = {"clock", "context", "humidity", "temperature", "invalid"}
    assert {p["error"]["code"] for p in refusals} == of_sound | of_numbers


async def test_a_later_contract_is_answered_with_that(service: Service, ear: Ear) -> None:
    await ear.send(question("q1", contract=2))
    assert (await ear.answer("q1"))["error"]["code"] == "contract"


async def test_a_hostile_window_gets_nothing(service: Service, ear: Ear) -> None:
    for name in ("../x", "A", "x" * 65, "a/b"):
        await ear.send(question("q1"), f"ml/inference/request/{name}")
    await ear.send(question("q1"), "ml/inference/request")
    await ear.barrier()
    topics = {topic for topic, _ in ear.heard}
    assert topics == {STATUS, RESPONSE, CONTROL}


@pytest.mark.parametrize("share", ["", "smart-window"], ids=["alone", "shared"])
async def test_a_retained_question_is_never_answered(here: Config, gate: Gate, ear: Ear, share: str) -> None:
    # MQTT 5 gives nothing that is kept to those who share; mosquitto 2.0.11 does.
    await ear.send(question("old"), retain=True)
    async with running(replace(here, mqtt=replace(here.mqtt, share=share)), gate):
        await ear.ready()
        await ear.barrier()
    assert [p for t, p in ear.heard if t == RESPONSE and p["correlation_id"] == "old"] == []
    assert ear.commands("old") == []
    status = await ear.until(STATUS, lambda payload: payload["state"] == "offline")
    assert status["counters"].get("bad_retained", 0) == 1 or share


async def test_too_many_questions_are_answered_busy(here: Config, gate: Gate, ear: Ear) -> None:
    async with running(replace(here, limits=Limits(queue=2, workers=1)), gate):
        await ear.ready()
        gate.open.clear()
        for k in range(5):
            await ear.ask(f"q{k}")
        for k in (3, 4):
            assert (await ear.answer(f"q{k}"))["error"]["code"] == "busy"
        gate.open.set()
        for k in range(3):
            assert (await ear.answer(f"q{k}"))["acted"] is True


async def test_a_flood_from_one_window_is_answered_busy_unread_and_the_others_are_served(
    here: Config, gate: Gate, ear: Ear
) -> None:
    # A clock that stands still: how fast this machine sends them makes no difference.
    clocks = Clocks(Hands(), time.time)
    async with running(replace(here, limits=Limits(queue=32, workers=1, per_device=1)), gate, clocks):
        await ear.ready()
        for k in range(40):
            await ear.ask(f"q{k}", temperature="no number, which nobody reads" if k >= 20 else 21)
        assert [(await ear.answer(f"q{k}"))["error"] for k in range(5)] == [None] * 5
        assert {(await ear.answer(f"q{k}"))["error"]["code"] for k in range(20, 40)} == {"busy"}
        await ear.send(question("other"), "ml/inference/request/kitchen")
        other = await ear.until("ml/inference/response/kitchen", lambda payload: payload["correlation_id"] == "other")
        assert other["error"] is None
    status = await ear.until(STATUS, lambda payload: payload["state"] == "offline")
    assert status["counters"]["bad_rate"] >= 30


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_question_past_its_time_is_answered_expired_and_moves_nothing(
    here: Config, gate: Gate, ear: Ear
) -> None:
    hands = Hands()
    async with running(here, gate, Clocks(hands, time.time)):
        await ear.ready()
        gate.open.clear()
        await ear.ask("in-work", grant=granted(ttl_s=5))
        await ear.ask("waiting", grant=granted(ttl_s=5))
        await ear.ask("patient", grant=granted(ttl_s=7))
        await asyncio.to_thread(gate.waiting.wait, LIMIT_S)
        await ear.send(b"not a question")  # all three are in the house when this one is refused
        await ear.send(question("seen", contract=2))
        await ear.answer("seen")
        hands.now += 6
        gate.open.set()
        for late in ("in-work", "waiting"):
            assert (await ear.answer(late))["error"]["code"] == "expired"
            assert ear.commands(late) == []
        assert (await ear.answer("patient"))["acted"] is True


async def test_before_the_model_is_there_the_answer_says_so(here: Config, gate: Gate, ear: Ear) -> None:
    loading = threading.Event()

    def load() -> Gate:
        assert loading.wait(LIMIT_S)
        return gate

    service, stop = Service(replace(here, limits=Limits(8, 2)), load, CLOCKS, lambda: 0.0), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(service.run(stop))
        await ear.until(STATUS, lambda payload: payload["state"] == "starting")
        await ear.ask("early")
        assert (await ear.answer("early"))["error"]["code"] == "no_model"
        loading.set()
        await ear.ready()
        await ear.ask("later")
        assert (await ear.answer("later"))["error"] is None
        stop.set()


async def test_a_broker_that_goes_away_and_comes_back_is_found_again(here: Config, gate: Gate, broker: Broker) -> None:
    async with running(here, gate):
        async with listening(broker.port) as ear:
            await ear.ready()
        for k in range(2):
            await broker.stop()
            await broker.start()
            async with listening(broker.port) as ear:
                await ear.ready()
                await ear.ask(f"again {k}".replace(" ", "-"))
                assert (await ear.answer(f"again-{k}"))["acted"] is True


async def test_an_answer_that_is_ready_while_the_broker_is_away_harms_nothing(
    here: Config, gate: Gate, broker: Broker
) -> None:
    async with running(here, gate):
        async with listening(broker.port) as ear:
            await ear.ready()
            gate.open.clear()
            await ear.ask("lost")
            await asyncio.to_thread(gate.waiting.wait, LIMIT_S)
        await broker.stop()
        gate.open.set()
        await broker.start()
        async with listening(broker.port) as ear:
            await ear.ready()
            await ear.barrier()


async def test_it_says_how_it_is_from_start_to_end(here: Config, gate: Gate, ear: Ear) -> None:
    async with running(here, gate):
        ready = await ear.ready()
        validator("status").validate(ready)
        assert ready["model_version"] in ready["models"]
    await ear.until(STATUS, lambda payload: payload["state"] == "offline")
    states = list(dict.fromkeys(p["state"] for t, p in ear.heard if t == STATUS))
    assert states[-3:] == ["ready", "stopping", "offline"]


def of(here: Config, instance: str, share: str = "smart-window") -> Config:
    return replace(here, instance=instance, mqtt=replace(here.mqtt, share=share))


async def test_two_services_share_the_questions_and_each_is_answered_once(
    here: Config, torch_engine: TorchEngine, ear: Ear
) -> None:
    first, second = Gate(torch_engine), Gate(torch_engine)
    async with running(of(here, "one"), first), running(of(here, "two"), second):
        for instance in ("one", "two"):
            await ear.until(f"ml/status/{instance}", lambda payload: payload["state"] == "ready")
        for k in range(30):
            await ear.ask(f"q{k}")
        for k in range(30):
            assert (await ear.answer(f"q{k}"))["error"] is None
        await ear.barrier()
    assert first.waiting.is_set()
    assert second.waiting.is_set()
    answers = Counter(p["correlation_id"] for t, p in ear.heard if t == RESPONSE)
    assert {f"q{k}": 1 for k in range(30)} | {"barrier": 1} == answers


async def test_services_that_do_not_share_each_answer(here: Config, torch_engine: TorchEngine, ear: Ear) -> None:
    async with (
        running(of(here, "one", share=""), Gate(torch_engine)),
        running(of(here, "two", share=""), Gate(torch_engine)),
    ):
        for instance in ("one", "two"):
            await ear.until(f"ml/status/{instance}", lambda payload: payload["state"] == "ready")
        await ear.ask("q")
        async with asyncio.timeout(LIMIT_S):
            while len([p for t, p in ear.heard if t == RESPONSE]) < 2:
                await ear.news()


async def test_when_one_of_two_services_ends_the_other_answers_all(
    here: Config, torch_engine: TorchEngine, ear: Ear
) -> None:
    async with running(of(here, "one"), Gate(torch_engine)):
        await ear.until("ml/status/one", lambda payload: payload["state"] == "ready")
        async with running(of(here, "two"), Gate(torch_engine)):
            await ear.until("ml/status/two", lambda payload: payload["state"] == "ready")
        await ear.until("ml/status/two", lambda payload: payload["state"] == "offline")
        for k in range(10):
            await ear.ask(f"q{k}")
        for k in range(10):
            assert (await ear.answer(f"q{k}"))["error"] is None


async def test_a_name_made_of_the_containers_leaves_nothing_on_the_broker(
    here: Config, gate: Gate, broker: Broker
) -> None:
    async with listening(broker.port) as ear:
        async with running(replace(here, instance="ml-4f2a", passing=True), gate):
            await ear.until("ml/status/ml-4f2a", lambda payload: payload["state"] == "ready")
        await ear.until("ml/status/ml-4f2a", lambda payload: payload["state"] == "stopping")
    async with listening(broker.port) as later, running(here, gate):
        await later.ready()
        assert {topic for topic, _ in later.heard} == {STATUS}


async def test_no_question_is_lost_among_many(service: Service, ear: Ear) -> None:
    for k in range(30):
        await ear.ask(f"q{k}")
    answers = [await ear.answer(f"q{k}") for k in range(30)]
    assert all(answer["error"] is None for answer in answers)


async def test_questions_that_wait_together_are_answered_in_one_pass_and_a_lone_one_waits_for_none(
    service: Service, gate: Gate, ear: Ear
) -> None:
    await ear.ask("alone")
    await ear.answer("alone")
    assert gate.together == [["alone"]]
    gate.together.clear()
    gate.open.clear()
    gate.waiting.clear()
    names = [f"q{number}" for number in range(12)]
    for name in names:
        await ear.ask(name)
    assert await asyncio.to_thread(gate.waiting.wait, LIMIT_S)
    # While the first is answered, the others gather; a bad question, which is answered at once, tells that all came.
    await ear.ask("late", temperature=300)
    await ear.answer("late")
    gate.open.set()
    for name in names:
        await ear.answer(name)
    assert [name for batch in gate.together for name in batch] == names
    assert [len(batch) for batch in gate.together] == [1, 8, 3]


async def test_one_that_waited_too_long_is_refused_and_those_beside_it_are_answered(
    here: Config, gate: Gate, ear: Ear
) -> None:
    now = [0.0]
    async with running(here, gate, Clocks(lambda: now[0], time.time)):
        await ear.ready()
        gate.open.clear()
        await ear.ask("first", grant=granted(ttl_s=60))
        assert await asyncio.to_thread(gate.waiting.wait, LIMIT_S)
        await ear.ask("impatient", grant=granted(ttl_s=1))
        await ear.ask("patient", grant=granted(ttl_s=60))
        await ear.ask("bad", temperature=300)
        await ear.answer("bad")
        now[0] = 5.0
        gate.open.set()
        assert (await ear.answer("impatient"))["error"]["code"] == "expired"
        assert (await ear.answer("patient"))["error"] is None
        assert gate.together == [["first"], ["patient"]]


async def test_a_question_that_breaks_the_model_takes_none_of_those_beside_it_along(
    here: Config, gate: Gate, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all = gate.predict_all

    def breaks(asked: Sequence[tuple[str, Request]]) -> list[Prediction | PredictionError]:
        found = answer_all(asked)
        if any(request.correlation_id == "poison" for _, request in asked):
            raise RuntimeError("of this one alone")
        return found

    monkeypatch.setattr(gate, "predict_all", breaks)
    async with running(here, gate):
        await ear.ready()
        gate.open.clear()
        for name in ("first", "before", "poison", "after"):
            await ear.ask(name)
        await ear.ask("bad", temperature=300)
        await ear.answer("bad")
        gate.open.set()
        assert (await ear.answer("poison"))["error"]["code"] == "prediction"
        for name in ("first", "before", "after"):
            assert (await ear.answer(name))["error"] is None
