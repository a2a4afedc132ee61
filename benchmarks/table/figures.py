"""Which figures of each benchmark the table shows, what they are measured against, and what was aimed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Better(Enum):
    """Which way a figure gets better."""

    LOWER = "at most"
    HIGHER = "at least"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    `key` names what the benchmark prints; `over` is another key by which it is divided, and `plus` one that is added.
    `rival`: a ratio to this, measured in the same run. `aim`: what it should reach, in its own unit.
    """

    key: str
    says: str
    better: Better | None = None
    aim: float | None = None
    unit: str = ""
    rival: str | None = None
    over: str | None = None
    plus: str | None = None

    @property
    def name(self) -> str:
        """What it is kept under: keys joined as they are used."""
        return self.key + (f"+{self.plus}" if self.plus else "") + (f"/{self.over}" if self.over else "")

    def value(self, printed: Mapping[str, object]) -> float | None:
        """The figure in what a benchmark printed; None where it is not there."""
        found, more, below = (_number(printed, key) for key in (self.key, self.plus, self.over))
        if found is None or (self.plus and more is None) or (self.over and not below):
            return None
        return (found + (more or 0.0)) / (below or 1.0)

    def reached(self, value: float) -> bool | None:
        """Whether the aim is; None where there is none."""
        match self.better, self.aim:
            case Better.LOWER, float() | int() as aim:
                return value <= aim
            case Better.HIGHER, float() | int() as aim:
                return value >= aim
            case _:
                return None


def _number(printed: Mapping[str, object], key: str | None) -> float | None:
    value = None if key is None else printed.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _at_most(key: str, says: str, aim: float | None, unit: str = "", **more: str) -> Figure:
    return Figure(key, says, Better.LOWER, aim, unit, **more)


def _at_least(key: str, says: str, aim: float | None, unit: str = "", **more: str) -> Figure:
    return Figure(key, says, Better.HIGHER, aim, unit, **more)


_RULE = "the integration's plain rule, tuned as long"
_CORE = "Home Assistant's own MQTT sensors, the same stream"


def _fault(name: str, says: str) -> tuple[Figure, Figure]:
    return (
        _at_most(f"recovery_s_{name}", f"{says}: at work again", 90, "s"),
        _at_most(f"lost_{name}", f"{says}: lost", 0),
    )


FIGURES: Final[Mapping[str, Sequence[Figure]]] = {
    "reaction": (
        _at_least("ratio_to_naive", "faster to move", None, "×", rival="the same service with plain librosa calls"),
        _at_most("p50_ms", "last chunk to command, median", 40, "ms"),
        _at_most("p99_ms", "last chunk to command, 99 of 100", 100, "ms"),
        _at_most("audio_ms", "sound and model", 5, "ms", plus="model_ms"),
        _at_most("ready_s", "the service is ready", 3, "s"),
        _at_most("rss_mb", "the service's memory", 320, "MB"),
    ),
    "features": (
        _at_least("speedup", "faster", 8, "×", rival="librosa's five calls, one thread"),
        _at_most("max_relative_error", "largest relative difference", 2e-4),
        Figure("ms_5s_clip", "a clip of 5 s", unit="ms"),
    ),
    "hub": (
        _at_most("ratio", "CPU per message, realistic readings", 0.5, "×", rival=_CORE),
        _at_most("ratio_hard", "CPU per message, each value new", 1.0, "×", rival=_CORE),
        _at_most("longest_callback_ms", "longest callback, thread CPU", 20, "ms"),
        Figure("us_per_message", "CPU per message", unit="µs"),
        Figure("bytes_per_window", "memory of a window", unit="bytes"),
    ),
    "decide": (_at_most("us_per_decision", "a decision with its trace", 50, "µs"),),
    "startup": (
        _at_most("import_ms", "import", 0.25, "×", rival="Home Assistant's own `mqtt`", over="import_ms_core_mqtt"),
        _at_most("ratio_all", "all that it loads later, in a thread", None, "×", rival="Home Assistant's own `mqtt`"),
        Figure("setup_ms", "ten windows set up anew", unit="ms"),
        Figure("import_ms", "import", unit="ms"),
    ),
    "recorder": (
        _at_least("size_ratio", "smaller on disk", 50, "×", rival="Home Assistant's own recorder, the same readings"),
        _at_least("rows_per_s", "readings stored", 100_000, "per s"),
        _at_most("longest_callback_ms", "longest callback, thread CPU", 20, "ms"),
        _at_most("rows_lost", "rows lost, one kill", 0),
        _at_most("rows_twice", "rows twice, one kill", 0),
    ),
    "panels": (
        _at_most("worst_year_ms", "slowest panel over a year", None, "×", rival="one line from single readings",
                 over="raw_ms"),
        _at_most("worst_ms", "slowest panel at its range", 150, "ms"),
        _at_most("worst_year_ms", "slowest panel over a year", 500, "ms"),
        _at_most("p50_ms", "median panel", None, "ms"),
    ),
    "firmware": (
        _at_most("us_per_command", "a command", None, "×", rival="the virtual window's Python core",
                 over="us_per_command_python"),
        _at_most("ns_per_tick", "a tick", 2000, "ns"),
        _at_most("bytes_ram_core", "all state", 4096, "bytes"),
        _at_most("clip_latency_ms", "last sample to last chunk", 200, "ms"),
        _at_most("load_percent_fpu", "features on an ESP32 or S3, counted", 20, "%"),
        _at_most("load_percent_c3_short", "features on a C3, clips of 1.5 s, counted", 20, "%"),
    ),
    "model": (
        _at_most("cost_vs_tuned_rule", "cost, fast simulation, unseen climates", 0.72, "×", rival=_RULE),
        _at_most("energyplus_vs_tuned_rule", "cost, EnergyPlus", 0.80, "×", rival=_RULE),
        _at_most("energyplus_worst_climate_ratio", "cost, EnergyPlus, worst climate", 1.0, "×", rival=_RULE),
        _at_least("gap_to_teacher_closed", "of the way from rule to teacher", 0.85),
        _at_most("ece", "calibration error", 0.02),
        _at_least("precision_at_08", "right where it is 0.8 sure", 0.92),
        _at_least("share_at_08", "how often it is 0.8 sure", 0.35),
        _at_most("loss_with_15pct_absent", "loss with 15 % of inputs absent", 0.04),
        _at_least("audio_worth", "worth of hearing on loud streets", 0.08),
        _at_least("rain_auc", "hears rain (AUC)", 0.98),
    ),
    "image": (
        _at_most("ratio_ready", "until ready", None, "×", rival="the same service without a container"),
        _at_most("ratio_rss", "memory", None, "×", rival="the same service without a container"),
        Figure("unpacked_mb", "the image", unit="MB"),
    ),
    "scale": (
        _at_least("requests_per_s_2", "answers of two instances", None, "×", rival="one instance",
                  over="requests_per_s_1"),
        _at_least("requests_per_s_1", "clip requests by one instance", 100, "per s"),
        _at_most("p99_ms_at_half_load", "99 of 100 answers at half load", None, "ms"),
        _at_most("longest_callback_ms", "longest callback, 1,000 windows, thread CPU", 20, "ms"),
        _at_most("lost", "lost", 0),
        Figure("answered_twice", "answered twice"),
        Figure("messages_per_s", "messages of all windows", unit="per s"),
    ),
    "chaos": (
        Figure("messages", "messages, each fault struck at least once"),
        *_fault("broker_killed", "broker killed"),
        *_fault("service_killed", "service killed with a question"),
        *_fault("clickhouse_killed", "ClickHouse killed"),
        *_fault("home_killed", "Home Assistant killed"),
        *_fault("home_restarted", "Home Assistant restarted"),
        *_fault("window_left", "window drops off"),
        *_fault("power_cut", "window's power cut"),
        *_fault("clock_jumped", "clock jumps by five hours, and back"),
        *_fault("doubled", "messages doubled"),
        *_fault("reordered", "messages reordered"),
        *_fault("delayed", "messages late"),
        *_fault("truncated", "messages cut short"),
        *_fault("flood", "ten times the rate of one window"),
        *_fault("disk_full", "disk full for spool and model, ClickHouse and service killed"),
    ),
}  # fmt: skip
"""In the order of the table. A benchmark that is not named here is shown with all that it prints."""


def figures_of(name: str, printed: Mapping[str, object]) -> Sequence[Figure]:
    """The lines of one benchmark."""
    return FIGURES.get(name) or [Figure(key, f"`{key}`") for key in printed if _number(printed, key) is not None]
