"""Which models a running service uses: asked, and changed, over the broker. For the command line."""

from .check import CheckError, reaching
from .comparison import APART, Report
from .config import Config
from .model_messages import Order, decode_in_use, encode_order
from .status_messages import State, Status, decode_status
from .topics import Topics


async def describe(config: Config, instance: str, token: str, patience_s: float) -> str:
    """Return what the service says of its models. CheckError where it says nothing."""
    topics = Topics(config.mqtt.prefix)
    async with reaching(config, instance, token, patience_s) as client:
        await client.subscribe(topics.status(instance), qos=1)
        async for message in client.messages:
            return _said(decode_status(message.payload))
    raise CheckError("the connection ended")


async def give(config: Config, instance: str, order: Order, patience_s: float) -> str:
    """Give the order and return what is so now. CheckError where nothing was changed, and why."""
    topics = Topics(config.mqtt.prefix)
    async with reaching(config, instance, order.correlation_id, patience_s) as client:
        await client.subscribe(topics.models_in_use(instance), qos=1)
        await client.publish(topics.models(instance), encode_order(order), qos=1)
        async for message in client.messages:
            correlation_id, found = decode_in_use(message.payload)
            if correlation_id != order.correlation_id:
                continue  # somebody else's order
            if found.failure is not None:
                raise CheckError(f"nothing was changed: {found.failure.message}")
            looks_on = f"{found.shadow} looks on" if found.shadow else "no other looks on"
            return f"{instance}: {found.model_version} serves now, {looks_on}"
    raise CheckError("the connection ended")


def _said(status: Status) -> str:
    if status.state is not State.READY:
        return f"{status.instance} is {status.state}: {status.reason or 'it gives no reason'}"
    lines = [f"{status.instance}: {status.model_version} serves; there are {', '.join(status.models)}"]
    return "\n".join(lines + (["no other looks on"] if status.shadow is None else _compared(status.shadow)))


def _compared(report: Report) -> list[str]:
    verdicts = {True: "better", False: "worse", None: "not told apart yet"}
    apart, sure, its = (_figure(mean) for mean in (report.difference, report.confidence, report.shadow_confidence))
    off, its_off = _figure(report.distance), _figure(report.shadow_distance)
    return [
        f"{report.version} looks on: {verdicts[report.better]}",
        f"  questions    {report.questions}; {report.differed} of them {APART:g} points apart or more; mean {apart}",
        f"  confidence   serving {sure}, looking on {its}",
        f"  corrections  {report.corrections}; nearer to the serving one {report.farther}, to it {report.nearer}",
        f"  distance     from what owners set, points: serving {off}, looking on {its_off}",
        f"  not asked    {report.shed}, for want of time",
    ]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
