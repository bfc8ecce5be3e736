"""Several programs on one home: one engine moves the files, all of them show it, and the next one takes over."""

import subprocess

from case import WindowCase
from home import BINARIES, noise
from waiting import wait_for


class SharedHome(WindowCase):
    def test_a_window_beside_a_command_that_sends_says_so_and_takes_over_when_that_one_dies(self):
        self.home.add_s3("archive", self.standins(), bandwidth=4 << 20)
        large = self.home.write("large.bin", noise(6, 48 << 20))
        small = self.home.write("small.txt", b"small")
        command = subprocess.Popen(
            [BINARIES / "waybill", "--home", self.home.desk, "send", large, "--to", "archive:/"],
            env=self.home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home.files,
        )
        self.addCleanup(command.wait)
        self.addCleanup(command.kill)
        desk = self.open()
        wait_for("who moves the files", lambda: "Another Waybill program moves the files" in desk.page.text())
        desk.page.wait_for_row("large.bin", "shown", lambda row: not row["ticked"])
        command.kill()
        command.wait()
        wait_for("the window to take over", lambda: "Another Waybill program" not in desk.page.text())
        desk.page.wait_until_matched("large.bin")
        desk.page.send(small)
        desk.page.wait_until_matched("small.txt")
        self.assert_done(self.home.transfers(), 2)
        self.assert_verified("archive:/large.bin", large)
        self.assert_verified("archive:/small.txt", small)

    def test_what_a_command_puts_into_the_queue_is_shown_and_sent_by_the_open_window(self):
        self.home.add_sftp("partner", self.standins())
        file = self.home.write("typed.txt", b"sent from a terminal")
        desk = self.open()
        self.home.waybill("send", file, "--to", "partner:/", "--detach")
        desk.page.wait_until_matched("typed.txt")
        self.assert_verified("partner:/typed.txt", file)
