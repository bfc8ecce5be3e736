//! The tree by file descriptors. `openat2` keeps links inside the root where the kernel has it; elsewhere the path is
//! made canonical and compared first, which a folder that is swapped at that instant could get past.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::{
        fd::OwnedFd,
        unix::ffi::{OsStrExt as _, OsStringExt as _},
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{self, AtFlags, Mode, OFlags},
    io::Errno,
};
use waybill_connector::EntryKind;

use super::{Meta, Names, Tree};
use crate::fault::Fault;

/// A piece of a path that one system call takes; the limit is 4,096 with the final zero.
const PIECE: usize = 4000;

#[cfg(target_os = "linux")]
const HANDLE: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const HANDLE: OFlags = OFlags::RDONLY;

/// Opens whatever is there to look at it, without waking what is behind a FIFO or a device.
#[cfg(target_os = "linux")]
const LOOK: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const LOOK: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

const LINK: &str = "a symbolic link";

/// A folder that is held open.
#[derive(Debug)]
pub(crate) struct Dir(OwnedFd);

/// A file that is held open.
#[derive(Debug)]
pub(crate) struct File(OwnedFd);

fn meta_of(stat: &fs::Stat) -> Meta {
    let (kind, likeness) = match fs::FileType::from_raw_mode(stat.st_mode) {
        fs::FileType::RegularFile => (EntryKind::File, "a file"),
        fs::FileType::Directory => (EntryKind::Folder, "a folder"),
        fs::FileType::Fifo => (EntryKind::Other, "a FIFO"),
        fs::FileType::Socket => (EntryKind::Other, "a socket"),
        fs::FileType::CharacterDevice | fs::FileType::BlockDevice => (EntryKind::Other, "a device"),
        fs::FileType::Symlink => (EntryKind::Other, LINK),
        fs::FileType::Unknown => (EntryKind::Other, "something that is neither file nor folder"),
    };
    let size = if kind == EntryKind::File { u64::try_from(stat.st_size).unwrap_or(0) } else { 0 };
    #[expect(clippy::unnecessary_cast, reason = "the fields' types differ between systems")]
    let identity = (stat.st_dev as u64, stat.st_ino as u64);
    #[expect(clippy::useless_conversion, reason = "the fields' types differ between systems")]
    let mtime = (i64::from(stat.st_mtime), u32::try_from(stat.st_mtime_nsec).unwrap_or(0));
    #[expect(clippy::useless_conversion, reason = "the mode has sixteen bits on some systems")]
    let mode = Some(u32::from(stat.st_mode) & 0o7777);
    let is_link = likeness == LINK;
    Meta { kind, likeness, is_link, size, mtime, mode, identity: Some(identity) }
}

impl Tree {
    fn root_path(&self) -> &Path {
        self.root.as_deref().unwrap_or(Path::new("/"))
    }

    fn open_root(&self) -> Result<OwnedFd, Fault> {
        let root = self.root_path();
        fs::open(root, HANDLE | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
            .map_err(|errno| Fault::RootMissing { root: root.to_owned(), source: errno.into() })
    }

    /// Opens what lies at `names`, links followed while they stay inside.
    fn open(&self, names: &Names, flags: OFlags) -> Result<OwnedFd, Fault> {
        let mut at = self.open_root()?;
        let mut pieces = pieces(&names.0).into_iter().peekable();
        let mut done = PathBuf::new();
        while let Some(piece) = pieces.next() {
            let step = if pieces.peek().is_some() { HANDLE | OFlags::DIRECTORY } else { flags };
            done.push(&piece);
            at = self.open_piece(&at, &piece, &done, step | OFlags::CLOEXEC)?;
        }
        Ok(at)
    }

    /// One step from `at`. `done` is the way from the root to where it leads.
    fn open_piece(&self, at: &OwnedFd, piece: &Path, done: &Path, flags: OFlags) -> Result<OwnedFd, Fault> {
        if self.root.is_none() {
            return Ok(fs::openat(at, piece, flags, Mode::empty())?);
        }
        match open_beneath(at, piece, flags) {
            // A link out of the root, an absolute one that may still lead inside, or a kernel without the call.
            Err(Errno::XDEV | Errno::NOSYS | Errno::PERM) => self.open_canonical(done, flags),
            other => Ok(other?),
        }
    }

    /// Opens the canonical spelling of `relative`, once it is known to lie inside.
    fn open_canonical(&self, relative: &Path, flags: OFlags) -> Result<OwnedFd, Fault> {
        // The error's number tells more than a path in its text, which is named beside it anyway.
        let root = self.root_path().canonicalize()?;
        let target = root.join(relative).canonicalize()?;
        let Ok(inside) = target.strip_prefix(&root) else { return Err(Fault::LeadsOut) };
        let inside = if inside.as_os_str().is_empty() { Path::new(".") } else { inside };
        let at = self.open_root()?;
        match open_beneath(&at, inside, flags | OFlags::NOFOLLOW) {
            Err(Errno::NOSYS | Errno::PERM) => Ok(fs::openat(&at, inside, flags | OFlags::NOFOLLOW, Mode::empty())?),
            Err(Errno::XDEV) => Err(Fault::LeadsOut),
            other => Ok(other?),
        }
    }

    /// The folder at `names`.
    pub(crate) fn folder(&self, names: &Names) -> Result<Dir, Fault> {
        self.open(names, HANDLE | OFlags::DIRECTORY).map(Dir)
    }

    /// What a link leads to; a link that leads nowhere or out is something that cannot be read.
    pub(crate) fn follow(&self, names: &Names) -> Result<Meta, Fault> {
        match self.open(names, LOOK) {
            Ok(target) => Ok(meta_of(&fs::fstat(&target)?)),
            Err(Fault::LeadsOut) => Ok(Meta::other("a symbolic link out of the connection's folder")),
            Err(fault) if fault.is_not_found() => Ok(Meta::other("a symbolic link to nothing")),
            Err(Fault::Io(error)) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
                Ok(Meta::other("a symbolic link in a circle"))
            }
            Err(fault) => Err(fault),
        }
    }

    /// The file at `names` for reading. Anything else is refused without being opened, so that a FIFO cannot hang.
    pub(crate) fn open_file(&self, names: &Names) -> Result<(File, Meta), Fault> {
        let meta = self.stat(names)?.ok_or_else(|| Fault::Io(io::ErrorKind::NotFound.into()))?;
        meta.must_be_file()?;
        let file = File(self.open(names, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY)?);
        let meta = file.meta()?;
        meta.must_be_file()?;
        Ok((file, meta))
    }

    /// The canonical path of a folder, to notice links that lead in a circle.
    pub(crate) fn canonical(&self, names: &Names) -> io::Result<PathBuf> {
        let mut path = self.root_path().to_owned();
        path.extend(&names.0);
        path.canonicalize()
    }
}

#[cfg(target_os = "linux")]
fn open_beneath(at: &OwnedFd, piece: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    for _ in 0..16 {
        match fs::openat2(at, piece, flags, Mode::empty(), resolve) {
            // Something was renamed on the way; the kernel asks to look again.
            Err(Errno::AGAIN) => {}
            other => return other,
        }
    }
    Err(Errno::AGAIN)
}

#[cfg(not(target_os = "linux"))]
fn open_beneath(_at: &OwnedFd, _piece: &Path, _flags: OFlags) -> Result<OwnedFd, Errno> {
    Err(Errno::NOSYS)
}

/// Names joined into pieces that a system call takes.
fn pieces(names: &[OsString]) -> Vec<PathBuf> {
    let mut pieces: Vec<PathBuf> = Vec::new();
    for name in names {
        match pieces.last_mut() {
            Some(piece) if piece.as_os_str().len() + name.len() < PIECE => piece.push(name),
            _ => pieces.push(PathBuf::from(name)),
        }
    }
    pieces
}

impl Dir {
    pub(crate) fn meta(&self) -> Result<Meta, Fault> {
        Ok(meta_of(&fs::fstat(&self.0)?))
    }

    /// What has that name, links not followed; `None` where nothing has.
    pub(crate) fn stat(&self, name: &OsStr) -> Result<Option<Meta>, Fault> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(meta_of(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Every name in it but `.` and `..`.
    pub(crate) fn names(&self) -> Result<Vec<OsString>, Fault> {
        let readable = fs::openat(&self.0, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        let mut names = Vec::new();
        for entry in fs::Dir::new(readable)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        Ok(names)
    }

    /// Makes a folder; false where something has that name already.
    pub(crate) fn make_dir(&self, name: &OsStr) -> Result<bool, Fault> {
        match fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(errno) => Err(errno.into()),
        }
    }

    /// A new empty file for writing.
    pub(crate) fn create_new(&self, name: &OsStr) -> Result<File, Fault> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File(fs::openat(&self.0, name, flags, Mode::from_raw_mode(0o666))?))
    }

    /// A file that is there, for reading and writing; links are not followed.
    pub(crate) fn open_own(&self, name: &OsStr) -> Result<File, Fault> {
        let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(File(fs::openat(&self.0, name, flags, Mode::empty())?))
    }

    /// Removes a file or a link.
    pub(crate) fn remove_file(&self, name: &OsStr) -> Result<(), Fault> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_dir(&self, name: &OsStr) -> Result<(), Fault> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// Renames over whatever has the new name.
    pub(crate) fn replace(&self, from: &OsStr, to: &Self, name: &OsStr) -> Result<(), Fault> {
        Ok(fs::renameat(&self.0, from, &to.0, name)?)
    }

    /// Renames to a name that is free, in one step of the system. `None` where the file system has no such step.
    pub(crate) fn rename_new(&self, from: &OsStr, to: &Self, name: &OsStr) -> Result<Option<()>, Fault> {
        #[cfg(any(target_os = "linux", target_vendor = "apple"))]
        match fs::renameat_with(&self.0, from, &to.0, name, fs::RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(Some(())),
            Err(Errno::EXIST) => return Err(Fault::Exists),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(errno) => return Err(errno.into()),
        }
        Ok(None)
    }

    /// A second name for a file. `None` where the file system has no such thing.
    pub(crate) fn link_new(&self, from: &OsStr, to: &Self, name: &OsStr) -> Result<Option<()>, Fault> {
        match fs::linkat(&self.0, from, &to.0, name, AtFlags::empty()) {
            Ok(()) => Ok(Some(())),
            Err(Errno::EXIST) => Err(Fault::Exists),
            Err(Errno::PERM | Errno::NOSYS | Errno::NOTSUP | Errno::MLINK | Errno::INVAL) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Waits until the names are on the disk. A file system or a right that does not allow it is no failure.
    pub(crate) fn sync(&self) -> Result<(), Fault> {
        let readable = fs::openat(&self.0, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
        match readable.and_then(fs::fsync) {
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS | Errno::ACCESS | Errno::BADF) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Free bytes and all bytes.
    pub(crate) fn space(&self) -> Result<(u64, u64), Fault> {
        let stat = fs::fstatvfs(&self.0)?;
        let unit = if stat.f_frsize == 0 { stat.f_bsize } else { stat.f_frsize };
        Ok((stat.f_bavail.saturating_mul(unit), stat.f_blocks.saturating_mul(unit)))
    }
}

impl File {
    pub(crate) fn meta(&self) -> Result<Meta, Fault> {
        Ok(meta_of(&fs::fstat(&self.0)?))
    }

    /// Up to `length` bytes from `offset`; fewer only at the end.
    pub(crate) fn read_at(&self, offset: u64, length: usize) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::with_capacity(length.max(1));
        while bytes.len() < length {
            let at = offset + bytes.len() as u64;
            match rustix::io::pread(&self.0, rustix::buffer::spare_capacity(&mut bytes), at) {
                Ok(0) => break,
                Ok(_) | Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        // The allocator may give more room than was asked for.
        bytes.truncate(length);
        Ok(bytes)
    }

    /// All of `bytes` at `offset`.
    pub(crate) fn write_at(&self, mut offset: u64, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            match rustix::io::pwrite(&self.0, bytes, offset) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Ok(written) => {
                    offset += written as u64;
                    bytes = &bytes[written..];
                }
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    /// Waits until the bytes are on the disk. False where the file system confirms nothing.
    pub(crate) fn sync(&self) -> Result<bool, Fault> {
        match fs::fsync(&self.0) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS) => Ok(false),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Sets aside room for the whole, so that a full disk shows before the first byte.
    pub(crate) fn reserve(&self, size: u64) -> Result<(), Fault> {
        let stat = fs::fstatvfs(&self.0)?;
        let free = stat.f_bavail.saturating_mul(if stat.f_frsize == 0 { stat.f_bsize } else { stat.f_frsize });
        // Some mounted folders report nothing; and asking a file system for more than it has would take all of it first.
        if free > 0 && free < size {
            return Err(io::Error::from(io::ErrorKind::StorageFull).into());
        }
        // Not every file system can; there a full disk shows when it is full.
        #[cfg(target_os = "linux")]
        if let Err(errno @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) =
            fs::fallocate(&self.0, fs::FallocateFlags::KEEP_SIZE, 0, size)
        {
            return Err(errno.into());
        }
        Ok(())
    }

    /// Sets the time of last modification.
    pub(crate) fn set_modified(&self, millis: i64) -> Result<(), Fault> {
        let omit = fs::Timespec { tv_sec: 0, tv_nsec: fs::UTIME_OMIT };
        let nanoseconds = millis.rem_euclid(1000) * 1_000_000;
        #[expect(clippy::useless_conversion, reason = "the field's type differs between systems")]
        let tv_nsec = nanoseconds.try_into().unwrap_or(0);
        let modified = fs::Timespec { tv_sec: millis.div_euclid(1000), tv_nsec };
        Ok(fs::futimens(&self.0, &fs::Timestamps { last_access: omit, last_modification: modified })?)
    }

    /// Sets the permission bits, without those that run as somebody else.
    pub(crate) fn set_mode(&self, mode: u32) -> Result<(), Fault> {
        let bits = u16::try_from(mode & 0o777).unwrap_or(0o644);
        Ok(fs::fchmod(&self.0, Mode::from_raw_mode(bits.into()))?)
    }
}

/// The bytes of a name, for ordering and cursors.
pub(crate) fn name_bytes(name: &OsStr) -> Vec<u8> {
    name.as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// What a kernel without `openat2` falls back to.
    #[test]
    fn the_canonical_way_stays_inside_too() {
        let top = tempfile::tempdir().unwrap();
        let root = top.path().join("in");
        fs_err::create_dir_all(root.join("a")).unwrap();
        fs_err::write(root.join("a/x"), "inside").unwrap();
        fs_err::write(top.path().join("secret"), "outside").unwrap();
        symlink(root.join("a"), root.join("absolute")).unwrap();
        symlink("../secret", root.join("out")).unwrap();
        symlink("circle", root.join("circle")).unwrap();
        let tree = Tree { root: Some(root) };
        let open = |path: &str| tree.open_canonical(Path::new(path), OFlags::RDONLY | OFlags::CLOEXEC);
        assert_eq!(File(open("absolute/x").unwrap()).read_at(0, 100).unwrap(), b"inside");
        assert!(matches!(open("out"), Err(Fault::LeadsOut)));
        assert!(matches!(open("a/../../secret"), Err(Fault::LeadsOut)));
        assert!(open("nothing").is_err_and(|fault| fault.is_not_found()));
        let circle = open("circle");
        assert!(matches!(&circle, Err(Fault::Io(e)) if e.raw_os_error() == Some(Errno::LOOP.raw_os_error())));
    }

    #[test]
    fn a_long_path_is_cut_between_names() {
        let names: Vec<OsString> = (0..100).map(|n| format!("{n:0>200}").into()).collect();
        let pieces = pieces(&names);
        assert!(pieces.iter().all(|piece| piece.as_os_str().len() <= PIECE));
        let joined: Vec<_> = pieces.iter().flat_map(|piece| piece.iter().map(OsStr::to_owned)).collect();
        assert_eq!(joined, names);
    }
}
