"""A test of the window: a home of its own, what runs in it, and a screenshot whatever comes out."""

import os
import signal
import unittest
from pathlib import Path

from desk import Desk
from home import Home, Standins
from relay import Relay

SHOTS = Path(os.environ["WAYBILL_SHOTS"])
TEST_SECONDS = 180


class TookTooLong(Exception):
    """A test was still at it when its time was over."""


def give_up(*_):
    raise TookTooLong(f"not over after {TEST_SECONDS} s")


class WindowCase(unittest.TestCase):
    """What `standins`, `relay` and `open` start is ended after the test, the newest first."""

    maxDiff = None
    desks: list[Desk] = []

    def setUp(self):
        signal.signal(signal.SIGALRM, give_up)
        signal.alarm(TEST_SECONDS)
        self.addCleanup(signal.alarm, 0)
        self.home = Home()
        self.addCleanup(self.home.close)
        self.desks = []

    def tearDown(self):
        for desk in self.desks:
            self.shoot(desk, desk.name)

    def standins(self) -> Standins:
        servers = Standins(self.home)
        self.addCleanup(servers.close)
        return servers

    def relay(self, host: str, port: int) -> Relay:
        relay = Relay(host, port)
        self.addCleanup(relay.close)
        return relay

    def open(self, name: str = "desk", *arguments: str, place: str | None = "Transfers", **more) -> Desk:
        """Opens the desk of this home, or what the arguments say, and goes to a place; none leaves it where it opens."""
        desk = Desk(self.home, name, *(arguments or ("--home", str(self.home.desk))), **more)
        self.desks.append(desk)
        self.addCleanup(desk.close)
        if place is not None:
            desk.page.go_to(place)
        return desk

    def forget(self, desk: Desk) -> None:
        """There is no window to look at any more."""
        self.desks.remove(desk)

    def shoot(self, desk: Desk, what: str) -> None:
        """Keeps a picture. That it cannot be taken is no reason to fail: the test says what is wrong."""
        name = self._testMethodName.removeprefix("test_")
        try:
            desk.screenshot(SHOTS / f"{name}-{what}.png")
        except Exception as error:  # noqa: BLE001 -- see above
            print(f"no screenshot of {name}: {error}")

    def story_of_failure(self) -> str:
        """What helps to understand a failed test."""
        parts = []
        for desk in self.desks:
            try:
                page = desk.page.text()
            except Exception as error:  # noqa: BLE001 -- the window may be what failed
                page = f"not to be had: {error}"
            parts.append(f"-- {desk.name} shows:\n{page}\n-- {desk.name} said:\n{desk.said()}")
        return "\n".join(parts)

    def assert_verified(self, place: str, file: Path) -> None:
        """The remote's bytes are the file's, asked by the command and not by the window."""
        self.home.waybill("verify", place, str(file))

    def assert_done(self, rows: list[dict], count: int) -> None:
        """So many rows, all done and matched."""
        found = [(row["source"], row["state"], row["evidence"]) for row in rows]
        self.assertEqual(len(rows), count, found)
        for row in rows:
            self.assertEqual((row["state"], row["evidence"]), ("done", "matched"), row)
