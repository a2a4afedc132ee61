"""All secrets that compose.yaml names, made once; what is there stays.

    scripts/secrets --host NAME [--host NAME…]   the broker's keys, passwords, ClickHouse's users
    scripts/secrets --host NAME --strict         ClickHouse's writer may no longer make tables (once they are there)

Everything lies in deploy/keys (or --folder), readable by its owner alone.
"""

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from .broker_keys import Keys, write_secret
from .clickhouse_users import users_xml
from .faults import FaultyInputError

ROOT = Path(__file__).parents[1]
PASSWORDS = ("page.token", "grafana_admin.password", "clickhouse_writer.password", "clickhouse_reader.password")
_PASSWORD_BYTES = 24


def make_all(folder: Path, hosts: Sequence[str], *, strict: bool) -> None:
    """Make what is missing. ClickHouse's users are written anew from their passwords."""
    Keys(folder).make_all(hosts)
    for name in PASSWORDS:
        if not (folder / name).exists():
            write_secret(folder / name, f"{secrets.token_urlsafe(_PASSWORD_BYTES)}\n")
    writer, reader = ((folder / name).read_text("utf-8").strip() for name in PASSWORDS[2:])
    write_secret(folder / "clickhouse_users.xml", users_xml(writer, reader, strict=strict))


def main(arguments: Sequence[str] | None = None) -> int:
    """Make them."""
    parser = argparse.ArgumentParser(
        prog="scripts/secrets", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "deploy" / "keys")
    parser.add_argument("--host", action="append", required=True, help="a name or address that windows call")
    parser.add_argument("--strict", action="store_true", help="ClickHouse's writer may make no tables")
    given = parser.parse_args(arguments)
    try:
        make_all(given.folder, given.host, strict=given.strict)
    except FaultyInputError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"The secrets lie in {given.folder}. The status page's token: {given.folder}/page.token")
    print("For Home Assistant: homeassistant.password for the broker, clickhouse_writer.password for ClickHouse.")
    print("Next: ./scripts/check-env, and for each window ./scripts/broker device ID")
    return 0


if __name__ == "__main__":
    sys.exit(main())
