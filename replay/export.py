"""The questions of a window as a Parquet file, for training: written by ClickHouse itself."""

from pathlib import Path
from typing import Final

import aiohttp

from custom_components.smart_window.recorder.server import ServerSettings

_QUESTIONS: Final = """
SELECT p.*, c.kind AS owner, c.position_owner AS owner_position
FROM
(
    SELECT * FROM ml_predictions
    WHERE device_id = {device:String} AND ts >= fromUnixTimestamp64Milli({since:Int64})
        AND ts < fromUnixTimestamp64Milli({until:Int64})
    ORDER BY ts DESC LIMIT 1 BY correlation_id
) AS p
ANY LEFT JOIN
(
    SELECT assumeNotNull(correlation_id) AS correlation_id, kind, position_owner FROM corrections
    WHERE device_id = {device:String} AND correlation_id IS NOT NULL
) AS c ON c.correlation_id = p.correlation_id
ORDER BY p.ts
FORMAT Parquet"""
_GOOD: Final = 200


class ExportError(Exception):
    """The server refused, or the file cannot be written."""


async def export(server: ServerSettings, device_id: str, since: float, until: float, file: Path) -> int:
    """Write them, with what the owner made of each; returns the bytes. Raises ExportError. Half a file never stays."""
    parameters = {
        "database": server.database,
        "param_device": device_id,
        "param_since": str(round(since * 1000)),
        "param_until": str(round(until * 1000)),
    }
    keys = {"X-ClickHouse-User": server.user, "X-ClickHouse-Key": server.password}
    url = f"{server.scheme}://{server.host}:{server.port}{server.path}/"
    part = file.with_name(f"{file.name}.part")
    size = 0
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, params=parameters, headers=keys, data=_QUESTIONS.encode()) as reply,
        ):
            if reply.status != _GOOD:
                raise ExportError(f"ClickHouse at {url} refused: {(await reply.text()).strip()}")
            with part.open("wb") as stream:
                async for piece in reply.content.iter_chunked(1 << 20):
                    size += stream.write(piece)
        part.replace(file)
    except (aiohttp.ClientError, OSError) as error:
        raise ExportError(f"{file}: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return size
