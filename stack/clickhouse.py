"""A real ClickHouse server on 127.0.0.1: the engine inside chdb-core, made to listen on HTTP and native TCP."""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import aiohttp

from .clickhouse_client import ClickHouseClient
from .clickhouse_users import ADMIN, DATABASE, READER, WRITER, Passwords, users_xml
from .ports import LOOPBACK
from .process import Child, Program

_START_S = 30.0
_ENGINE = Path(__file__).with_name("clickhouse_engine.py")
_MEMORY_BYTES = 2 << 30
_MARK_CACHE_BYTES = 128 << 20
_CONFIGURATION = """\
<clickhouse>
  <logger><console>0</console></logger>
  <listen_host>{host}</listen_host>
  <http_port>{http_port}</http_port>
  <tcp_port>{tcp_port}</tcp_port>
  <max_server_memory_usage>{memory}</max_server_memory_usage>
  <mark_cache_size>{mark_cache}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <users_config>{users}</users_config>
</clickhouse>
"""


@dataclass(frozen=True, slots=True)
class ClickHouseSettings:
    """Where it keeps its data, and who may sign in. `python` has chdb-core."""

    folder: Path
    python: Path
    http_port: int
    tcp_port: int
    passwords: Passwords


class ClickHouse:
    """The server; its tables outlive stop, kill and restart."""

    def __init__(self, settings: ClickHouseSettings, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self.url = f"http://{LOOPBACK}:{settings.http_port}"
        self.database = DATABASE
        self._session = session
        self._run = settings.folder / "run"
        self.child = Child(
            Program(
                name="ClickHouse",
                command=(str(settings.python), "-I", str(_ENGINE), str(settings.folder / "data")),
                log=self._run / "engine.log",
                folder=self._run,
                holds_stdin=True,
            )
        )

    @property
    def admin(self) -> ClickHouseClient:
        """A client that may do all."""
        return self._client(ADMIN, self.settings.passwords.admin)

    @property
    def writer(self) -> ClickHouseClient:
        """A client with the recorder's grants."""
        return self._client(WRITER, self.settings.passwords.writer)

    @property
    def reader(self) -> ClickHouseClient:
        """A client that only reads."""
        return self._client(READER, self.settings.passwords.reader)

    async def start(self) -> None:
        """Start it, wait until it answers, and make the database if it is not there."""
        settings = self.settings
        self._run.mkdir(parents=True, exist_ok=True)
        (settings.folder / "data").mkdir(exist_ok=True)
        users = self._run / "users.xml"
        users.write_text(users_xml(settings.passwords))
        configuration = _CONFIGURATION.format(
            host=LOOPBACK,
            http_port=settings.http_port,
            tcp_port=settings.tcp_port,
            memory=_MEMORY_BYTES,
            mark_cache=_MARK_CACHE_BYTES,
            users=escape(str(users)),
        )
        (self._run / "config.xml").write_text(configuration)
        await self.child.start()
        await self.child.ready(self.admin.answers, _START_S)
        await self.admin.execute(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")

    async def stop(self) -> None:
        """End it in order."""
        await self.child.stop()

    async def kill(self) -> None:
        """End it as a crash would."""
        await self.child.kill()

    async def restart(self) -> None:
        """Stop it and start it again on the same ports with the same data."""
        await self.stop()
        await self.start()

    def _client(self, user: str, password: str) -> ClickHouseClient:
        return ClickHouseClient(self._session, self.url, user, password, DATABASE)
