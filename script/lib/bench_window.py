"""Measures the window as a person meets it: on a screen, by keys and the wheel. Started by script/bench window."""

import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[2] / "tests" / "window"
sys.path.insert(0, str(TESTS))

from desk import APP, Desk, descendants, end  # noqa: E402 -- the tests' folder has to be known first
from drag import xdotool  # noqa: E402
from home import Home  # noqa: E402
from screen import Screen, last_change  # noqa: E402
from waiting import wait_for  # noqa: E402

QUEUE, HISTORY = 100_000, 1_000_000
IDLE_SECONDS = 30
SETTLING_SECONDS = 10
SCROLL_SECONDS = 5
NOTCHES_A_SECOND = 40
RESTS = 0.6
# The list, without the rail, the head and whatever blinks there.
LIST = (240, 200, 740, 620)
# All but the rail.
PLACE = (210, 8, 1140, 840)
# An empty window has a ground and some lines.
WORDS = 40
# What is typed: a firm's name in one row of ten, then a kind of document.
TYPED = "quartz camera"
KEPT = "## The window"

FRAMES = """
const frames = [];
window.waybillFrames = frames;
const look = (at) => { frames.push(at); requestAnimationFrame(look); };
requestAnimationFrame(look);
"""

# The page's own way to the desk, asked as its search asks: the first page of hits.
HITS = """
const filter = { pace: null, text: arguments[0], run: null, evidence: [], connection: null, direction: null, since: null, until: null };
const began = performance.now();
return window.__TAURI_INTERNALS__.invoke('transfers_page', { filter, cursor: null, limit: 200 })
  .then((page) => ({ took: performance.now() - began, rows: page.rows.length }));
"""


class Running:
    """The app as a person starts it, with nothing beside it."""

    def __init__(self, home: Home, folder: pathlib.Path, screen: Screen):
        display = {"WEBKIT_DISABLE_DMABUF_RENDERER": "1", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "GTK_THEME": "Adwaita"}
        self.screen = screen
        self.began = time.monotonic()
        self._app = subprocess.Popen(
            [APP, "--home", folder], env=home.environment() | display, cwd=home.files,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.pid = self._app.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        below = descendants(self.pid)
        end(self.pid)
        self._app.wait()
        for pid in below:
            end(pid)

    def first_paint(self) -> float:
        """Seconds from exec until the list stands on the screen."""
        took = last_change(self.screen, LIST, self.began, RESTS, 60, WORDS)
        window = wait_for("the window", lambda: xdotool("search", "--onlyvisible", "--pid", self.pid, "--name", "Waybill").split())[-1]
        xdotool("windowfocus", "--sync", window)
        self.screen.point(500, 500)
        self.rest(PLACE)
        return took

    def rest(self, part) -> None:
        last_change(self.screen, part, time.monotonic(), RESTS, 60)

    def after(self, part, *keys: str) -> float | None:
        """Seconds from a key until what it did stands on the screen."""
        pressed = time.monotonic()
        self.screen.press(*keys)
        return last_change(self.screen, part, pressed, RESTS, 30)

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        ticks = 0
        for pid in [self.pid, *descendants(self.pid)]:
            try:
                rest = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += int(rest[11]) + int(rest[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[str, float]:
        """MiB of the app's own process, each mapping by its share (PSS). The desk is linked into one program, so every
        shared library belongs to the web view, its toolkit and their drawing."""
        kib, part = {"libraries": 0, "database": 0, "own": 0}, "own"
        for line in pathlib.Path(f"/proc/{self.pid}/smaps").read_text().splitlines():
            first, *rest = line.split()
            if not first.endswith(":"):
                name = rest[4] if len(rest) > 4 else ""
                part = "libraries" if ".so" in name else "database" if ".db" in name else "own"
            elif first == "Pss:":
                kib[part] += int(rest[0])
        return {part: amount / 1024 for part, amount in kib.items()}


class Bench:
    def __init__(self, rounds: int, homes: dict[str, pathlib.Path]):
        self.rounds = rounds
        self.homes = homes
        self.home = Home()
        self.screen = Screen()
        self.found: dict[str, list[float]] = {}

    def note(self, what: str, value: float | None, unit: str) -> None:
        # A key after which nothing looks different has no time.
        if value is None:
            return
        self.found.setdefault(f"{what}|{unit}", []).append(value)
        print(f"  {what}: {value:.3f} {unit}", flush=True)

    def places(self) -> list[str]:
        """The places in the order of the rail, asked once."""
        desk = Desk(self.home, "places", "--home", str(self.homes["queue"]))
        try:
            return desk.page.places()
        finally:
            desk.close()

    def starts(self, names: list[str]) -> None:
        """First paint, each place, idle, memory. The first round warms up; each begins with another place."""
        for turn in range(self.rounds + 1):
            print(f"start {turn} of {self.rounds}", flush=True)
            with Running(self.home, self.homes["queue"], self.screen) as running:
                paint = running.first_paint()
                times = []
                digits = [str(n + 1) for n in range(len(names))]
                order = [(turn + n) % len(names) for n in range(len(names))]
                # Once around before, as a place that is opened a second time is the usual case.
                for visit in range(2):
                    for at in order:
                        took = running.after(PLACE, "Control_L", digits[at])
                        times.append((("opened the first time" if visit == 0 else "opened again"), names[at], took))
                running.after(PLACE, "Control_L", digits[names.index("Transfers")])
                if turn == 0:
                    continue
                self.note(f"first useful paint after exec, {QUEUE:,} rows in the queue", paint * 1000, "ms")
                for which, name, took in times:
                    self.note(f"{name}, {which}", None if took is None else took * 1000, "ms")
                # What the last place has brought is drawn to its end first.
                time.sleep(SETTLING_SECONDS)
                before, began = running.cpu(), time.monotonic()
                time.sleep(IDLE_SECONDS)
                self.note("CPU while nothing moves, all processes", 100 * (running.cpu() - before) / (time.monotonic() - began), "%")
                memory = running.memory()
                self.note("memory beside the web view: program, heap, stacks", memory["own"], "MiB")
                self.note("the database, mapped and given back when others need the room", memory["database"], "MiB")
                self.note("libraries of the web view in the same process", memory["libraries"], "MiB")

    def scrolls(self) -> None:
        """Frames while the wheel turns, counted in the page."""
        desk = Desk(self.home, "scroll", "--home", str(self.homes["queue"]))
        try:
            desk.page.go_to("Transfers")
            self.screen.point(500, 500)
            desk.page.look(FRAMES)
            for turn in range(self.rounds + 1):
                fro = desk.page.look("return window.waybillFrames.length")
                began = time.monotonic()
                while time.monotonic() - began < SCROLL_SECONDS:
                    self.screen.wheel_down()
                    time.sleep(1 / NOTCHES_A_SECOND)
                frames = desk.page.look("return window.waybillFrames.slice(arguments[0])", fro)
                if turn == 0:
                    continue
                gaps = [b - a for a, b in zip(frames, frames[1:])]
                self.note(f"scrolling {QUEUE:,} rows, frames a second", 1000 * len(gaps) / sum(gaps), "Hz")
                self.note("scrolling, frames longer than 20 ms", 100 * sum(gap > 20 for gap in gaps) / len(gaps), "%")
                self.note("scrolling, longest frame", max(gaps), "ms")
        finally:
            desk.close()

    def types(self, names: list[str]) -> None:
        """From each letter typed into the search to the hits on the screen, and the same asked over IPC."""
        with Running(self.home, self.homes["history"], self.screen) as running:
            running.first_paint()
            running.after(PLACE, "Control_L", str(names.index("Transfers") + 1))
            for turn in range(self.rounds + 1):
                running.after(LIST, "slash")
                running.after(LIST, "Control_L", "a")
                running.after(LIST, "Delete")
                for letter in TYPED:
                    took = running.after(LIST, letter)
                    if turn > 0:
                        self.note(f"a letter in the search over {HISTORY:,} rows", None if took is None else took * 1000, "ms")

    def asks(self) -> None:
        """The first hits as the page gets them from the desk, without drawing."""
        desk = Desk(self.home, "search", "--home", str(self.homes["history"]))
        try:
            for turn in range(self.rounds + 1):
                for end in range(1, len(TYPED) + 1):
                    answer = desk.page.look(HITS, TYPED[:end])
                    if turn > 0 and answer["rows"] > 0:
                        self.note(f"first hits over IPC, {HISTORY:,} rows", answer["took"], "ms")
        finally:
            desk.close()

    def run(self, only: str) -> None:
        names = self.places()
        for what, act in {"start": lambda: self.starts(names), "scroll": self.scrolls, "search": lambda: self.types(names), "search over IPC": self.asks}.items():
            if only in what:
                act()

    def table(self) -> str:
        lines = ["| what | median | worst | asked |", "|---|---:|---:|---:|"]
        for key, values in self.found.items():
            what, unit = key.split("|")
            worst = min(values) if unit == "Hz" else max(values)
            lines.append(f"| {what} | {statistics.median(values):.{1 if unit != 'ms' else 0}f} {unit} | {worst:.{1 if unit != 'ms' else 0}f} {unit} | {asked(what)} |")
        return "\n".join(lines)


ASKED = {
    "first useful paint": "1,000 ms", "opened": "300 ms", "frames a second": "60 Hz", "a letter": "50 ms", "first hits": "50 ms", "CPU": "0 %", "memory beside": "80 MiB",
}


def asked(what: str) -> str:
    return next((bound for word, bound in ASKED.items() if word in what), "")


HEAD = f"""{KEPT}

Made by `script/bench window`: the release build in a window of 1,360 x 860 on a virtual screen without a graphics card ({{machine}}),
{{rounds}} rounds after a warm-up. Keys and wheel come from the screen, as a keyboard's and a mouse's do; a time ends with the
last change of the pixels that the key brought, so it holds everything from the key to the screen. Frames are counted in the page by
`requestAnimationFrame` while the wheel turns {NOTCHES_A_SECOND} notches a second.

"""


def write(out: pathlib.Path, text: str) -> None:
    """Everything before this part of the page stays."""
    before = out.read_text().split(KEPT)[0].rstrip() if out.exists() else "# Benchmarks"
    out.write_text(f"{before}\n\n{text}\n")


def main():
    parser = argparse.ArgumentParser()
    for name in ("queue", "history", "out"):
        parser.add_argument(f"--{name}", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    bench = Bench(args.rounds, {"queue": args.queue, "history": args.history})
    try:
        bench.run(args.only)
    finally:
        bench.home.close()
    table = bench.table()
    print(table)
    if not args.only:
        machine = f"{os.cpu_count()} cores, {platform.system()}, {platform.machine()}"
        write(args.out, HEAD.format(rounds=args.rounds, machine=machine) + table)


main()
