"""`./scripts/replay --device ID --from 24h`: asks recorded questions again and shows what would be done otherwise.

With `--reliability` it asks nothing, and says how right the answers were that were so sure.
"""

import argparse
import asyncio
import os
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import aiomqtt

from custom_components.smart_window.contract import ContractError
from custom_components.smart_window.contract.topics import check_prefix
from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.encode import encode
from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.problem import ServerError
from custom_components.smart_window.recorder.rows import ReplayRow
from custom_components.smart_window.recorder.server import ServerSettings
from custom_components.smart_window.recorder.tables import REPLAYS
from stack.endpoints import Endpoints, read_endpoints
from stack.errors import StackError

from .again import asked_again, compared, decided_again
from .asker import Broker, service
from .export import ExportError, export
from .moment import moment
from .recorded import Recorded, questions
from .reliability import lines as diagram, steps
from .table import lines

_DEMO = Path(__file__).parents[1] / ".demo" / "endpoints.json"
_PASSWORD = "SMART_WINDOW_CLICKHOUSE_PASSWORD"  # noqa: S105  # a name, no password
_MQTT_PASSWORD = "SMART_WINDOW_MQTT_PASSWORD"  # noqa: S105  # the same
_MOST = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.device is None and not options.reliability:
        parser.error("name a window with --device; only --reliability looks at all of them together")
    now = time.time()
    try:
        since, until = moment(options.since, now), moment(options.until, now)
        demo = read_endpoints(options.endpoints) if options.endpoints.is_file() else None
        server, broker = _server(options, demo), _broker(options, demo)
        if options.reliability:
            return asyncio.run(_judge(options.device, server, since, until, now))
        return asyncio.run(_run(options, server, broker, since, until))
    except (ValueError, ContractError, ServerError, ExportError, StackError) as error:
        print(f"error: {error}", file=sys.stderr)
    except aiomqtt.MqttError as error:
        print(f"error: the broker: {error}", file=sys.stderr)
    return 1


async def _judge(device_id: str | None, server: ServerSettings, since: float, until: float, now: float) -> int:
    client = Client(server)
    await client.open()
    try:
        found = await steps(client, device_id, since, until, now)
    finally:
        await client.close()
    for line in diagram(found):
        print(line)
    return 0


async def _run(options: argparse.Namespace, server: ServerSettings, broker: Broker, since: float, until: float) -> int:
    if options.parquet is not None:
        size = await export(server, options.device, since, until, options.parquet)
        print(f"{options.parquet}: {size} bytes")
        return 0
    client = Client(server)
    await client.open()
    try:
        found = await questions(client, options.device, since, until, options.limit)
        if found.left_out:
            print(f"{found.left_out} questions were recorded without what is needed to ask them again", file=sys.stderr)
        rows = await _ask_all(found.questions, broker)
        for line in lines(rows, every=options.all):
            print(line)
        if rows and not options.dry_run:
            await client.insert(_batch(rows))
            print(f"replay {rows[0].replay_id} is in the table replays, and on the dashboard of the model")
    finally:
        await client.close()
    return 0


async def _ask_all(recorded: Sequence[Recorded], broker: Broker) -> list[ReplayRow]:
    replay_id, replayed_at = secrets.token_hex(4), time.time()
    async with service(broker) as answering:

        async def one(question: Recorded) -> ReplayRow:
            decision = decided_again(question)
            answer = await answering.ask(asked_again(question, decision, secrets.token_hex(16)))
            return compared(question, decision, answer, replay_id=replay_id, replayed_at=replayed_at)

        return list(await asyncio.gather(*(one(question) for question in recorded)))


def _batch(rows: Sequence[ReplayRow]) -> Batch:
    return Batch(REPLAYS.name, secrets.token_hex(16), tuple(encode(row).values for row in rows))


def _server(options: argparse.Namespace, demo: Endpoints | None) -> ServerSettings:
    if options.clickhouse_url is None and demo is not None:
        return ServerSettings.of(
            url=demo.clickhouse_url,
            user=demo.clickhouse_writer,
            password=demo.clickhouse_writer_password,
            database=demo.clickhouse_database,
        )
    return ServerSettings.of(
        url=options.clickhouse_url or "",
        user=options.clickhouse_user,
        password=os.environ.get(_PASSWORD, ""),
        database=options.clickhouse_database,
        ca_file=options.clickhouse_ca_file,
    )


def _broker(options: argparse.Namespace, demo: Endpoints | None) -> Broker:
    prefix = check_prefix(options.mqtt_prefix)
    if options.mqtt_host is None and demo is not None:
        return Broker(demo.mqtt_host, demo.mqtt_port, prefix=prefix)
    host = options.mqtt_host or "localhost"
    return Broker(host, options.mqtt_port, options.mqtt_user, os.environ.get(_MQTT_PASSWORD), prefix)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./scripts/replay",
        description="Ask recorded questions again, let today's rules decide, and show what would be done otherwise. "
        "Nothing moves: no question may act. Without addresses the running demo's are taken.",
    )
    parser.add_argument("--device", help="the window's id; --reliability without it: all windows")
    parser.add_argument(
        "--reliability", action="store_true", help="ask nothing; say how right the answers were that were so sure"
    )
    parser.add_argument("--from", dest="since", default="24h", help="24h (ago), 7d, 2026-11-24 or 2026-11-24T21:30")
    parser.add_argument("--to", dest="until", default="now", help="the same")
    parser.add_argument("--limit", type=int, default=1000, choices=range(1, _MOST + 1), metavar="N", help="questions")
    parser.add_argument("--all", action="store_true", help="show every question, not only what differs")
    parser.add_argument("--dry-run", action="store_true", help="write nothing into the table replays")
    parser.add_argument("--parquet", type=Path, help="write the questions into this file instead, for training")
    parser.add_argument("--endpoints", type=Path, default=_DEMO, help="the endpoints.json of a running stack")
    parser.add_argument("--clickhouse-url", help=f"http://host:8123; the password comes from {_PASSWORD}")
    parser.add_argument("--clickhouse-user", default="smart_window")
    parser.add_argument("--clickhouse-database", default="smart_window")
    parser.add_argument("--clickhouse-ca-file", default="")
    parser.add_argument("--mqtt-host", help=f"the password comes from {_MQTT_PASSWORD}")
    parser.add_argument("--mqtt-port", type=int, default=1883)
    parser.add_argument("--mqtt-user")
    parser.add_argument("--mqtt-prefix", default="")
    return parser


if __name__ == "__main__":
    sys.exit(main())
