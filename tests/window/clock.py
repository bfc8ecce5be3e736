"""Another time of day for the desk alone, by libfaketime; the processes beside it keep this machine's."""

import unittest
from pathlib import Path

FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
HOUR = 3600
needed = unittest.skipIf(FAKETIME is None, "libfaketime is not installed")


class Clock:
    """A clock that stands some seconds before or after this machine's, and can be set while the desk runs."""

    def __init__(self, folder: Path, seconds: int = 0):
        self._file = folder / "clock"
        self.set(seconds)

    def set(self, seconds: int) -> None:
        self._file.write_text(f"{seconds:+d}")

    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_ONLY_CMDS": "waybill-desktop",
        }
