"""What is pasted comes through Rust: files of a file manager, a picture, a text."""

from case import WindowCase
from desktop import Clipboard
from folders import Folders
from home import noise
from waiting import wait_for
from webdriver import CONTROL


def counted(dialog: dict) -> dict | None:
    return None if "Counting" in dialog["text"] else dialog


class Paste(WindowCase):
    def paste(self, desk, kind: str, *what) -> dict:
        """Puts something on the clipboard of the screen and presses Ctrl V over the list."""
        clipboard = Clipboard(kind, *what)
        self.addCleanup(clipboard.close)
        desk.page.press((CONTROL, "v"))
        return wait_for("what was pasted to be counted", lambda: counted(desk.page.wait_for_dialog("Send files")))

    def desk(self):
        self.home.add_s3("archive", self.standins())
        return self.open()

    def test_files_copied_in_a_file_manager_are_pasted_and_arrive(self):
        desk = self.desk()
        files = [self.home.write("Übersicht %+#?.txt", b"short"), self.home.write("scan.png", noise(3, 30_000))]
        for kind in ("uris", "gnome"):
            dialog = self.paste(desk, kind, *files)
            for file in files:
                self.assertIn(file.name, dialog["text"])
            self.assertIn("2 files", dialog["text"])
            desk.page.click("Cancel")
            desk.page.wait_until_closed()
        self.paste(desk, "gnome", *files)
        desk.page.click("Send")
        for file in files:
            desk.page.wait_until_matched(file.name)
            self.assert_verified(f"archive:/{file.name}", file)

    def test_a_pasted_folder_is_sent_with_everything_in_it(self):
        desk = self.desk()
        inside = self.home.write("case/scans/page 1.png", noise(3, 3_000))
        self.assertIn("1 folder · 1 file", self.paste(desk, "uris", self.home.files / "case")["text"])
        desk.page.click("Send")
        desk.page.wait_until_matched("page 1.png")
        self.assert_verified("archive:/case/scans/page 1.png", inside)

    def test_a_pasted_text_and_a_pasted_picture_become_files_when_they_are_sent(self):
        desk = self.desk()
        pasted = self.home.desk / "pasted"
        for kind, what, ending in (("text", ["a note of two words"], ".txt"), ("picture", [40, 30], ".png")):
            self.assertIn(ending, self.paste(desk, kind, *what)["text"])
            before = set(pasted.rglob("*.*")) if pasted.exists() else set()
            self.assertFalse([path for path in before if path.suffix == ending], "nothing is written before it is sent")
            desk.page.click("Send")
            desk.page.wait_until_closed()
        (text,) = [row for row in self.sent(desk, 2) if row["source"].endswith(".txt")]
        (file,) = pasted.rglob("*.txt")
        self.assertEqual(file.read_text(), "a note of two words")
        self.assertTrue(text["source"].endswith(file.name))
        (picture,) = pasted.rglob("*.png")
        self.assertTrue(picture.read_bytes().startswith(b"\x89PNG"))
        self.assert_verified(f"archive:/{picture.name}", picture)

    def sent(self, desk, count: int) -> list[dict]:
        wait_for("all to be matched", lambda: [row["evidence"] for row in self.home.transfers()] == ["matched"] * count)
        rows = self.home.transfers()
        self.assert_done(rows, count)
        return rows


class PasteIntoAFolder(WindowCase):
    def test_files_copied_in_a_file_manager_are_pasted_into_the_folder_that_is_open(self):
        self.home.add_s3("archive", self.standins())
        earlier = self.home.write("inbox/earlier.txt", b"earlier")
        self.home.waybill("send", earlier.parent, "--to", "archive:/")
        letter = self.home.write("letter %+#?.txt", noise(6, 20_000))
        scan = self.home.write("scans/page 1.png", noise(7, 3_000))
        desk = self.open(place="Browse")
        folders = Folders(desk.page)
        folders.open("archive", "/inbox")
        folders.wait_for_names("earlier.txt")
        clipboard = Clipboard("gnome", letter, scan.parent)
        self.addCleanup(clipboard.close)
        desk.page.choose_row("earlier.txt")
        desk.page.press((CONTROL, "v"))
        folders.wait_for_names("scans", "earlier.txt", letter.name)
        self.assertEqual(folders.here(), "archive:/inbox")
        desk.page.go_to("Transfers")
        for file in (letter, scan):
            desk.page.wait_until_matched(file.name)
        self.assert_verified(f"archive:/inbox/{letter.name}", letter)
        self.assert_verified("archive:/inbox/scans/page 1.png", scan)
