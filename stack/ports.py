"""Free TCP ports on 127.0.0.1, outside the range from which the kernel draws ports for outgoing connections.

A port inside that range could be taken by any client while its server restarts; a client that keeps
reconnecting to it could even end up connected to itself.
"""

import socket
from pathlib import Path
from random import Random

LOOPBACK = "127.0.0.1"
LOWEST = 18000
_KERNEL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_FIRST_OUTGOING = 32768
_LAST_PORT = 65535
_FEWEST = 1000


def first_outgoing_port(kernel_range: Path = _KERNEL_RANGE) -> int:
    """Return the first port that the kernel gives to outgoing connections."""
    try:
        return int(kernel_range.read_text().split()[0])
    except OSError, ValueError, IndexError:
        return _USUAL_FIRST_OUTGOING


def free_ports(count: int, random: Random, first_outgoing: int | None = None) -> tuple[int, ...]:
    """Return `count` different ports that nobody listens on now.

    They are drawn at random, so that two stacks that start together seldom want the same one.
    """
    end = first_outgoing_port() if first_outgoing is None else first_outgoing
    if end - LOWEST < _FEWEST:
        # A kernel with an unusual range: take what is there, the danger above is smaller than not starting.
        end = _LAST_PORT
    ports: list[int] = []
    for port in random.sample(range(LOWEST, end), k=end - LOWEST):
        if _is_free(port):
            ports.append(port)
        if len(ports) == count:
            break
    if len(ports) < count:
        msg = f"only {len(ports)} of {count} free ports found between {LOWEST} and {end} on {LOOPBACK}"
        raise OSError(msg)
    return tuple(ports)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
