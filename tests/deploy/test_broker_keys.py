"""The broker's keys as somebody makes them at a terminal."""

import stat
import subprocess
from pathlib import Path

import pytest

from deploy.broker_keys import main

ROOT = Path(__file__).parents[2]


class Terminal:
    """Commands on one folder, and what they say."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str]:
        code = main(["--folder", str(self.folder), *words])
        spoken = self._capsys.readouterr()
        return code, spoken.out + spoken.err


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path / "keys", capsys)


@pytest.fixture
def made(terminal: Terminal) -> Terminal:
    assert terminal.run("init", "--host", "broker.local", "--host", "192.168.1.2")[0] == 0
    return terminal


def test_nobody_else_can_read_the_keys(made: Terminal) -> None:
    made.run("device", "bedroom")
    files = [path for path in made.folder.iterdir() if path.suffix != ".srl"]
    assert len(files) >= 8
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_second_init_keeps_every_key(made: Terminal) -> None:
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    assert made.run("init", "--host", "another.local")[0] == 0
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == before


def test_a_new_certificate_is_by_the_same_authority_and_names_the_new_host(made: Terminal) -> None:
    authority = (made.folder / "ca.crt").read_bytes()
    assert made.run("renew", "--host", "new.local")[0] == 0
    assert (made.folder / "ca.crt").read_bytes() == authority
    shown = subprocess.run(
        ("openssl", "verify", "-x509_strict", "-verify_hostname", "new.local", "-CAfile", "ca.crt", "broker.crt"),
        cwd=made.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.stdout == "broker.crt: OK\n"


def test_no_password_is_kept_in_the_users_file(made: Terminal) -> None:
    _, spoken = made.run("device", "bedroom")
    password = next(line for line in spoken.splitlines() if line.startswith("broker_password: ")).split()[1]
    assert password not in (made.folder / "devices.passwd").read_text()
    assert "bedroom:$7$" in (made.folder / "devices.passwd").read_text()


@pytest.mark.parametrize("name", ["", "A", "a/b", "+", "#", "x" * 65, "_a", "a b", "a:b", "a\nb"])
def test_what_is_no_device_id_is_refused_with_what_was_expected(made: Terminal, name: str) -> None:
    code, spoken = made.run("device", name)
    assert code == 78
    assert "expected 1 to 64" in spoken


def test_every_wrong_host_is_named_at_once(terminal: Terminal) -> None:
    code, spoken = terminal.run("init", "--host", "no good", "--host", "fine.local", "--host", "bad,DNS:evil")
    assert code == 78
    assert "no good" in spoken
    assert "bad,DNS:evil" in spoken
    assert not terminal.folder.exists()


def test_before_init_it_says_what_to_do(terminal: Terminal) -> None:
    code, spoken = terminal.run("device", "bedroom")
    assert code == 78
    assert "scripts/broker init" in spoken


def test_forgetting_a_stranger_names_those_who_are_there(made: Terminal) -> None:
    made.run("device", "bedroom")
    code, spoken = made.run("forget", "kitchen")
    assert code == 78
    assert "bedroom" in spoken


def test_the_script_runs_without_an_environment_of_ours(tmp_path: Path) -> None:
    done = subprocess.run(
        (str(ROOT / "scripts" / "broker"), "--folder", str(tmp_path / "keys"), "init", "--host", "x.local"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
