"""Extended ECM in the window: joined, looked into, its categories filled in, its versions, its search, its refusals."""

import json
from pathlib import Path

import hostile
from case import WindowCase
from drag import Held
from folders import Folders
from home import noise
from joining import Joining
from waiting import wait_for
from webdriver import CONTROL, DELETE, ENTER, ESCAPE, F2, SHIFT, TAB

COLUMNS = "return all('[role=columnheader]').map(text)"
ERRORS = "return all('[data-invalid]', dialog() ?? document).map(text)"
LETTER = "Incoming letter.txt"
INVOICES = "/Vendors/Norrland Castings/Invoices"
SHEET = "path;Filing Details / Reference;Filing Details / Amount;Filing Details / Keywords;Filing Details / Positions / Text;" \
    "Filing Details / Positions / Quantity;Filing Details / Pages;Filing Details / Paid;Filing Details / Document Date;" \
    "Filing Details / Received;Filing Details / Responsible;Filing Details / Remarks;Filing Details / State;" \
    "Filing Details / Vendor Number;Filing Details / Origin / Channel\n"


class Joined(WindowCase):
    def test_it_is_joined_by_password_with_its_steps_and_what_is_wrong_is_named_by_the_step(self):
        service = self.standins().xecm
        desk = self.open()
        joining = Joining(desk.page)
        joining.begin("OpenText Content Server")
        joining.fill(Name="records", Address=service["base_url"])
        joining.fill(User=service["username"], Password=service["password"])
        self.shoot(desk, "form")
        steps = joining.add_well()
        for words in ("Content Server answers", "Signed in", "Root folder found", "Rights of this account", "Business workspaces"):
            self.assertTrue([step for step in steps if words in step], f"{words} is none of {steps}")
        self.shoot(desk, "tested")
        joining.done()
        self.assertIn("Inbox", [entry["name"] for entry in self.home.objects("ls", "records:/")])

        joining.begin("OpenText Content Server")
        joining.fill(Name="wrong-password", Address=service["base_url"], User=service["username"], Password="guess")
        steps = joining.add()
        self.assertIn("It stopped at the step “Signed in”", desk.page.dialog()["text"])
        self.shoot(desk, "wrong-password")
        joining.done("Keep it as it is")
        joining.begin("OpenText Content Server")
        joining.fill(Name="wrong-address", Address="http://127.0.0.1:1/cs", User=service["username"], Password=service["password"])
        joining.add()
        self.assertIn("It stopped at the step “Port answers”", desk.page.dialog()["text"])
        self.shoot(desk, "wrong-address")


class Records(WindowCase):
    def setUp(self):
        super().setUp()
        self.servers = self.standins()
        self.home.add_xecm("records", self.servers)

    def look_at(self, path: str) -> None:
        self.desk = self.open(place="Browse")
        self.page = self.desk.page
        self.folders = Folders(self.page)
        self.folders.open("records", path)
        wait_for("what is there", self.folders.names)

    def sheet(self, lines: str, folder: str = "/Inbox") -> list[dict]:
        """What a sheet would change in the folder: the command's own look at what stands there."""
        file = self.home.write("asked.csv", lines.encode())
        done = self.home.waybill("--json", "metadata", f"records:{folder}", str(file), code=None)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def choose(self, name: str, tab: str | None = None) -> None:
        self.page.choose_row(name)
        if tab is not None:
            self.folders.choose_tab(tab)

    def put_on(self, form: str) -> None:
        """Begins to put a form on the chosen entry."""
        self.page.click("Add form", anywhere=True)
        self.page.click_item(form)
        self.page.wait_for_dialog(form)

    def drop(self, file: Path, folder: str, place: str) -> None:
        """Another program's file is let go over a folder of the list."""
        left, top = self.desk.corner()
        with Held([file]) as held:
            row = self.page.point_of(folder)
            held.move_to(left + row["x"], top + row["y"])

            def said() -> bool:
                held.hover(left + row["x"], top + row["y"])
                return f"1 file goes to {place}" in self.page.text()

            wait_for("where it goes", said)
            held.let_go()

    def press_on(self, label: str) -> None:
        self.page.tab_to(label)
        self.page.press(ENTER)


class Categories(Records):
    def test_every_kind_of_field_is_filled_in_by_keyboard_read_back_and_taken_off_again(self):
        self.look_at("/Inbox")
        page = self.page
        self.choose(LETTER, "Details")
        self.put_on("Filing Details")
        self.shoot(self.desk, "empty")
        page.fill("Reference", "R-4711")
        page.fill("Amount", "1250.5")
        page.fill("Keywords 1", "pump")
        self.press_on("Add a value: Keywords")
        page.fill("Keywords 2", "spare part")
        for row, (text, quantity) in enumerate((("Seal", "4"), ("Ring", "40")), start=1):
            self.press_on("Add a row: Positions")
            for _ in range(2 if row == 1 else 3):
                page.press((SHIFT, TAB))
            self.go_to_row("Positions", row, "Text")
            page.type(text)
            self.go_to_row("Positions", row, "Quantity")
            page.type(quantity)
        page.fill("Pages", "12")
        page.pick("Paid", "Yes")
        page.fill("Document Date", "2026-01-31")
        page.fill("Received", "2026-02-01 08:15")
        page.fill("Responsible", "clerk")
        page.fill("Remarks", "First line")
        page.press(ENTER)
        page.type("second line")
        page.pick("State", "Checked")
        page.pick("Vendor Number", "V-1002")
        self.press_on("Add a row: Origin")
        page.press((SHIFT, TAB))
        page.press((SHIFT, TAB))
        page.pick("Channel", "Scan")
        self.shoot(self.desk, "filled")
        self.press_on("Add the form")
        page.wait_until_closed()
        said = self.folders.wait_for_side("R-4711", "spare part", "Seal", "40", "Checked", "V-1002", "Scan")
        self.assertIn("Yes", said)
        self.shoot(self.desk, "shown")
        there = SHEET + f"{LETTER};R-4711;1250.5;\"pump\nspare part\";Seal;4;12;true;2026-01-31;2026-02-01T08:15:00Z;clerk;" \
            "\"First line\nsecond line\";Checked;V-1002;Scan\n" + f"{LETTER};;;;Ring;40;;;;;;;;;\n"
        self.assertEqual([(one["state"], one["changes"]) for one in self.sheet(there)], [("same", [])])

        page.click("Edit Filing Details", anywhere=True)
        page.wait_for_dialog("Filing Details")
        page.fill_anew("Amount", "7.25")
        self.press_on("Save")
        page.wait_until_closed()
        self.folders.wait_for_side("7.25")
        page.click("Take off Filing Details", anywhere=True)
        dialog = page.wait_for_dialog("Take Filing Details off")
        self.assertIn("Reference: R-4711", dialog["text"])
        self.shoot(self.desk, "take-off")
        page.click("Take off")
        page.wait_until_closed()
        self.folders.wait_for_side("It carries no form")
        [now] = self.sheet(f"path;Filing Details / Reference\n{LETTER};x\n")
        self.assertIsNone(now["changes"][0]["before"])

    def go_to_row(self, name: str, row: int, field: str) -> None:
        """Goes by Tab to a field of a row, wherever in the form the focus is."""
        script = "const one = document.activeElement; return [labelOf(one), one.closest('[role=group]')?.getAttribute('aria-label') ?? ''];"
        for _ in range(80):
            if self.page.look(script) == [field, f"{name}, row {row}"]:
                return
            self.page.press(TAB)
        raise AssertionError(f"Tab never came to {field} in row {row}")

    def test_what_cannot_be_right_is_said_at_its_field_before_anything_is_sent(self):
        self.look_at("/Inbox")
        page = self.page
        self.choose(LETTER, "Details")
        self.put_on("Filing Details")
        page.fill("Amount", "1.204,50")
        page.fill("Pages", "a few")
        page.fill("Document Date", "31.01.2026")
        page.tab_to("Add the form")
        page.press(ENTER)
        wait_for("what is wrong", lambda: "3 things are not right yet. Nothing was sent." in page.dialog()["text"])
        wrong = " ".join(page.look(ERRORS))
        for words in ("This is not a number", "This is not a whole number", "There is no such day"):
            self.assertIn(words, wrong)
        self.shoot(self.desk, "wrong")
        page.press(ESCAPE)
        page.wait_for_dialog("Leave without saving?")
        page.click("Leave")
        page.wait_until_closed()
        self.put_on("Vendor Master")
        self.press_on("Add the form")
        wait_for("what is missing", lambda: "A value is needed here." in page.dialog()["text"])
        self.assertEqual(page.focused(), "Vendor Number, 1 of 2 (required)")
        self.shoot(self.desk, "missing")
        for form, field in (("Filing Details", "Amount"), ("Vendor Master", "5009_2")):
            [now] = self.sheet(f"path;{form} / {field}\n{LETTER};7\n")
            self.assertIsNone(now["changes"][0]["before"], f"{form} is not on it")


class Required(Records):
    """A folder hands a category on without the value that this requires."""

    FOLDER = "/Marketing/Agencies"

    def drop_offer(self) -> Path:
        file = self.home.write("offer.pdf", noise(9, 40_000))
        self.drop(file, "Agencies", f"records:{self.FOLDER}")
        dialog = self.page.wait_for_dialog("Metadata for 1 file")
        self.assertIn(f"records:{self.FOLDER}", dialog["text"])
        wait_for("what is missing to have the focus", lambda: self.page.focused() == "Vendor Number, 1 of 2 (required)")
        return file

    def test_a_drop_asks_for_what_the_folder_requires_and_the_file_carries_it(self):
        self.look_at("/Marketing")
        page = self.page
        file = self.drop_offer()
        self.shoot(self.desk, "asked")
        page.press(ENTER)
        wait_for("what is missing", lambda: "A value is needed here." in page.dialog()["text"])
        self.shoot(self.desk, "missing")
        self.assertEqual(self.home.transfers(), [])
        page.type("V-2044")
        page.press(ENTER)
        page.wait_until_closed()
        page.go_to("Transfers")
        page.wait_until_matched("offer.pdf")
        self.assert_verified(f"records:{self.FOLDER}/offer.pdf", file)
        there = "path;Vendor Master / 5009_2;Vendor Master / Country\noffer.pdf;V-2044;DE\n"
        self.assertEqual([(one["state"], one["changes"]) for one in self.sheet(there, self.FOLDER)], [("same", [])])
        page.choose_row("offer.pdf")
        for words in ("Metadata sent with it", "Vendor Master", "V-2044"):
            wait_for(f"{words} in the side", lambda words=words: words in page.text())
        self.shoot(self.desk, "matched")

    def test_a_drop_that_is_called_off_sends_nothing(self):
        self.look_at("/Marketing")
        page = self.page
        self.drop_offer()
        page.type("V-2044")
        page.press(ESCAPE)
        page.wait_for_dialog("Send nothing?")
        page.tab_to("Send nothing")
        page.press(ENTER)
        wait_for("that nothing went", lambda: "Nothing was sent. The file is where it was." in page.text())
        page.wait_until_closed()
        self.assertEqual(self.home.transfers(), [])
        self.assertEqual(self.home.objects("ls", f"records:{self.FOLDER}"), [])


class Files(Records):
    def test_a_drop_on_a_folder_from_another_program_arrives(self):
        self.look_at("/")
        page = self.page
        file = self.home.write("scan 17.pdf", noise(7, 60_000))
        self.drop(file, "Inbox", "records:/Inbox")
        page.go_to("Transfers")
        page.wait_until_matched("scan 17.pdf")
        self.assert_verified("records:/Inbox/scan 17.pdf", file)
        folders = Folders(page)
        folders.open("records", INVOICES)
        wait_for("the category in its column", lambda: "Filing Details" in page.text())
        self.shoot(self.desk, "categories")

    def test_a_folder_is_made_renamed_and_deleted_and_what_becomes_of_it_is_said(self):
        self.look_at("/Inbox")
        page = self.page
        page.press((CONTROL, SHIFT, "n"))
        page.wait_for_dialog("New folder")
        page.type("Claims 2026")
        page.press(ENTER)
        page.wait_until_closed()
        wait_for("the folder", lambda: "Claims 2026" in self.folders.names())
        self.home.waybill("send", str(self.home.write("claim.txt", b"claim")), "--to", "records:/Inbox/Claims 2026")
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
        wait_for("what would be lost", lambda: "1 file" in page.dialog()["text"])
        self.assertIn("recycle bin", dialog["text"])
        self.assertNotIn("bucket", dialog["text"])
        self.shoot(self.desk, "delete")
        page.tab_to("Delete", whole=True)
        page.press(ENTER)
        wait_for("it to be gone", lambda: "Claims 2027" not in self.folders.names())
        self.assertEqual([one["name"] for one in self.home.objects("ls", "records:/Inbox")], [LETTER])

    def test_versions_are_listed_and_an_older_one_is_restored(self):
        old, new = self.home.write("old/report.txt", b"as it was"), self.home.write("new/report.txt", b"as it is since")
        self.home.waybill("send", str(old), "--to", "records:/Inbox")
        self.home.waybill("send", str(new), "--to", "records:/Inbox", "--conflict", "overwrite")
        self.look_at("/Inbox")
        self.choose("report.txt", "Versions")
        self.folders.wait_for_side("2 versions")
        self.shoot(self.desk, "two")
        self.page.version_menu("Make it current again")
        self.folders.wait_for_side("3 versions")
        self.shoot(self.desk, "restored")
        self.assert_verified("records:/Inbox/report.txt", old)

    def test_a_pdf_and_a_picture_are_drawn(self):
        for name, content in (("letter.pdf", hostile.pdf("To whom it may concern")), ("photo.png", hostile.png(40, 30))):
            self.home.waybill("send", str(self.home.write(name, content)), "--to", "records:/Inbox")
        self.look_at("/Inbox")
        self.choose("letter.pdf")
        self.folders.wait_for_side("Page 1 of 1")
        self.choose("photo.png")
        self.folders.wait_for_side("40 × 30")
        self.shoot(self.desk, "picture")

    def test_a_search_with_a_filter_finds_and_leads_to_the_folder(self):
        self.look_at("/")
        page = self.page
        page.press("/")
        page.type("invoice")
        page.press(ENTER)
        wait_for("what was found", lambda: "Invoice 0417.txt" in self.folders.names())
        page.click("Filters")
        page.fill("Attribute of a category", "5001_2=INV-0417-V-1002")
        self.shoot(self.desk, "filters")
        page.press(ENTER)
        wait_for("the one", lambda: self.folders.names() == ["Invoice 0417.txt"])
        self.shoot(self.desk, "found")
        page.tab_to_row("Invoice 0417.txt")
        page.press((CONTROL, SHIFT, "o"))
        wait_for("its folder", lambda: self.folders.here() == "records:/Vendors/Atelier Joints/Invoices")
        # Beside the open side there is no room for them.
        page.press(ESCAPE)
        wait_for("its categories", lambda: "Categories" in " ".join(page.look(COLUMNS)))

    def test_each_rule_for_a_name_that_is_there(self):
        old, new = self.home.write("old/note.txt", b"old"), self.home.write("new/note.txt", b"new and longer")
        self.home.waybill("connection", "test", "records", code=None)
        self.home.waybill("send", str(old), "--to", "records:/")
        desk = self.open()
        page = desk.page
        names = lambda: sorted(one["name"] for one in self.home.objects("ls", "records:/") if one["name"].startswith("note"))  # noqa: E731
        page.send(new, rule="skip it")
        page.wait_for_rows("skipped", "matched")
        self.assert_verified("records:/note.txt", old)
        page.send(new, rule="keep both")
        page.wait_for_rows("matched", "skipped", "matched")
        self.assertEqual(names(), ["note (2).txt", "note.txt"])
        self.assert_verified("records:/note (2).txt", new)
        page.send(new, rule="replace it")
        page.wait_for_rows("matched", "matched", "skipped", "matched")
        self.assertEqual(names(), ["note (2).txt", "note.txt"])
        self.assert_verified("records:/note.txt", new)
        self.shoot(desk, "rules")

    def test_somebody_without_rights_is_told_which_right_lacks(self):
        self.home.add_xecm("as-clerk", self.servers, user="clerk")
        desk = self.desk = self.open(place="Connections")
        page = desk.page
        self.home.waybill("send", str(self.home.write("owned.txt", b"by the administrator")), "--to", "records:/Vendors")
        folders = self.folders = Folders(page)
        folders.open("as-clerk", "/Vendors")
        self.assertIn("owned.txt", wait_for("what is there", folders.names))
        page.tab_to_row("owned.txt")
        page.press(DELETE)
        page.wait_for_dialog("Delete owned.txt?")
        page.tab_to("Delete")
        page.press(ENTER)
        wait_for("that it stayed", lambda: "1 could not be deleted" in page.text())
        page.click("Which, and why", anywhere=True)
        wait_for("the right that lacks", lambda: "this account lacks the right delete" in page.text())
        self.shoot(desk, "refused")
