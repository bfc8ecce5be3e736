"""What a desktop has beside windows: a service for notices, a place for trays, something on the clipboard.

Each runs on the session bus of the tests, in a thread of its own, until it is closed.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402 -- the version has to be chosen first

NOTICES = "org.freedesktop.Notifications"
NOTICES_XML = """<node><interface name="org.freedesktop.Notifications">
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_XML = """<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
</interface></node>"""

MENU = "com.canonical.dbusmenu"
ITEM = "org.kde.StatusNotifierItem"


class Service:
    """A name on the session bus with one object behind it."""

    def __init__(self, name: str, path: str, xml: str):
        self.name, self._path = name, path
        self.context = GLib.MainContext()
        self._loop = GLib.MainLoop.new(self.context, False)
        self._ready = threading.Event()
        self._interface = Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]
        self.bus = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        if not self._ready.wait(20):
            raise AssertionError(f"{name} cannot be had on the session bus")

    def answer(self, method: str, sender: str, parameters) -> GLib.Variant | None:
        raise NotImplementedError

    def read(self, _property: str) -> GLib.Variant | None:
        return None

    def close(self) -> None:
        """Leaves the bus, as a service that ends does."""
        if self.bus is not None:
            self.bus.close_sync(None)
            self.bus = None
            self._loop.quit()
            self._thread.join(20)

    def call(self, to: str, path: str, interface: str, method: str, parameters, answer: str):
        """Calls another program on the bus."""
        return self.bus.call_sync(
            to, path, interface, method, parameters, GLib.VariantType(answer), Gio.DBusCallFlags.NONE, 20_000, None
        ).unpack()

    def _serve(self) -> None:
        self.context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.bus.register_object(self._path, self._interface, self._called, self._property, None)
        self.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            GLib.Variant("(su)", (self.name, 4)), None, Gio.DBusCallFlags.NONE, 20_000, None,
        )
        self._ready.set()
        self._loop.run()

    def _called(self, _bus, sender, _path, _interface, method, parameters, invocation) -> None:
        invocation.return_value(self.answer(method, sender, parameters.unpack()))

    def _property(self, _bus, _sender, _path, _interface, name):
        return self.read(name)


class NoticeService(Service):
    """Shows nothing, and keeps every notice as it was given."""

    def __init__(self):
        self.notices: list[dict] = []
        super().__init__(NOTICES, "/org/freedesktop/Notifications", NOTICES_XML)

    def answer(self, method, _sender, parameters):
        if method == "GetCapabilities":
            return GLib.Variant("(as)", (["actions", "body"],))
        _app, _replaces, _icon, title, body, actions, hints, _timeout = parameters
        self.notices.append({"title": title, "body": body, "actions": actions, "urgency": hints.get("urgency")})
        return GLib.Variant("(u)", (len(self.notices),))

    def click(self, number: int) -> None:
        """Clicks the notice; the first one is number 1."""
        clicked = GLib.Variant("(us)", (number, "default"))
        self.bus.emit_signal(None, "/org/freedesktop/Notifications", NOTICES, "ActionInvoked", clicked)
        self.bus.flush_sync(None)


class TrayHost(Service):
    """A panel that shows trays: who registered, what their menus say, and a click on a line."""

    def __init__(self):
        self.items: list[str] = []
        super().__init__(WATCHER, "/StatusNotifierWatcher", WATCHER_XML)

    def answer(self, _method, sender, parameters):
        self.items.append(sender if parameters[0].startswith("/") else parameters[0])
        return None

    def read(self, name):
        return {
            "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
            "RegisteredStatusNotifierItems": GLib.Variant("as", self.items),
            "ProtocolVersion": GLib.Variant("i", 0),
        }[name]

    def menu(self) -> dict[str, tuple[int, bool]]:
        """The lines of the newest item's menu: number and whether they can be chosen, by label."""
        wanted = GLib.Variant("(iias)", (0, -1, []))
        _revision, (_id, _more, lines) = self.call(
            self.items[-1], "/MenuBar", MENU, "GetLayout", wanted, "(u(ia{sv}av))"
        )
        return {line[1]["label"]: (line[0], line[1].get("enabled", True)) for line in lines if "label" in line[1]}

    def choose(self, label: str) -> None:
        number, _ = self.menu()[label]
        chosen = GLib.Variant("(isvu)", (number, "clicked", GLib.Variant("i", 0), 0))
        self.call(self.items[-1], "/MenuBar", MENU, "Event", chosen, "()")


class Clipboard:
    """Another program with something on the clipboard, until it is closed."""

    def __init__(self, kind: str, *what):
        script = Path(__file__).with_name("clipboard_source.py")
        self._process = subprocess.Popen(
            [sys.executable, script, kind, *map(str, what)], stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, GDK_BACKEND="x11", NO_AT_BRIDGE="1"),
        )
        said = self._process.stdout.readline().strip()
        if said != "ready":
            self.close()
            raise AssertionError(f"the clipboard was not to be had: {said!r}")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
