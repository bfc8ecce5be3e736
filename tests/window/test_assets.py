"""An asset library in the window: joined, looked into, searched, its metadata edited, an earlier version made current again."""

import json
import os
import stat
import urllib.parse
import urllib.request

from case import WindowCase
from folders import Folders
from waiting import wait_for
from webdriver import DOWN, ENTER
from wizard import Wizard

COLUMNS = "return all('[role=columnheader]').map(text)"
PICTURE = "const one = all('#entry-side img')[0]; return one?.complete ? [one.naturalWidth, one.naturalHeight] : null;"
ACTS = "return all('#entry-side ul li button[aria-haspopup]').map(middle)"
VERSIONS = "return all('#entry-side ul li').map(text)"

# Goes where a browser goes, and keeps the address at which it would have ended.
BROWSER = """#!/bin/sh
exec curl --silent --show-error --max-time 20 --output /dev/null --write-out '%{redirect_url}' "$1" > "$HOME/ended-at"
"""


def ask(address: str, token: str | None = None, form: dict | None = None) -> dict:
    """What the library answers to a program that is no desk."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=20) as answer:
        return json.load(answer)


class Assets(WindowCase):
    def setUp(self):
        super().setUp()
        self.service = self.standins().canto

    def add_library(self, **more: str) -> None:
        settings = {
            "base_url": self.service["base_url"], "oauth_url": self.service["oauth_url"],
            "client_id": self.service["app_id"], "user": self.service["administrator"],
        }
        self.home.add("assets", "canto", settings | more, {"client_secret": self.service["app_secret"]})

    def asset(self, name: str) -> dict:
        """The asset as the library itself tells it."""
        service = self.service
        form = {
            "app_id": service["app_id"], "app_secret": service["app_secret"],
            "grant_type": "client_credentials", "user_id": service["administrator"],
        }
        answer = ask(service["oauth_token_url"], form=form)
        token = answer.get("accessToken") or answer["access_token"]
        api = f"{service['base_url']}/api/v1"
        found = ask(f"{api}/search?keyword={urllib.parse.quote(name)}", token)
        hit = next(one for one in found["results"] if one["name"] == name)
        return ask(f"{api}/{hit['scheme']}/{hit['id']}", token)

    def test_the_wizard_names_the_step_that_fails_and_adds_the_library(self):
        desk = self.open(place="Connections")
        wizard = Wizard(desk.page, "Canto")
        wizard.fill(("Name", "assets"), ("Address", self.service["base_url"]), ("App ID", self.service["app_id"]), ("App Secret", "wrong"))
        wizard.fill(("Acts as", self.service["administrator"]))
        wizard.unfold()
        wizard.fill(("Sign-in address", self.service["oauth_url"]))
        self.shoot(desk, "form")
        failed = wizard.add("assets")
        self.assertTrue(failed[1].startswith("The tenant answers"), failed)
        self.assertTrue(failed[-1].startswith("Signed in"), f"the step that failed is the last: {failed}")
        self.assertIn("failed", failed[-1])
        self.shoot(desk, "failed")
        wizard.mend()
        wizard.fill(("App Secret", self.service["app_secret"]))
        steps = wizard.test_again()
        for word in ("The tenant answers", "Signed in", "Account read", "Folder found", "Uploads possible"):
            self.assertTrue([step for step in steps if step.startswith(word)], f"{word} is none of {steps}")
        self.shoot(desk, "tested")
        wizard.done()
        self.assertTrue(self.home.objects("ls", "assets:/Press"), "the command has the same connection")

    def test_a_person_signs_in_and_pastes_the_address_at_which_the_browser_ended(self):
        folder = self.home.folder / "bin"
        folder.mkdir()
        opener = folder / "xdg-open"
        opener.write_text(BROWSER)
        opener.chmod(opener.stat().st_mode | stat.S_IEXEC)
        desk = self.open(place="Connections", environment={"PATH": f"{folder}:{os.environ['PATH']}"})
        page = desk.page
        wizard = Wizard(page, "Canto")
        wizard.fill(("Name", "mine"), ("Address", self.service["base_url"]))
        page.pick("Who signs in", "A person, in the browser")
        wizard.fill(("App ID", self.service["app_id"]), ("App Secret", self.service["app_secret"]))
        wizard.unfold()
        wizard.fill(("Sign-in address", self.service["oauth_url"]))
        page.tab_to("Sign in…")
        page.press(ENTER)
        ended_at = self.home.folder / "person" / "ended-at"
        wait_for("the browser to have ended somewhere", lambda: ended_at.exists() and "code=" in ended_at.read_text())
        page.tab_to("The browser does not come back?")
        page.press(ENTER)
        page.fill("Address at which the browser ended", ended_at.read_text())
        self.shoot(desk, "pasted")
        page.press(ENTER)
        wait_for("somebody to have signed in", lambda: "Signed in" in page.dialog()["text"])
        steps = wizard.add("mine")
        account = next(step for step in steps if step.startswith("Account read"))
        self.assertIn("Moreau", account)
        self.shoot(desk, "tested")

    def test_an_album_shows_its_columns_a_preview_and_what_is_written_into_its_fields(self):
        self.add_library(map_region="Market", map_expiry="Licence End")
        desk = self.open(place="Browse")
        page, folders = desk.page, Folders(desk.page)
        folders.open("assets", "/Press")
        name = "100% Oak + Linen.jpg"
        wait_for("the album", lambda: name in folders.names())
        headers = page.look(COLUMNS)
        # A column that is empty in the whole album gives way.
        for column in ("Approval", "Kind", "Expires"):
            self.assertTrue([one for one in headers if column in one], f"{column} is none of {headers}")
        page.choose_row(name)
        folders.wait_for_side(name)
        picture = wait_for("its preview", lambda: page.look(PICTURE))
        self.assertGreater(picture[0], 100)
        self.shoot(desk, "preview")
        folders.choose_tab("Details")
        folders.wait_for_side("Custom fields")
        self.shoot(desk, "details")
        page.click("Edit Custom fields…", anywhere=True)
        page.wait_for_dialog("Custom fields")
        page.pick("Market", "JP")
        page.pick("Channels 1", "Print")
        page.fill("Campaign", "Oak & Linen 2027")
        page.fill("Licence End", "2027-03-31")
        page.pick("Model Release", "On file")
        self.shoot(desk, "fields")
        page.tab_to("Save")
        page.press(ENTER)
        page.wait_until_closed()
        folders.wait_for_side("Oak & Linen 2027", "JP", "Print", "On file")
        self.shoot(desk, "saved")
        told = self.asset(name)["additional"]
        self.assertEqual((told["Market"], told["Campaign"], told["Model Release"]), ("JP", "Oak & Linen 2027", "On file"))
        self.assertEqual(told["Channels"], ["Print"])
        self.assertEqual(told["Licence End"], "2027-03-31")

    def test_a_search_with_a_filter_finds_and_an_earlier_version_becomes_current_again(self):
        self.add_library()
        desk = self.open(place="Browse")
        page, folders = desk.page, Folders(desk.page)
        folders.open("assets", "/Press")
        name = "Lantern Row press kit.jpg"
        wait_for("the album", lambda: name in folders.names())
        before = self.asset(name)["versionHistory"]
        page.choose_row(name)
        folders.choose_tab("Versions")
        versions = wait_for("its versions", lambda: page.look(VERSIONS))
        self.assertEqual(len(versions), 3, versions)
        self.shoot(desk, "versions")
        page.click_at(page.look(ACTS)[-1])
        wait_for("what can be done with the oldest", lambda: page.look("return all('[role=menuitem]').map(text)"))
        page.press(DOWN, ENTER)
        wait_for("it to be current again", lambda: f"{name} is again as it was on" in page.text())
        wait_for("the library to tell of a new version", lambda: len(self.asset(name)["versionHistory"]) == len(before) + 1)
        self.shoot(desk, "restored")

        page.press("/")
        wait_for("the line of the search", lambda: page.focused() == "Filter or search")
        page.type("Lantern")
        page.press(ENTER)
        wait_for("what was found", lambda: len(folders.names()) > 5)
        self.shoot(desk, "found")
        page.click("Filters", anywhere=True)
        page.pick("Approval", "Pending")
        page.tab_to("Search")
        page.press(ENTER)
        found = wait_for("fewer to be found", lambda: 0 < len(folders.names()) and page.look("return all('button').some((one) => text(one) === 'Filters: 1')") and folders.names())
        self.shoot(desk, "filtered")
        for one in found[:3]:
            self.assertEqual(self.asset(one)["approvalStatus"].lower(), "pending", one)
