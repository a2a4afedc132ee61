"""The committed model beside the tuned rule: in rooms and climates of no training, and in EnergyPlus.

Prints one JSON object: cost_vs_tuned_rule with its paired 95 % interval, gap_to_teacher_closed,
energyplus_vs_tuned_rule with its interval, energyplus_worst_climate_ratio, ece, precision_at_08, share_at_08,
loss_with_15pct_absent, audio_worth, and rain_auc, voice_auc and engine_auc over the folds of ESC's own clips. What
cannot be had here (no EnergyPlus, no clips) is null.
"""

import argparse
import json
import sys
from pathlib import Path

from ml_addon.model_commands import default_packages, default_sounds
from ml_addon.model_file import ModelError
from ml_addon.training.cli import JudgeSettings, judge
from ml_addon.training.weather import WeatherError


def main() -> int:
    """Run it; the figures go to standard output, bars to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench model", description=__doc__)
    parser.add_argument("--rooms", type=int, default=384, help="rooms in the fast simulation")
    parser.add_argument("--days", type=int, default=7, help="of each season; the first is not judged")
    parser.add_argument("--no-energyplus", action="store_true", help="leave EnergyPlus out: its figures are null")
    chosen = parser.parse_args()
    settings = JudgeSettings(
        model=Path(__file__).parents[2] / "ml_addon" / "models",
        version=None,
        packages=default_packages(),
        rooms=chosen.rooms,
        days=chosen.days,
        energyplus=not chosen.no_energyplus,
        sounds=default_sounds(),
    )
    try:
        judged = judge(settings, whole=False)
    except (ModelError, WeatherError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(json.dumps(judged.report.figures()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
