"""A wire between client and server that loses answers: the request arrives, its answer does not."""

import asyncio
import ssl
from types import TracebackType
from typing import Self


class LossyWire:
    """Forwards HTTP to a port on this machine.

    Of the answers to requests that hold `only`, each `lose_every`-th is lost (0: none) and those that follow it, until
    there are `in_a_row`: the connection closes, or with `silent` nothing comes at all. With `tls` the client's
    side is encrypted.
    """

    def __init__(
        self,
        to_port: int,
        *,
        lose_every: int,
        in_a_row: int = 1,
        only: bytes = b"",
        silent: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._to_port = to_port
        self.lose_every = lose_every
        self._in_a_row = in_a_row
        self._only = only
        self._chosen = 0
        self._tls = tls
        self.silent = silent
        self.port = 0
        self.requests = 0
        self.lost = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
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
        server_in, server_out = await asyncio.open_connection("127.0.0.1", self._to_port)
        try:
            while request := await self._message(client_in):
                self.requests += 1
                chosen = self._only in request
                self._chosen += chosen
                lost = chosen and self.lose_every > 0 and self._chosen % self.lose_every < self._in_a_row
                server_out.write(request)
                await server_out.drain()
                answer = await self._message(server_in)
                if lost:
                    self.lost += 1
                    if self.silent:
                        await asyncio.Event().wait()
                    return
                client_out.write(answer)
                await client_out.drain()
        except ConnectionError:
            return
        finally:
            server_out.close()
            client_out.close()

    @staticmethod
    async def _message(stream: asyncio.StreamReader) -> bytes:
        """Read one HTTP message whole; empty at the end of the stream."""
        try:
            head = await stream.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        fields = head.lower()
        if b"transfer-encoding: chunked" in fields:
            body = b""
            while True:
                line = await stream.readuntil(b"\r\n")
                size = int(line.split(b";")[0], 16)
                body += line + await stream.readexactly(size + 2)
                if size == 0:
                    return head + body
        length = fields.partition(b"content-length:")[2].split(b"\r\n")[0].strip()
        return head + await stream.readexactly(int(length or b"0"))
