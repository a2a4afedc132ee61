"""The tests run in the loop that their stack runs in."""

import inspect
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for the module."""
    for item in items:
        if item.path.is_relative_to(HERE) and inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last how to repeat a run that failed."""
    bad = [*terminalreporter.stats.get("failed", ()), *terminalreporter.stats.get("error", ())]
    if any("test_chaos.py" in report.nodeid for report in bad):
        from .test_chaos import SEED  # noqa: PLC0415 - only who ran it has drawn a seed

        form = "nightly " if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else ""
        terminalreporter.write_line(f"SMART_WINDOW_CHAOS_SEED={SEED} ./scripts/test {form}chaos repeats this run")
