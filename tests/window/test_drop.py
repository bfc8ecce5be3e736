"""Files dragged from another process onto a card arrive and are proved."""

from case import WindowCase
from drag import Held
from home import noise
from waiting import wait_for


class Drop(WindowCase):
    def files(self):
        """Three files and a folder, with a name that needs care and one file long enough to go in parts."""
        tops = [
            self.home.write("invoice 2026-11.pdf", noise(1, 40_000)),
            self.home.write("Übersicht %+#?.txt", b"short"),
            self.home.write("film.bin", noise(2, 20_000_000)),
        ]
        self.home.write("case/letter.txt", b"a letter")
        self.home.write("case/scans/page 1.png", noise(3, 300_000))
        return [*tops, self.home.files / "case"]

    def drop_on(self, desk, card: str, files) -> None:
        page = desk.page
        page.go_to("Connections")
        at = wait_for(f"the card {card}", lambda: page.cards().get(card))
        left, top = desk.corner()
        with Held(files) as held:
            held.move_to(left + at["x"], top + at["y"])
            # The card says what will happen before the button goes up.

            def seen():
                found = page.cards()[card]
                if not found["held"]:
                    held.hover(left + found["x"], top + found["y"])
                return found["held"]

            wait_for("the card to see the files", seen)
            self.assertIn("Drop 4 files into", page.cards()[card]["text"])
            self.shoot(desk, "held")
            held.let_go()

    def check_arrived(self, desk, card: str) -> None:
        page = desk.page
        page.go_to("Transfers")
        names = ["invoice 2026-11.pdf", "Übersicht %+#?.txt", "film.bin", "letter.txt", "page 1.png"]
        for name in names:
            page.wait_until_matched(name)
        self.assert_done(self.home.transfers(), len(names))
        for file in (path for path in self.home.files.rglob("*") if path.is_file()):
            self.assert_verified(f"{card}:/{file.relative_to(self.home.files)}", file)

    def test_files_dropped_on_the_s3_card_arrive_matched(self):
        self.home.add_s3("archive", self.standins())
        desk = self.open()
        self.drop_on(desk, "archive", self.files())
        self.check_arrived(desk, "archive")

    def test_files_dropped_on_the_sftp_card_arrive_matched(self):
        self.home.add_sftp("partner", self.standins())
        desk = self.open()
        self.drop_on(desk, "partner", self.files())
        self.check_arrived(desk, "partner")

    def test_files_dropped_on_the_bare_window_are_asked_where_to_and_arrive_matched(self):
        self.home.add_s3("archive", self.standins())
        desk = self.open()
        desk.page.go_to("Transfers")
        files = self.files()
        left, top = desk.corner()
        with Held(files) as held:
            held.move_to(left + 700, top + 700)
            wait_for("the window to see the files", lambda: "Drop to choose where they go" in desk.page.text())
            held.let_go()
        dialog = desk.page.wait_for_dialog("Send files")
        for file in files:
            self.assertIn(file.name, dialog["text"])
        desk.page.click("Send")
        desk.page.wait_until_closed()
        self.check_arrived(desk, "archive")
