"""Bad days: the database held by another program, the engine gone, no keyring, a clock set back. Each is said and mends itself."""

import sqlite3

from case import WindowCase
from clock import HOUR, Clock, needed
from waiting import wait_for
from webdriver import CONTROL, ENTER


class Database(WindowCase):
    def hold(self) -> sqlite3.Connection:
        """Another program that writes and does not end."""
        other = sqlite3.connect(self.home.desk / "waybill.db", isolation_level=None, timeout=60)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        return other

    def test_a_database_that_another_program_holds_is_waited_for_and_the_act_is_done_then(self):
        self.home.add_s3("archive", self.standins())
        file = self.home.write("patient.txt", b"patient")
        desk = self.open()
        other = self.hold()
        page = desk.page
        page.press((CONTROL, "o"))
        page.wait_for_dialog("Send files")
        page.fill("Files and folders", str(file))
        page.tab_to("Send", whole=True)
        page.press(ENTER)
        wait_for("the window to say what it waits for", lambda: "Another program holds the desk’s database" in page.text())
        self.shoot(desk, "held")
        other.execute("ROLLBACK")
        page.wait_until_matched("patient.txt")
        wait_for("that to be over", lambda: "Another program holds" not in page.text())
        self.assert_done(self.home.transfers(), 1)


class Engine(WindowCase):
    def test_an_engine_that_cannot_work_is_said_with_the_reason_and_started_again(self):
        self.home.add_s3("archive", self.standins())
        file = self.home.write("later.txt", b"later")
        lock = self.home.desk / "engine.lock"
        lock.unlink(missing_ok=True)
        # What lies in the lock's place cannot be locked.
        lock.mkdir()
        desk = self.open()
        page = desk.page
        wait_for("the engine's absence to be said", lambda: "Files do not move at the moment" in page.text())
        page.send(file)
        wait_for("the run to be listed", lambda: "later.txt" in page.text() and "not counted yet" in page.text())
        self.shoot(desk, "down")
        lock.rmdir()
        page.wait_until_matched("later.txt")
        wait_for("that to be over", lambda: "Files do not move" not in page.text())
        self.assert_verified("archive:/later.txt", file)


class Keyring(WindowCase):
    def test_without_a_keyring_the_window_asks_for_a_passphrase_and_what_waited_goes_on(self):
        self.home.add_s3("archive", self.standins())
        file = self.home.write("secret.txt", b"secret")
        desk = self.open(place=None, environment={"WAYBILL_VAULT_PASSPHRASE": ""})
        page = desk.page
        dialog = page.wait_for_dialog("Passphrase of the secrets")
        self.assertIn("No keyring answers on this computer", dialog["text"])
        self.shoot(desk, "asked")
        page.tab_to("Later")
        page.press(ENTER)
        page.wait_until_closed()
        self.assertIn("No keyring answers here", page.text())
        page.go_to("Transfers")
        page.send(file)
        wait_for("the run to be listed, and the question", lambda: all(words in page.text() for words in ("secret.txt", "1 needs you", "waits for the passphrase")))
        self.shoot(desk, "waiting")
        page.click("Give the passphrase")
        page.wait_for_dialog("Passphrase of the secrets")
        page.fill("Passphrase", "not the one")
        page.press(ENTER)
        wait_for("the refusal", lambda: "This passphrase does not open the file" in page.dialog()["text"])
        self.shoot(desk, "refused")
        page.look("document.activeElement.tagName === 'INPUT' || document.querySelector('section[role=dialog] input').focus()")
        page.press((CONTROL, "a"))
        page.type("a passphrase for tests")
        page.press(ENTER)
        page.wait_until_closed()
        page.wait_until_matched("secret.txt")
        self.assertNotIn("No keyring answers here", page.text())
        self.assertNotIn("1 needs you", page.text())


class SetBack(WindowCase):
    @needed
    def test_after_the_clock_was_set_back_files_go_on_arriving(self):
        self.home.add_sftp("partner", self.standins())
        before, after = self.home.write("before.txt", b"before"), self.home.write("after.txt", b"after")
        clock = Clock(self.home.folder)
        desk = self.open(environment=clock.environment())
        desk.page.send(before)
        desk.page.wait_until_matched("before.txt")
        clock.set(-6 * HOUR)
        desk.page.send(after)
        desk.page.wait_until_matched("after.txt")
        self.assert_done(self.home.transfers(), 2)
        self.shoot(desk, "back")
