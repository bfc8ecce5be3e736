"""What a crash of the window costs: nothing."""

from case import WindowCase
from home import noise
from relay import Relay

SIZE = 96 << 20
# About ten seconds for the file: long enough to be killed in the middle on any machine.
BYTES_A_SECOND = 10 << 20
# Requests have heads, and the check of what is there has requests.
HEADS = 2 << 20
# An SFTP server proves a file from its beginning only. Of three parts in flight the first may land last, and the two
# that overtook it are sent again.
OVERTAKEN = 2 * (8 << 20)


class Crash(WindowCase):
    def send_and_kill(self, file) -> int:
        """Kills a desk that has sent a part of the file. Answers how many hundredths were confirmed."""
        desk = self.open("first")
        desk.page.send(file)
        row = desk.page.wait_for_row(file.name, "partly sent", lambda row: (row["percent"] or 0) >= 30)
        self.assertLess(row["percent"], 100)
        self.shoot(desk, "before")
        desk.kill()
        self.forget(desk)
        return row["percent"]

    def check_resumed(self, place: str, relay: Relay, overtaken: int = 0) -> None:
        file = self.home.write("large.bin", noise(4, SIZE))
        percent = self.send_and_kill(file)
        sent_before = relay.sent_up

        desk = self.open("second")
        desk.page.wait_until_matched("large.bin")
        desk.page.choose_row("large.bin")
        story = desk.page.wait_for_steps("What happened")
        self.assertEqual(sum("Waybill was closed" in step for step in story), 1, story)
        self.assertEqual(sum("Continued at part" in step for step in story), 1, story)

        self.assert_done(self.home.transfers(), 1)
        sent_after = relay.sent_up - sent_before
        confirmed = SIZE * percent // 100
        self.assertLessEqual(
            sent_after, SIZE - confirmed + overtaken + HEADS,
            f"{confirmed} bytes were confirmed before the kill; beyond the rest no more than {overtaken} may be sent",
        )
        self.assertEqual([entry["name"] for entry in self.home.objects("ls", place)], ["large.bin"])
        self.assert_verified(f"{place}large.bin", file)

    def test_a_desk_killed_in_mid_transfer_to_s3_resumes_where_it_was(self):
        servers = self.standins()
        relay = self.relay("127.0.0.1", servers.s3_port)
        self.home.add_s3("archive", servers, endpoint=f"http://127.0.0.1:{relay.port}", bandwidth=BYTES_A_SECOND)
        self.check_resumed("archive:/", relay)

    def test_a_desk_killed_in_mid_transfer_to_sftp_resumes_where_it_was(self):
        servers = self.standins()
        relay = self.relay(servers.sftp["host"], servers.sftp["port"])
        self.home.add_sftp("partner", servers, port=relay.port, bandwidth=BYTES_A_SECOND)
        self.check_resumed("partner:/", relay, overtaken=OVERTAKEN)

    def test_a_paused_transfer_stays_paused_over_a_crash_and_goes_on_where_it_was(self):
        servers = self.standins()
        relay = self.relay("127.0.0.1", servers.s3_port)
        self.home.add_s3("archive", servers, endpoint=f"http://127.0.0.1:{relay.port}", bandwidth=BYTES_A_SECOND)
        file = self.home.write("large.bin", noise(9, SIZE))
        desk = self.open("first")
        desk.page.send(file)
        row = desk.page.wait_for_row(file.name, "partly sent", lambda row: (row["percent"] or 0) >= 30)
        desk.page.tab_to_row(file.name)
        desk.page.press("p")
        desk.page.wait_for_row(file.name, "paused", lambda row: row["progress"] == "paused")
        desk.kill()
        self.forget(desk)
        sent_before = relay.sent_up

        desk = self.open("second")
        desk.page.wait_for_row(file.name, "still paused", lambda row: row["progress"] == "paused")
        self.shoot(desk, "paused")
        desk.page.tab_to_row(file.name)
        desk.page.press("s")
        desk.page.wait_until_matched(file.name)
        self.assert_done(self.home.transfers(), 1)
        self.assertLessEqual(relay.sent_up - sent_before, SIZE - SIZE * row["percent"] // 100 + HEADS)
        self.assert_verified("archive:/large.bin", file)
