"""From the first start to a proved file, by keyboard alone, by mouse alone, and in the smallest window."""

from case import WindowCase
from drag import xdotool
from home import noise
from waiting import wait_for
from webdriver import ENTER, ESCAPE

MATCHED = "Matched: "


class FirstStart(WindowCase):
    def matched(self, desk) -> None:
        """The page that began with nothing says that the first files have arrived."""
        wait_for("the first matched file", lambda: MATCHED in desk.page.text())
        wait_for("all of them", lambda: {row["evidence"] for row in self.home.transfers()} == {"matched"})
        self.shoot(desk, "matched")

    def test_three_keys_lead_from_an_empty_desk_to_a_matched_file(self):
        desk = self.open(place=None)
        wait_for("the three ways", lambda: "Try the demo" in desk.page.text())
        self.shoot(desk, "empty")
        desk.page.press("1")
        wait_for("the demo to be there", lambda: "The demo is there" in desk.page.text())
        desk.page.press("s")
        self.matched(desk)

    def test_two_clicks_lead_from_an_empty_desk_to_a_matched_file_and_the_demo_is_removed_again(self):
        desk = self.open(place=None)
        desk.page.click("Try the demo")
        desk.page.click("Send the sample documents")
        self.matched(desk)
        desk.page.click("Remove the demo")
        desk.page.wait_for_dialog("Remove the demo?")
        desk.page.click("Remove the demo")
        desk.page.wait_until_closed()
        wait_for("its connections to be gone", lambda: self.home.objects("connection", "list") == [])

    def test_in_the_smallest_window_a_file_of_ones_own_is_sent_and_looked_at_by_keyboard(self):
        self.home.add_sftp("partner", self.standins())
        file = self.home.write("first.pdf", noise(8, 300_000))
        desk = self.open(place=None)
        xdotool("windowsize", "--sync", desk.window, 640, 480)
        page = desk.page
        wait_for("the page to be as small", lambda: page.look("return innerWidth") == 640)
        self.check_nothing_sticks_out(desk, "today")
        page.send(file)
        page.go_to("Transfers")
        page.wait_until_matched("first.pdf")
        page.tab_to_row("first.pdf")
        page.press(ENTER)
        self.assertTrue(page.wait_for_steps("What happened"))
        self.check_nothing_sticks_out(desk, "side")
        page.press("?")
        page.wait_for_dialog("Keys")
        self.shoot(desk, "keys")
        for place in ("Browse", "Connections", "Settings"):
            page.press(ESCAPE)
            page.wait_until_closed()
            page.go_to(place)
            self.check_nothing_sticks_out(desk, place.lower())
        self.assert_verified("partner:/first.pdf", file)

    def check_nothing_sticks_out(self, desk, what: str) -> None:
        """Nothing has to be scrolled sideways to be reached."""
        self.shoot(desk, what)
        wide = "return [document.documentElement.scrollWidth, innerWidth]"
        self.assertEqual(desk.page.look(wide), [640, 640], what)

    def test_the_demo_proves_its_documents_after_one_button(self):
        desk = self.open("demo", "--demo", "--home", str(self.home.desk))
        page = desk.page
        page.go_to("Transfers")
        page.tab_to("Send the sample documents")
        page.press(ENTER)
        page.wait_until_matched("Read me first.txt")
        self.shoot(desk, "matched")

    def test_a_file_is_sent_from_the_empty_place_by_keyboard(self):
        self.home.add_sftp("partner", self.standins())
        file = self.home.write("first.pdf", noise(8, 300_000))
        desk = self.open()
        page = desk.page
        page.go_to("Transfers")
        page.tab_to("Send files")
        page.press(ENTER)
        page.wait_for_dialog("Send files")
        page.fill("Files and folders", str(file))
        page.tab_to("Send", whole=True)
        page.press(ENTER)
        page.wait_until_matched("first.pdf")
        self.assert_verified("partner:/first.pdf", file)
