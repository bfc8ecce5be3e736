"""The keyboard alone is enough."""

from case import WindowCase
from home import noise
from waiting import wait_for
from webdriver import DELETE, ENTER

# Slow enough that an act finds the file on its way, quick enough that the whole file takes seconds. Longer than the
# parts that fly at once, so that a cancelled file is not on its last ones.
BYTES_A_SECOND = 24 << 20
SIZE = 160 << 20


class Keyboard(WindowCase):
    def test_a_connection_is_added_and_tested_by_keyboard(self):
        servers = self.standins()
        desk = self.open(environment={"WAYBILL_LOG": "trace"})
        page = desk.page
        page.go_to("Connections")
        page.press("n")
        page.wait_for_dialog("Add a connection")
        page.tab_to("Amazon S3")
        page.press(ENTER)
        page.wait_for_dialog("Amazon S3")
        for label, key in (
            ("Name", None), ("Bucket", "bucket"), ("Endpoint", "endpoint"), ("Region", "region"),
            ("Access key ID", "access_key_id"), ("Secret access key", "secret_access_key"),
        ):
            page.fill(label, "archive" if key is None else servers.s3[key])
        self.shoot(desk, "form")
        page.tab_to("Add and test")
        page.press(ENTER)
        page.wait_for_dialog("“archive” was added")
        wait_for("the test to be over", lambda: "It works, with the limits that the steps below name." in page.dialog()["text"])
        steps = page.wait_for_steps("Test")
        self.assertGreaterEqual(len(steps), 3, steps)
        self.assertFalse([step for step in steps if step.endswith("failed")], steps)
        self.shoot(desk, "tested")
        page.tab_to("Done")
        page.press(ENTER)
        page.wait_until_closed()
        card = wait_for("the card", lambda: page.cards().get("archive"))
        self.assertIn("well", card["text"])
        self.home.waybill("connection", "test", "archive")
        self.check_nobody_tells(servers.s3["secret_access_key"].encode(), desk)

    def check_nobody_tells(self, secret: bytes, desk) -> None:
        """The secret is neither in the log nor in any file of the home."""
        self.assertIn(b"TRACE", desk.log.read_bytes(), "the log was on")
        files = [path for path in self.home.folder.rglob("*") if path.is_file()]
        self.assertTrue(any(path.is_relative_to(self.home.desk) for path in files), "the desk has files")
        self.assertEqual([str(path) for path in files if secret in path.read_bytes()], [])

    def test_transfers_are_paused_resumed_cancelled_and_tried_again_by_keyboard(self):
        self.home.add_s3("archive", self.standins(), bandwidth=BYTES_A_SECOND)
        file = self.home.write("large.bin", noise(5, SIZE))
        desk = self.open()
        page = desk.page
        page.send(file)
        moving = lambda row: row["percent"] is not None and 0 < row["percent"] < 100  # noqa: E731
        page.wait_for_row("large.bin", "on its way", moving)
        page.tab_to_row("large.bin")
        page.press("p")
        page.wait_for_row("large.bin", "paused", lambda row: row["progress"] == "paused")
        self.shoot(desk, "paused")
        page.press("s")
        page.wait_for_row("large.bin", "on its way again", moving)
        page.press(DELETE)
        page.wait_for_row("large.bin", "cancelled", lambda row: row["evidence"] == "cancelled")
        self.shoot(desk, "cancelled")
        self.assertEqual([row["state"] for row in self.home.transfers()], ["cancelled"])
        self.assertEqual(self.home.objects("ls", "archive:/"), [], "nothing is left under the name")
        page.press("r")
        page.wait_until_matched("large.bin")
        self.assert_done(self.home.transfers(), 1)
        self.assert_verified("archive:/large.bin", file)
