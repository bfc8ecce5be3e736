"""A real drag: the pointer of the screen takes files from another process's window and lets them go over the desk's."""

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

from waiting import wait_for

# Beside the desk's window, which is 1360 wide and stands at the left edge.
SOURCE_AT = (1500, 300)
HOLD_AT = (1600, 400)
STEPS = 24


def xdotool(*words) -> str:
    done = subprocess.run(["xdotool", *map(str, words)], check=True, capture_output=True, text=True, timeout=20)
    return done.stdout


class Held:
    """Files under the pointer with the button down. Ends the other process when it is left."""

    def __init__(self, files: list[Path]):
        self._at = HOLD_AT
        self._told = queue.SimpleQueue()
        self._heard: set[str] = set()
        script = Path(__file__).with_name("drag_source.py")
        command = [sys.executable, script, *map(str, SOURCE_AT), *map(str, files)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=dict(os.environ, GDK_BACKEND="x11", NO_AT_BRIDGE="1")
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self):
        try:
            self._wait("ready")
            xdotool("mousemove", *self._at)
            xdotool("mousedown", 1)
            self._wait("begun", nudge=True)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        # Whatever went wrong, the next drag starts with the button up.
        xdotool("mouseup", 1)

    def move_to(self, x: float, y: float) -> None:
        """Moves in small steps, as a hand does: the windows on the way hear that something comes."""
        fro, to = self._at, (round(x), round(y))
        for step in range(1, STEPS + 1):
            between = (round(a + (b - a) * step / STEPS) for a, b in zip(fro, to))
            xdotool("mousemove", "--sync", *between)
        self._at = to

    def hover(self, x: float, y: float) -> None:
        """Keeps the pointer there, never quite still: a window that missed the coming hears the next move."""
        beside = (round(x) + (2 if self._at == (round(x), round(y)) else 0), round(y))
        xdotool("mousemove", *beside)
        self._at = beside

    def let_go(self) -> None:
        """Drops, and waits until the other side has taken the files."""
        xdotool("mouseup", 1)
        self._wait("asked")
        self._wait("ended")

    def _wait(self, word: str, nudge: bool = False) -> None:
        def look():
            if nudge:
                self._at = (self._at[0] - 3, self._at[1])
                xdotool("mousemove", *self._at)
            while not self._told.empty():
                self._heard.add(self._told.get())
            if word not in self._heard and self._process.poll() is not None:
                raise AssertionError("the window with the files is gone")
            return word in self._heard

        wait_for(f"the window with the files to say “{word}”", look)

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._told.put(line.strip())
