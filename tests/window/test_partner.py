"""The generic adapter in the window: joined by its addresses, its field map written beside a sample, a file proved by what the other side told."""

from case import WindowCase
from home import noise
from page import OPTIONS
from waiting import wait_for
from webdriver import DOWN, ENTER
from wizard import OVER, Wizard

SAMPLE = '{"id": "7", "data": {"order": "4711", "total": "1.204,50", "due": "31.01.2027"}}'
MADE = "return all('[role=group]', dialog()).filter((one) => /^Row \\d/.test(labelOf(one))).map((one) => text(document.getElementById(one.getAttribute('aria-describedby'))))"


class Partner(WindowCase):
    def setUp(self):
        super().setUp()
        self.service = self.standins().xconnector
        self.base = f"{self.service['base_url']}/bearer"

    def add_partner(self, **more: str) -> None:
        settings = {
            "auth": "bearer", "file_url": f"{self.base}/files/{{path}}", "file_hash": "/sha256",
            "file_reference": "/receipt/id", "feed_url": f"{self.base}/feed",
        }
        self.home.add("partner", "xconnector", settings | more, {"token": self.service["token"]})

    def test_the_wizard_names_the_step_that_fails_and_adds_the_other_side(self):
        base = f"{self.service['base_url']}/header"
        desk = self.open(place="Connections")
        page = desk.page
        wizard = Wizard(page, "xConnector")
        wizard.fill(("Name", "partner"), ("Address for files", f"{base}/files/{{path}}"))
        wizard.fill(("Address of the feed", "http://127.0.0.1:9/feed"))
        page.pick("Sign-in", "A header of its own")
        wizard.fill(("Header", self.service["header"]), ("Value of the header", "wrong"))
        self.shoot(desk, "form")
        failed = wizard.add("partner")
        self.assertTrue(failed[-1].startswith("Port answers"), failed)
        self.assertIn("failed", failed[-1])
        self.shoot(desk, "wrong-address")
        wizard.mend()
        wizard.fill(("Address of the feed", f"{base}/feed"))
        failed = wizard.test_again()
        self.assertTrue(failed[-1].startswith("Feed read"), failed)
        self.assertIn("failed", failed[-1])
        self.shoot(desk, "wrong-secret")
        wizard.mend()
        wizard.fill(("Value of the header", self.service["header_value"]))
        steps = wizard.test_again()
        for word in ("The other side answers", "Feed read", "Place for files"):
            self.assertTrue([step for step in steps if step.startswith(word)], f"{word} is none of {steps}")
        self.shoot(desk, "tested")
        wizard.done()

    def test_a_field_map_is_written_beside_a_sample_and_shows_what_becomes_of_it(self):
        self.add_partner()
        desk = self.open(place="Connections")
        page = desk.page
        wait_for("the card", lambda: "partner" in page.cards())
        page.click_at(page.cards()["partner"])
        page.press("e")
        page.wait_for_dialog("partner")
        page.tab_to("More settings")
        page.press(ENTER)
        # The second of the two maps: that of what comes.
        page.tab_to("Edit the rows…")
        page.press("\ue004")
        page.tab_to("Edit the rows…")
        page.press(ENTER)
        page.wait_for_dialog("Field map of what comes")
        page.fill("Sample", SAMPLE)
        page.tab_to("Add a row")
        page.press(ENTER)
        page.fill("Field", "order")
        page.tab_to("Place")
        page.press(DOWN)
        options = wait_for("the places of the sample", lambda: [one["text"] for one in page.look(OPTIONS)])
        self.assertEqual(options[:2], ['/id "7"', '/data/order "4711"'])
        self.shoot(desk, "places")
        page.press(DOWN, ENTER)
        wait_for("what it made", lambda: page.look(MADE) == ['"4711"'])
        page.tab_to("Add a row")
        page.press(ENTER)
        page.fill("Field", "total")
        page.fill("Place", "/data/total")
        page.pick("Becomes", "A number")
        wait_for("its fault", lambda: "Row 2 (total): what is at /data/total is no number." in page.look(MADE)[1])
        self.shoot(desk, "fault")
        page.pick("Decimals after", "a comma: 1.204,50")
        wait_for("what it made", lambda: page.look(MADE) == ['"4711"', "1204.5"])
        wait_for("the sample to fit", lambda: "The sample fits." in page.dialog()["text"])
        self.shoot(desk, "fits")
        page.tab_to("Done")
        page.press(ENTER)
        wait_for("the form again", lambda: "2 rows: order, total" in page.dialog()["text"])
        page.tab_to("Save and test")
        page.press(ENTER)
        wait_for("the test to be over", lambda: page.look(OVER))
        tried = [step for step in page.wait_for_steps("Test") if step.startswith("Field map tried")]
        self.assertIn('{"order":"4711","total":1204.5}', "".join(tried).replace(" ", ""))
        self.shoot(desk, "tested")

    def test_a_file_is_proved_by_the_hash_that_the_other_side_tells(self):
        self.add_partner()
        file = self.home.write("order 4711.pdf", noise(7, 300_000))
        desk = self.open()
        page = desk.page
        page.send(file)
        page.wait_until_matched("order 4711.pdf")
        page.choose_row("order 4711.pdf")
        told = wait_for("the receipt in the side", lambda: "SHA-256" in page.text() and page.text())
        self.assertIn("order 4711.pdf", told)
        self.shoot(desk, "matched")
        self.assert_done(self.home.transfers(), 1)
