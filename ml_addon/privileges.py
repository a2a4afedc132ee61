"""Becoming an ordinary user: in a container, root is needed for no more than reading the options."""

import os
import pwd

from .settings import ConfigError


def become(name: str) -> None:
    """Give up root for this user, for good. Does nothing where the process is no root anyway."""
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam(name)
    except KeyError as error:
        raise ConfigError(f"--user {name}: there is no such user") from error
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
