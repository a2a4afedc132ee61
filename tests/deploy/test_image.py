"""The container image: built for real, run on a real broker, and asked."""

import json
from pathlib import Path
from random import Random

import pytest

from stack import image
from stack.broker import Broker, BrokerSettings
from stack.json_shape import optional_text
from stack.ports import LOOPBACK, free_ports
from stack.tap import Heard, Tap

ROOT = Path(__file__).parents[2]
NAME = "image-test"
MOST_BYTES = 900e6


@pytest.mark.timeout(1500)  # a first build downloads torch
async def test_the_service_in_the_image_answers_over_a_real_broker(tmp_path: Path) -> None:
    await image.build(ROOT)
    assert await image.unpacked_bytes(ROOT) < MOST_BYTES
    (port,) = free_ports(1, Random())
    broker = Broker(BrokerSettings(tmp_path / "broker", port))
    await broker.start()
    settings = {"SMART_WINDOW_MQTT_HOST": LOOPBACK, "SMART_WINDOW_MQTT_PORT": str(port)}
    question = json.loads((ROOT / "contract/examples/request/valid/full.json").read_text())
    question["grant"]["min_confidence"] = 0  # the example's sound is a tone, of which no model is sure
    log = tmp_path / "container.log"
    try:
        async with Tap(LOOPBACK, port) as tap, image.running(ROOT, NAME, settings, log) as container:
            await tap.heard("the service is ready", says_ready, 60)
            await tap.publish("ml/inference/request/bedroom", question)
            answer = await tap.heard("an answer", lambda said: said.topic == "ml/inference/response/bedroom", 20)
            assert (answer.content["correlation_id"], answer.content["acted"]) == (question["correlation_id"], True)
            assert tap.all(lambda said: said.topic == "window/bedroom/control")
            # What HEALTHCHECK runs is a question and its answer.
            healthy = await container.check()
            assert healthy.code == 0, healthy.text
            assert "answers" in healthy.text
            # Root is given up: what runs is the image's own user.
            assert container.users() == {10001}
        await tap_offline(port)
    finally:
        await broker.stop()
    assert "Traceback" not in log.read_text()


async def tap_offline(port: int) -> None:
    """SIGTERM ends it in order: it says goodbye itself, and the broker keeps that."""
    async with Tap(LOOPBACK, port) as tap:
        said = await tap.heard("offline", lambda heard: heard.topic == f"ml/status/{NAME}", 10)
        assert optional_text(said.content, "state") == "offline"
        assert said.content["ts"] is not None  # the will, which a crash would leave, has none


def says_ready(said: Heard) -> bool:
    return said.topic == f"ml/status/{NAME}" and optional_text(said.content, "state") == "ready"
