"""Is a running service well? Asks over the broker: its status, then a question that moves nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiomqtt import Client, MqttError

from .config import Config
from .connection import explain, make_client
from .messages import decode_answered, encode_check
from .status_messages import State, decode_status
from .strict_json import ContractError
from .topics import Topics

CHECK_DEVICE = "healthcheck"


class CheckError(Exception):
    """The service is not well, and why."""


async def check(config: Config, token: str, patience_s: float) -> str:
    """Return a line that says that all is well, or raise CheckError. `token` makes the question this check's own."""
    topics = Topics(config.mqtt.prefix)
    async with reaching(config, config.instance, f"check-{token}", patience_s) as client:
        version = await _read_status(client, topics.status(config.instance))
        await _ask(client, topics, f"check-{token}", patience_s)
    return f"{config.instance} is ready with model {version} and answers"


@asynccontextmanager
async def reaching(config: Config, instance: str, token: str, patience_s: float) -> AsyncIterator[Client]:
    """A connection for so long at most. CheckError, in words, for whatever goes wrong meanwhile."""
    try:
        async with asyncio.timeout(patience_s), make_client(config.mqtt, f"smart-window-{token}", None) as client:
            yield client
    except TimeoutError as error:
        raise CheckError(f"{instance} does not answer within {patience_s:g} s") from error
    except MqttError as error:
        raise CheckError(explain(error, config.mqtt)) from error
    except ContractError as error:
        raise CheckError(f"{instance} says something that does not fit the contract: {error}") from error


async def _read_status(client: Client, topic: str) -> str:
    await client.subscribe(topic, qos=1)
    async for message in client.messages:
        status = decode_status(message.payload)
        if status.state is not State.READY:
            raise CheckError(f"{status.instance} is {status.state}: {status.reason or 'it gives no reason'}")
        return str(status.model_version)
    raise CheckError("the connection ended")


async def _ask(client: Client, topics: Topics, correlation_id: str, ttl_s: float) -> None:
    await client.subscribe(topics.response(CHECK_DEVICE), qos=1)
    await client.publish(topics.request(CHECK_DEVICE), encode_check(correlation_id, ttl_s), qos=1)
    async for message in client.messages:
        if message.topic.value != topics.response(CHECK_DEVICE):
            continue
        answered, error = decode_answered(message.payload)
        if answered != correlation_id:
            continue  # somebody else's check
        if error is not None:
            raise CheckError(f"the question was answered with the error {error}")
        return
