"""What can go wrong while the real parts run. Each message says what, where, and what to do."""


class StackError(Exception):
    """A part could not be started, reached or set up."""


class MissingPartError(StackError):
    """A program or an environment is not on this machine; the message names the command that gets it."""
