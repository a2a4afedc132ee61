"""Becoming an ordinary user: in a container, root is needed for no more than reading the options."""

import os
import pwd
from pathlib import Path

from . import shelf
from .settings import ConfigError


def become(name: str, owns: Path | None = None) -> None:
    """Give up root for this user, for good; the folder `owns` becomes theirs. Does nothing where nobody is root."""
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam(name)
    except KeyError as error:
        raise ConfigError(f"--user {name}: there is no such user") from error
    if owns is not None:
        shelf.give_to(owns, user.pw_uid, user.pw_gid)
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
