"""The operating system's own picker, driven by the keyboard as a person would: its window is not the page's."""

from pathlib import Path

from case import WindowCase
from drag import xdotool
from waiting import wait_for
from webdriver import CONTROL

# The first Enter may only close the list of completions, and a picker that has just opened loses letters now and then.
MOST_TRIES = 10
TRY_SECONDS = 2


class Picker(WindowCase):
    def name_in_picker(self, desk, file: Path) -> None:
        """Types the path where the picker takes one, and confirms it."""
        windows = lambda: set(xdotool("search", "--onlyvisible", "--pid", str(desk.pid)).split())  # noqa: E731
        picker = wait_for("the picker", lambda: next(iter(windows() - {desk.window}), None))
        for tries in range(1, MOST_TRIES + 1):
            xdotool("windowfocus", "--sync", picker, "key", "--clearmodifiers", "ctrl+l", "ctrl+a")
            xdotool("type", "--delay", "15", str(file))
            xdotool("key", "Return")
            try:
                wait_for("the picker to close", lambda: picker not in windows(), TRY_SECONDS)
                return
            except AssertionError:
                if tries == MOST_TRIES:
                    raise

    def test_a_file_that_the_picker_names_is_sent(self):
        self.home.add_s3("archive", self.standins())
        file = self.home.write("picked.txt", b"picked")
        desk = self.open()
        page = desk.page
        page.press((CONTROL, "o"))
        page.wait_for_dialog("Send files")
        page.click("Choose files")
        self.name_in_picker(desk, file)
        wait_for("the path in the form", lambda: page.look("return document.querySelector('textarea').value") == str(file))
        page.click("Send")
        page.wait_until_matched("picked.txt")
