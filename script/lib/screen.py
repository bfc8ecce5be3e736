"""The X screen as a person has it: what is seen, and keys and wheel as a keyboard and a mouse send them.

Nothing of the program that is measured takes part, so nothing of it has to be made for measuring.
"""

import ctypes
import time

ALL_PLANES = (1 << 64) - 1
Z_PIXMAP = 2
NAMES = {" ": "space", "/": "slash", ".": "period", "-": "minus"}


class _Image(ctypes.Structure):
    """The head of Xlib's XImage, as far as its pixels."""

    _fields_ = [(name, ctypes.c_int) for name in ("width", "height", "xoffset", "format")] + [("data", ctypes.c_void_p)] + [
        (name, ctypes.c_int) for name in ("byte_order", "unit", "bit_order", "pad", "depth", "bytes_per_line")
    ]


class Screen:
    """The screen of DISPLAY."""

    def __init__(self):
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._x.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong] + [ctypes.c_int] * 2 + [ctypes.c_uint] * 2 + [ctypes.c_ulong, ctypes.c_int]
        self._x.XDestroyImage.argtypes = [ctypes.POINTER(_Image)]
        self._x.XStringToKeysym.argtypes = [ctypes.c_char_p]
        self._x.XStringToKeysym.restype = ctypes.c_ulong
        self._x.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self._x.XKeysymToKeycode.restype = ctypes.c_ubyte
        self._x.XFlush.argtypes = [ctypes.c_void_p]
        for name in ("XTestFakeKeyEvent", "XTestFakeButtonEvent"):
            getattr(self._test, name).argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self._test.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p] + [ctypes.c_int] * 3 + [ctypes.c_ulong]
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            raise SystemExit("there is no screen: DISPLAY leads nowhere")
        self._root = self._x.XDefaultRootWindow(self._display)

    def seen(self, x: int, y: int, width: int, height: int) -> bytes:
        """The pixels of a part of the screen."""
        image = self._x.XGetImage(self._display, self._root, x, y, width, height, ALL_PLANES, Z_PIXMAP)
        try:
            return ctypes.string_at(image.contents.data, image.contents.bytes_per_line * height)
        finally:
            self._x.XDestroyImage(image)

    def press(self, *keys: str) -> None:
        """Presses keys together: `press("Control_L", "2")`."""
        codes = [self._code(key) for key in keys]
        for code in codes:
            self._test.XTestFakeKeyEvent(self._display, code, 1, 0)
        for code in reversed(codes):
            self._test.XTestFakeKeyEvent(self._display, code, 0, 0)
        self._x.XFlush(self._display)

    def point(self, x: int, y: int) -> None:
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x.XFlush(self._display)

    def wheel_down(self) -> None:
        """One notch."""
        for down in (1, 0):
            self._test.XTestFakeButtonEvent(self._display, 5, down, 0)
        self._x.XFlush(self._display)

    def _code(self, key: str) -> int:
        return self._x.XKeysymToKeycode(self._display, self._x.XStringToKeysym(NAMES.get(key, key).encode()))


def colours(pixels: bytes) -> int:
    """How many colours there are: an empty window has a few, one with words in it many."""
    return len({pixels[at:at + 4] for at in range(0, len(pixels), 4)})


def last_change(screen: Screen, part: tuple[int, int, int, int], since: float, rests: float, patience: float, full: int = 0) -> float | None:
    """Seconds from `since` until the part of the screen looked as it then stayed for `rests` seconds, with at least
    `full` colours. `None` if it never changed."""
    before = screen.seen(*part)
    changed = None
    while True:
        now = time.monotonic()
        pixels = screen.seen(*part)
        if pixels != before:
            before, changed = pixels, now
        still = now - (since if changed is None else changed) > rests
        if still and (full == 0 or colours(before) >= full):
            return None if changed is None else changed - since
        if now - since > patience:
            raise SystemExit(f"the screen did not come to rest within {patience:.0f} s")
        time.sleep(0.002)
