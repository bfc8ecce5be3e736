"""What a crash of the window costs: nothing."""

from case import WindowCase
from home import noise
from relay import Relay

SIZE = 96 << 20
# About six seconds for the file: long enough to be killed in the middle on any machine.
BYTES_A_SECOND = 16 << 20
# Requests have heads, and the check of what is there has requests.
HEADS = 2 << 20


class Crash(WindowCase):
    def test_a_desk_killed_in_mid_transfer_resumes_where_it_was(self):
        servers = self.standins()
        relay = Relay("127.0.0.1", servers.s3_port)
        self.addCleanup(relay.close)
        self.home.add_s3("archive", servers, endpoint=f"http://127.0.0.1:{relay.port}", bandwidth=BYTES_A_SECOND)
        file = self.home.write("large.bin", noise(4, SIZE))

        first = self.open("first")
        first.page.send(file)
        row = first.page.wait_for_row("large.bin", "half sent", lambda row: (row["percent"] or 0) >= 40)
        self.assertLess(row["percent"], 100)
        self.shoot(first, "before")
        first.kill()
        self.forget(first)
        sent_before = relay.sent_up

        second = self.open("second")
        second.page.wait_until_matched("large.bin")
        second.page.choose_row("large.bin")
        story = second.page.wait_for_steps("What happened")
        self.assertEqual(sum("the app was closed" in step for step in story), 1, story)
        self.assertEqual(sum("Continued at part" in step for step in story), 1, story)

        rows = self.home.transfers()
        self.assert_done(rows, 1)
        self.assert_verified("archive:/large.bin", file)
        sent_after = relay.sent_up - sent_before
        confirmed = SIZE * row["percent"] // 100
        self.assertLessEqual(
            sent_after, SIZE - confirmed + HEADS,
            f"{confirmed} bytes were confirmed before the kill, so no more than the rest may be sent after it",
        )
        self.assertEqual([entry["name"] for entry in self.home.objects("ls", "archive:/")], ["large.bin"])
