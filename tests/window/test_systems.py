"""The vendors' systems, as stand-ins: joined in the demo, looked into with what their listings tell, and signed in to by a person."""

import json
import os
import stat

from case import WindowCase
from folders import Folders
from home import noise
from waiting import wait_for
from webdriver import CONTROL, ENTER

DEMO = {"demo-s3", "demo-sftp", "demo-tasks", "demo-files", "demo-records", "demo-assets", "demo-partner", "demo-samples"}
COLUMNS = "return all('[role=columnheader]').map(text)"

# Goes where a browser goes, and says nothing.
BROWSER = """#!/bin/sh
exec curl --silent --show-error --location --max-time 20 --output /dev/null "$1"
"""


class Systems(WindowCase):
    def browser(self) -> dict[str, str]:
        """An environment in which the system's browser is a program that follows the address by itself."""
        folder = self.home.folder / "bin"
        folder.mkdir()
        opener = folder / "xdg-open"
        opener.write_text(BROWSER)
        opener.chmod(opener.stat().st_mode | stat.S_IEXEC)
        return {"PATH": f"{folder}:{os.environ['PATH']}"}

    def test_the_demo_has_a_connection_to_each_system_and_shows_what_its_listings_tell(self):
        desk = self.open("demo", "--demo", "--home", str(self.home.desk), place=None)
        page = desk.page
        page.go_to("Connections")
        wait_for("the cards of the demo", lambda: DEMO <= page.cards().keys())
        wait_for("each to be well", lambda: all("well" in page.cards()[name]["text"] for name in DEMO))
        self.shoot(desk, "cards")
        folders = Folders(page)
        for name, told in (("demo-records", "Kind"), ("demo-assets", "Kind"), ("demo-files", "File")):
            folders.open(name)
            wait_for(f"what {name} lists", folders.names)
            headers = wait_for("its columns", lambda: page.look(COLUMNS))
            self.assertTrue([one for one in headers if told in one], f"{told} is none of {headers}")
            self.shoot(desk, name)

    def test_a_person_signs_in_in_the_browser_and_the_connection_lives_of_it(self):
        service = self.standins().workflow
        desk = self.open(environment=self.browser())
        page = desk.page
        page.go_to("Connections")
        page.press("n")
        page.wait_for_dialog("Add a connection")
        page.tab_to("OpenText Workflow Service")
        page.press(ENTER)
        page.wait_for_dialog("OpenText Workflow Service")
        page.fill("Name", "tasks")
        page.fill("Address", service["base_url"])
        page.fill("Tenant", service["tenant"])
        page.pick("Who signs in", "A person, in the browser")
        page.fill("Client", service["public_client_id"])
        page.fill("Person", service["users"][0])
        page.tab_to("Sign in…")
        self.shoot(desk, "form")
        page.press(ENTER)
        wait_for("somebody to have signed in", lambda: "Signed in" in page.dialog()["text"])
        self.shoot(desk, "signed-in")
        page.tab_to("Add and test")
        page.press(ENTER)
        page.wait_for_dialog("“tasks” was added")
        wait_for("the test to be over", lambda: "Everything that the desk relies on works." in page.dialog()["text"])
        self.assertTrue([step for step in page.wait_for_steps("Test") if "Tasks can be read" in step])
        self.shoot(desk, "tested")
        page.tab_to("Done")
        page.press(ENTER)
        page.wait_until_closed()
        tasks = self.home.objects("tasks", "list", "tasks")
        self.assertTrue(tasks, "the command has the same sign-in")
        page.press((CONTROL, "k"))
        wait_for("the palette", page.dialog)
        page.type("What was said")
        wait_for("the palette to offer it", lambda: "What was said with web services" in page.dialog()["text"])
        page.press(ENTER)
        page.wait_for_dialog("What was said with web services")
        wait_for("the requests", lambda: "/oauth2/token" in page.dialog()["text"] or "oauth2/token" in json.dumps(page.rows()))
        self.shoot(desk, "said")

    def test_a_file_goes_to_a_repository_with_proof(self):
        service = self.standins().xecm
        self.home.add(
            "records", "xecm",
            {"base_url": service["base_url"], "user": service["username"]}, {"password": service["password"]},
        )
        file = self.home.write("Contract 4711.pdf", noise(3, 400_000))
        desk = self.open(place=None)
        page = desk.page
        page.send(file)
        page.go_to("Transfers")
        page.wait_until_matched("Contract 4711.pdf")
        self.shoot(desk, "matched")
        self.assert_verified("records:/Contract 4711.pdf", file)
