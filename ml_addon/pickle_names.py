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
_ENCRYPTED: Final = 1  # bit of a member's flags, APPNOTE 4.4.4


class PickleError(Exception):
    """The pickle is broken, or no pickle of weights."""


def check_pickle(archive: bytes) -> None:
    """PickleError where the archive or a pickle in it cannot be read, is too large, or names something at great length.

    torch.save stores its pickle as it is: one that is packed or encrypted is refused unread.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as members:
            for member in members.infolist():
                if member.filename.rpartition("/")[2] == _PICKLE:
                    _check(_read(members, member))
    # What zipfile raises for a directory or a member that lies: of no zip, of a later version, cut short, with a place
    # before the file's begin or beyond what a number holds.
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OverflowError) as error:
        raise PickleError("its archive is broken") from error


def _read(members: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & _ENCRYPTED:
        raise PickleError("its pickle is packed or encrypted")
    if member.file_size > _MOST_PICKLE:
        raise PickleError(f"its pickle has {member.file_size} bytes; at most {_MOST_PICKLE}")
    return members.read(member)


def _check(pickled: bytes) -> None:
    try:
        for operation, argument, _ in pickletools.genops(pickled):
            if operation.name in {"GLOBAL", "INST"} and len(str(argument)) > LONGEST:
                raise PickleError(f"it names something with more than {LONGEST} characters")
    except ValueError as error:
        raise PickleError("its pickle is broken") from error
