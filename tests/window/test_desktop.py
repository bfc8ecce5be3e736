"""The window as a citizen of its desktop: a second start, the end, its place, notices, the tray, a broken driver."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from case import WindowCase
from desk import APP, Desk, descendants, is_running
from desktop import NoticeService, TrayHost
from drag import xdotool
from home import Home, noise
from waiting import wait_for
from webdriver import CONTROL, ESCAPE, WebDriverError

SIZE = 48 << 20
# Slow enough that the file is on its way for as long as a test looks.
BYTES_A_SECOND = 4 << 20


def lies_over(window: str, other: str) -> bool:
    """Which of two windows is the upper one. xwininfo lists them from above."""
    done = subprocess.run(["xwininfo", "-root", "-children"], check=True, capture_output=True, text=True, timeout=20)
    order = [int(word, 16) for line in done.stdout.splitlines() for word in line.split()[:1] if word.startswith("0x")]
    return order.index(int(window)) < order.index(int(other))


class Desktop(WindowCase):
    def start_again(self, *words) -> subprocess.CompletedProcess:
        """Starts the program once more on this home, as a click on its icon does."""
        environment = self.home.environment() | {"GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "WAYBILL_SAFE_GRAPHICS": "never"}
        return subprocess.run(
            [APP, "--home", self.home.desk, *words], env=environment, cwd=self.home.files, capture_output=True, text=True,
            timeout=60, check=False,
        )

    def sending(self, desk: Desk, name: str = "large.bin") -> Path:
        """A file on its way that will not arrive soon."""
        file = self.home.write(name, noise(7, SIZE))
        desk.page.send(file)
        desk.page.wait_for_row(name, "on its way", lambda row: row["percent"] is not None)
        return file

    def cover(self, desk: Desk) -> str:
        """Lays a window of another program over the desk's and goes to it; answers which one it is."""
        code = (
            "import gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk, GdkX11\n"
            "window = Gtk.Window(title='Over it'); window.set_default_size(900, 700); window.move(0, 0); window.show_all()\n"
            "print(window.get_window().get_xid(), flush=True); Gtk.main()"
        )
        process = subprocess.Popen(
            ["/usr/bin/python3", "-c", code], stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, GDK_BACKEND="x11", NO_AT_BRIDGE="1"),
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        other = process.stdout.readline().strip()
        wait_for("the other window to lie over the desk", lambda: lies_over(other, desk.window))
        xdotool("windowfocus", "--sync", other)
        return other

    def test_a_second_start_shows_the_first_window_and_hands_over_its_files(self):
        self.home.add_s3("archive", self.standins())
        desk = self.open()
        file = self.home.write("given on a command line.txt", b"given")
        other = self.cover(desk)
        again = self.start_again(file.name)
        self.assertEqual((again.returncode, again.stdout), (0, ""), again.stderr)
        wait_for("the first window to be the uppermost", lambda: lies_over(desk.window, other))
        self.assertIn(file.name, desk.page.wait_for_dialog("Send files")["text"])
        desk.page.click("Send")
        desk.page.wait_until_matched(file.name)
        self.assert_verified(f"archive:/{file.name}", file)

    def test_files_on_the_command_line_of_a_first_start_are_asked_about(self):
        self.home.add_s3("archive", self.standins())
        file = self.home.write("first.txt", b"first")
        desk = self.open("desk", "--home", str(self.home.desk), str(file), place=None)
        self.assertIn("first.txt", desk.page.wait_for_dialog("Send files")["text"])

    def test_two_homes_have_a_window_each(self):
        first = self.open("first")
        other = Home()
        self.addCleanup(other.close)
        second = Desk.of_home(other, "second")
        self.desks.append(second)
        self.addCleanup(second.close)
        self.assertNotEqual(first.pid, second.pid)
        self.assertTrue(is_running(first.pid) and is_running(second.pid))

    def test_a_window_where_nothing_runs_closes_at_once(self):
        desk = self.open()
        desk.close_window()
        desk.wait_until_ended()
        self.forget(desk)

    def test_quitting_while_a_file_is_on_its_way_asks_and_the_next_start_goes_on(self):
        self.home.add_s3("archive", self.standins(), bandwidth=BYTES_A_SECOND)
        desk = self.open()
        file = self.sending(desk)
        desk.page.press((CONTROL, "q"))
        self.assertIn("1 file is still on its way", desk.page.wait_for_dialog("still on its way")["title"])
        desk.page.press(ESCAPE)
        desk.page.wait_until_closed()
        self.assertTrue(is_running(desk.pid), "it keeps running")
        desk.close_window()
        dialog = desk.page.wait_for_dialog("still on its way")
        self.assertNotIn("Hide", dialog["buttons"], "there is no tray here")
        # The window may be gone before the button is let go.
        with contextlib.suppress(WebDriverError):
            desk.page.click("Quit, go on later")
        desk.wait_until_ended()
        self.forget(desk)
        self.assertEqual([row["state"] for row in self.home.transfers()], ["queued"])
        again = self.open("again")
        again.page.wait_until_matched("large.bin")
        self.assert_verified("archive:/large.bin", file)

    def test_the_end_of_the_session_stops_at_a_part_boundary_and_nothing_is_lost(self):
        self.home.add_s3("archive", self.standins(), bandwidth=BYTES_A_SECOND)
        desk = self.open()
        file = self.sending(desk)
        desk.terminate()
        desk.wait_until_ended()
        self.forget(desk)
        self.assertEqual([row["state"] for row in self.home.transfers()], ["queued"], "in line, and not as after a crash")
        again = self.open("again")
        again.page.wait_until_matched("large.bin")
        self.assert_verified("archive:/large.bin", file)

    def test_the_window_opens_where_it_was_and_never_off_the_screen(self):
        desk = self.open()
        xdotool("windowsize", "--sync", desk.window, 900, 620)
        xdotool("windowmove", "--sync", desk.window, 210, 130)
        kept = self.home.desk / "window.json"
        wait_for("the place to be kept", lambda: kept.exists() and '"width":900' in kept.read_text() and "[210,130]" in kept.read_text())
        desk.close_window()
        desk.wait_until_ended()
        self.forget(desk)
        again = self.open("again")
        wait_for("the window where it was", lambda: again.geometry() == (210, 130, 900, 620))
        again.close_window()
        again.wait_until_ended()
        self.forget(again)
        # The screen that it was on is gone.
        kept.write_text('{"at":[5000,3000],"width":900,"height":620,"maximised":false}')
        back = self.open("back")
        left, top, width, height = back.geometry()
        self.assertTrue(0 <= left and left + width <= 1800 and 0 <= top and top + height <= 1000, back.geometry())

    def test_a_run_that_ends_while_nobody_looks_is_told_once_and_a_click_leads_to_it(self):
        self.home.add_s3("archive", self.standins())
        service = NoticeService()
        self.addCleanup(service.close)
        desk = self.open()
        desk.page.go_to("Connections")
        # The window behind is not the one that is looked at.
        other = self.cover(desk)
        file = self.home.write("typed.txt", b"typed")
        self.home.waybill("send", file, "--to", "archive:/", "--detach")
        notice = wait_for("the notice", lambda: service.notices and service.notices[0])
        self.assertEqual(notice["title"], "typed.txt has arrived")
        self.assertIn("1 file done, all proved equal", notice["body"])
        service.click(1)
        wait_for("the run in the list", lambda: desk.page.row("typed.txt"))
        wait_for("the window to be the uppermost", lambda: lies_over(desk.window, other))
        self.assertEqual(len(service.notices), 1)

    def test_without_a_service_for_notices_everything_else_goes_on(self):
        self.home.add_s3("archive", self.standins())
        desk = self.open(environment={"WAYBILL_LOG": "info"})
        self.cover(desk)
        file = self.home.write("quiet.txt", b"quiet")
        self.home.waybill("send", file, "--to", "archive:/", "--detach")
        desk.page.wait_until_matched("quiet.txt")
        wait_for("the log to tell what became of the notice", lambda: "has arrived" in desk.said() and "not given" in desk.said())

    def test_with_a_tray_closing_hides_and_its_menu_opens_pauses_and_quits(self):
        self.home.add_s3("archive", self.standins(), bandwidth=BYTES_A_SECOND)
        self.home.set("window", on_close="tray")
        host = TrayHost()
        self.addCleanup(host.close)
        desk = self.open()
        wait_for("the desk in the tray", lambda: host.items)
        self.sending(desk)
        wait_for("its state in words", lambda: "1 file on the way" in host.menu())
        desk.close_window()
        wait_for("the window to be gone", lambda: not desk.is_seen())
        self.assertTrue(is_running(desk.pid))
        host.choose("Pause all")
        wait_for("the pause", lambda: [row["state"] for row in self.home.transfers()] == ["paused"])
        wait_for("the pause in words", lambda: host.menu().get("1 paused"))
        host.choose("Open Waybill")
        wait_for("the window to be back", desk.is_seen)
        desk.page.wait_for_row("large.bin", "paused", lambda row: True)
        host.choose("Quit")
        desk.wait_until_ended()
        self.forget(desk)

    def test_a_window_that_is_hidden_in_a_tray_comes_back_when_the_tray_goes(self):
        self.home.add_s3("archive", self.standins())
        self.home.set("window", on_close="tray")
        host = TrayHost()
        self.addCleanup(host.close)
        desk = self.open()
        wait_for("the desk in the tray", lambda: host.items)
        desk.close_window()
        wait_for("the window to be gone", lambda: not desk.is_seen())
        host.close()
        wait_for("the window to be back", desk.is_seen)

    def start_hidden(self):
        """A desk that is to begin in the tray, and whether its window is on the screen."""
        self.home.add_s3("archive", self.standins())
        self.home.set("window", start_hidden=True)
        more = {"GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1", "WAYBILL_SAFE_GRAPHICS": "never"}
        process = subprocess.Popen(
            [APP, "--home", self.home.desk], env=self.home.environment() | more, cwd=self.home.files,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        search = ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid), "--name", "Waybill"]
        return lambda: bool(subprocess.run(search, capture_output=True, text=True, timeout=20, check=False).stdout.split())

    def test_a_desk_that_begins_in_the_tray_shows_its_window_when_asked(self):
        host = TrayHost()
        self.addCleanup(host.close)
        is_seen = self.start_hidden()
        wait_for("the desk in the tray", lambda: host.items)
        self.assertFalse(is_seen(), "nobody has asked for it")
        host.choose("Open Waybill")
        wait_for("the window", is_seen)

    def test_a_desk_that_was_to_begin_in_a_tray_that_is_not_there_shows_its_window(self):
        is_seen = self.start_hidden()
        wait_for("the window", is_seen)

    def test_a_window_whose_page_dies_before_it_is_painted_is_drawn_without_the_graphics_card(self):
        environment = self.home.environment() | {"GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}

        def start() -> subprocess.Popen:
            process = subprocess.Popen(
                [APP, "--home", self.home.desk], env=environment, cwd=self.home.files, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            self.addCleanup(process.wait)
            self.addCleanup(process.terminate)
            return process

        def page_of(process: subprocess.Popen) -> int | None:
            named = [(pid, Path(f"/proc/{pid}/comm")) for pid in descendants(process.pid)]
            return next((pid for pid, name in named if name.exists() and name.read_text().startswith("WebKitWebProces")), None)

        def is_safe(process: subprocess.Popen) -> bool:
            try:
                found = Path(f"/proc/{process.pid}/environ").read_bytes()
            except OSError:
                return False
            return b"WAYBILL_SAFE_GRAPHICS_BECAUSE=" in found and b"WEBKIT_DISABLE_DMABUF_RENDERER=1" in found

        first = start()
        os.kill(wait_for("the page's process", lambda: page_of(first)), signal.SIGKILL)
        # WebKit ends the whole program where its page dies very early; then the next start is the one that knows better.
        wait_for("the first start to end or to begin again", lambda: first.poll() is not None or is_safe(first))
        safe = first if first.poll() is None else start()
        wait_for("a start without the graphics card", lambda: is_safe(safe))
        remembered = Path(environment["HOME"]) / ".cache/waybill/graphics/safe"
        wait_for("what helped to be remembered", remembered.exists)
        safe.terminate()
        safe.wait()
        again = start()
        wait_for("the next start to remember it", lambda: is_safe(again))
