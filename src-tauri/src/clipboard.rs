//! Reading the clipboard of the operating system: files that were copied there, else a picture, else a text.
//!
//! A web view is not told the paths of files, so the window asks here. Nothing is read but when somebody pastes.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

use std::path::Path;

use crate::given::{Loose, path_of_uri};

#[cfg(target_os = "linux")]
pub(crate) use linux::read;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::read;

/// What lies on the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Files and folders of this computer; `elsewhere` counts those that lie on no disk here.
    Files { paths: Vec<String>, elsewhere: u32 },
    /// A picture, as PNG.
    Picture(Vec<u8>),
    /// A text.
    Text(String),
    /// Nothing that can be sent.
    Nothing,
}

impl Content {
    /// The files of a list of addresses: `text/uri-list`, or what file managers of GNOME copy, with its first line.
    #[cfg_attr(not(any(target_os = "linux", test)), expect(dead_code, reason = "other systems hand over paths"))]
    fn of_uris(list: &str) -> Self {
        let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let uris: Vec<&str> = lines.filter(|line| !matches!(*line, "copy" | "cut")).collect();
        let paths: Vec<String> = uris.iter().filter_map(|uri| path_of_uri(uri)).collect();
        let elsewhere = u32::try_from(uris.len() - paths.len()).unwrap_or(u32::MAX);
        if uris.is_empty() { Self::Nothing } else { Self::Files { paths, elsewhere } }
    }

    /// A text. Lines that are all paths of files that are there mean these files.
    fn of_text(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Nothing;
        }
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let found: Option<Vec<String>> = lines().map(file_here).collect();
        match found {
            Some(paths) => Self::Files { paths, elsewhere: 0 },
            None => Self::Text(text.to_owned()),
        }
    }

    /// A file's name and bytes for what has none; `stamp` tells two of a kind apart.
    pub(crate) fn loose(self, stamp: &str, picture: &str, text: &str) -> Option<Loose> {
        match self {
            Self::Picture(bytes) => Some(Loose { name: format!("{picture} {stamp}.png"), bytes }),
            Self::Text(words) => Some(Loose { name: format!("{text} {stamp}.txt"), bytes: words.into_bytes() }),
            Self::Files { .. } | Self::Nothing => None,
        }
    }
}

fn file_here(line: &str) -> Option<String> {
    let path = path_of_uri(line).unwrap_or_else(|| line.to_owned());
    let path = Path::new(&path);
    (path.is_absolute() && path.exists()).then(|| path.to_str().map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str], elsewhere: u32) -> Content {
        Content::Files { paths: paths.iter().map(|&path| path.to_owned()).collect(), elsewhere }
    }

    #[test]
    fn a_list_of_addresses_becomes_paths_and_those_of_other_computers_are_counted() {
        let list = "# copied\r\nfile:///a/b%20c.pdf\r\nfile:///%C3%BC\r\nsftp://host/x\r\n";
        assert_eq!(Content::of_uris(list), files(&["/a/b c.pdf", "/ü"], 1));
    }

    #[test]
    fn what_file_managers_of_gnome_copy_is_understood_whether_copied_or_cut() {
        assert_eq!(Content::of_uris("copy\nfile:///a\nfile:///b"), files(&["/a", "/b"], 0));
        assert_eq!(Content::of_uris("cut\nfile:///a"), files(&["/a"], 0));
        assert_eq!(Content::of_uris("copy\n"), Content::Nothing);
    }

    #[test]
    fn a_text_of_paths_that_are_there_means_the_files_and_any_other_text_is_a_text() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a b");
        fs_err::write(&file, "x").unwrap();
        let file = file.to_str().unwrap();
        assert_eq!(Content::of_text(&format!("{file}\n")), files(&[file], 0));
        let mixed = format!("{file}\nand a word");
        assert_eq!(Content::of_text(&mixed), Content::Text(mixed.clone()));
        assert_eq!(Content::of_text(" \n"), Content::Nothing);
    }

    #[test]
    fn a_picture_and_a_text_get_names_and_files_have_theirs() {
        let picture = Content::Picture(vec![1]).loose("2026-11-21 14.02.07", "Picture", "Text").unwrap();
        assert_eq!(picture.name, "Picture 2026-11-21 14.02.07.png");
        assert!(files(&["/a"], 0).loose("", "", "").is_none());
    }
}
