"""Looks for keys and tokens by their shape in the files that are named on standard input, divided by zero bytes.

The shapes are detect-secrets'. Its own program weighs each line with a dozen filters, which takes ten times as long and
finds the same here. What only looks random (test vectors, hashes) or is called a password (translations) is no secret.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import BasePlugin

_BY_LOOKS = {"Base64 High Entropy String", "Hex High Entropy String", "Secret Keyword", "Public IP (ipv4)"}
_BY_LOOKS |= {"Basic Auth Credentials"}  # a URL with a password: the tests of wrong ones are full of them


def main() -> int:
    """Name each place; 1 where there is any."""
    kinds: Mapping[str, type[BasePlugin]] = get_mapping_from_secret_type_to_class()
    shapes = {name: kind() for name, kind in kinds.items() if name not in _BY_LOOKS}
    found = 0
    for name in filter(None, sys.stdin.buffer.read().decode().split("\0")):
        try:
            text = Path(name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for shape, plugin in shapes.items():
                if any(plugin.analyze_string(line)):
                    print(f"{name}:{number}: {shape}")
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
