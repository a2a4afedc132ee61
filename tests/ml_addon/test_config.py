"""The settings: where they come from, and that all mistakes are told at once."""

import dataclasses
import json
from pathlib import Path

import pytest
import yaml

from ml_addon.config import Backend, Config, Found, load_config, read_yaml, setting_names
from ml_addon.settings import ConfigError
from ml_addon.shelf import Choice
from ml_addon.strict_json import Json

ROOT = Path(__file__).parents[2]


class Settings:
    """What a start finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}
        self.offered: dict[str, Json] = {}

    def yaml(self, text: str) -> None:
        path = self.folder / "mine.yaml"
        path.write_text(text, "utf-8")
        self.env["SMART_WINDOW_CONFIG"] = str(path)

    def options(self, **values: object) -> None:
        (self.folder / "options.json").write_text(json.dumps(values), "utf-8")

    def load(self) -> Config:
        return self.found().config

    def found(self) -> Found:
        return load_config(None, self.env, self.folder / "options.json", self.offered)

    def mistakes(self) -> str:
        with pytest.raises(ConfigError) as caught:
            self.load()
        return str(caught.value)


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(tmp_path)


def test_service_yaml_shows_every_setting_with_its_default(given: Settings) -> None:
    defaults = given.load()
    given.env["SMART_WINDOW_CONFIG"] = str(ROOT / "ml_addon" / "service.yaml")
    assert given.load() == defaults


def test_service_yaml_leaves_no_setting_out() -> None:
    assert sorted(read_yaml(ROOT / "ml_addon" / "service.yaml")) == list(setting_names())


def test_no_sound_is_kept_unless_somebody_asks(given: Settings) -> None:
    assert given.load().storage.raw_clips is False


def test_the_environment_wins_over_the_options_over_the_file_over_what_is_offered(given: Settings) -> None:
    given.offered = {"mqtt_host": "offered", "mqtt_port": 1, "mqtt_username": "offered", "mqtt_password": "offered"}
    given.yaml("mqtt: {host: file, port: 2, username: file}")
    given.options(mqtt_host="option", mqtt_port=3)
    given.env["SMART_WINDOW_MQTT_HOST"] = "env"
    mqtt = given.load().mqtt
    assert (mqtt.host, mqtt.port, mqtt.username, mqtt.password) == ("env", 3, "file", "offered")


def test_service_yaml_in_the_working_folder_is_read(given: Settings) -> None:
    (given.folder / "service.yaml").write_text("instance: here", "utf-8")
    assert given.load().instance == "here"


def test_each_kind_of_value_is_read_from_the_environment(given: Settings) -> None:
    given.env |= {
        "SMART_WINDOW_MQTT_TLS": "yes",
        "SMART_WINDOW_MQTT_PORT": "8883",
        "SMART_WINDOW_MQTT_PREFIX": "home/",
        "SMART_WINDOW_AUDIO_MAX_SECONDS": "12.5",
        "SMART_WINDOW_FEATURES_BACKEND": "librosa",
        "SMART_WINDOW_MODEL_PATH": "/models/v3.pth",
        "SMART_WINDOW_LOG_LEVEL": "",
    }
    config = given.load()
    assert (config.mqtt.tls, config.mqtt.port, config.mqtt.prefix) == (True, 8883, "home/")
    assert (config.max_seconds, config.backend, config.model_path) == (12.5, Backend.LIBROSA, Path("/models/v3.pth"))
    assert config.log_level == "info"


def test_a_name_can_be_the_containers_own(given: Settings) -> None:
    given.env |= {"SMART_WINDOW_INSTANCE": "auto", "HOSTNAME": "4F2A9C"}
    config = given.load()
    assert (config.instance, config.passing) == ("ml-4f2a9c", True)
    assert not Settings(given.folder).load().passing


def test_a_host_name_that_cannot_be_one_is_told(given: Settings) -> None:
    given.env |= {"SMART_WINDOW_INSTANCE": "auto", "HOSTNAME": "host.local"}
    assert "instance (environment variable SMART_WINDOW_INSTANCE): expected" in given.mistakes()
    assert "$HOSTNAME" in given.mistakes()


def test_services_share_the_questions_unless_told_otherwise(given: Settings) -> None:
    assert given.load().mqtt.share == "smart-window"
    given.env["SMART_WINDOW_MQTT_SHARE"] = "none"
    assert not given.load().mqtt.share
    given.env["SMART_WINDOW_MQTT_SHARE"] = "a/b"
    assert "mqtt.share" in given.mistakes()


def test_who_does_not_know_the_password_cannot_join_the_services_that_share(given: Settings) -> None:
    given.env["SMART_WINDOW_MQTT_PASSWORD"] = "hush"
    group = given.load().mqtt.share
    assert group.startswith("smart-window-")
    assert given.load().mqtt.share == group  # another instance with the same password joins
    given.env["SMART_WINDOW_MQTT_PASSWORD"] = "other"
    assert given.load().mqtt.share != group
    given.env["SMART_WINDOW_MQTT_SHARE"] = "none"
    assert given.load().mqtt.share == ""


def test_empty_options_mean_the_default(given: Settings) -> None:
    given.options(mqtt_host="", mqtt_password="", model_version="", model_shadow="")
    config = given.load()
    assert (config.mqtt.host, config.mqtt.password, config.models) == ("localhost", None, Choice())


def test_every_mistake_is_in_one_message_with_its_place(given: Settings) -> None:
    given.yaml("""
instance: No Good
mqtt: {port: 70000, tls: maybe, hots: typo, prefix: "a/#"}
audio: {max_seconds: .nan}
features: {backend: magic}
storage: {raw_clips: 7, max_files: 1.5}
limits: loose
nonsense: 1
""")
    given.env["SMART_WINDOW_LIMITS_QUEUE"] = "many"
    text = given.mistakes()
    for part in (
        "instance (", "mqtt.port (", "mqtt.tls (", "mqtt.hots (", "mqtt.prefix (", "audio.max_seconds (",
        "features.backend (", "storage.raw_clips (", "storage.max_files (", "limits (", "nonsense (",
        "limits.queue (environment variable SMART_WINDOW_LIMITS_QUEUE)", "mine.yaml", "no such setting", "70000",
    ):  # fmt: skip
        assert part in text, part


def test_a_password_is_never_repeated(given: Settings) -> None:
    given.yaml("mqtt: {password: [hunter2]}")
    assert "hunter2" not in given.mistakes()


def test_a_secret_may_lie_in_a_file(given: Settings) -> None:
    (given.folder / "password").write_text("from the file\n")
    given.env["SMART_WINDOW_MQTT_PASSWORD_FILE"] = str(given.folder / "password")
    assert given.load().mqtt.password == "from the file"
    assert given.found().warnings == ()


def test_a_secret_that_is_given_twice_or_cannot_be_read_is_a_mistake(given: Settings) -> None:
    given.env |= {"SMART_WINDOW_MQTT_PASSWORD_FILE": "gone", "SMART_WINDOW_MQTT_PASSWORD": "hunter2"}
    text = given.mistakes()
    assert "expected one of them" in text
    assert "gone cannot be read" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("token", ["", "short"])
def test_outside_the_supervisor_the_page_needs_a_token_that_nobody_guesses(given: Settings, token: str) -> None:
    given.env |= {"SMART_WINDOW_WEB_ENABLED": "true", "SMART_WINDOW_WEB_TOKEN": token}
    text = given.mistakes()
    assert "web.token" in text
    assert "16 characters" in text
    assert "'short'" not in text


def test_under_the_supervisor_the_page_is_on_and_needs_none(given: Settings) -> None:
    assert given.load().web.enabled is False
    given.env["SUPERVISOR_TOKEN"] = "x"
    web = given.load().web
    assert (web.enabled, web.ingress, web.token) == (True, True, None)


def test_a_number_may_be_a_password(given: Settings) -> None:
    given.yaml("mqtt: {password: 1234}")
    assert given.load().mqtt.password == "1234"


@pytest.mark.parametrize(
    "text",
    [
        "[1]",
        "{",
        "a: b: c",
        "- x",
        "text",
        "\x00",
        "!!python/object:os.system {}",
        "a: 2001-99-99",
        "a: !!int x",
        "a: !!int ''",
        "a: !!timestamp x",
        "[" * 5000,
        "a: " + "9" * 5000,
    ],
)
def test_a_file_that_holds_no_settings_is_explained(given: Settings, text: str) -> None:
    given.yaml(text)
    assert "mine.yaml" in given.mistakes()


def test_a_named_file_that_is_not_there_is_explained(given: Settings) -> None:
    given.env["SMART_WINDOW_CONFIG"] = "gone.yaml"
    assert "gone.yaml" in given.mistakes()


def test_broken_options_are_explained(given: Settings) -> None:
    (given.folder / "options.json").write_text("{", "utf-8")
    assert "options.json" in given.mistakes()


def test_a_variable_that_is_no_setting_is_only_mentioned(given: Settings) -> None:
    given.env["SMART_WINDOW_MQTT_HOTS"] = "x"
    assert given.found().warnings == ("environment variable SMART_WINDOW_MQTT_HOTS is no setting of this service",)


def test_the_app_offers_only_options_that_exist() -> None:
    app = yaml.safe_load((ROOT / "ml_addon" / "config.yaml").read_text("utf-8"))
    flat = {name.replace(".", "_") for name in setting_names()}
    assert set(app["schema"]) <= flat
    assert set(app["options"]) <= set(app["schema"])
    for language in ("en", "de"):
        words = yaml.safe_load((ROOT / "ml_addon" / "translations" / f"{language}.yaml").read_text("utf-8"))
        assert set(words["configuration"]) == set(app["schema"])
        assert all(set(entry) == {"name", "description"} for entry in words["configuration"].values())


def test_settings_cannot_be_changed_once_read(config: Config) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.instance = "other"  # type: ignore[misc]  # that is the point


def test_a_model_cannot_look_on_itself(given: Settings) -> None:
    given.yaml("model: {version: v1, shadow: v2}")
    assert given.load().models == Choice("v1", shadow="v2")
    given.env["SMART_WINDOW_MODEL_SHADOW"] = "v1"
    assert "model.shadow (environment variable SMART_WINDOW_MODEL_SHADOW): expected another" in given.mistakes()
