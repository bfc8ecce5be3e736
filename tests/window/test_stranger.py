"""Somebody who has read the README and nothing else: sends, browses, mends a failure and finds a file again, by keyboard alone."""

from case import WindowCase
from clock import HOUR, Clock, needed
from folders import Folders
from home import noise
from waiting import wait_for
from webdriver import CONTROL, ENTER, ESCAPE


class Stranger(WindowCase):
    def test_the_demo_is_sent_browsed_and_a_file_of_it_found_again(self):
        desk = self.open("demo", "--demo", "--home", str(self.home.desk), place=None)
        page = desk.page
        wait_for("the way to begin", lambda: "Send the sample documents" in page.text())
        self.shoot(desk, "begin")
        page.press("s")
        wait_for("the first matched file", lambda: "Matched: " in page.text())
        folders = Folders(page)
        folders.open("demo-s3")
        wait_for("what was sent", lambda: "Read me first.txt" in folders.names())
        page.tab_to_row("Read me first.txt")
        folders.wait_for_side("Read me first.txt", "Preview")
        self.shoot(desk, "browsed")
        page.go_to("Today")
        page.press((CONTROL, "k"))
        wait_for("the palette", page.dialog)
        page.type("read me")
        wait_for("the file in the palette", lambda: "Read me first.txt" in page.look("return text(dialog())"))
        self.shoot(desk, "found")
        page.press(ENTER)
        wait_for("the file in its place", lambda: page.heading() == "Transfers" and (page.row("Read me first.txt") or {}).get("selected"))
        self.assertTrue(page.wait_for_steps("What happened"))
        self.shoot(desk, "again")

    def test_a_failure_says_what_is_wrong_and_is_mended_where_it_says(self):
        servers = self.standins()
        right = servers.s3["bucket"]
        self.home.add_s3("archive", servers, bucket="no-such-bucket")
        file = self.home.write("statement.pdf", noise(11, 60_000))
        desk = self.open(place=None)
        page = desk.page
        page.send(file)
        page.go_to("Transfers")
        page.wait_for_row("statement.pdf", "failed", lambda row: row["evidence"] not in ("", "sending", "waiting", "matched"))
        self.shoot(desk, "failed")
        page.tab_to_row("statement.pdf")
        wait_for("the failure in words", lambda: "archive has no such folder" in page.text() and "Your file is untouched" in page.text())
        self.shoot(desk, "why")
        page.command("archive")
        wait_for("its connection", lambda: page.heading() == "Connections")
        page.press("e")
        page.wait_for_dialog("archive")
        page.tab_to("Bucket")
        page.press((CONTROL, "a"))
        page.type(right)
        self.shoot(desk, "edited")
        page.tab_to("Save and test")
        page.press(ENTER)
        wait_for("the test to be over", lambda: "It works" in (page.dialog() or {"text": ""})["text"])
        page.tab_to("Done")
        page.press(ENTER)
        page.wait_until_closed()
        page.go_to("Transfers")
        page.tab_to_row("statement.pdf")
        page.press("r")
        page.wait_until_matched("statement.pdf")
        self.shoot(desk, "mended")
        self.assert_verified("archive:/statement.pdf", file)

    @needed
    def test_a_file_of_yesterday_is_found_by_its_day_and_by_its_name(self):
        self.home.add_sftp("partner", self.standins())
        files = [self.home.write(name, name.encode()) for name in ("statement.txt", "list of today.txt")]
        desk = self.open("yesterday", environment=Clock(self.home.folder, -24 * HOUR).environment())
        desk.page.send(files[0])
        desk.page.wait_until_matched("statement.txt")
        desk.close()
        desk = self.open()
        page = desk.page
        page.send(files[1])
        page.wait_until_matched("list of today.txt")
        page.tab_to("Filter")
        page.press(ENTER)
        page.pick("Put in line", "Yesterday")
        page.press(ESCAPE)
        wait_for("yesterday's file alone", lambda: [row["name"] for row in page.rows()] == ["statement.txt"])
        self.assertEqual(page.row("statement.txt")["evidence"], "matched")
        page.tab_to_row("statement.txt")
        self.assertTrue(page.wait_for_steps("What happened"))
        self.shoot(desk, "of yesterday")
        page.command("statement.txt")
        wait_for("what it was sent with, found by its name", lambda: "Only statement.txt" in page.text())
