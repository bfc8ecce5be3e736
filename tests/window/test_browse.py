"""Browse: drops on its folders, copies between two kinds of servers, and what a bucket keeps of a file."""

from case import WindowCase
from drag import Held
from folders import Folders
from home import noise
from waiting import wait_for
from webdriver import CONTROL, DELETE, ENTER, SHIFT


class Drops(WindowCase):
    def hold_over(self, desk, held: Held, at: dict, words: str) -> None:
        """Holds files over a point of the page until it says where they would go."""
        left, top = desk.corner()
        held.move_to(left + at["x"], top + at["y"])

        def said() -> bool:
            if words in desk.page.text():
                return True
            held.hover(left + at["x"], top + at["y"])
            return False

        wait_for(f"the window to say “{words}”", said)

    def test_files_dropped_on_a_folder_in_browse_or_beside_it_go_where_it_says(self):
        self.home.add_s3("archive", self.standins())
        earlier = self.home.write("inbox/earlier.txt", b"earlier")
        self.home.waybill("send", earlier.parent, "--to", "archive:/")
        files = [self.home.write(f"letter {number}.txt", noise(number, 9_000)) for number in (1, 2, 3)]
        page_1 = self.home.write("case/scans/page 1.png", noise(4, 300_000))
        desk = self.open(place="Browse")
        folders = Folders(desk.page)
        folders.open("archive")
        folders.wait_for_names("inbox")
        with Held([*files, self.home.files / "case"]) as held:
            self.hold_over(desk, held, desk.page.point_of("inbox"), "4 files go to archive:/inbox")
            self.shoot(desk, "held")
            held.let_go()
        beside = self.home.write("beside.txt", b"beside")
        with Held([beside]) as held:
            row = desk.page.point_of("inbox")
            self.hold_over(desk, held, row | {"y": row["y"] + 300}, "1 file goes to archive:/")
            held.let_go()
        folders.wait_for_names("inbox", "beside.txt")
        desk.page.go_to("Transfers")
        for file in (*files, page_1, beside):
            desk.page.wait_until_matched(file.name)
        for file in files:
            self.assert_verified(f"archive:/inbox/{file.name}", file)
        self.assert_verified("archive:/inbox/case/scans/page 1.png", page_1)
        self.assert_verified("archive:/beside.txt", beside)


class Copies(WindowCase):
    def setUp(self):
        super().setUp()
        servers = self.standins()
        self.home.add_s3("archive", servers)
        self.home.add_sftp("partner", servers)
        self.file = self.home.write("statement.pdf", noise(5, 400_000))

    def check_both(self, desk, title: str) -> None:
        """The copy is a run of its own, matched, and the bytes are the same at both ends."""
        wait_for("both to be matched", lambda: [row["evidence"] for row in self.home.transfers()] == ["matched"] * 2)
        for place in ("archive", "partner"):
            self.assert_verified(f"{place}:/{self.file.name}", self.file)
        desk.page.go_to("Transfers")
        desk.page.wait_for_rows("matched", "matched")
        self.shoot(desk, title)

    def test_a_file_is_copied_from_s3_to_sftp_by_copy_and_paste(self):
        self.home.waybill("send", self.file, "--to", "archive:/")
        desk = self.open(place="Browse")
        folders = Folders(desk.page)
        folders.open("archive")
        folders.wait_for_names(self.file.name)
        desk.page.tab_to_row(self.file.name)
        desk.page.press((CONTROL, "c"))
        folders.open("partner")
        wait_for("the empty folder", lambda: "This folder is empty" in desk.page.text())
        desk.page.press((CONTROL, "v"))
        folders.wait_for_names(self.file.name)
        self.check_both(desk, "pasted")

    def test_a_file_is_copied_from_sftp_to_s3_by_the_dialog_and_the_keyboard(self):
        self.home.waybill("send", self.file, "--to", "partner:/")
        desk = self.open(place="Browse")
        page, folders = desk.page, Folders(desk.page)
        folders.open("partner")
        folders.wait_for_names(self.file.name)
        page.tab_to_row(self.file.name)
        page.press((CONTROL, SHIFT, "c"))
        page.wait_for_dialog("Copy 1 entry")
        page.pick("Where", "archive")
        self.shoot(desk, "where")
        page.tab_to("Copy", whole=True)
        page.press(ENTER)
        page.wait_until_closed()
        self.check_both(desk, "copied")

    def test_a_file_is_dragged_from_s3_to_sftp_in_the_tree(self):
        self.home.waybill("send", self.file, "--to", "archive:/")
        desk = self.open(place="Browse")
        folders = Folders(desk.page)
        folders.open("archive")
        folders.wait_for_names(self.file.name)
        desk.page.drag(desk.page.point_of(self.file.name), folders.node("partner"))
        self.check_both(desk, "dragged")


class Versions(WindowCase):
    def setUp(self):
        super().setUp()
        self.home.add_s3("archive", self.standins())
        self.old = self.home.write("old/report.txt", b"the report as it was")
        self.new = self.home.write("new/report.txt", b"the report as it was changed since")
        self.home.waybill("send", self.old, "--to", "archive:/")
        self.home.waybill("send", self.new, "--to", "archive:/", "--conflict", "overwrite")
        # A test finds out that the bucket keeps versions.
        self.home.waybill("connection", "test", "archive")
        self.desk = self.open(place="Browse")
        self.folders = Folders(self.desk.page)
        self.folders.open("archive")
        self.folders.wait_for_names("report.txt")

    def test_an_earlier_version_is_restored_taken_back_and_deleted(self):
        page = self.desk.page
        page.choose_row("report.txt")
        self.folders.choose_tab("Versions")
        self.folders.wait_for_side("2 versions")
        page.version_menu("Make it current again")
        self.folders.wait_for_side("3 versions")
        self.shoot(self.desk, "restored")
        self.assert_verified("archive:/report.txt", self.old)
        page.click("Undo", anywhere=True)
        self.folders.wait_for_side("2 versions")
        self.assert_verified("archive:/report.txt", self.new)
        page.version_menu("Delete this version")
        page.wait_for_dialog("Delete this version for good?")
        self.shoot(self.desk, "asked")
        page.click("Delete for good")
        self.folders.wait_for_side("1 version")
        self.assert_verified("archive:/report.txt", self.new)

    def delete(self, shot: str) -> None:
        """Deletes the file by keyboard, past the question that says what is lost."""
        page = self.desk.page
        page.tab_to_row("report.txt")
        page.press(DELETE)
        dialog = page.wait_for_dialog("Delete report.txt?")
        self.assertIn("its earlier versions stay", dialog["text"])
        wait_for("what would be lost", lambda: "1 file" in page.dialog()["text"] and "Delete" in page.dialog()["buttons"])
        self.shoot(self.desk, shot)
        page.tab_to("Delete", whole=True)
        page.press(ENTER)
        wait_for("the file to be gone", lambda: self.home.objects("ls", "archive:/") == [])
        wait_for("the empty folder", lambda: "This folder is empty" in page.text())

    def test_a_deleted_file_is_brought_back_at_once_and_later_by_its_path(self):
        page = self.desk.page
        self.delete("asked")
        page.click("Undo", anywhere=True)
        self.folders.wait_for_names("report.txt")
        self.assert_verified("archive:/report.txt", self.new)

        self.delete("asked-again")
        self.folders.type_path("/report.txt")
        page.wait_for_dialog("report.txt was deleted there")
        self.shoot(self.desk, "hidden")
        page.press(ENTER)
        page.wait_until_closed()
        self.folders.wait_for_names("report.txt")
        self.assert_verified("archive:/report.txt", self.new)
