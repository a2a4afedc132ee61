"""What Grafana loads at its start fits together: the source that the queries name, the folder that compose mounts."""

from pathlib import Path

import yaml

from grafana import alerts
from grafana.boards import BOARDS
from grafana.links import Destination
from grafana.query import PLUGIN_VERSION, SOURCE

ROOT = Path(__file__).parents[2]
PROVISIONING = ROOT / "grafana" / "provisioning"


def test_the_source_is_the_one_that_every_query_names() -> None:
    (source,) = yaml.safe_load((PROVISIONING / "datasources" / "clickhouse.yaml").read_text())["datasources"]
    assert (source["type"], source["uid"]) == (SOURCE["type"], SOURCE["uid"])
    assert source["secureJsonData"]["password"].startswith("$__file{")


def test_compose_mounts_the_dashboards_where_they_are_looked_for_and_opens_with_the_overview() -> None:
    (provider,) = yaml.safe_load((PROVISIONING / "dashboards" / "smart_window.yaml").read_text())["providers"]
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["grafana"]
    mounts = dict(volume.split(":")[:2] for volume in service["volumes"])
    folder = provider["options"]["path"]
    assert mounts["./grafana/dashboards"] == folder
    assert mounts["./grafana/provisioning"] == "/etc/grafana/provisioning"
    assert service["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] == f"{folder}/overview.json"
    assert "overview.json" in {board.file for board in BOARDS}


def test_compose_installs_the_plugin_that_the_queries_are_written_for_before_anything_is_provisioned() -> None:
    environment = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["grafana"]["environment"]
    assert environment["GF_PLUGINS_PREINSTALL_SYNC"] == f"{SOURCE['type']}@{PLUGIN_VERSION}"


def test_each_place_that_is_linked_to_is_a_dashboard() -> None:
    assert {destination.uid for destination in Destination} == {board.destination.uid for board in BOARDS}


def test_each_alert_has_a_uid_of_its_own() -> None:
    uids = [rule.uid for rule in alerts.RULES]
    assert len(set(uids)) == len(uids)
