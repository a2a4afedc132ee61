"""What is wrong with what somebody wrote, all of it in one message."""

from collections.abc import Sequence

EX_CONFIG = 78  # sysexits.h: something was found in an unconfigured or misconfigured state


class FaultyInputError(ValueError):
    """Each fault says what was found and what was expected."""

    exit_code = EX_CONFIG

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(faults[0] if len(faults) == 1 else "\n  - ".join((f"{len(faults)} faults:", *faults)))
        self.faults = tuple(faults)
