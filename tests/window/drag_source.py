"""A window with files to drag, as a file manager has one: offers `text/uri-list` and nothing else.

Started as `drag_source.py X Y FILE...`. Prints a line for each thing that happens: `ready`, `begun`, `asked` (somebody
wants to know which files), `ended`.
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402 -- the version has to be chosen first


def tell(what: str) -> None:
    print(what, flush=True)


def main(x: str, y: str, *files: str) -> None:
    addresses = [Path(file).absolute().as_uri() for file in files]
    handle = Gtk.EventBox()
    handle.add(Gtk.Label(label="files"))
    handle.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    handle.drag_source_add_uri_targets()
    handle.connect("drag-begin", lambda *_: tell("begun"))
    handle.connect("drag-end", lambda *_: tell("ended"))

    def give(_handle, _context, data, _info, _time):
        tell("asked")
        data.set_uris(addresses)

    handle.connect("drag-data-get", give)
    window = Gtk.Window(title="Files to drag")
    window.set_default_size(200, 200)
    window.add(handle)
    window.connect("map-event", lambda *_: tell("ready"))
    window.move(int(x), int(y))
    window.show_all()
    Gtk.main()


main(*sys.argv[1:])
