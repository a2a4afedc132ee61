"""compose.yaml: compose's own schema, a parser, and what every container must keep to; .env and its check."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given, strategies as st

from deploy import check_env, make_secrets
from deploy.environment import PROFILES, VARIABLES, example, faults_of

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
REFERENCE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::[-?]([^}]*))?\}")
DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def test_composes_own_schema_takes_it() -> None:
    done = subprocess.run(
        (str(ROOT / ".venv/bin/check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml"),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_variable_is_explained_and_none_is_explained_for_nothing() -> None:
    used = {name for name, _ in REFERENCE.findall((ROOT / "compose.yaml").read_text())}
    assert used | {"COMPOSE_PROFILES"} == set(DEFAULTS)


def test_the_defaults_are_those_that_env_example_shows() -> None:
    for name, default in REFERENCE.findall((ROOT / "compose.yaml").read_text()):
        if not name.endswith(("UID", "GID")):
            assert default == DEFAULTS[name], name
    assert (ROOT / ".env.example").read_text() == example(), "run ./scripts/check-env --example"


def test_every_profile_is_somebodys() -> None:
    assert [profile for service in SERVICES.values() for profile in service["profiles"]] == list(PROFILES)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "home-assistant"])
def test_every_container_of_ours_is_locked(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "SMART_WINDOW_UID" in service["user"]
    assert not service.get("privileged")
    assert "network_mode" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_a_limit_a_health_check_and_a_pinned_image(name: str) -> None:
    service = SERVICES[name]
    assert "mem_limit" in service
    assert "healthcheck" in service or name == "service"  # the image has its own
    assert re.search(r":\S*[0-9]", service["image"]), service["image"]
    assert not service["image"].endswith(":latest")


def test_no_secret_stands_in_the_environment() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET", variable):
                assert str(value).startswith("/run/secrets/"), (name, variable)
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./deploy/keys/")


def test_only_what_is_needed_is_published_and_all_but_the_windows_door_stays_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"broker", "service", "clickhouse", "grafana", "home-assistant"}
    windows, house = published["broker"]
    assert windows.startswith("${SMART_WINDOW_BIND:-0.0.0.0}:")
    assert windows.endswith(":8883")
    assert house.endswith(":8884")  # with TLS: 1883 is for who shares compose's network
    for ports in ([house], *(ports for name, ports in published.items() if name != "broker")):
        assert len(ports) == 1
        bind = REFERENCE.search(ports[0])
        assert bind is not None
        assert bind[2] == "127.0.0.1"


def test_every_file_that_is_mounted_is_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and not source.startswith(("./deploy/keys", "./grafana/")):
                assert (ROOT / source).exists(), source
            elif not source.startswith("./"):
                assert source in COMPOSE["volumes"]


def nothing_missing(_name: str) -> bool:
    return True


def env(**changes: str) -> Mapping[str, str]:
    return {name: value for name, value in (DEFAULTS | changes).items() if value}


def test_what_env_example_shows_is_fine() -> None:
    assert faults_of(env(), nothing_missing) == []


def test_every_wrong_value_is_named_at_once() -> None:
    wrong = {variable.name: "no good!" for variable in VARIABLES}
    faults = faults_of(wrong, nothing_missing)
    assert [fault.split()[0] for fault in faults[: len(VARIABLES)]] == list(wrong)
    assert all("expected" in fault for fault in faults)


def test_what_is_missing_unknown_or_at_odds_is_named() -> None:
    text = "\n".join(
        faults_of(
            {"COMPOSE_PROFILES": "service,grafana", "SMART_WINDOW_PAGE_PORT": "3000", "SMART_WINDOW_HOTS": "x"},
            lambda name: name != "page.token",
        )
    )
    for part in (
        "SMART_WINDOW_UID is missing", "SMART_WINDOW_GID is missing", "SMART_WINDOW_HOTS is no variable",
        "SMART_WINDOW_GRAFANA_PORT is '3000'", "SMART_WINDOW_MQTT_HOST is 'broker', and no broker runs here",
        "SMART_WINDOW_CLICKHOUSE_HOST", "deploy/keys/page.token",
    ):  # fmt: skip
        assert part in text


def test_replicas_need_names_and_ports_of_their_own() -> None:
    faults = faults_of(env(SMART_WINDOW_REPLICAS="3", SMART_WINDOW_PAGE_PORT="8099-8100"), nothing_missing)
    assert [fault.split()[0] for fault in faults] == ["SMART_WINDOW_INSTANCE", "SMART_WINDOW_PAGE_PORT"]
    fine = env(SMART_WINDOW_REPLICAS="3", SMART_WINDOW_INSTANCE="auto", SMART_WINDOW_PAGE_PORT="8099-8101")
    assert faults_of(fine, nothing_missing) == []
    clash = {**fine, "SMART_WINDOW_PAGE_PORT": "2998-3001"}
    (fault,) = faults_of(clash, nothing_missing)
    assert fault.startswith("SMART_WINDOW_GRAFANA_PORT is '3000', which SMART_WINDOW_PAGE_PORT has already")


@given(st.dictionaries(st.sampled_from([*DEFAULTS, "OTHER"]), st.text(max_size=20), max_size=8))
def test_any_values_are_judged_and_never_crash_the_check(values: dict[str, str]) -> None:
    assert all(isinstance(fault, str) for fault in faults_of(values, nothing_missing))


def test_from_nothing_to_a_fine_env(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys, file = tmp_path / "keys", tmp_path / ".env"
    arguments = [str(file), "--keys", str(keys)]
    assert check_env.main(arguments) == 78
    assert "cp .env.example .env" in capsys.readouterr().err
    file.write_text(example())
    assert check_env.main(arguments) == 78
    assert capsys.readouterr().err.count("./scripts/secrets makes") == 10
    assert make_secrets.main(["--folder", str(keys), "--host", "window.local"]) == 0
    capsys.readouterr()
    file.write_text(example().replace("SMART_WINDOW_UID=1000", "SMART_WINDOW_UID=4711"))
    assert check_env.main(arguments) == 78
    said = capsys.readouterr().err
    assert f"SMART_WINDOW_UID is 4711, and keys and {len(list(keys.iterdir()))} more" in said
    assert f"belong to user {os.getuid()}: expected the same user" in said
    owner = os.getuid() or 4711
    if os.getuid() == 0:  # no container of ours runs as root, so that the keys get an owner
        for place in (keys, *keys.iterdir()):
            os.chown(place, owner, -1)
    file.write_text(example().replace("SMART_WINDOW_UID=1000", f"SMART_WINDOW_UID={owner}"))
    capsys.readouterr()
    assert check_env.main(arguments) == 0
    file.write_text("A\nB = \nSMART_WINDOW_UID\n")
    assert check_env.main(arguments) == 78
    assert "line 3" in capsys.readouterr().err


def test_a_second_run_keeps_every_password(tmp_path: Path) -> None:
    make_secrets.main(["--folder", str(tmp_path), "--host", "x"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    make_secrets.main(["--folder", str(tmp_path), "--host", "x"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def grants(xml: str, user: str) -> str:
    return " ".join(query.text or "" for query in ET.fromstring(xml).findall(f"users/{user}/grants/query"))


def test_clickhouses_users_can_do_what_they_need_and_no_more(tmp_path: Path) -> None:
    make_secrets.main(["--folder", str(tmp_path), "--host", "x"])
    usual = (tmp_path / "clickhouse_users.xml").read_text()
    assert "DROP" not in usual
    assert grants(usual, "grafana") == "GRANT SELECT ON smart_window.*"
    assert ET.fromstring(usual).findtext("profiles/smart_window_reader/readonly") == "1"
    assert (tmp_path / "clickhouse_writer.password").read_text().strip() not in usual
    make_secrets.main(["--folder", str(tmp_path), "--host", "x", "--strict"])
    assert (
        grants((tmp_path / "clickhouse_users.xml").read_text(), "smart_window")
        == "GRANT SELECT, INSERT ON smart_window.*"
    )
