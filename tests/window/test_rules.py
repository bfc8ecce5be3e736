"""What happens to a name that is taken: each rule of the dialog, and each answer to the question, by keyboard."""

import os
import time

from case import WindowCase
from webdriver import ENTER

OLD, NEW = b"the old report", b"a new report, longer than the old one"


class Rules(WindowCase):
    def setUp(self):
        super().setUp()
        self.home.add_s3("archive", self.standins())
        self.old = self.home.write("old/report.txt", OLD)
        self.new = self.home.write("new/report.txt", NEW)
        self.home.waybill("send", self.old, "--to", "archive:/")
        self.desk = self.open()

    def send_with(self, rule: str) -> None:
        self.desk.page.send(self.new, rule=rule)

    def names(self) -> list[str]:
        return sorted(entry["name"] for entry in self.home.objects("ls", "archive:/"))

    def check_there(self, **files) -> None:
        self.assertEqual(self.names(), sorted(files))
        for name, file in files.items():
            self.assert_verified(f"archive:/{name}", file)

    def test_the_rule_replace_puts_the_new_file_in_place_of_the_old(self):
        self.send_with("replace it")
        self.desk.page.wait_for_rows("matched", "matched")
        self.check_there(**{"report.txt": self.new})

    def test_the_rule_skip_leaves_what_is_there(self):
        self.send_with("skip it")
        self.desk.page.wait_for_rows("skipped", "matched")
        self.check_there(**{"report.txt": self.old})

    def test_the_rule_keep_both_finds_another_name(self):
        self.send_with("keep both")
        self.desk.page.wait_for_rows("matched", "matched")
        self.check_there(**{"report.txt": self.old, "report (2).txt": self.new})

    def test_the_rule_newer_replaces_an_older_file_only(self):
        hour = 3600
        os.utime(self.new, (time.time() - hour,) * 2)
        self.send_with("replace it if mine is newer")
        self.desk.page.wait_for_rows("skipped", "matched")
        self.check_there(**{"report.txt": self.old})
        os.utime(self.new, (time.time() + hour,) * 2)
        self.send_with("replace it if mine is newer")
        self.desk.page.wait_for_rows("matched", "skipped", "matched")
        self.check_there(**{"report.txt": self.new})

    def answer(self, words: str) -> None:
        page = self.desk.page
        page.send(self.new)
        page.answer()
        page.wait_for_dialog("“report.txt” is already there")
        page.tab_to(words, whole=True)
        page.press(ENTER)
        page.wait_until_closed()

    def test_the_question_answered_with_replace_replaces(self):
        self.answer("Replace")
        self.desk.page.wait_for_rows("matched", "matched")
        self.check_there(**{"report.txt": self.new})

    def test_the_question_answered_with_skip_changes_nothing(self):
        self.answer("Skip")
        self.desk.page.wait_for_rows("skipped", "matched")
        self.check_there(**{"report.txt": self.old})
