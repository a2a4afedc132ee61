"""`python -m ml_addon COMMAND`.

Errors go to stderr in plain words. The exit code is 78 (EX_CONFIG) where the settings are wrong, 1 for all else.
"""

import argparse
import asyncio
import dataclasses
import logging
import os
import random
import secrets
import signal
import sys
import time
from pathlib import Path

from . import logs, shelf
from .check import CheckError, check
from .config import OPTIONS, Config, load_config
from .desk import Engine
from .model_commands import add_model_commands, add_model_orders
from .model_messages import Change, Order
from .orders import describe, give
from .prediction import Clocks
from .privileges import become
from .service import Service
from .settings import ConfigError
from .supervisor import announce, offered_broker

_LOG = logging.getLogger("ml_addon")
_CHECK_S = 10.0


def main() -> int:
    """Run the command that the arguments name."""
    arguments = _parser().parse_args()
    try:
        match arguments.command:
            case "train" | "tune" | "evaluate" | "export" | "inspect" | "personalise":
                # These need torch before they can say anything.
                from .training.cli import run  # noqa: PLC0415

                return run(arguments)
            case "check":
                print(asyncio.run(check(_config(arguments), secrets.token_hex(4), arguments.timeout)))
            case "models":
                print(asyncio.run(_order(arguments)))
            case "config":
                print(_shown(_config(arguments)))
            case "rehearse":
                print(_rehearse(_config(arguments)))
            case _:
                _run(_config(arguments))
    except (ConfigError, CheckError) as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code if isinstance(error, ConfigError) else 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml_addon", description="The inference service of Smart Window.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("serve", "answer requests"),
        ("check", "ask a running service whether it is well"),
        ("models", "say which models a running service uses, how they compare, and change that"),
        ("config", "show the settings in force"),
        ("rehearse", "load the model and answer a question, without a broker"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--config", type=Path, help="default: $SMART_WINDOW_CONFIG, ./service.yaml")
        command.add_argument("--user", help="become this user once the settings are read (only root can)")
        command.add_argument("--keep-models", action="store_true", help="copy the shipped models into model.path")
        if name in {"check", "models"}:
            command.add_argument("--timeout", type=float, default=_CHECK_S, help="seconds")
        if name == "models":
            add_model_orders(command)
    add_model_commands(commands)
    return parser


def _config(arguments: argparse.Namespace) -> Config:
    found = load_config(arguments.config, os.environ, OPTIONS, offered_broker(os.environ))
    config = found.config
    if arguments.keep_models:
        kept = shelf.stock(config.model_path)
        config = dataclasses.replace(config, models=shelf.preferred(config.models, kept), keeps_models=True)
    if arguments.user is not None:
        become(arguments.user, config.model_path if arguments.keep_models else None)
    logs.set_up(config.log_level, as_json=config.log_json)
    for warning in found.warnings:
        _LOG.warning(warning)
    return config


async def _order(arguments: argparse.Namespace) -> str:
    """Ask the running service about its models, or have it change them."""
    config = _config(arguments)
    instance = arguments.instance or config.instance
    change = None if arguments.do is None else Change(arguments.do.replace("-", "_"))
    if change is None:
        return await describe(config, instance, secrets.token_hex(4), arguments.timeout)
    if (arguments.version is not None) != change.names_a_version:
        needs = "needs a version" if change.names_a_version else "takes no version"
        raise ConfigError(f"models {arguments.do} {needs}: see python -m ml_addon models --help")
    order = Order(f"models-{secrets.token_hex(8)}", change, arguments.version)
    return await give(config, instance, order, arguments.timeout)


def _rehearse(config: Config) -> str:
    """Say which model answered. Whatever serving loads is loaded then: the container is built with it."""
    from . import web  # noqa: F401, PLC0415
    from .engine import TorchEngine  # noqa: PLC0415

    if not config.model_path.is_dir() or not any(config.model_path.glob("*.pth")):
        config = dataclasses.replace(config, model_path=shelf.SHIPPED)
    engine = TorchEngine(config, Clocks(time.monotonic, time.time))
    able = engine.abilities()
    if able.model_version is None:
        raise ConfigError(f"the model cannot answer: {able.reason}")
    return f"model {able.model_version} answers"


def _shown(config: Config) -> str:
    mqtt = dataclasses.replace(config.mqtt, password="***" if config.mqtt.password else None)
    web = dataclasses.replace(config.web, token="***" if config.web.token else None)
    shown = dataclasses.replace(config, mqtt=mqtt, web=web)
    return "\n".join(f"{k}: {v}" for k, v in dataclasses.asdict(shown).items())


def _run(config: Config) -> None:
    missing: list[str] = []
    try:
        asyncio.run(_serve(config))
    except* ImportError as group:
        missing += (str(error) for error in group.exceptions)
    if missing:
        raise ConfigError(f"a package is missing: {missing[0]} (features.backend is {config.backend})")


async def _serve(config: Config) -> None:
    clocks = Clocks(time.monotonic, time.time)

    def load() -> Engine:
        # torch takes a second or two to import: the broker hears `starting` meanwhile, and `check` never waits for it.
        from .engine import TorchEngine  # noqa: PLC0415

        return TorchEngine(config, clocks)

    service, stop, loop = Service(config, load, clocks, random.random), asyncio.Event(), asyncio.get_running_loop()
    reloads: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = asyncio.create_task(service.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload)
    announced = asyncio.create_task(_announce(config))
    await service.run(stop)
    announced.cancel()


async def _announce(config: Config) -> None:
    """Tell the Supervisor, where there is one, that Home Assistant may offer the integration."""
    trouble = await asyncio.to_thread(announce, os.environ, config.instance, config.mqtt.prefix)
    if trouble is not None:
        _LOG.warning("Home Assistant could not be told of this app: %s. Add the integration by hand", trouble)


if __name__ == "__main__":
    sys.exit(main())
