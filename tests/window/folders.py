"""Browse, as a person uses it: where it is, what is listed, and what the side says about the chosen entry."""

from page import Page
from waiting import wait_for
from webdriver import CONTROL, ENTER

HERE = "return text(document.querySelector('[data-drop-folder] > h2'))"
SIDE = "return text(document.querySelector('#entry-side'))"
TAB = """
const tab = all('#entry-side [role=tab]').find((one) => text(one) === arguments[0]);
return tab && hit(tab);
"""
NODE = """
const row = all('[role=treegrid] [role=row]').find((one) => text(one) === arguments[0]);
return row && hit(row);
"""


class Folders:
    """The place Browse of one page."""

    def __init__(self, page: Page):
        self.page = page

    def open(self, connection: str, path: str = "/") -> None:
        """Goes to a folder by keyboard alone: to the connection by the palette, to the folder by its path."""
        page = self.page
        if page.heading() != "Browse":
            page.go_to("Browse")
        wait_for("a folder", self.here)
        page.command(f"Browse {connection}")
        wait_for(f"the folders of {connection}", lambda: self.here().startswith(f"{connection}:"))
        if self.here() != f"{connection}:{path}":
            self.type_path(path)
            wait_for(f"the folder {path}", lambda: self.here() == f"{connection}:{path}")

    def type_path(self, path: str) -> None:
        """Types a path into the line that Ctrl L opens."""
        self.page.press((CONTROL, "l"))
        wait_for("the line for a path", lambda: self.page.focused() == "Type a path")
        self.page.type(path)
        self.page.press(ENTER)

    def here(self) -> str:
        """The folder that is shown, as `connection:/path`."""
        return self.page.look(HERE)

    def names(self) -> list[str]:
        return [row["name"] for row in self.page.rows()]

    def wait_for_names(self, *names: str) -> None:
        wait_for(f"{names} to be listed", lambda: self.names() == list(names))

    def node(self, name: str) -> dict:
        """The point of a folder in the tree beside the list."""
        return wait_for(f"{name} in the tree", lambda: self.page.look(NODE, name))

    def side(self) -> str:
        """Everything that stands in the side."""
        return self.page.look(SIDE)

    def wait_for_side(self, *words: str) -> str:
        """The side, once it has all these words."""

        def look():
            said = self.side()
            return said if all(word in said for word in words) else None

        try:
            return wait_for(f"the side to say {words}", look)
        except AssertionError as vain:
            raise AssertionError(f"{vain}; it says {self.side()!r}") from None

    def choose_tab(self, name: str) -> None:
        """Clicks one of the tabs of the side."""
        at = wait_for(f"the tab {name}", lambda: self.page.look(TAB, name))
        self.page.click_at(at)
