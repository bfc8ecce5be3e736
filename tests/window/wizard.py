"""The wizard of a new connection, filled in by keyboard from its first field to the end of its test."""

from page import Page
from waiting import wait_for
from webdriver import ENTER

OVER = """
const open = dialog();
return open !== null && all('ol', open).length > 0 && (text(open).includes('relies on works') || text(open).includes('It works, with') || text(open).includes('Change the settings'));
"""


class Wizard:
    """The dialog over one page."""

    def __init__(self, page: Page, kind: str):
        self.page = page
        self.kind = kind
        page.press("n")
        page.wait_for_dialog("Add a connection")
        page.tab_to(kind)
        page.press(ENTER)
        page.wait_for_dialog(kind)

    def fill(self, *fields: tuple[str, str]) -> None:
        """Types into fields, each a label and its value, in their order."""
        for label, value in fields:
            self.page.fill(label, value)

    def unfold(self) -> None:
        """Shows what most leave as it is."""
        self.page.tab_to("More settings")
        self.page.press(ENTER)

    def add(self, name: str) -> list[str]:
        """Adds it and answers the steps of its test, once that is over."""
        self.page.tab_to("Add and test")
        self.page.press(ENTER)
        self.page.wait_for_dialog(f"“{name}” was added")
        return self.steps()

    def mend(self) -> None:
        """Goes from a test that failed back to the form."""
        self.page.tab_to("Change the settings")
        self.page.press(ENTER)
        self.page.wait_for_dialog(self.kind)

    def test_again(self) -> list[str]:
        self.page.tab_to("Save and test")
        self.page.press(ENTER)
        return self.steps()

    def steps(self) -> list[str]:
        wait_for("the test to be over", lambda: self.page.look(OVER))
        return self.page.wait_for_steps("Test")

    def done(self) -> None:
        self.page.tab_to("Done")
        self.page.press(ENTER)
        self.page.wait_until_closed()
