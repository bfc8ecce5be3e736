//! What comes to the window from outside: files of a command line, and what was pasted and lies in no file yet.
//!
//! It waits here until the page takes it, so that nothing is lost while the page is still being drawn. What was pasted is
//! written to a file only when it is sent.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use camino::Utf8Path;

/// How many pasted things are held at once; the oldest goes.
const HELD: usize = 8;

/// Something that was pasted and has no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loose {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What waits for the page.
#[derive(Debug, Default)]
pub(crate) struct Given(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    files: Vec<String>,
    pasted: VecDeque<Pasted>,
    last: u64,
}

#[derive(Debug)]
struct Pasted {
    id: u64,
    loose: Loose,
    /// Where it lies since it was sent.
    path: Option<String>,
}

impl Given {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Files to ask about.
    pub(crate) fn add_files(&self, files: Vec<String>) {
        self.lock().files.extend(files);
    }

    /// All that were given since the last call.
    pub(crate) fn take_files(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().files)
    }

    /// Holds something that was pasted; the id asks for it again.
    pub(crate) fn hold(&self, loose: Loose) -> u64 {
        let mut waiting = self.lock();
        waiting.last += 1;
        let id = waiting.last;
        waiting.pasted.push_back(Pasted { id, loose, path: None });
        if waiting.pasted.len() > HELD {
            waiting.pasted.pop_front();
        }
        id
    }

    /// What is held under `id`, and the path of its file where it has one by now.
    pub(crate) fn held(&self, id: u64) -> Option<(Loose, Option<String>)> {
        let waiting = self.lock();
        let held = waiting.pasted.iter().find(|held| held.id == id)?;
        Some((held.loose.clone(), held.path.clone()))
    }

    /// It lies in a file now: asked again, that is the answer.
    pub(crate) fn became(&self, id: u64, path: String) {
        if let Some(held) = self.lock().pasted.iter_mut().find(|held| held.id == id) {
            held.loose.bytes = Vec::new();
            held.path = Some(path);
        }
    }
}

/// A path as it may stand on a command line: itself, relative, or a `file:` address. Absolute in the answer.
pub(crate) fn path_of(word: &str, working_folder: &Utf8Path) -> String {
    path_of_uri(word).unwrap_or_else(|| working_folder.join(word).into_string())
}

/// The path of a `file:` address of this computer; `None` for anything else.
pub(crate) fn path_of_uri(uri: &str) -> Option<String> {
    let url = tauri::Url::parse(uri).ok().filter(|url| url.scheme() == "file")?;
    url.to_file_path().ok()?.into_os_string().into_string().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_command_line_becomes_an_absolute_path() {
        let here = Utf8Path::new("/home/records");
        assert_eq!(path_of("a.pdf", here), "/home/records/a.pdf");
        assert_eq!(path_of("/x/a.pdf", here), "/x/a.pdf");
        assert_eq!(path_of("file:///x/a%20%C3%BC.pdf", here), "/x/a ü.pdf");
        assert_eq!(
            path_of("sftp://host/a", here),
            "/home/records/sftp://host/a",
            "no file of this computer; said as gone"
        );
    }

    #[test]
    fn files_are_handed_over_once() {
        let given = Given::default();
        given.add_files(vec!["/a".to_owned()]);
        given.add_files(vec!["/b".to_owned()]);
        assert_eq!(given.take_files(), ["/a", "/b"]);
        assert!(given.take_files().is_empty());
    }

    #[test]
    fn what_was_pasted_is_held_until_it_has_a_file_and_the_oldest_goes_first() {
        let given = Given::default();
        let loose = |name: &str| Loose { name: name.to_owned(), bytes: vec![1] };
        let first = given.hold(loose("first"));
        let second = given.hold(loose("second"));
        for _ in 0..HELD - 1 {
            given.hold(loose("more"));
        }
        assert_eq!(given.held(first), None, "it made room");
        assert_eq!(given.held(second), Some((loose("second"), None)));
        given.became(second, "/pasted/second".to_owned());
        let (left, path) = given.held(second).unwrap();
        assert_eq!((left.bytes.len(), path.as_deref()), (0, Some("/pasted/second")));
    }
}
