"""How long the features of a 5 s clip take, beside librosa's five calls, and how equal they are."""

import sys

from benchmarks._service_side import become

if __name__ == "__main__":
    sys.exit(become("features"))
