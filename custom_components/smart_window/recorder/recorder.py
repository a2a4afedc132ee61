"""Rows in, ClickHouse out: one task cuts batches and keeps them safe, another one, which alone waits, delivers them."""

import asyncio
import logging
import math
from collections.abc import Callable
from random import Random

from .backoff import Backoff
from .client import Client
from .encode import InvalidRowError, encode
from .limits import Counts, Limits
from .line import Line
from .loss import Loss, LossKind
from .outbox import Batch, MemoryOutbox, Outbox, OutboxError
from .probe import check_read_only
from .problem import OF_VALUES, Problem, RefusedBatchError, ServerError
from .queue import Queue
from .rows import Row
from .schema import Place, migrate, read_migrations
from .server import ServerSettings

__all__ = ["Counts", "Limits", "Recorder"]

_LOGGER = logging.getLogger(__name__)
_SERVER_CLOCK = "SELECT toUnixTimestamp64Milli(now64(3))"


class Recorder:
    """Use: `put` rows from the event loop; let `run` run in a task of yours; `stop` once.

    `on_problem` is called in the event loop whenever the problem changes, with None when all is well again; `detail`
    then says it in words. `on_loss` is called there, too, for rows that will never be stored. `clock` is monotonic
    seconds, `wall` Unix seconds; without `wall` no clocks are compared. `random` gives jitter and the batches'
    tokens, so its seed must differ from start to start.
    """

    def __init__(
        self,
        settings: ServerSettings,
        *,
        on_problem: Callable[[Problem | None], None],
        clock: Callable[[], float],
        random: Random,
        limits: Limits | None = None,
        outbox: Outbox | None = None,
        on_loss: Callable[[Loss], None] | None = None,
        wall: Callable[[], float] | None = None,
    ) -> None:
        """Connects to nothing yet. Without an `outbox` on disk, rows wait in memory."""
        self.limits = limits or Limits()
        self.counts = Counts()
        self._on_problem = on_problem
        self._on_loss = on_loss
        self._clock = clock
        self._wall = wall
        self._random = random
        self.settings = settings
        self._client = Client(settings)
        self._place = Place(settings.database, settings.cluster)
        self._retention = settings.retention
        self._queue = Queue(
            rows=self.limits.queue_rows, batch_rows=self.limits.batch_rows, batch_age_s=self.limits.batch_age_s
        )
        self._outbox: Outbox = outbox or MemoryOutbox(rows=self.limits.outbox_rows)
        self._line = Line(self._outbox)
        self._backoff = Backoff(self.limits.retry_first_s, self.limits.retry_longest_s, random)
        self._keep_backoff = Backoff(self.limits.retry_first_s, self.limits.retry_longest_s, random)
        self._retry_at = self._keep_at = -math.inf
        self._server_says: tuple[Problem, str] | None = None
        self._outbox_says: tuple[Problem, str] | None = None
        self._to_keep, self._to_send = asyncio.Event(), asyncio.Event()
        self._all_kept, self._ended = asyncio.Event(), asyncio.Event()
        self._ready = False  # the tables are as this version writes them
        self._stopping = self._began = False
        self._limit: asyncio.Timeout | None = None
        self._told_of: set[str] = set()
        self._refused_told = 0
        self._suspect = ""  # the token of a batch whose values the server refused once
        self._drift = 0.0

    @property
    def problem(self) -> Problem | None:
        """What keeps rows from being stored, or, which is worse, from being kept for later."""
        said = self._outbox_says or self._server_says
        return said and said[0]

    @property
    def detail(self) -> str:
        """The problem in the words of the server, the network or the disk."""
        said = self._outbox_says or self._server_says
        return said[1] if said else ""

    @property
    def waiting(self) -> int:
        """How many rows are not stored yet."""
        return self._queue.rows + self._line.rows

    @property
    def spool_rows(self) -> int:
        """How many of them the outbox keeps."""
        return self._outbox.rows

    @property
    def spool_bytes(self) -> int:
        """How much room those take on disk."""
        return self._outbox.size_bytes

    @property
    def is_connected(self) -> bool:
        """Whether the server answers and has our tables."""
        return self._ready and self._client.is_open

    def put(self, row: Row) -> bool:
        """Take a row, at once. False, and counted, when it has no time or device, or there is no room for it.

        A value that does not fit its column is stored as null and counted.
        """
        try:
            table, values, faults = encode(row)
        except InvalidRowError as error:
            self.counts.invalid += 1
            self._tell_once(f"{type(row).__name__}: {error}")
            return False
        if faults:
            self.counts.nulled += len(faults)
            for fault in faults:
                self._tell_once(f"{type(row).__name__}: {fault}; stored without it")
        queue = self._queue
        due = queue.due
        room = self._line.rows_in_memory + queue.rows < self.limits.queue_rows and not self._stopping
        if not room or not queue.add(table.name, values, self._clock()):
            self.counts.refused += 1
            return False
        if queue.due != due:
            self._to_keep.set()
        return True

    async def run(self) -> None:
        """Deliver until stopped. Returns after the last batch was delivered, kept or given up."""
        self._began = True
        try:
            await self._open_outbox()
            async with (
                asyncio.timeout(self.limits.stop_s if self._stopping else None) as self._limit,
                asyncio.TaskGroup() as tasks,
            ):
                tasks.create_task(self._keep())
                tasks.create_task(self._send())
        except TimeoutError:
            _LOGGER.debug("The last rows were not stored within %s s", self.limits.stop_s)
        finally:
            self._limit, self._stopping = None, True
            await self._put_away(math.inf)
            self.counts.lost_at_stop = self.waiting - (self._outbox.rows if self._outbox.outlives else 0)
            if self.counts.lost_at_stop:
                _LOGGER.warning("Stopped with %s rows that ClickHouse did not get", self.counts.lost_at_stop)
            self._ended.set()
            await self._client.close()

    async def stop(self) -> None:
        """Take no more rows, deliver what waits as far as the time for it goes, and wait for the end of `run`."""
        self._stopping = True
        self._to_keep.set()
        self._to_send.set()
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + self.limits.stop_s)
        if self._began:
            await self._ended.wait()

    # Keeping: never waits for the server.

    async def _open_outbox(self) -> None:
        try:
            await self._outbox.open()
        except OutboxError as error:
            self._outbox_fails(error)
        else:
            await self._tell_losses()

    async def _keep(self) -> None:
        """Cut batches when they are due, and see that none is only in memory for too long."""
        while not self._stopping:
            await self._wait(self._to_keep, self._next_keep())
            now = self._clock()
            self._watch_clock(now)
            await self._put_away(now)
        await self._put_away(math.inf)
        self._all_kept.set()

    def _next_keep(self) -> float | None:
        oldest = self._line.since
        at = [self._queue.due, None if oldest is None else max(self._keep_at, oldest + self._patience())]
        return min((moment for moment in at if moment is not None), default=None)

    def _patience(self) -> float:
        return 0.0 if self._server_says else self.limits.spool_after_s

    async def _put_away(self, now: float) -> None:
        """Cut what is due, and let the outbox keep what has waited long enough; infinite `now`: all."""
        while cut := self._queue.cut(now):
            self._line.add(Batch(cut.table, f"{self._random.getrandbits(128):032x}", cut.rows), cut.since)
            self._to_send.set()
        if now >= self._keep_at:
            try:
                self.counts.spooled += await self._line.store(now - self._patience())
            except OutboxError as error:
                self._outbox_fails(error)
            else:
                self._keep_backoff.reset()
                self._outbox_says_now(None)
        await self._tell_losses()

    async def _tell_losses(self) -> None:
        lost = list(await self._outbox.losses())
        refused, self._refused_told = self.counts.refused - self._refused_told, self.counts.refused
        if refused:
            lost.append(Loss(LossKind.REFUSED, "", refused))
        for loss in lost:
            match loss.kind:
                case LossKind.THINNED:
                    self.counts.dropped += loss.rows
                    self._tell_once("ClickHouse is away for so long that the oldest readings are thinned")
                case LossKind.DAMAGED:
                    self.counts.damaged += loss.rows
                    _LOGGER.error("A file of the spool with %s rows of %s is damaged", loss.rows, loss.table)
                case LossKind.REJECTED | LossKind.REFUSED:
                    pass  # counted where it happened
            self._tell_loss(loss)

    def _tell_loss(self, loss: Loss) -> None:
        if self._on_loss is not None:
            self._on_loss(loss)

    def _outbox_fails(self, error: OutboxError) -> None:
        self._keep_at = self._clock() + self._keep_backoff.pause_s()
        self._outbox_says_now((Problem.SPOOL_FULL if error.is_full else Problem.SPOOL_FAILS, error.detail))

    # Sending: alone waits for the server.

    async def _send(self) -> None:
        """Deliver the oldest batch, again and again."""
        while not self._stopping:
            await self._wait(self._to_send, self._next_send())
            if self._may_send():
                await self._deliver()
        await self._all_kept.wait()
        while self._line.rows and await self._deliver():
            pass

    def _may_send(self) -> bool:
        return not self._stopping and self._clock() >= self._retry_at

    def _next_send(self) -> float | None:
        return self._retry_at if self._line.rows or not self.is_connected else None

    async def _deliver(self) -> bool:
        """Connect if need be and deliver the oldest batch. Returns whether that worked."""
        try:
            if not self.is_connected:
                await self._connect()
            batch = await self._line.first()
            if batch is not None:
                await self._insert(batch)
        except ServerError as error:
            self._failed(error)
            return False
        except OutboxError as error:
            self._outbox_fails(error)
            self._retry_at = self._keep_at
            return False
        self._backoff.reset()
        self._retry_at = -math.inf
        self._server_says_now(None)
        return True

    async def _connect(self) -> None:
        self._ready = False
        await self._client.open()
        await check_read_only(self._client)
        await self._compare_clocks()
        await migrate(self._client, await asyncio.to_thread(read_migrations), self._place, self._retention)
        self._ready = True

    async def _insert(self, batch: Batch) -> None:
        began = self._clock()
        try:
            await self._client.insert(batch)
        except RefusedBatchError as error:
            await self._reject(batch, str(error))
            return
        except ServerError as error:
            # Once more over a new connection, which looks at the tables first; after that the batch is at fault.
            if error.code not in OF_VALUES or self._suspect != batch.token:
                self._suspect = batch.token
                raise
            await self._reject(batch, error.detail)
            return
        self.counts.insert_ms = (self._clock() - began) * 1000
        await self._line.delivered(batch)
        self.counts.stored += len(batch.rows)

    async def _reject(self, batch: Batch, detail: str) -> None:
        self.counts.set_aside += len(batch.rows)
        _LOGGER.error("%s rows for %s cannot be stored and are set aside: %s", len(batch.rows), batch.table, detail)
        await self._line.set_aside(batch)
        self._tell_loss(Loss(LossKind.REJECTED, batch.table, len(batch.rows)))

    def _failed(self, error: ServerError) -> None:
        self.counts.failures += 1
        self.counts.errors[error.problem] = self.counts.errors.get(error.problem, 0) + 1
        self._retry_at = self._clock() + self._backoff.pause_s()
        self._server_says_now((error.problem, error.detail))
        self._to_keep.set()  # what is in memory goes to the outbox at once

    # Clocks.

    async def _compare_clocks(self) -> None:
        """Refuse to store while our clock and the server's are far apart: the rows would be kept under wrong times."""
        if self._wall is None:
            return
        ((ticks,),) = await self._client.rows(_SERVER_CLOCK)
        self._drift = self._wall() - self._clock()
        ahead = self._wall() - int(str(ticks)) / 1000
        if abs(ahead) > self.limits.clock_s:
            words = f"Home Assistant's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the server's"
            raise ServerError(Problem.CLOCK, words)

    def _watch_clock(self, now: float) -> None:
        """After a jump, compare with the server's clock again before anything else is stored."""
        if self._wall is not None and self.is_connected and abs(self._wall() - now - self._drift) > self.limits.clock_s:
            self._ready = False
            self._to_send.set()

    # Telling.

    def _server_says_now(self, said: tuple[Problem, str] | None) -> None:
        before, self._server_says = self._server_says, said
        if (said and said[0]) is (before and before[0]):
            return
        if said is None:
            _LOGGER.info("ClickHouse takes rows again")
        else:
            where = "on disk" if self._outbox.outlives else "in memory"
            _LOGGER.warning("ClickHouse takes no rows (%s): %s. They wait %s", *said, where)
        if self._outbox_says is None:
            self._on_problem(self.problem)

    def _outbox_says_now(self, said: tuple[Problem, str] | None) -> None:
        before, self._outbox_says = self._outbox_says, said
        if (said and said[0]) is (before and before[0]):
            return
        if said is None:
            _LOGGER.info("Rows can be kept on disk again")
        else:
            _LOGGER.error("Rows cannot be kept for later (%s): %s. They wait in memory", *said)
        self._on_problem(self.problem)

    def _tell_once(self, what: str) -> None:
        if what not in self._told_of:
            self._told_of.add(what)
            _LOGGER.warning("%s", what)

    async def _wait(self, event: asyncio.Event, until: float | None) -> None:
        """Wait for the event or the moment, and let others run in any case."""
        pause_s = None if until is None else until - self._clock()
        if pause_s is not None and pause_s <= 0:
            await asyncio.sleep(0)
            return
        event.clear()
        try:
            async with asyncio.timeout(pause_s):
                await event.wait()
        except TimeoutError:
            return
