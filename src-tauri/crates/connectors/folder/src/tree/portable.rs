//! The tree by paths, for systems without directory handles. Links are kept inside the root by making each path
//! canonical and comparing; a folder that is swapped for a link at that instant could get past.

use std::{
    ffi::{OsStr, OsString},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use fs_err as fs;
use waybill_connector::EntryKind;

use super::{Meta, Names, Tree};
use crate::fault::Fault;

/// A folder by its canonical path; `None` stands above the drives of Windows.
#[derive(Debug)]
pub(crate) struct Dir(Option<PathBuf>);

/// A file that is held open.
#[derive(Debug)]
pub(crate) struct File(fs::File);

fn meta_of(found: &std::fs::Metadata) -> Meta {
    let (kind, likeness) = if found.is_file() {
        (EntryKind::File, "a file")
    } else if found.is_dir() {
        (EntryKind::Folder, "a folder")
    } else if found.is_symlink() {
        (EntryKind::Other, "a symbolic link")
    } else {
        (EntryKind::Other, "a FIFO, socket or device")
    };
    let size = if kind == EntryKind::File { found.len() } else { 0 };
    let mtime = found.modified().map_or((0, 0), since_1970);
    let is_link = found.is_symlink();
    Meta { kind, likeness, is_link, size, mtime, mode: None, identity: Some((0, 0)) }
}

fn since_1970(time: SystemTime) -> (i64, u32) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (i64::try_from(after.as_secs()).unwrap_or(i64::MAX), after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            let seconds = -i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            match before.subsec_nanos() {
                0 => (seconds, 0),
                nanoseconds => (seconds - 1, 1_000_000_000 - nanoseconds),
            }
        }
    }
}

impl Tree {
    fn root_path(&self) -> Result<Option<PathBuf>, Fault> {
        match &self.root {
            None if cfg!(windows) => Ok(None),
            None => Ok(Some(PathBuf::from("/"))),
            Some(root) => {
                let found = fs::canonicalize(root);
                found.map(Some).map_err(|source| Fault::RootMissing { root: root.clone(), source: plain(&source) })
            }
        }
    }

    /// The path as spelled, before links are looked at.
    fn spelled(&self, names: &Names) -> Result<Option<PathBuf>, Fault> {
        let mut path = self.root_path()?;
        for name in &names.0 {
            path = Some(match path {
                Some(path) => path.join(name),
                // `C:` alone means the current folder of that drive.
                None => PathBuf::from(format!("{}\\", name.to_string_lossy())),
            });
        }
        Ok(path)
    }

    /// The canonical path; fails where a link leads out.
    fn resolved(&self, names: &Names) -> Result<Option<PathBuf>, Fault> {
        let Some(spelled) = self.spelled(names)? else { return Ok(None) };
        let path = fs::canonicalize(spelled)?;
        match self.root_path()?.filter(|_| self.root.is_some()) {
            Some(root) if !path.starts_with(&root) => Err(Fault::LeadsOut),
            _ => Ok(Some(path)),
        }
    }

    /// The folder at `names`.
    pub(crate) fn folder(&self, names: &Names) -> Result<Dir, Fault> {
        let path = self.resolved(names)?;
        if let Some(path) = &path
            && !fs::metadata(path)?.is_dir()
        {
            return Err(Fault::Io(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Dir(path))
    }

    /// What a link leads to; a link that leads nowhere or out is something that cannot be read.
    pub(crate) fn follow(&self, names: &Names) -> Result<Meta, Fault> {
        match self.resolved(names) {
            Ok(Some(path)) => Ok(meta_of(&fs::metadata(path)?)),
            Ok(None) => Ok(Meta::other("the drives")),
            Err(Fault::LeadsOut) => Ok(Meta::other("a symbolic link out of the connection's folder")),
            Err(fault) if fault.is_not_found() => Ok(Meta::other("a symbolic link to nothing")),
            // A circle has no stable kind.
            Err(Fault::Io(_)) => Ok(Meta::other("a symbolic link that cannot be followed")),
            Err(fault) => Err(fault),
        }
    }

    /// The file at `names` for reading. Anything else is refused without being opened, so that a FIFO cannot hang.
    pub(crate) fn open_file(&self, names: &Names) -> Result<(File, Meta), Fault> {
        let meta = self.stat(names)?.ok_or_else(|| Fault::Io(io::ErrorKind::NotFound.into()))?;
        meta.must_be_file()?;
        let path = self.resolved(names)?.ok_or(Fault::IsRoot)?;
        let file = File(fs::File::open(path)?);
        let meta = file.meta()?;
        meta.must_be_file()?;
        Ok((file, meta))
    }

    /// The canonical path of a folder, to notice links that lead in a circle.
    pub(crate) fn canonical(&self, names: &Names) -> io::Result<PathBuf> {
        let spelled = self.spelled(names).ok().flatten();
        fs::canonicalize(spelled.ok_or(io::ErrorKind::NotFound)?)
    }
}

/// The error without the path that is named beside it anyway.
fn plain(error: &io::Error) -> io::Error {
    error.kind().into()
}

impl Dir {
    fn at(&self, name: &OsStr) -> PathBuf {
        match &self.0 {
            Some(path) => path.join(name),
            None => PathBuf::from(format!("{}\\", name.to_string_lossy())),
        }
    }

    fn path(&self) -> Result<&Path, Fault> {
        self.0.as_deref().ok_or_else(|| Fault::Io(io::ErrorKind::Unsupported.into()))
    }

    pub(crate) fn meta(&self) -> Result<Meta, Fault> {
        match &self.0 {
            Some(path) => Ok(meta_of(&fs::metadata(path)?)),
            None => Ok(Meta { kind: EntryKind::Folder, ..Meta::other("the drives") }),
        }
    }

    /// What has that name, links not followed; `None` where nothing has.
    pub(crate) fn stat(&self, name: &OsStr) -> Result<Option<Meta>, Fault> {
        match fs::symlink_metadata(self.at(name)) {
            Ok(found) => Ok(Some(meta_of(&found))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every name in it but `.` and `..`; above the drives, each drive that answers.
    pub(crate) fn names(&self) -> Result<Vec<OsString>, Fault> {
        match &self.0 {
            Some(path) => {
                Ok(fs::read_dir(path)?.map(|entry| entry.map(|e| e.file_name())).collect::<Result<_, _>>()?)
            }
            None => Ok(('A'..='Z')
                .filter(|letter| Path::new(&format!("{letter}:\\")).exists())
                .map(|letter| OsString::from(format!("{letter}:")))
                .collect()),
        }
    }

    /// Makes a folder; false where something has that name already.
    pub(crate) fn make_dir(&self, name: &OsStr) -> Result<bool, Fault> {
        match fs::create_dir(self.at(name)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A new empty file for writing.
    pub(crate) fn create_new(&self, name: &OsStr) -> Result<File, Fault> {
        let options = fs::OpenOptions::new().write(true).create_new(true).clone();
        Ok(File(options.open(self.at(name))?))
    }

    /// A file that is there, for reading and writing; links are not followed.
    pub(crate) fn open_own(&self, name: &OsStr) -> Result<File, Fault> {
        let path = self.at(name);
        meta_of(&fs::symlink_metadata(&path)?).must_be_file()?;
        let options = fs::OpenOptions::new().read(true).write(true).clone();
        Ok(File(options.open(path)?))
    }

    /// Removes a file or a link.
    pub(crate) fn remove_file(&self, name: &OsStr) -> Result<(), Fault> {
        let path = self.at(name);
        // On Windows a link to a folder is removed as a folder.
        if cfg!(windows) && self.stat(name)?.is_some_and(|meta| meta.is_link) && path.is_dir() {
            return Ok(fs::remove_dir(path)?);
        }
        Ok(fs::remove_file(path)?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_dir(&self, name: &OsStr) -> Result<(), Fault> {
        Ok(fs::remove_dir(self.at(name))?)
    }

    /// Renames over whatever has the new name.
    pub(crate) fn replace(&self, from: &OsStr, to: &Self, name: &OsStr) -> Result<(), Fault> {
        Ok(fs::rename(self.at(from), to.at(name))?)
    }

    /// There is no such step in the standard library.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the other system has it")]
    pub(crate) fn rename_new(&self, _from: &OsStr, _to: &Self, _name: &OsStr) -> Result<Option<()>, Fault> {
        Ok(None)
    }

    /// A second name for a file. `None` where the file system has no such thing.
    pub(crate) fn link_new(&self, from: &OsStr, to: &Self, name: &OsStr) -> Result<Option<()>, Fault> {
        match fs::hard_link(self.at(from), to.at(name)) {
            Ok(()) => Ok(Some(())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Fault::Exists),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error.into()),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Err(error.into()),
            // Each file system has its own words for this; the way that follows shows what else is wrong.
            Err(_) => Ok(None),
        }
    }

    /// Waits until the names are on the disk, where folders can be synced.
    pub(crate) fn sync(&self) -> Result<(), Fault> {
        if cfg!(unix) {
            fs::File::open(self.path()?)?.sync_all()?;
        }
        Ok(())
    }
}

impl File {
    pub(crate) fn meta(&self) -> Result<Meta, Fault> {
        Ok(meta_of(&self.0.metadata()?))
    }

    /// Up to `length` bytes from `offset`; fewer only at the end.
    pub(crate) fn read_at(&self, offset: u64, length: usize) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::with_capacity(length);
        let mut file = &self.0;
        file.seek(SeekFrom::Start(offset))?;
        file.take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// All of `bytes` at `offset`.
    pub(crate) fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), Fault> {
        let mut file = &self.0;
        file.seek(SeekFrom::Start(offset))?;
        Ok(file.write_all(bytes)?)
    }

    /// Waits until the bytes are on the disk.
    pub(crate) fn sync(&self) -> Result<bool, Fault> {
        self.0.sync_all()?;
        Ok(true)
    }

    /// Nothing can be set aside; a full disk shows when it is full.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the other system has it")]
    pub(crate) fn reserve(&self, _size: u64) -> Result<(), Fault> {
        Ok(())
    }

    /// Sets the time of last modification.
    pub(crate) fn set_modified(&self, millis: i64) -> Result<(), Fault> {
        let distance = Duration::from_millis(millis.unsigned_abs());
        let time = if millis < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        let time = time.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.0.file().set_modified(time)?)
    }

    /// Permission bits are Unix's.
    #[expect(clippy::unused_self, reason = "the other system has it")]
    pub(crate) fn set_mode(&self, _mode: u32) -> Result<(), Fault> {
        Err(Fault::Io(io::ErrorKind::Unsupported.into()))
    }
}

/// The bytes of a name, for ordering and cursors.
pub(crate) fn name_bytes(name: &OsStr) -> Vec<u8> {
    name.as_encoded_bytes().to_vec()
}
