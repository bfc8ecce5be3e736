//! Names of clients as places below the served folder.
//!
//! A name is walked part by part, links included, with the served folder as `/`: `..` at the top stays there, and an
//! absolute link starts there, as in a chroot. So nothing outside can be named, whatever links lie inside.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
    io,
    path::{Component, Path, PathBuf},
};

use camino::Utf8PathBuf;
use fs_err as fs;

/// As the kernel's own limit.
const MOST_LINKS: u32 = 40;

#[derive(Debug)]
pub(super) struct Root {
    folder: PathBuf,
    latin1: bool,
}

/// What to do where the last part of a name is a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Follow,
    Keep,
}

/// A name that was walked: no part of it before the last is a link.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Where it is on this computer.
    pub(super) local: PathBuf,
    parts: Vec<OsString>,
}

impl Place {
    pub(super) fn is_root(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Root {
    pub(super) fn new(folder: Utf8PathBuf, latin1: bool) -> Self {
        Self { folder: folder.into_std_path_buf(), latin1 }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Walks `name`. Its last part need not be there.
    pub(super) fn place(&self, name: &[u8], last: Last) -> io::Result<Place> {
        let mut left: VecDeque<OsString> = VecDeque::new();
        for part in name.split(|byte| *byte == b'/') {
            left.push_back(self.to_local(part)?);
        }
        let mut parts: Vec<OsString> = Vec::new();
        let mut links = 0;
        while let Some(part) = left.pop_front() {
            if part.is_empty() || part == "." {
                continue;
            }
            if part == ".." {
                parts.pop();
                continue;
            }
            parts.push(part);
            let more = left.iter().any(|part| !part.is_empty() && part != ".");
            if !more && last == Last::Keep {
                continue;
            }
            let local = self.local(&parts);
            let found = match std::fs::symlink_metadata(&local) {
                Err(error) if more || error.kind() != io::ErrorKind::NotFound => return Err(error),
                Err(_) => continue,
                Ok(found) => found,
            };
            if !found.is_symlink() {
                if more && !found.is_dir() {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
                continue;
            }
            links += 1;
            if links > MOST_LINKS {
                return Err(io::Error::other("too many links"));
            }
            parts.pop();
            self.enter_link(&fs::read_link(&local)?, &mut parts, &mut left);
        }
        Ok(Place { local: self.local(&parts), parts })
    }

    /// Goes on with what a link points to.
    fn enter_link(&self, target: &Path, parts: &mut Vec<OsString>, left: &mut VecDeque<OsString>) {
        let below = target.strip_prefix(&self.folder);
        if target.is_absolute() {
            parts.clear();
        }
        let inside = below.unwrap_or(target);
        for component in inside.components().rev() {
            match component {
                Component::Normal(part) => left.push_front(part.to_owned()),
                Component::ParentDir => left.push_front("..".into()),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
    }

    /// The name of `place` as clients see it.
    pub(super) fn shown(&self, place: &Place) -> Vec<u8> {
        if place.is_root() {
            return b"/".to_vec();
        }
        place.parts.iter().fold(Vec::new(), |mut shown, part| {
            shown.push(b'/');
            shown.extend(self.to_wire(part));
            shown
        })
    }

    /// What to write into a link at `link` that points to `target`. A target that leads out by its own parts is refused:
    /// the link must not lead out for other programs either.
    pub(super) fn link_target(&self, link: &Place, target: &[u8]) -> io::Result<PathBuf> {
        let refused = || io::Error::from(io::ErrorKind::PermissionDenied);
        let mut depth = if target.starts_with(b"/") { 0 } else { link.parts.len().saturating_sub(1) };
        let mut relative = PathBuf::new();
        for part in target.split(|byte| *byte == b'/') {
            let part = self.to_local(part)?;
            if part == ".." {
                depth = depth.checked_sub(1).ok_or_else(refused)?;
            } else if !part.is_empty() && part != "." {
                depth += 1;
            }
            relative.push(part);
        }
        if target.starts_with(b"/") { Ok(self.folder.join(relative)) } else { Ok(relative) }
    }

    /// What a link points to as clients see it.
    pub(super) fn shown_target(&self, target: &Path) -> Vec<u8> {
        match target.strip_prefix(&self.folder) {
            Ok(below) => {
                let parts = below.iter().map(OsStr::to_owned).collect();
                self.shown(&Place { local: PathBuf::new(), parts })
            }
            Err(_) => self.to_wire(target.as_os_str()),
        }
    }

    /// A part of a name as clients see it.
    pub(super) fn to_wire(&self, part: &OsStr) -> Vec<u8> {
        if self.latin1 {
            let text = part.to_string_lossy();
            return text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
        }
        part.as_encoded_bytes().to_vec()
    }

    fn to_local(&self, part: &[u8]) -> io::Result<OsString> {
        if part.contains(&0) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if self.latin1 {
            return Ok(part.iter().map(|byte| char::from(*byte)).collect::<String>().into());
        }
        bytes_to_local(part)
    }

    fn local(&self, parts: &[OsString]) -> PathBuf {
        parts.iter().fold(self.folder.clone(), |mut path, part| {
            path.push(part);
            path
        })
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes are a name")]
fn bytes_to_local(part: &[u8]) -> io::Result<OsString> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(OsStr::from_bytes(part).to_owned())
}

#[cfg(not(unix))]
fn bytes_to_local(part: &[u8]) -> io::Result<OsString> {
    let text = std::str::from_utf8(part).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // Both would name another folder or another stream of the file.
    if text.contains(['\\', ':']) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(text.into())
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn root(folder: &tempfile::TempDir) -> Root {
        let files = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap().join("files")).unwrap();
        fs::create_dir_all(files.join("a/b")).unwrap();
        fs::write(files.join("a/b/file"), "inside").unwrap();
        fs::write(folder.path().join("secret"), "outside").unwrap();
        Root::new(files, false)
    }

    fn shown(root: &Root, name: &str) -> String {
        String::from_utf8(root.shown(&root.place(name.as_bytes(), Last::Follow).unwrap())).unwrap()
    }

    #[test]
    fn no_name_and_no_link_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = root(&folder);
        symlink("../../../secret", root.folder.join("a/climbs")).unwrap();
        symlink("/etc/passwd", root.folder.join("a/absolute")).unwrap();
        symlink("..", root.folder.join("a/b/up")).unwrap();
        for (name, expected) in [
            ("../../secret", "/secret"),
            ("/a/../../../secret", "/secret"),
            ("a/climbs", "/secret"),
            ("a/b/up/up/b/file", "/a/b/file"),
            ("a/b/up/../../../..", "/"),
            ("", "/"),
        ] {
            if name.contains("up/up") {
                symlink(".", root.folder.join("a/up")).unwrap();
            }
            assert_eq!(shown(&root, name), expected, "{name}");
        }
        let absolute = root.place(b"a/absolute", Last::Follow);
        assert_eq!(absolute.unwrap_err().kind(), io::ErrorKind::NotFound, "`/etc` is looked for inside");
    }

    #[test]
    fn links_in_a_circle_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let root = root(&folder);
        symlink("two", root.folder.join("one")).unwrap();
        symlink("one", root.folder.join("two")).unwrap();
        assert!(root.place(b"one/file", Last::Follow).is_err());
    }

    #[test]
    fn a_link_that_would_lead_out_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let root = root(&folder);
        let link = root.place(b"/a/link", Last::Keep).unwrap();
        for target in ["../../secret", "/../x", "../a/../../x"] {
            assert!(root.link_target(&link, target.as_bytes()).is_err(), "{target}");
        }
        assert_eq!(root.link_target(&link, b"../a/b").unwrap(), PathBuf::from("../a/b"));
        let absolute = root.link_target(&link, b"/a/b").unwrap();
        assert_eq!(absolute, root.folder.join("a/b"));
        assert_eq!(root.shown_target(&absolute), b"/a/b");
    }

    #[test]
    fn latin_1_names_are_utf_8_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let mut root = root(&folder);
        root.latin1 = true;
        let place = root.place(b"/a/caf\xe9", Last::Keep).unwrap();
        assert_eq!(place.local, root.folder.join("a/café"));
        assert_eq!(root.shown(&place), b"/a/caf\xe9");
    }
}
