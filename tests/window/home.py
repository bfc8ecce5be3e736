"""A home of its own for each test, the `waybill` command run in it, and the stand-in servers."""

import json
import os
import random
import sqlite3
import subprocess
import tempfile
import urllib.request
from contextlib import closing
from pathlib import Path

BINARIES = Path(os.environ["WAYBILL_BINARIES"])
PASSPHRASE = "a passphrase for tests"
COMMAND_SECONDS = 120


class Home:
    """A folder with everything that a person has here: a desk, files, settings of other programs."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="waybill-window-")
        self.folder = Path(self._folder.name)
        self.desk = self.folder / "desk"
        self.files = self.folder / "files"
        for name in ("person", "runtime", "files"):
            (self.folder / name).mkdir(mode=0o700)

    def close(self) -> None:
        self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """What a program of this person sees: nothing of who runs the tests."""
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        return kept | {
            "HOME": str(self.folder / "person"),
            "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "LANG": "C.UTF-8",
            "WAYBILL_VAULT_PASSPHRASE": PASSPHRASE,
        }

    def set(self, section: str, **values) -> None:
        """Keeps a section of the settings, as the settings' place does."""
        with closing(sqlite3.connect(self.desk / "waybill.db")) as database, database:
            pair = (f"settings.{section}", json.dumps(values))
            database.execute("INSERT INTO home (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", pair)

    def write(self, name: str, content: bytes) -> Path:
        """A file to send."""
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def waybill(self, *words, said: str = "", code: int | None = 0) -> subprocess.CompletedProcess:
        """Runs the command in this home and expects its exit code."""
        command = [BINARIES / "waybill", "--home", self.desk, *words]
        done = subprocess.run(
            command, input=said, capture_output=True, text=True, env=self.environment(), cwd=self.files,
            timeout=COMMAND_SECONDS, check=False,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(f"waybill {' '.join(map(str, words))} exited {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def objects(self, *words) -> list[dict]:
        """What the command prints with `--json`."""
        return [json.loads(line) for line in self.waybill("--json", *words).stdout.splitlines()]

    def transfers(self) -> list[dict]:
        return self.objects("transfers")

    def add(self, name: str, kind: str, settings: dict, secrets: dict) -> None:
        """Adds a connection by the command."""
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={setting(value)}")]
        secret_lines = "".join(f"{key}={value}\n" for key, value in secrets.items())
        self.waybill("connection", "add", name, "--kind", kind, *sets, "--secrets-stdin", said=secret_lines)

    def add_s3(self, name: str, servers: "Standins", **more) -> None:
        settings = {key: value for key, value in servers.s3.items() if key != "secret_access_key"} | more
        self.add(name, "s3", settings, {"secret_access_key": servers.s3["secret_access_key"]})

    def add_xecm(self, name: str, servers: "Standins", user: str | None = None) -> None:
        service = servers.xecm
        self.add(name, "xecm", {"base_url": service["base_url"], "user": user or service["username"]}, {"password": service["password"]})

    def add_file360(self, name: str, servers: "Standins", user: str | None = None) -> None:
        service = servers.file360
        self.add(name, "file360", {"base_url": service["base_url"], "user": user or service["users"][0]}, {"password": service["password"]})

    def add_sftp(self, name: str, servers: "Standins", **more) -> None:
        """With the pinned key of the stand-in, unless `host_key=None` leaves it out."""
        settings = {key: value for key, value in servers.sftp.items() if key != "password"} | more
        settings = {key: value for key, value in settings.items() if value is not None}
        self.add(name, "sftp", settings, {"password": servers.sftp["password"]})


def fetch(address: str) -> None:
    """Asks an address as any program may."""
    urllib.request.urlopen(address, timeout=20).close()


def setting(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def noise(seed: int, length: int) -> bytes:
    """Bytes that nothing makes smaller, the same for the same seed."""
    return random.Random(seed).randbytes(length)


class Standins:
    """The stand-in servers in a process of their own."""

    def __init__(self, home: Home):
        self._process = subprocess.Popen(
            [BINARIES / "waybill", "standins"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            env=home.environment(),
        )
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the stand-ins ended with {self._process.wait()} before they said where they are")
        systems = json.loads(line)
        self.s3, self.sftp = systems["s3"], systems["sftp"]
        self.workflow, self.xecm = systems["workflow"], systems["xecm"]
        self.canto, self.xconnector = systems["canto"], systems["xconnector"]
        self.file360 = systems["file360"]

    @property
    def s3_port(self) -> int:
        return int(self.s3["endpoint"].rsplit(":", 1)[1])

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class CodeServer:
    """An SFTP server that wants a one-time code after the password, in a process of its own."""

    def __init__(self, home: Home, *codes: str):
        self._process = subprocess.Popen(
            [BINARIES / "examples" / "one_time_code", *codes], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
            env=home.environment(),
        )
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the server ended with {self._process.wait()} before it said where it is")
        self.sftp = json.loads(line)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
