"""Each mistake in the recording's options is told apart before anything is saved."""

from pathlib import Path

import pytest

from stack.clickhouse_users import ADMIN
from stack.home_assistant.flows import try_options
from stack.json_shape import Json, JsonObject, as_object, as_objects
from stack.waiting import until
from tests.recorder.certificate import certificate, tls
from tests.recorder.wire import LossyWire

from .house import House

NONE_THERE = "no-such-host.invalid"


async def loaded(house: House) -> Json:
    """The entry, once it is loaded: options that another test saved load it anew."""

    async def there() -> Json:
        entries = await house.home.rest.get("/api/config/config_entries/entry?domain=smart_window")
        (entry,) = as_objects(entries, "the entries")
        return entries if entry["state"] == "loaded" else None

    return await until("the entry loaded", there, 30)


async def refusal(house: House, recording: JsonObject) -> str:
    """What the form says of a change, and that nothing was saved."""
    stack = house.stack
    before = await loaded(house)
    result = await try_options(house.home.rest, stack.entry_id, {"recording": recording})
    assert result["type"] == "form"
    assert await stack.home.rest.get("/api/config/config_entries/entry?domain=smart_window") == before
    placeholders = as_object(result["description_placeholders"], "the words of the form")
    assert placeholders["detail"]
    return str(as_object(result["errors"], "the errors of the form")["recording"])


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        ("unknown_host", {"clickhouse_url": f"http://{NONE_THERE}:8123"}),
        ("wrong_password", {"clickhouse_password": "of somebody else"}),
        ("missing_database", {"clickhouse_database": "nowhere", "clickhouse_user": ADMIN}),
        ("schema_foreign", {"clickhouse_database": "of_somebody_else", "clickhouse_user": ADMIN}),
        ("missing_grant", {"clickhouse_user": "grafana"}),
        ("no_tls", {"clickhouse_url": "https"}),
        ("missing_cluster", {"clickhouse_cluster": "nowhere", "clickhouse_user": ADMIN}),
    ],
)
async def test_a_mistake_is_told_apart_and_nothing_is_saved(house: House, error: str, changes: dict[str, str]) -> None:
    clickhouse = house.stack.clickhouse
    passwords = clickhouse.settings.passwords
    recording: JsonObject = {**changes}
    if "clickhouse_user" in changes:
        of = {ADMIN: passwords.admin, "grafana": passwords.reader}
        recording["clickhouse_password"] = of[changes["clickhouse_user"]]
    if changes.get("clickhouse_url") == "https":
        recording["clickhouse_url"] = clickhouse.url.replace("http:", "https:")
    if error == "schema_foreign":
        await clickhouse.admin.execute("CREATE DATABASE IF NOT EXISTS of_somebody_else")
        await clickhouse.admin.execute("CREATE OR REPLACE TABLE of_somebody_else.bills (x Int8) ENGINE = Memory")
    assert await refusal(house, recording) == f"recording_{error}"


async def test_a_certificate_that_nobody_trusts_is_told_apart_until_its_ca_file_is_named(
    house: House, tmp_path: Path
) -> None:
    """The server's own TLS cannot be had here: a wire in front of it shows the certificate."""
    path = certificate(tmp_path)
    async with LossyWire(house.stack.clickhouse.settings.http_port, lose_every=0, tls=tls(path)) as wire:
        recording: JsonObject = {"clickhouse_url": f"https://127.0.0.1:{wire.port}"}
        assert await refusal(house, recording) == "recording_certificate"
        assert wire.requests == 0
        # With the file it is trusted, and the next mistake is told: nothing is saved yet.
        trusted = recording | {"clickhouse_ca_file": str(path), "clickhouse_password": "of somebody else"}
        assert await refusal(house, trusted) == "recording_wrong_password"
        assert wire.requests > 0
