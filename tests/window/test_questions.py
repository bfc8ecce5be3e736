"""The questions that only a person can answer, from the moment they come up until the transfer is matched."""

from case import WindowCase
from home import CodeServer, Standins
from waiting import wait_for
from webdriver import ENTER, ESCAPE


class HostKeys(WindowCase):
    def setUp(self):
        super().setUp()
        self.known_hosts = self.home.folder / "known_hosts"
        self.known_hosts.touch()

    def add_unpinned(self, servers: Standins, **more) -> None:
        """A connection that knows no key yet."""
        self.home.add_sftp("partner", servers, host_key=None, known_hosts=self.known_hosts, **more)

    def send_and_trust(self, desk, servers: Standins, name: str) -> None:
        file = self.home.write(name, name.encode())
        desk.page.send(file)
        desk.page.answer()
        dialog = desk.page.wait_for_dialog("Is this partner?")
        self.assertEqual(dialog["role"], "alertdialog")
        self.assertIn(servers.sftp["host_key"], dialog["text"], "the fingerprint of the server is shown")
        self.shoot(desk, "question")
        desk.page.click("Trust this key")
        desk.page.wait_until_matched(name)
        self.assert_verified(f"partner:/{name}", file)

    def test_an_unknown_host_key_is_shown_and_trusted_before_anything_is_sent(self):
        servers = self.standins()
        self.add_unpinned(servers)
        desk = self.open()
        self.send_and_trust(desk, servers, "first.txt")
        self.assert_done(self.home.transfers(), 1)
        self.assertIn("ssh-", self.known_hosts.read_text(), "the next program finds the key where it looks")

    def test_a_changed_host_key_stops_until_its_fingerprint_is_typed(self):
        before, after = self.standins(), self.standins()
        relay = self.relay(before.sftp["host"], before.sftp["port"])
        self.add_unpinned(before, port=relay.port)
        desk = self.open()
        self.send_and_trust(desk, before, "before.txt")

        relay.lead_to(after.sftp["host"], after.sftp["port"])
        file = self.home.write("after.txt", b"after")
        desk.page.send(file)
        desk.page.answer()
        dialog = desk.page.wait_for_dialog("The server shows another key than before")
        self.assertEqual(dialog["role"], "alertdialog")
        self.assertIn(before.sftp["host_key"], dialog["text"], "the known key is shown")
        self.assertIn(after.sftp["host_key"], dialog["text"], "the key of now is shown")
        self.assertEqual(
            {label for label, usable in dialog["buttons"].items() if usable}, {"Close", "Copy both", "Not now"},
            "nothing that can be pressed accepts the key",
        )
        self.shoot(desk, "stop")

        desk.page.fill("Fingerprint that you got from them", before.sftp["host_key"])
        self.assertIn("This is not the key that the server shows", desk.page.dialog()["text"])
        self.assertFalse(desk.page.dialog()["buttons"]["Replace the key"])
        desk.page.look("document.activeElement.select()")
        desk.page.fill("Fingerprint that you got from them", after.sftp["host_key"])
        wait_for("the right fingerprint to be taken", lambda: desk.page.dialog()["buttons"]["Replace the key"])
        desk.page.click("Replace the key")
        desk.page.wait_until_matched("after.txt")
        self.assert_verified("partner:/after.txt", file)
        self.assert_done(self.home.transfers(), 2)


class Conflicts(WindowCase):
    def test_a_name_that_is_taken_is_asked_about_and_both_are_kept(self):
        self.home.add_s3("archive", self.standins())
        old = self.home.write("old/report.txt", b"the old report")
        new = self.home.write("new/report.txt", b"a new report, longer than the old one")
        self.home.waybill("send", old, "--to", "archive:/")
        desk = self.open()
        desk.page.send(new)
        desk.page.answer()
        dialog = desk.page.wait_for_dialog("“report.txt” is already there")
        self.assertLessEqual({"Skip", "Keep both", "Replace if newer", "Replace"}, dialog["buttons"].keys())
        self.shoot(desk, "question")
        desk.page.click("Keep both")
        desk.page.wait_until_closed()
        wait_for("both to be matched", lambda: [row["evidence"] for row in desk.page.rows()] == ["matched", "matched"])
        names = sorted(entry["name"] for entry in self.home.objects("ls", "archive:/"))
        self.assertEqual(names, ["report (2).txt", "report.txt"])
        self.assert_verified("archive:/report.txt", old)
        self.assert_verified("archive:/report (2).txt", new)


class OneTimeCodes(WindowCase):
    def server(self, *codes: str) -> CodeServer:
        server = CodeServer(self.home, *codes)
        self.addCleanup(server.close)
        return server

    def test_a_code_is_asked_for_goes_to_the_server_and_is_kept_nowhere(self):
        code = "246810-canary"
        self.home.add_sftp("partner", self.server(code))
        file = self.home.write("first.txt", b"first")
        desk = self.open(environment={"WAYBILL_LOG": "trace"})
        desk.page.send(file)
        dialog = desk.page.wait_for_dialog("partner asks you something")
        self.assertEqual(dialog["role"], "alertdialog")
        self.assertIn("One-time code:", dialog["text"])
        self.shoot(desk, "question")
        desk.page.fill("One-time code:", code)
        desk.page.press(ENTER)
        desk.page.wait_until_matched("first.txt")
        self.assertIn(b"TRACE", desk.log.read_bytes(), "the log was on")
        files = [path for path in self.home.folder.rglob("*") if path.is_file()]
        self.assertEqual([str(path) for path in files if code.encode() in path.read_bytes()], [])

    def test_giving_up_stops_the_connection_until_one_is_asked_again(self):
        code = "135791"
        self.home.add_sftp("partner", self.server(code))
        file = self.home.write("first.txt", b"first")
        desk = self.open()
        desk.page.send(file)
        desk.page.wait_for_dialog("partner asks you something")
        desk.page.press(ESCAPE)
        desk.page.wait_until_closed()
        desk.page.answer()
        dialog = desk.page.wait_for_dialog("its question was not answered")
        self.assertIn("nothing is lost", dialog["text"])
        self.shoot(desk, "stopped")
        desk.page.click("Ask me again")
        desk.page.wait_for_dialog("partner asks you something")
        desk.page.fill("One-time code:", code)
        desk.page.press(ENTER)
        desk.page.wait_until_matched("first.txt")
