"""A connection joined in the window by keyboard: from the list of kinds to the steps of its test."""

from page import Page
from waiting import wait_for
from webdriver import ENTER

WELL = ("Everything that the desk relies on works.", "It works, with the limits")


class Joining:
    """The wizard of one page."""

    def __init__(self, page: Page):
        self.page = page

    def begin(self, kind: str) -> None:
        """Opens the form of a kind."""
        page = self.page
        if page.heading() != "Connections":
            page.go_to("Connections")
        page.press("n")
        page.wait_for_dialog("Add a connection")
        page.tab_to(kind)
        page.press(ENTER)
        page.wait_for_dialog(kind)

    def fill(self, **fields: str) -> None:
        """Types into fields, by their labels with `_` for blanks, in the order of the form."""
        for label, value in fields.items():
            name = label.replace("_", " ")
            self.page.tab_to(name, whole=True)
            self.page.type(value)
            wait_for(f"“{name}” to hold it", lambda value=value: self.page.look("return document.activeElement.value") == value)

    def add(self) -> list[str]:
        """Adds and tests; answers the steps, once the test is over."""
        page = self.page
        page.tab_to("Add and test")
        page.press(ENTER)
        page.wait_for_dialog("was added")
        over = (*WELL, "It stopped at the step")
        wait_for("the test to be over", lambda: any(words in page.dialog()["text"] for words in over))
        return page.wait_for_steps("Test")

    def add_well(self) -> list[str]:
        """The same, and nothing may have failed."""
        steps = self.add()
        said = self.page.dialog()["text"]
        if not any(words in said for words in WELL):
            raise AssertionError(f"the test did not pass: {said}")
        return steps

    def done(self, how: str = "Done") -> None:
        """Leaves the dialog; one whose test failed offers to keep it as it is."""
        self.page.tab_to(how)
        self.page.press(ENTER)
        self.page.wait_until_closed()
