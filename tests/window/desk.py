"""The built app in a window of the virtual screen, under tauri-driver. Each has its own driver, so two can run at once."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from drag import xdotool
from home import BINARIES, Home
from page import Page
from waiting import wait_for
from webdriver import Session, WebDriverError
from x11 import ask_to_close

APP = BINARIES / "waybill-desktop"
LOG_TAIL = 40


class Desk:
    """A running app. `page` is what it shows."""

    def __init__(self, home: Home, name: str, *arguments: str, environment: dict[str, str] | None = None):
        self.name = name
        self.log = home.folder / f"{name}.log"
        self._open_log = self.log.open("ab")
        port, native = free_ports(2)
        # The web view's accelerated path needs a graphics card, which a virtual screen has not.
        display = {"WEBKIT_DISABLE_DMABUF_RENDERER": "1", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "GTK_THEME": "Adwaita"}
        # A machine that is busy with tests paints late, and that is no broken driver.
        display["WAYBILL_SAFE_GRAPHICS"] = "never"
        self._driver = subprocess.Popen(
            ["tauri-driver", "--port", str(port), "--native-port", str(native)],
            env=home.environment() | display | (environment or {}),
            stdin=subprocess.DEVNULL, stdout=self._open_log, stderr=subprocess.STDOUT, cwd=home.files,
        )
        self._session = None
        self.page = None
        self.pid = None
        self.window = None
        try:
            for one in (port, native):
                wait_for(f"{name}'s driver to listen", lambda one=one: self._driver.poll() is None and listens(one))
            self._session = Session(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{native}", str(APP), list(arguments))
            self.pid = wait_for(f"{name}'s process", lambda: next(iter(running_below(self._driver.pid, APP)), None))
            self.window = wait_for(f"{name}'s window", self._find_window)
            self.page = Page(self._session)
            wait_for(f"{name} to show a place", lambda: self.page.heading())
        except BaseException:
            self.close()
            raise

    @classmethod
    def of_home(cls, home: Home, name: str = "desk", **more):
        return cls(home, name, "--home", str(home.desk), **more)

    def corner(self) -> tuple[int, int]:
        """Where on the screen the page begins."""
        lines = xdotool("getwindowgeometry", "--shell", self.window).splitlines()
        pairs = dict(line.split("=", 1) for line in lines if "=" in line)
        return int(pairs["X"]), int(pairs["Y"])

    def screenshot(self, file: Path) -> None:
        """What stands on the screen in place of the window. WebDriver's own needs the accelerated path."""
        xdotool("windowraise", self.window)
        subprocess.run(["import", "-silent", "-window", self.window, file], check=True, timeout=30)

    def close_window(self) -> None:
        """Closes the window as its frame's button does."""
        ask_to_close(int(self.window))

    def is_seen(self) -> bool:
        """Whether the window is on the screen."""
        return self._find_window() is not None

    def geometry(self) -> tuple[int, int, int, int]:
        """Left, top, width and height on the screen."""
        lines = xdotool("getwindowgeometry", "--shell", self.window).splitlines()
        pairs = dict(line.split("=", 1) for line in lines if "=" in line)
        return tuple(int(pairs[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def terminate(self) -> None:
        """Tells the app to end, as the end of a session does."""
        os.kill(self.pid, signal.SIGTERM)

    def wait_until_ended(self) -> None:
        """The app ends by itself; what is left of its driver is cleared away."""
        wait_for(f"{self.name} to end", lambda: not is_running(self.pid))
        self._session = None
        self.close()

    def kill(self) -> None:
        """Ends the app as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        wait_for("the killed app to be gone", lambda: not is_running(self.pid))
        self._session = None
        self.close()

    def close(self) -> None:
        """Closes the window, and the driver with it."""
        if self._session is not None:
            try:
                self._session.end()
            except WebDriverError:
                pass  # A window that hangs is ended below.
            self._session = None
        if self._driver.poll() is not None:
            return  # It was closed before, and its number may be another process's by now.
        below = descendants(self._driver.pid)
        self._driver.terminate()
        self._driver.wait()
        for pid in below:
            end(pid)
        self._open_log.close()

    def said(self) -> str:
        """The end of what the app and its driver printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_TAIL:])

    def _find_window(self) -> str | None:
        search = ["xdotool", "search", "--onlyvisible", "--pid", str(self.pid), "--name", "Waybill"]
        found = subprocess.run(search, capture_output=True, text=True, timeout=20, check=False).stdout.split()
        return found[-1] if found else None


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now: tauri-driver does not choose its own."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def status_of(pid: int) -> tuple[int, str] | None:
    """The parent and the state letter of a process."""
    try:
        # The name, in brackets, may hold anything; what follows it does not.
        rest = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return int(rest[1]), rest[0]


def is_running(pid: int) -> bool:
    status = status_of(pid)
    return status is not None and status[1] != "Z"


def descendants(pid: int) -> list[int]:
    """Every process that this one started, and theirs."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (status := status_of(int(entry.name))) is not None:
            parents[int(entry.name)] = status[0]
    found, fresh = [], {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh}
        found += fresh
    return found


def running_below(pid: int, program: Path) -> list[int]:
    """The processes below one that run this program."""

    def runs(child: int) -> bool:
        try:
            return os.path.samefile(f"/proc/{child}/exe", program)
        except OSError:
            return False

    return [child for child in descendants(pid) if runs(child)]


def end(pid: int) -> None:
    """Ends one process: politely, then not."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, how)
            wait_for(f"process {pid} to end", lambda: not is_running(pid), patience=10)
            return
        except ProcessLookupError:
            return
        except AssertionError:
            continue
