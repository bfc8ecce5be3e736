"""A program that has something on the clipboard, as a file manager or a picture viewer has.

Started as `clipboard_source.py KIND WHAT...`: `uris` and `gnome` take files, `text` takes a text, `picture` a width and a
height. Prints `ready` once it owns the clipboard, and keeps it until it is ended.
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gtk  # noqa: E402 -- the version has to be chosen first


def own(clipboard: Gtk.Clipboard, kind: str, what: list[str]) -> None:
    if kind == "text":
        clipboard.set_text(what[0], -1)
    elif kind == "picture":
        picture = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, int(what[0]), int(what[1]))
        picture.fill(0x3060C0FF)
        clipboard.set_image(picture)
    else:
        addresses = [Path(file).absolute().as_uri() for file in what]
        target, lines, ending = ("x-special/gnome-copied-files", ["copy", *addresses], "\n")
        if kind == "uris":
            target, lines, ending = ("text/uri-list", addresses, "\r\n")
        offer(clipboard, target, ending.join(lines).encode())


def offer(clipboard: Gtk.Clipboard, target: str, content: bytes) -> None:
    """Through a widget's selection: the binding of a clipboard's own call is not there in Python."""
    owner = Gtk.Invisible()
    atom = Gdk.Atom.intern(target, False)
    Gtk.selection_add_target(owner, Gdk.SELECTION_CLIPBOARD, atom, 0)
    owner.connect("selection-get", lambda _owner, data, *_: data.set(atom, 8, content))
    if not Gtk.selection_owner_set(owner, Gdk.SELECTION_CLIPBOARD, Gdk.CURRENT_TIME):
        raise SystemExit("somebody else keeps the clipboard")
    clipboard.owner_kept = owner


def main(kind: str, *what: str) -> None:
    own(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD), kind, list(what))
    print("ready", flush=True)
    Gtk.main()


main(*sys.argv[1:])
