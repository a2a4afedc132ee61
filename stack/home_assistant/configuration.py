"""The configuration folder of a Home Assistant that is ours alone."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stack.ports import LOOPBACK

# The recorder keeps its default, SQLite in the folder. No default_config: most of it looks for hardware and internet.
_CONFIGURATION = """\
homeassistant:
  name: Home
  unit_system: metric
  time_zone: UTC
  country: NL
http:
  server_host: {host}
  server_port: {port}
frontend:
config:
conversation:
history:
logbook:
repairs:
logger:
  default: warning
  logs:
    homeassistant.bootstrap: info
    custom_components.smart_window: {log_level}
"""


@dataclass(frozen=True, slots=True)
class HomeAssistantSettings:
    """Where it runs. `python` has Home Assistant; `component` is the integration's folder in the clone."""

    folder: Path
    python: Path
    component: Path
    port: int
    log_level: str = "info"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def configuration(self) -> Path:
        """Its configuration folder."""
        return self.folder / "config"

    @property
    def url(self) -> str:
        """Its address in a browser."""
        return f"http://{LOOPBACK}:{self.port}"


def write_configuration(settings: HomeAssistantSettings) -> None:
    """Write configuration.yaml and a copy of the integration, so that an edit in the clone does not change a run."""
    settings.configuration.mkdir(parents=True, exist_ok=True)
    text = _CONFIGURATION.format(host=LOOPBACK, port=settings.port, log_level=settings.log_level)
    (settings.configuration / "configuration.yaml").write_text(text)
    copy = settings.configuration / "custom_components" / settings.component.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(settings.component, copy, ignore=shutil.ignore_patterns("__pycache__"))
