"""What a person can get wrong, in words for that person."""


class SimulatorError(Exception):
    """The simulator cannot do what was asked. The message says what, where, and what was expected."""
