"""Two windows on one home: one engine moves the files, both show them, and the second takes over."""

from case import WindowCase
from home import noise


class TwoWindows(WindowCase):
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
