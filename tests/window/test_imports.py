"""What other tools on this computer are set up for becomes connections: a look first, then added, tested and used."""

import subprocess

from case import WindowCase
from waiting import wait_for
from webdriver import ENTER

FOUND = """
return all('ul[aria-label="What was found"] > li', dialog() ?? document).map((one) => ({ name: one.getAttribute('aria-label'), text: text(one) }));
"""
# The button of one of the sources, which all are called alike.
LOOK_AT = """
const source = all('li', within()).find((one) => one.getAttribute('aria-label') === arguments[0]);
const button = source && all('button', source).find((one) => labelOf(one) === 'Look');
button?.focus();
return button === document.activeElement;
"""


class Imports(WindowCase):
    def setUp(self):
        super().setUp()
        self.servers = self.standins()
        self.person = self.home.folder / "person"

    def write(self, name: str, text: str) -> None:
        path = self.person / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)

    def look(self, source: str):
        """Opens the dialog by its key and looks at one source."""
        desk = self.open(place="Connections", environment={"WAYBILL_LOG": "trace"})
        page = desk.page
        page.press("i")
        page.wait_for_dialog("Import connections")
        wait_for(f"the source {source}", lambda: page.look(LOOK_AT, source))
        page.press(ENTER)
        page.wait_for_dialog(f"Import from: {source}")
        wait_for("what was found", lambda: page.look(FOUND))
        self.shoot(desk, "found")
        return desk

    def found(self, desk) -> dict[str, str]:
        return {one["name"]: one["text"] for one in desk.page.look(FOUND)}

    def add(self, desk, count: int) -> None:
        desk.page.tab_to(f"Add {count}")
        desk.page.press(ENTER)
        wait_for("all tests to have ended", lambda: "All tests have ended" in (desk.page.dialog() or {"text": ""})["text"])
        self.shoot(desk, "added")

    def check_untold(self, desk, *secrets: str) -> None:
        """The secrets are in no file of the desk and in no line that it printed; they were in the log's way."""
        self.assertIn(b"TRACE", desk.log.read_bytes(), "the log was on")
        files = [path for path in self.home.desk.rglob("*") if path.is_file()] + [desk.log]
        for secret in secrets:
            self.assertEqual([str(path) for path in files if secret.encode() in path.read_bytes()], [])

    def send_to(self, desk, name: str, folder: str) -> None:
        """What was imported does its work."""
        desk.page.click("Done")
        desk.page.wait_until_closed()
        file = self.home.write(f"to {name}.txt", name.encode())
        self.home.waybill("send", file, "--to", f"{name}:{folder}")
        self.assert_verified(f"{name}:{folder}{file.name}", file)

    def test_aws_profiles_come_with_their_keys_and_work(self):
        s3 = self.servers.s3
        self.write(".aws/config", f"[profile archive]\nregion = {s3['region']}\nendpoint_url = {s3['endpoint']}\n[profile bare]\nregion = eu-west-1\n")
        self.write(
            ".aws/credentials",
            f"[archive]\naws_access_key_id = {s3['access_key_id']}\naws_secret_access_key = {s3['secret_access_key']}\n",
        )
        desk = self.look("AWS profiles")
        found = self.found(desk)
        self.assertEqual(list(found), ["archive"])
        self.assertIn("Secret access key", found["archive"])
        self.assertNotIn(s3["secret_access_key"], desk.page.dialog()["text"])
        self.add(desk, 1)
        self.assertIn("works", self.found(desk)["archive"])
        self.check_untold(desk, s3["secret_access_key"])
        self.send_to(desk, "archive", f"/{s3['bucket']}/")

    def test_rclone_remotes_come_with_their_secrets_and_others_are_left_out_with_the_reason(self):
        s3 = self.servers.s3
        self.write(
            ".config/rclone/rclone.conf",
            f"[store]\ntype = s3\nprovider = Other\nendpoint = {s3['endpoint']}\nregion = {s3['region']}\nforce_path_style = true\n"
            f"access_key_id = {s3['access_key_id']}\nsecret_access_key = {s3['secret_access_key']}\n"
            "[pictures]\ntype = drive\ntoken = canary\n",
        )
        desk = self.look("rclone remotes")
        self.assertEqual(list(self.found(desk)), ["store"])
        self.assertIn("left out", desk.page.dialog()["text"])
        self.add(desk, 1)
        self.assertIn("works", self.found(desk)["store"])
        self.check_untold(desk, s3["secret_access_key"], "canary")
        self.send_to(desk, "store", f"/{s3['bucket']}/")

    def test_an_openssh_host_comes_with_its_known_key_and_asks_only_for_the_password(self):
        sftp = self.servers.sftp
        port = str(sftp["port"])
        keys = subprocess.run(
            ["ssh-keyscan", "-p", port, sftp["host"]], capture_output=True, text=True, timeout=30, check=True
        ).stdout
        self.assertIn("ssh-", keys)
        self.write(".ssh/config", f"Host partner\n  HostName {sftp['host']}\n  Port {port}\n  User {sftp['user']}\n\nHost *.example\n  User me\n")
        self.write(".ssh/known_hosts", keys + "drop.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ\n")
        desk = self.look("OpenSSH hosts")
        self.assertLessEqual({"partner", "drop.example"}, self.found(desk).keys())
        self.add(desk, 1)
        page = desk.page
        self.assertIn("added, does not work yet", self.found(desk)["partner"])
        page.click("Answer")
        page.wait_for_dialog("partner")
        self.shoot(desk, "asked")
        page.fill("New secret", sftp["password"])
        page.press(ENTER)
        page.wait_for_dialog("1 of 1 added")
        page.click("Test")
        wait_for("it to work", lambda: "works" in self.found(desk)["partner"] and "does not" not in self.found(desk)["partner"])
        self.check_untold(desk, sftp["password"])
        self.send_to(desk, "partner", "/")
