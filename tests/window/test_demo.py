"""The demo, as `script/run` opens it."""

from case import WindowCase
from waiting import wait_for

BRIGHTNESS = """
const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number);
return (red + green + blue) / 3;
"""


class Demo(WindowCase):
    def open_demo(self, theme: str):
        arguments = ("--demo", "--home", str(self.home.desk))
        return self.open(theme, *arguments, place=None, environment={"GTK_THEME": theme})

    def check_places(self, desk):
        self.assertEqual(desk.page.heading(), "Today")
        self.shoot(desk, "today")
        desk.page.go_to("Connections")
        cards = wait_for("the cards of the demo", desk.page.cards)
        self.assertLessEqual({"demo-s3", "demo-sftp"}, cards.keys())

    def test_the_demo_opens_with_a_card_for_each_server(self):
        desk = self.open_demo("Adwaita")
        wait_for("light colours", lambda: desk.page.look(BRIGHTNESS) > 200)
        self.check_places(desk)

    def test_a_dark_desktop_makes_the_window_dark(self):
        desk = self.open_demo("Adwaita:dark")
        wait_for("dark colours", lambda: desk.page.look(BRIGHTNESS) < 60)
        self.check_places(desk)
