"""The broker's private certificate authority, its users and their passwords.

    scripts/broker init --host NAME [--host NAME…]   the authority, the broker's certificate, the house's users
    scripts/broker device ID                         a user for a window (again: a new password)
    scripts/broker forget ID                         takes a window's user away
    scripts/broker renew --host NAME [--host NAME…]  a new certificate by the same authority

Everything lies in deploy/keys (or --folder), readable by its owner alone. A running broker takes changes at SIGHUP.
"""

import argparse
import base64
import hashlib
import ipaddress
import re
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .faults import FaultyInputError

ROOT = Path(__file__).parents[1]
HOUSE_USERS = ("homeassistant", "service")
DAYS = 3650  # a window's firmware holds the authority, and a home has nobody who watches dates
_DEVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_ITERATIONS = 101  # mosquitto's own default; the passwords are 192 random bits, which nobody guesses
_SALT_BYTES = 12
_PASSWORD_BYTES = 24


@dataclass(frozen=True, slots=True)
class Keys:
    """The folder, and what lies in it."""

    folder: Path

    def make_all(self, hosts: Sequence[str]) -> None:
        """Make what is missing; what is there stays."""
        names = _alternative_names(hosts)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._file("ca.crt").exists():
            self._openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", str(DAYS),
                "-subj", "/CN=Smart Window authority", "-keyout", "ca.key", "-out", "ca.crt",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            )  # fmt: skip
        if not self._file("broker.crt").exists():
            self._certify(names)
        if not self._file("house.passwd").exists():
            for user in HOUSE_USERS:
                password = secrets.token_urlsafe(_PASSWORD_BYTES)
                self._write(f"{user}.password", f"{password}\n")
                self._set_user("house.passwd", user, password)
        if not self._file("devices.passwd").exists():
            self._write("devices.passwd", "")

    def renew(self, hosts: Sequence[str]) -> None:
        """Make the broker's certificate anew, for these names; the windows need nothing new."""
        self._need_init()
        self._certify(_alternative_names(hosts))

    def add_device(self, device_id: str) -> str:
        """Return the new password of this window's user."""
        self._need_init()
        check_device(device_id)
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        self._set_user("devices.passwd", device_id, password)
        return password

    def forget_device(self, device_id: str) -> None:
        """Take the window's user away."""
        self._need_init()
        users = self._users("devices.passwd")
        if users.pop(device_id, None) is None:
            raise FaultyInputError([f"there is no window {device_id!r}; there are: {', '.join(users) or 'none'}"])
        self._write_users("devices.passwd", users)

    def _file(self, name: str) -> Path:
        return self.folder / name

    def _need_init(self) -> None:
        if not self._file("ca.crt").exists():
            raise FaultyInputError([f"{self.folder} holds no keys yet: scripts/broker init --host NAME"])

    def _certify(self, names: str) -> None:
        self._openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Smart Window broker",
            "-keyout", "broker.key", "-out", "broker.csr",
        )  # fmt: skip
        self._write(
            "broker.ext",
            f"basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
            f"subjectAltName={names}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
        )
        self._openssl(
            "x509", "-req", "-in", "broker.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", str(DAYS), "-extfile", "broker.ext", "-out", "broker.crt",
        )  # fmt: skip
        for name in ("broker.csr", "broker.ext"):
            self._file(name).unlink()

    def _openssl(self, *arguments: str) -> None:
        try:
            done = subprocess.run(
                ("openssl", *arguments), cwd=self.folder, capture_output=True, text=True, check=False, umask=0o077
            )
        except FileNotFoundError as error:
            raise FaultyInputError(["openssl is missing: sudo apt-get install openssl"]) from error
        if done.returncode:
            raise FaultyInputError([f"openssl {arguments[0]}: {done.stderr.strip()}"])

    def _users(self, name: str) -> dict[str, str]:
        lines = self._file(name).read_text("utf-8").splitlines() if self._file(name).exists() else []
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def _set_user(self, name: str, user: str, password: str) -> None:
        self._write_users(name, self._users(name) | {user: hashed(password, secrets.token_bytes(_SALT_BYTES))})

    def _write_users(self, name: str, users: dict[str, str]) -> None:
        self._write(name, "".join(f"{user}:{entry}\n" for user, entry in sorted(users.items())))

    def _write(self, name: str, text: str) -> None:
        write_secret(self._file(name), text)


def write_secret(path: Path, text: str) -> None:
    """Replace the file in one step, for its owner alone: who reads it just now sees the old one or the new one."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, "utf-8")
    new.replace(path)


def hashed(password: str, salt: bytes) -> str:
    """Return the password as mosquitto 2 keeps it: PBKDF2 with SHA-512."""
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def check_device(device_id: str) -> None:
    """Raise FaultyInputError where a window cannot have this id."""
    if _DEVICE.fullmatch(device_id) is None:
        raise FaultyInputError(
            [f"{device_id!r} is no device id: expected 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit"]
        )


def _alternative_names(hosts: Sequence[str]) -> str:
    """`DNS:broker.local,IP:192.168.1.2`; raise FaultyInputError that names each host that is none."""
    names: list[str] = []
    wrong: list[str] = []
    for host in hosts:
        try:
            names.append(f"IP:{ipaddress.ip_address(host)}")
        except ValueError:
            (names if _HOST.fullmatch(host) else wrong).append(f"DNS:{host}")
    if wrong or not names:
        raise FaultyInputError(
            [f"{name.removeprefix('DNS:')!r} is no host name or IP address" for name in wrong] or ["name a --host"]
        )
    return ",".join(names)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(
        prog="scripts/broker", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "deploy" / "keys")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("init", "make the keys"), ("renew", "make the broker's certificate anew")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--host", action="append", required=True, help="a name or address that windows call")
    for name, text in (("device", "add a window's user"), ("forget", "take a window's user away")):
        commands.add_parser(name, help=text).add_argument("id", help="the device id")
    given = parser.parse_args(arguments)
    keys = Keys(given.folder)
    try:
        match given.command:
            case "init":
                keys.make_all(given.host)
                print(f"The keys lie in {keys.folder}. Next, for each window: scripts/broker device ID")
            case "renew":
                keys.renew(given.host)
                print("Restart the broker. The windows need nothing new: their authority is the same.")
            case "device":
                password = keys.add_device(given.id)
                print(f"# for firmware/devices/secrets.yaml; it is shown only now\nbroker_username: {given.id}")
                print(f"broker_password: {password}")
                print(f"# broker_ca: the text of {keys.folder}/ca.crt. Let the broker read its users again (SIGHUP).")
            case _:
                keys.forget_device(given.id)
                print(f"{given.id} is forgotten once the broker reads its users again (SIGHUP).")
    except FaultyInputError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
