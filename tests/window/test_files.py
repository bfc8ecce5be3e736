"""File 360 in the window: joined by password and by token, its shares, its versions, its search, its trash, its refusals."""

import json
import urllib.request

from case import WindowCase
from folders import Folders
from joining import Joining
from waiting import wait_for
from webdriver import CONTROL, DELETE, ENTER, F2, SHIFT

COLUMNS = "return all('[role=columnheader]').map(text)"
CASE = "/My Files/Case 4711 - Seal failure Hall 4"
CONTRACT = "Frame contract Dichtwerk.txt"


class Joined(WindowCase):
    def test_it_is_joined_by_password_and_by_token_and_what_is_wrong_is_named_by_the_step(self):
        service = self.standins().file360
        user = service["users"][0]
        desk = self.open()
        joining = Joining(desk.page)
        joining.begin("OpenText File 360")
        joining.fill(Name="files", Address=service["base_url"], User=user, Password=service["password"])
        self.shoot(desk, "form")
        steps = joining.add_well()
        for words in ("Server found", "Signed in", "The folder can be read", "What this account may do there"):
            self.assertTrue([step for step in steps if words in step], f"{words} is none of {steps}")
        self.shoot(desk, "tested")
        joining.done()
        self.assertIn("My Files", [entry["name"] for entry in self.home.objects("ls", "files:/")])

        joining.begin("OpenText File 360")
        joining.fill(Name="by-token", Address=service["base_url"])
        desk.page.pick("Sign-in", "A token that an administrator gave out")
        joining.fill(Token=self.token(service["base_url"], user))
        self.shoot(desk, "token")
        joining.add_well()
        joining.done()
        self.assertIn("My Files", [entry["name"] for entry in self.home.objects("ls", "by-token:/")])

        joining.begin("OpenText File 360")
        joining.fill(Name="wrong-password", Address=service["base_url"], User=user, Password="guess")
        joining.add()
        self.assertIn("It stopped at the step “Signed in”", desk.page.dialog()["text"])
        self.shoot(desk, "wrong-password")
        joining.done("Keep it as it is")
        joining.begin("OpenText File 360")
        joining.fill(Name="wrong-address", Address="http://127.0.0.1:1", User=user, Password=service["password"])
        joining.add()
        self.assertIn("It stopped at the step “Port answers”", desk.page.dialog()["text"])

    def token(self, base: str, user: str) -> str:
        """A token as an administrator gives one out."""
        asked = urllib.request.Request(
            f"{base}/sandbox/tokens", json.dumps({"user": user, "lifetime_seconds": 600}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.load(answer)["access_token"]


class Files(WindowCase):
    def setUp(self):
        super().setUp()
        self.servers = self.standins()
        self.home.add_file360("files", self.servers)

    def look_at(self, path: str, connection: str = "files") -> None:
        self.desk = self.open(place="Browse")
        self.page = self.desk.page
        self.folders = Folders(self.page)
        self.folders.open(connection, path)
        wait_for("what is there", self.folders.names)

    def test_shares_are_a_column_and_versions_are_listed_and_restored(self):
        self.look_at("/My Files/Campaign Quiet Pumps")
        self.assertIn("Shares", " ".join(self.page.look(COLUMNS)))
        self.shoot(self.desk, "shares")
        self.folders.type_path(CASE)
        wait_for("the case", lambda: CONTRACT in self.folders.names())
        self.page.choose_row(CONTRACT)
        self.folders.choose_tab("Versions")
        self.folders.wait_for_side("3 versions")
        self.shoot(self.desk, "versions")
        self.page.version_menu("Make it current again")
        wait_for("that it was done", lambda: "is again as it was" in self.page.text())
        self.assert_verified(f"files:{CASE}/{CONTRACT}", self.home.write("first.txt", b"Frame contract, first draft\n"))
        self.shoot(self.desk, "restored")

    def test_a_folder_is_made_renamed_and_deleted_and_what_becomes_of_it_is_said(self):
        self.look_at("/My Files/Names")
        page = self.page
        page.press((CONTROL, SHIFT, "n"))
        page.wait_for_dialog("New folder")
        page.type("Claims 2026")
        page.press(ENTER)
        page.wait_until_closed()
        wait_for("the folder", lambda: "Claims 2026" in self.folders.names())
        page.tab_to_row("Claims 2026")
        page.press(F2)
        wait_for("the field for the name", lambda: page.focused() == "New name")
        page.press((CONTROL, "a"))
        page.type("Claims 2027")
        page.press(ENTER)
        wait_for("the new name", lambda: "Claims 2027" in self.folders.names())
        page.tab_to_row("Claims 2027")
        page.press(DELETE)
        dialog = page.wait_for_dialog("Delete Claims 2027?")
        self.assertIn("trash of the server", dialog["text"])
        self.assertNotIn("bucket", dialog["text"])
        self.shoot(self.desk, "delete")
        page.tab_to("Delete")
        page.press(ENTER)
        wait_for("it to be gone", lambda: "Claims 2027" not in self.folders.names())
        self.assertNotIn("Claims 2027", [one["name"] for one in self.home.objects("ls", "files:/My Files/Names")])

    def test_a_search_finds_and_leads_to_the_folder_where_a_preview_is_drawn(self):
        self.look_at("/My Files")
        page = self.page
        page.press("/")
        page.type("Dichtwerk")
        page.press(ENTER)
        wait_for("what was found", lambda: CONTRACT in self.folders.names())
        self.shoot(self.desk, "found")
        page.tab_to_row(CONTRACT)
        page.press((CONTROL, SHIFT, "o"))
        wait_for("its folder", lambda: self.folders.here() == f"files:{CASE}")
        page.choose_row(CONTRACT)
        self.folders.wait_for_side("Frame contract, signed")
        pdf = next((name for name in self.folders.names() if name.endswith(".pdf")), None)
        self.assertIsNotNone(pdf, self.folders.names())
        page.choose_row(pdf)
        self.folders.wait_for_side(pdf, "Page 1 of")
        self.shoot(self.desk, "pdf")

    def test_each_rule_for_a_name_that_is_there(self):
        place = "names:/"
        service = self.servers.file360
        self.home.waybill("connection", "remove", "files")
        settings = {"base_url": service["base_url"], "user": service["users"][0], "root": "my_files", "folder": "Names"}
        self.home.add("names", "file360", settings, {"password": service["password"]})
        old, new = self.home.write("old/note.txt", b"old"), self.home.write("new/note.txt", b"new and longer")
        names = lambda: sorted(one["name"] for one in self.home.objects("ls", place) if one["name"].startswith("note"))  # noqa: E731
        self.home.waybill("send", str(old), "--to", place)
        self.look_at("/", "names")
        page = self.page
        for rule, grade, there, content in (
            ("skip it", "skipped", ["note.txt"], old),
            ("keep both", "matched", ["note (2).txt", "note.txt"], old),
            ("replace it", "matched", ["note (2).txt", "note.txt"], new),
        ):
            before = len(self.home.transfers())
            page.send(new, rule=rule)
            wait_for(f"“{rule}” to be over", lambda: self.over(before), 60)
            self.assertEqual(self.home.transfers()[0]["evidence"] if grade == "matched" else self.home.transfers()[0]["state"], grade)
            self.assertEqual(names(), there, rule)
            self.assert_verified("names:/note.txt", content)

    def over(self, before: int) -> bool:
        rows = self.home.transfers()
        return len(rows) > before and rows[0]["state"] in ("done", "skipped")

    def test_where_one_may_only_look_what_is_put_there_says_what_lacks(self):
        self.look_at("/Shared with Me/Vendors")
        page = self.page
        page.press((CONTROL, SHIFT, "n"))
        page.wait_for_dialog("New folder")
        page.type("Mine")
        page.press(ENTER)
        wait_for("that it may not", lambda: "it lacks the right to do this" in page.dialog()["text"])
        page.click("Technical detail")
        self.shoot(self.desk, "refused")
