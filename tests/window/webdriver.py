"""A W3C WebDriver session over HTTP: the few commands that driving one window takes.

Knows nothing of the desk. What it asks of a page is asked as a script, so that one call sees one state.
"""

import json
import urllib.error
import urllib.request

# The code points that the standard gives to keys without a letter.
TAB, ENTER, DELETE, CONTROL, UP, DOWN = "\ue004", "\ue007", "\ue017", "\ue009", "\ue013", "\ue015"
ESCAPE, SHIFT, F2 = "\ue00c", "\ue008", "\ue032"
SPACE = " "

ANSWER_SECONDS = 60
DRAG_STEPS = 12


class WebDriverError(Exception):
    """The driver refused a command, or is gone."""


class Session:
    """One window under tauri-driver at an address.

    tauri-driver starts the app as Tauri wants it and passes all else on to the system's driver, on connections that
    the latter has sometimes closed. So after the start the system's driver is asked at its own address.
    """

    def __init__(self, address: str, native_address: str, application: str, arguments: list[str]):
        self._base = address
        wanted = {"tauri:options": {"application": application, "args": arguments}}
        made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._base = f"{native_address}/session/{made['sessionId']}"

    def ask(self, script: str, *arguments):
        """What a function body returns in the page."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, *keys: str) -> None:
        """Presses keys one after the other on whatever has the focus. A tuple is a chord: ("Control", "2")."""
        actions = []
        for key in keys:
            held = key if isinstance(key, tuple) else (key,)
            actions += [{"type": "keyDown", "value": one} for one in held]
            actions += [{"type": "keyUp", "value": one} for one in reversed(held)]
        self._act([{"type": "key", "id": "keyboard", "actions": actions}])

    def type(self, text: str) -> None:
        """Types a text, letter by letter."""
        self.press(*text)

    def click_at(self, x: float, y: float) -> None:
        """Clicks the point of the page."""
        moves = [
            {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act([{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves}])

    def drag(self, fro: dict, to: dict) -> None:
        """Presses at one point of the page, moves in small steps and lets go at another."""
        between = lambda axis, step: round(fro[axis] + (to[axis] - fro[axis]) * step / DRAG_STEPS)  # noqa: E731
        moves = [{"type": "pointerMove", "duration": 0, "x": between("x", step), "y": between("y", step)} for step in range(DRAG_STEPS + 1)]
        actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        self._act([{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}])

    def end(self) -> None:
        """Closes the window politely."""
        self._call("DELETE", "")

    def _act(self, sources: list[dict]) -> None:
        self._call("POST", "/actions", {"actions": sources})

    def _call(self, method: str, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            text = refused.read().decode(errors="replace")
            raise WebDriverError(f"{method} {path}: {text}") from None
        except OSError as gone:
            raise WebDriverError(f"{method} {path}: {gone}") from None
