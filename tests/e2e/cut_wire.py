"""A wire to ClickHouse that is cut in the middle of an insert, or lets no more of them through."""

import asyncio
from types import TracebackType
from typing import Self

_INSERT = b"insert_deduplication_token"
_PIECE = 1 << 16


class CutWire:
    """Forwards TCP to a port on this machine.

    `to_cut`: so many inserts from now on are cut when half of what came of them was forwarded; `cut` counts them.
    `to_pass`: so many inserts are let through, and then none is answered (None: all).
    """

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.to_cut = 0
        self.cut = 0
        self.to_pass: int | None = None
        self.held = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self._to_port)
        except ConnectionError:  # the server is down: so is the wire
            client_out.transport.abort()
            return
        back = asyncio.create_task(_pass_on(server_in, client_out))
        try:
            while piece := await client_in.read(_PIECE):
                if _INSERT in piece and not await self._let_through(piece, server_out):
                    break
                server_out.write(piece)
                await server_out.drain()
        except ConnectionError:
            pass
        finally:
            back.cancel()
            for writer in (server_out, client_out):
                writer.transport.abort()

    async def _let_through(self, piece: bytes, server_out: asyncio.StreamWriter) -> bool:
        if self.to_cut > 0:
            self.to_cut -= 1
            self.cut += 1
            server_out.write(piece[: len(piece) // 2])
            await server_out.drain()
            return False
        if self.to_pass is None:
            return True
        if self.to_pass > 0:
            self.to_pass -= 1
            return True
        self.held += 1
        await asyncio.Event().wait()  # until the client gives up, or the test ends
        return False


async def _pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(_PIECE):
            to.write(piece)
            await to.drain()
        to.close()
    except ConnectionError:
        return
