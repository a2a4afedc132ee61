"""What the committed model costs beside the tuned rule where it has never been, simulated and in EnergyPlus."""

import sys

from benchmarks._service_side import become

if __name__ == "__main__":
    sys.exit(become("model"))
