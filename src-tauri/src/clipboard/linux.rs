//! The clipboard through GTK, which knows X11 and Wayland and every kind of content.

use std::time::Duration;

use gtk::{gdk, gdk::Atom};
use tauri::AppHandle;
use tokio::sync::oneshot;

use super::Content;

/// How long the program that offers the content may take to hand it over.
const PATIENCE: Duration = Duration::from_secs(10);

/// The kinds, as they are looked for: the most telling first.
const KINDS: [Kind; 5] = [
    Kind { target: "x-special/gnome-copied-files", read: uris },
    Kind { target: "text/uri-list", read: uris },
    Kind { target: "image/png", read: picture },
    Kind { target: "UTF8_STRING", read: text },
    Kind { target: "text/plain;charset=utf-8", read: text },
];

#[derive(Clone, Copy)]
struct Kind {
    target: &'static str,
    read: fn(&gtk::SelectionData) -> Content,
}

fn uris(data: &gtk::SelectionData) -> Content {
    Content::of_uris(&String::from_utf8_lossy(&data.data()))
}

fn picture(data: &gtk::SelectionData) -> Content {
    let bytes = data.data();
    if bytes.is_empty() { Content::Nothing } else { Content::Picture(bytes) }
}

fn text(data: &gtk::SelectionData) -> Content {
    Content::of_text(&String::from_utf8_lossy(&data.data()))
}

/// Asks whoever offers something for the most telling kind of it.
pub(crate) async fn read(handle: &AppHandle) -> std::io::Result<Content> {
    let (send, receive) = oneshot::channel();
    handle
        .run_on_main_thread(move || {
            let clipboard = gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD);
            clipboard.request_contents(&Atom::intern("TARGETS"), move |clipboard, offered| {
                let offered: Vec<String> =
                    offered.targets().unwrap_or_default().iter().map(|atom| atom.name().to_string()).collect();
                let kind = KINDS.into_iter().find(|kind| offered.iter().any(|one| one == kind.target));
                match kind {
                    Some(kind) => clipboard.request_contents(&Atom::intern(kind.target), move |_, data| {
                        let _gone = send.send((kind.read)(data));
                    }),
                    None => request_image(clipboard, send, &offered),
                }
            });
        })
        .map_err(std::io::Error::other)?;
    tokio::time::timeout(PATIENCE, receive)
        .await
        .map_err(|_| std::io::Error::other("the program that holds the clipboard does not hand over what is in it"))?
        .map_err(std::io::Error::other)
}

/// A picture of another format becomes PNG on the way.
fn request_image(clipboard: &gtk::Clipboard, send: oneshot::Sender<Content>, offered: &[String]) {
    if !offered.iter().any(|kind| kind.starts_with("image/")) {
        let _gone = send.send(Content::Nothing);
        return;
    }
    clipboard.request_image(move |_, image| {
        let png = image.and_then(|image| image.save_to_bufferv("png", &[]).ok());
        let _gone = send.send(png.map_or(Content::Nothing, Content::Picture));
    });
}
