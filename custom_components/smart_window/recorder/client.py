"""The way to the server: clickhouse-connect's async client, with every error turned into one of ours."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import aiohttp

from .outbox import Batch
from .problem import Problem, RefusedBatchError, ServerError, of_code
from .server import ServerSettings
from .tables import TABLES

if TYPE_CHECKING:
    from clickhouse_connect.driver.asyncclient import AsyncClient

_CONNECT_S = 5
_ANSWER_S = 10.0
_LONGEST_S = 3600  # of the library's own limit; each call here has its own
_CLOSE_S = 1

# Batches are made here, so the server need not gather them (async_insert is 1 by default from 26.x on). A batch that
# spans many months is no reason to refuse it.
_INSERT = {
    "async_insert": 0,
    "wait_end_of_query": 1,
    "max_partitions_per_insert_block": 0,
    "distributed_foreground_insert": 1,
}
# What a statement under a token inserts must be the same blocks each time: one.
_ONE_BLOCK = {
    "max_threads": 1,
    "max_insert_threads": 1,
    "min_insert_block_size_rows": 1_000_000_000,
    "min_insert_block_size_bytes": 100_000_000_000,
}


class Client:
    """One connection at a time: opened on demand, dropped after any failure.

    The library and what it imports late (numpy, and pandas and pyarrow where they are installed) take 0.6 s to load;
    that, and the reading of certificates, happens in a thread.
    """

    def __init__(self, settings: ServerSettings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        self._client: AsyncClient | None = None

    @property
    def is_open(self) -> bool:
        """Whether the server answered and nothing failed since."""
        return self._client is not None

    async def open(self) -> None:
        """Connect and sign in. Raises ServerError."""
        await self.close()
        try:
            client = await asyncio.to_thread(_make, self._settings)
        except OSError as error:  # ssl.SSLError is one, too
            detail = f"the CA file {self._settings.ca_file}: {error.strerror or error}"
            raise ServerError(Problem.CERTIFICATE, detail) from error
        try:
            with _errors(_CONNECT_S + _ANSWER_S):
                async with asyncio.timeout(_CONNECT_S + _ANSWER_S):
                    await client.__aenter__()
        except ServerError:
            _be_cancelled()
            raise
        self._client = client

    async def close(self) -> None:
        """Drop the connection, whatever state it is in."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError):  # TimeoutError is one, too
                async with asyncio.timeout(_CLOSE_S):
                    await client.close()

    async def command(self, statement: str, *, token: str | None = None, within_s: float | None = None) -> None:
        """Run a statement that returns nothing; under a token, what it inserts is stored once. Raises ServerError."""
        settings = {**_INSERT, **_ONE_BLOCK, "insert_deduplication_token": token} if token else None
        async with self._at_work(within_s or _ANSWER_S) as client:
            await client.command(statement, settings=settings)

    async def rows(self, query: str, parameters: Mapping[str, str] | None = None) -> Sequence[Sequence[object]]:
        """Run a query and return its rows. Raises ServerError."""
        async with self._at_work() as client:
            answer = await client.query(query, parameters=dict(parameters or {}))
            return answer.result_rows

    async def insert(self, batch: Batch) -> None:
        """Store a batch under its token. Raises ServerError, or RefusedBatchError when it can never be encoded."""
        async with self._at_work() as client:
            with _refusals():
                kinds = dict(TABLES[batch.table].columns)
                names = batch.columns or tuple(kinds)
                await client.insert(
                    batch.table,
                    list(zip(*batch.rows, strict=True)),
                    column_names=names,
                    column_type_names=[kinds[name] for name in names],
                    column_oriented=True,
                    settings={**_INSERT, "insert_deduplication_token": batch.token},
                )

    @contextlib.asynccontextmanager
    async def _at_work(self, within_s: float = _ANSWER_S) -> AsyncIterator[AsyncClient]:
        if self._client is None:
            raise ServerError(Problem.UNREACHABLE, "not connected")
        try:
            with _errors(within_s):
                async with asyncio.timeout(within_s):
                    yield self._client
        except ServerError, asyncio.CancelledError:
            await self.close()
            raise


def _make(settings: ServerSettings) -> AsyncClient:
    from clickhouse_connect.driver import options  # noqa: PLC0415  # slow to load, and not needed while recording is off
    from clickhouse_connect.driver.asyncclient import AsyncClient  # noqa: PLC0415  # the same

    for late in ("np", "pd", "arrow"):
        getattr(options, late)  # imported now, in this thread; None where it is not installed
    return AsyncClient(
        interface=settings.scheme,
        host=settings.host,
        port=settings.port,
        proxy_path=settings.path,
        username=settings.user,
        password=settings.password,
        database=settings.database,
        connect_timeout=_CONNECT_S,
        send_receive_timeout=_LONGEST_S,
        client_name="smart_window",
        autogenerate_session_id=False,
        show_clickhouse_errors=True,
        ca_cert=settings.ca_file or None,
    )


def _be_cancelled() -> None:
    """Raise the cancellation that the library loses when it comes while a failed connection is tidied up."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextlib.contextmanager
def _errors(within_s: float) -> Iterator[None]:
    from clickhouse_connect.driver.exceptions import Error  # noqa: PLC0415  # loaded by now, in a thread

    try:
        yield
    except Error as error:
        raise ServerError(_problem(error, error.code), str(error) or type(error).__name__, error.code) from error
    except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
        raise ServerError(_problem(error, None), str(error) or f"no answer within {within_s:g} s") from error


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    from clickhouse_connect.driver.exceptions import DataError  # noqa: PLC0415  # loaded by now, in a thread

    try:
        yield
    except (DataError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, struct.error) as error:
        raise RefusedBatchError(f"{type(error).__name__}: {error}") from error


def _problem(error: BaseException, code: int | None) -> Problem:
    if code is not None:
        return of_code(code)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, aiohttp.ClientConnectorCertificateError):
            return Problem.CERTIFICATE
        if isinstance(cause, aiohttp.ClientSSLError):
            return Problem.NO_TLS
        if isinstance(cause, aiohttp.ClientConnectorDNSError | socket.gaierror):
            return Problem.UNKNOWN_HOST
        if isinstance(cause, aiohttp.ClientError | OSError):
            return Problem.UNREACHABLE
        cause = cause.__cause__
    return Problem.OTHER
