"""From the first start to a proved file, by keyboard alone."""

from case import WindowCase
from home import noise
from webdriver import ENTER


class FirstStart(WindowCase):
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
