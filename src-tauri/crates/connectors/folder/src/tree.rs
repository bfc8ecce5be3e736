//! The tree below the root: names into handles, without ever leaving it.
//!
//! Everything here blocks. On Unix a handle is a file descriptor and each step is relative to one, so that a folder that
//! is swapped for a link in between changes nothing; elsewhere it is a path that is checked before it is used.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use waybill_connector::EntryKind;
use waybill_model::{Millis, RemotePath, names::NameRules};

use crate::fault::Fault;

#[cfg(any(not(unix), feature = "portable"))]
mod portable;
#[cfg(all(unix, not(feature = "portable")))]
mod unix;

#[cfg(any(not(unix), feature = "portable"))]
pub(crate) use portable::{Dir, File, name_bytes};
#[cfg(all(unix, not(feature = "portable")))]
pub(crate) use unix::{Dir, File, name_bytes};

/// What names this computer takes. Handles reach paths of any length; other ways stop at one system call's limit.
pub(crate) fn name_rules() -> NameRules {
    let rules = NameRules::local();
    if cfg!(all(unix, not(feature = "portable"))) { NameRules { max_path_bytes: 32_000, ..rules } } else { rules }
}

/// Where everything of a connection lies.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The top; `None` for the whole file system, where nothing can be outside.
    pub(crate) root: Option<PathBuf>,
}

/// What is known of something on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) kind: EntryKind,
    /// What to call it where it is neither file nor folder.
    pub(crate) likeness: &'static str,
    /// Whether it is a symbolic link, or was reached by one and the rest describes what that leads to.
    pub(crate) is_link: bool,
    pub(crate) size: u64,
    /// Whole seconds since 1970 and the rest in nanoseconds.
    pub(crate) mtime: (i64, u32),
    pub(crate) mode: Option<u32>,
    /// Device and number, where they say which file it is.
    pub(crate) identity: Option<(u64, u64)>,
}

impl Meta {
    pub(crate) fn modified(&self) -> Millis {
        Millis(self.mtime.0.saturating_mul(1000).saturating_add(i64::from(self.mtime.1 / 1_000_000)))
    }

    /// Something that is there and can be neither read nor followed.
    pub(crate) fn other(likeness: &'static str) -> Self {
        Self { kind: EntryKind::Other, likeness, is_link: false, size: 0, mtime: (0, 0), mode: None, identity: None }
    }

    /// Fails unless it is a file.
    pub(crate) fn must_be_file(&self) -> Result<(), Fault> {
        match self.kind {
            EntryKind::File => Ok(()),
            EntryKind::Folder => Err(Fault::NotAFile("a folder")),
            EntryKind::Other => Err(Fault::NotAFile(self.likeness)),
        }
    }
}

/// The names of a path below the root, each checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names(pub(crate) Vec<OsString>);

impl Names {
    /// Takes a path apart. `.`, `..`, empty names and what the system cannot spell are refused, so that no path means
    /// another place than it says. One `/` at the end is allowed.
    pub(crate) fn of(path: &RemotePath) -> Result<Self, Fault> {
        let relative = path.relative();
        let relative = relative.strip_suffix('/').unwrap_or(relative);
        if relative.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let rules = NameRules::local();
        let check = |(place, name): (usize, &str)| {
            // `C:` stands first on Windows and holds a character that no other name may.
            let is_drive = cfg!(windows) && place == 0 && name.len() == 2 && name.ends_with(':');
            match rules.problem(name) {
                Some(problem) if !is_drive => Err(Fault::Name { name: name.to_owned(), problem }),
                _ => Ok(OsString::from(name)),
            }
        };
        Ok(Self(relative.split('/').enumerate().map(check).collect::<Result<_, _>>()?))
    }

    /// The folder above and the last name. Fails for the root.
    pub(crate) fn split(&self) -> Result<(Self, &OsStr), Fault> {
        let (last, above) = self.0.split_last().ok_or(Fault::IsRoot)?;
        Ok((Self(above.to_vec()), last))
    }

    pub(crate) fn join(&self, name: &OsStr) -> Self {
        let mut names = self.0.clone();
        names.push(name.to_owned());
        Self(names)
    }
}

impl Tree {
    /// The folder at `names`, made with those above it where it is missing. The root is never made: an empty mount
    /// point must not be taken for the disk that belongs there.
    pub(crate) fn make_folder(&self, names: &Names) -> Result<Dir, Fault> {
        match self.folder(names) {
            Err(fault) if fault.is_io(std::io::ErrorKind::NotFound) => {}
            Err(fault) if fault.is_io(std::io::ErrorKind::NotADirectory) => return Err(Fault::NotAFolder),
            other => return other,
        }
        let mut at = self.folder(&Names(Vec::new()))?;
        for depth in 1..=names.0.len() {
            let so_far = Names(names.0[..depth].to_vec());
            let name = &names.0[depth - 1];
            at = match self.folder(&so_far) {
                Err(fault) if fault.is_io(std::io::ErrorKind::NotFound) => {
                    if at.make_dir(name)? {
                        at.sync()?;
                    }
                    self.folder(&so_far)
                }
                other => other,
            }
            .map_err(|fault| if fault.is_io(std::io::ErrorKind::NotADirectory) { Fault::NotAFolder } else { fault })?;
        }
        Ok(at)
    }

    /// What is at `names`, links followed while they stay inside; `None` where nothing is.
    pub(crate) fn stat(&self, names: &Names) -> Result<Option<Meta>, Fault> {
        let found = match names.split() {
            Err(_) => self.folder(names)?.meta().map(Some),
            Ok((above, name)) => match self.folder(&above).and_then(|dir| dir.stat(name)) {
                Ok(Some(meta)) if meta.is_link => {
                    self.follow(names).map(|led_to| Some(Meta { is_link: true, ..led_to }))
                }
                other => other,
            },
        };
        match found {
            Err(fault) if fault.is_not_found() => Ok(None),
            other => other,
        }
    }
}
