"""What the pickle in a .pth names, looked at before torch reads it.

torch refuses what is no weight, but searches its own words about it with patterns whose time grows with the square of
a name's length: 20 kB take it 13 s of CPU (2.13).
"""

import io
import pickletools
import zipfile
from typing import Final

LONGEST: Final = 200
_MOST_PICKLE: Final = 1_000_000
_PICKLE: Final = "data.pkl"


class PickleError(Exception):
    """The pickle is broken, or no pickle of weights."""


def check_pickle(archive: bytes) -> None:
    """PickleError where a pickle in the archive cannot be read, is too large, or names something at too great length.

    An archive that is broken itself is for its reader to refuse.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as members:
            for member in members.infolist():
                if member.filename.rpartition("/")[2] == _PICKLE:
                    _check(member.file_size, members, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise PickleError("its archive is broken") from error


def _check(size: int, members: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if size > _MOST_PICKLE:
        raise PickleError(f"its pickle has {size} bytes; at most {_MOST_PICKLE}")
    try:
        for operation, argument, _ in pickletools.genops(members.read(member)):
            if operation.name in {"GLOBAL", "INST"} and len(str(argument)) > LONGEST:
                raise PickleError(f"it names something with more than {LONGEST} characters")
    except (ValueError, UnicodeDecodeError) as error:
        raise PickleError("its pickle is broken") from error
