"""A value that is told anew only when it tells something: for the recorder, which keeps each one. Pure."""


class Steady:
    """Keeps a value until another one is a step or more away from it. Not known is told at once."""

    def __init__(self, step: float) -> None:
        self._step = step
        self._told: float | None = None

    def tell(self, value: float | None) -> float | None:
        """What to show for this value, in whole steps."""
        if value is None or self._told is None or abs(value - self._told) >= self._step:
            self._told = None if value is None else round(round(value / self._step) * self._step, 6)
        return self._told
