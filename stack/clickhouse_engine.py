"""Runs the ClickHouse engine inside chdb-core as a server, until standard input ends.

    .venv-ch/bin/python -I clickhouse_engine.py DATA_FOLDER       (started in the folder that holds config.xml)

It runs in an environment of its own and imports nothing of ours. One query reads standard input, to which nobody
writes, and so keeps the engine and its listeners alive; the end of the input ends both in order.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

# The format given to the query becomes the default format of HTTP answers, too.
_DEFAULT_FORMAT = "TabSeparated"
_LISTEN = """
SYSTEM START LISTEN HTTP;
SYSTEM START LISTEN TCP;
SELECT count() FROM file('-', 'LineAsString') SETTINGS max_execution_time = 0
"""


def main() -> None:
    """Load the engine alone (`import chdb` would open one of its own first) and run it."""
    package = importlib.util.find_spec("chdb")
    if package is None or package.origin is None:
        sys.exit("chdb-core is not in this environment: run ./scripts/setup clickhouse")
    sys.path.insert(0, str(Path(package.origin).parent))
    engine = importlib.import_module("_chdb")
    engine.query(_LISTEN, _DEFAULT_FORMAT, path=sys.argv[1])


if __name__ == "__main__":
    main()
