"""Make the components that let ESPHome's mqtt and audio build for Linux, from the ESPHome that is installed.

    python make_overlay.py FOLDER     with the Python that has ESPHome

They are copied and edited here, when they are needed, so that no line of ESPHome lives in this repository. An edit that
fits the installed version no more fails and says which.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

_PARTS = Path(__file__).parent / "parts"
_IGNORED = shutil.ignore_patterns("__pycache__")


class OverlayError(Exception):
    """The installed ESPHome is not the one that these edits were made for."""


def make_overlay(target: Path) -> None:
    """Fill the folder anew. Raises OverlayError."""
    found = importlib.util.find_spec("esphome")
    if found is None or found.origin is None:
        raise OverlayError("there is no esphome in this Python; scripts/setup firmware makes one")
    installed = Path(found.origin).parent / "components"
    shutil.rmtree(target, ignore_errors=True)
    for name in ("mqtt", "audio"):
        shutil.copytree(installed / name, target / name, ignore=_IGNORED)
    for name in ("bench", "json", "wav_microphone"):
        shutil.copytree(_PARTS / name, target / name, ignore=_IGNORED)
    shutil.copytree(_PARTS / "lwip", target / "include" / "lwip")
    shutil.copy(_PARTS / "mqtt_backend_host.h", target / "mqtt")
    _edit_mqtt(target / "mqtt", (target / "include").resolve())
    _edit_audio(target / "audio" / "__init__.py")


def _edit_mqtt(folder: Path, include: Path) -> None:
    define = '    cg.add_define("USE_MQTT")\n'
    _edit(
        folder / "__init__.py",
        (
            "            PLATFORM_RTL87XX,\n        ]\n",
            '            PLATFORM_RTL87XX,\n            "host",\n        ]\n',
        ),
        (define, f'{define}    cg.add_build_flag("-I{include}")\n    cg.add_build_flag("-lmosquitto")\n'),
    )
    backend = '#include "mqtt_backend_libretiny.h"\n'
    member = "  MQTTBackendLibreTiny mqtt_backend_;\n"
    _edit(
        folder / "mqtt_client.h",
        (backend, f'{backend}#else\n#include "mqtt_backend_host.h"\n'),
        (member, f"{member}#else\n  MQTTBackendHost mqtt_backend_;\n"),
    )
    # An address of Linux cannot be asked whether it is set; the loop around it tells addresses, which is off.
    _edit(folder / "mqtt_client.cpp", ("if (ip.is_set()) {", "if (false) {"))


def _edit_audio(path: Path) -> None:
    _edit(
        path,
        ("    cv.only_on_esp32,\n", ""),
        ('AUTO_LOAD = ["ring_buffer"]', "AUTO_LOAD = []"),
        ("    request_http_client()\n", "    return\n    request_http_client()\n"),
    )


def _edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        if text.count(old) != 1:
            where = f"{path.parent.name}/{path.name}"
            raise OverlayError(
                f"{where} of the installed ESPHome: expected once, found {text.count(old)} times: {old!r}"
            )
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and one folder
        sys.exit(__doc__)
    try:
        make_overlay(Path(sys.argv[1]))
    except OverlayError as error:
        sys.exit(f"error: {error}")
