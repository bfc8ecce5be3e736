//! Files on their way to their final name.
//!
//! The temporary name lies in the target's own folder, since a rename is one step only within a file system:
//! `.report.pdf.0192…7f.waybill-part`. Its middle is a UUID that says when it was begun. A long name is cut, so that the
//! temporary one fits even where names may have 143 bytes only. Listings leave such names out.

use std::ffi::{OsStr, OsString};

use uuid::Uuid;
use waybill_connector::WriteOptions;
use waybill_model::{Millis, Receipt};

use crate::{
    connector::Place,
    fault::Fault,
    tree::{Dir, File, Meta, Names},
    words,
};

const SUFFIX: &str = ".waybill-part";
/// Bytes of the target's name that a temporary name keeps.
const STEM: usize = 90;

/// A fresh temporary name for `target`.
pub(crate) fn name_for(target: &OsStr) -> String {
    let target = target.to_string_lossy();
    let stem = &target[..target.floor_char_boundary(STEM)];
    format!(".{stem}.{}{SUFFIX}", Uuid::now_v7().simple())
}

/// The stem and the UUID of a temporary name.
fn take_apart(name: &str) -> Option<(&str, Uuid)> {
    let (stem, id) = name.strip_prefix('.')?.strip_suffix(SUFFIX)?.rsplit_once('.')?;
    let id = Uuid::try_parse(id).ok().filter(|_| id.len() == 32)?;
    Some((stem, id))
}

/// Whether the desk made that name.
pub(crate) fn is_staging(name: &str) -> bool {
    take_apart(name).is_some()
}

/// The target's name, cut where it was long, and when the file was begun.
pub(crate) fn target_of(name: &str) -> Option<(&str, Option<Millis>)> {
    let (stem, id) = take_apart(name)?;
    let begun = id.get_timestamp().map(|time| {
        let (seconds, nanoseconds) = time.to_unix();
        Millis(i64::try_from(seconds * 1000 + u64::from(nanoseconds / 1_000_000)).unwrap_or(i64::MAX))
    });
    Some((stem, begun))
}

/// A temporary file that is removed again unless it gets its final name.
pub(crate) struct Staged<'a> {
    dir: &'a Dir,
    pub(crate) name: OsString,
    pub(crate) file: File,
    stays: bool,
}

impl<'a> Staged<'a> {
    pub(crate) fn create(dir: &'a Dir, target: &OsStr) -> Result<Self, Fault> {
        let name = OsString::from(name_for(target));
        let file = dir.create_new(&name)?;
        Ok(Self { dir, name, file, stays: false })
    }

    /// One that was made before, by another process perhaps.
    pub(crate) fn open(dir: &'a Dir, name: OsString) -> Result<Self, Fault> {
        let file = dir.open_own(&name)?;
        Ok(Self { dir, name, file, stays: true })
    }

    /// Leaves the temporary file for a later call.
    pub(crate) fn keep(&mut self) {
        self.stays = true;
    }

    /// Gives the file its final name, once its bytes are on the disk. `names` is the target's folder.
    pub(crate) fn publish(
        mut self,
        place: &Place,
        names: &Names,
        target: &OsStr,
        options: &WriteOptions,
    ) -> Result<Receipt, Fault> {
        let replaced = self.dir.stat(target)?;
        is_free_for(replaced, options.replace)?;
        let mode = options.mode.or_else(|| replaced.and_then(|meta| meta.mode.filter(|_| meta.must_be_file().is_ok())));
        let mut remarks = Vec::new();
        if let Some(mode) = mode {
            // Some mounted folders keep no permission bits; the bytes matter more.
            if self.file.set_mode(mode).is_err() && options.mode.is_some() {
                remarks.push(words::NO_MODES.english.to_owned());
            }
        }
        if let Some(modified) = options.modified
            && self.file.set_modified(modified.0).is_err()
        {
            remarks.push(words::NO_TIMES.english.to_owned());
        }
        if !self.file.sync()? {
            remarks.push(words::NO_SYNC.english.to_owned());
        }
        let meta = self.file.meta()?;
        if options.replace {
            self.dir.replace(&self.name, self.dir, target)?;
        } else if !rename_to_new(self.dir, &self.name, self.dir, target)? {
            remarks.push(words::NO_RENAME.english.to_owned());
        }
        self.stays = true;
        place.sync.sync(names, self.dir)?;
        Ok(Receipt { size: meta.size, modified: Some(meta.modified()), remarks, ..Receipt::default() })
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if !self.stays
            && let Err(fault) = self.dir.remove_file(&self.name)
        {
            tracing::warn!(name = ?self.name, %fault, "a temporary file could not be removed");
        }
    }
}

/// Fails where a file may not go.
pub(crate) fn is_free_for(found: Option<Meta>, replace: bool) -> Result<(), Fault> {
    match found {
        Some(meta) if meta.kind == waybill_connector::EntryKind::Folder => {
            if replace {
                Err(Fault::NotAFile("a folder"))
            } else {
                Err(Fault::Exists)
            }
        }
        Some(_) if !replace => Err(Fault::Exists),
        _ => Ok(()),
    }
}

/// Renames to a name that has to be free. False where the file system could not do it in one step, and an empty file
/// took the name first: nobody else's file is replaced then either, but a crash in between leaves the empty one.
pub(crate) fn rename_to_new(from: &Dir, name: &OsStr, to: &Dir, target: &OsStr) -> Result<bool, Fault> {
    if from.rename_new(name, to, target)?.is_some() {
        return Ok(true);
    }
    if from.link_new(name, to, target)?.is_some() {
        from.remove_file(name)?;
        return Ok(true);
    }
    take_name_first(from, name, to, target).map(|()| false)
}

/// Makes an empty file under the new name, which fails where something has it, and renames over that.
fn take_name_first(from: &Dir, name: &OsStr, to: &Dir, target: &OsStr) -> Result<(), Fault> {
    match to.create_new(target) {
        Err(fault) if fault.is_io(std::io::ErrorKind::AlreadyExists) => return Err(Fault::Exists),
        other => drop(other?),
    }
    if let Err(fault) = from.replace(name, to, target) {
        to.remove_file(target)?;
        return Err(fault);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_says_what_it_is_of_and_since_when() {
        let name = name_for(OsStr::new("report.v2.pdf"));
        let (stem, begun) = target_of(&name).unwrap();
        assert_eq!(stem, "report.v2.pdf");
        assert!(begun.unwrap().0 > 1_700_000_000_000, "{begun:?}");
    }

    #[test]
    fn the_temporary_name_of_a_long_name_fits() {
        let name = name_for(OsStr::new(&"é".repeat(127)));
        assert!(name.len() <= 143 && is_staging(&name), "{name}");
    }

    #[test]
    fn where_nothing_else_works_the_name_is_taken_first_and_never_from_another() {
        let root = tempfile::tempdir().unwrap();
        let dir = crate::tree::Tree { root: Some(root.path().to_owned()) }.folder(&Names(Vec::new())).unwrap();
        let read = |name: &str| fs_err::read_to_string(root.path().join(name)).ok();
        fs_err::write(root.path().join("new"), "new").unwrap();
        take_name_first(&dir, OsStr::new("new"), &dir, OsStr::new("x")).unwrap();
        assert_eq!((read("new"), read("x")), (None, Some("new".to_owned())));
        fs_err::write(root.path().join("newer"), "newer").unwrap();
        let refused = take_name_first(&dir, OsStr::new("newer"), &dir, OsStr::new("x"));
        assert!(matches!(refused, Err(Fault::Exists)), "{refused:?}");
        assert_eq!((read("newer"), read("x")), (Some("newer".to_owned()), Some("new".to_owned())));
        let gone = take_name_first(&dir, OsStr::new("gone"), &dir, OsStr::new("y"));
        assert!(gone.is_err_and(|fault| fault.is_not_found()));
        assert_eq!(read("y"), None, "no empty file stays where the rename failed");
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in [".x.waybill-part", "x.waybill-part", ".x.0192.waybill-part", ".hidden", "waybill-part"] {
            assert!(!is_staging(name), "{name}");
        }
    }
}
