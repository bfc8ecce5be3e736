"""Several programs on one home: one engine moves the files, all of them show it, and the next one takes over."""

from case import WindowCase
from home import noise


class SharedHome(WindowCase):
    def test_a_second_window_on_a_home_shows_the_same_and_takes_over_when_the_first_closes(self):
        self.home.add_s3("archive", self.standins(), bandwidth=8 << 20)
        large = self.home.write("large.bin", noise(6, 48 << 20))
        small = self.home.write("small.txt", b"small")
        first = self.open("first")
        second = self.open("second")
        second.page.send(large)
        for desk in (first, second):
            desk.page.wait_for_row("large.bin", "on its way", lambda row: row["percent"] is not None)
        first.close()
        self.forget(first)
        second.page.wait_until_matched("large.bin")
        second.page.send(small)
        second.page.wait_until_matched("small.txt")
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
