"""https:// works by the address alone, and a certificate that nobody trusts is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.smart_window.recorder.probe import probe
from custom_components.smart_window.recorder.problem import Problem, ServerError
from custom_components.smart_window.recorder.server import ServerSettings
from stack.clickhouse import ClickHouse

from .certificate import certificate, tls
from .running import Recorders, readings
from .wire import LossyWire


async def test_rows_go_over_tls_once_the_certificate_is_trusted(
    clickhouse: ClickHouse,
    settings: ServerSettings,
    recorders: Recorders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = certificate(tmp_path)
    async with LossyWire(settings.port, lose_every=0, tls=tls(path)) as wire:
        encrypted = replace(settings, scheme="https", port=wire.port)
        running = recorders.start(encrypted)
        running.recorder.put(readings(0, 1)[0])
        await running.told(Problem.CERTIFICATE)
        monkeypatch.setenv("SSL_CERT_FILE", str(path))  # the system's own store, where a person would add it
        await running.stored(1)
        await running.stop()
    assert running.problems == [Problem.CERTIFICATE, None]
    assert await clickhouse.reader.rows("SELECT count() AS n FROM sensor_temperature") == ({"n": 1},)


async def test_a_ca_file_of_ones_own_is_trusted_and_one_that_is_none_is_told(
    clickhouse: ClickHouse, settings: ServerSettings, recorders: Recorders, tmp_path: Path
) -> None:
    path = certificate(tmp_path)
    (tmp_path / "letter.txt").write_text("Dear CA")
    async with LossyWire(settings.port, lose_every=0, tls=tls(path)) as wire:
        encrypted = replace(settings, scheme="https", port=wire.port)
        for ca_file, said in (("", "verify"), ("missing.pem", "No such file"), ("letter.txt", "letter.txt")):
            with pytest.raises(ServerError, match=said) as caught:
                await probe(replace(encrypted, ca_file=ca_file and str(tmp_path / ca_file)))
            assert caught.value.problem is Problem.CERTIFICATE
        await probe(replace(encrypted, ca_file=str(path)))
        running = recorders.start(replace(encrypted, ca_file=str(path)))
        running.recorder.put(readings(0, 1)[0])
        await running.stored(1)
        await running.stop()
