//! Opening, reading, writing and closing files.

use std::io;

use fs_err::{self as fs, File, OpenOptions};

use super::{
    attributes::Attributes,
    handles::{Open, OpenFile},
    packet::{DataReply, Reply},
    root::{Last, Place},
    session::SftpSession,
    status::{self, Status},
};

const READ: u32 = 0x1;
const WRITE: u32 = 0x2;
const APPEND: u32 = 0x4;
const CREATE: u32 = 0x8;
const TRUNCATE: u32 = 0x10;
const EXCLUSIVE: u32 = 0x20;

/// As OpenSSH's `SFTP_MAX_READ_LENGTH`: the longest packet without 1 KiB for its header.
pub(super) const LONGEST_READ: u32 = 255 << 10;
/// The same where packets are small.
pub(super) const LONGEST_SMALL_READ: u32 = 32 << 10;

impl SftpSession {
    pub(super) fn open(&mut self, path: &[u8], flags: u32, attributes: Attributes) -> Result<Reply, Status> {
        let quirks = &self.server.quirks;
        let (reads, writes) = (flags & READ != 0, flags & (WRITE | APPEND) != 0);
        if reads && quirks.write_only || writes && quirks.forbids(&String::from_utf8_lossy(path)) {
            return Err(Status::denied());
        }
        let last = if flags & EXCLUSIVE == 0 { Last::Follow } else { Last::Keep };
        let place = self.server.root.place(path, last)?;
        match std::fs::symlink_metadata(&place.local) {
            // A pipe would keep everybody waiting; a folder is listed and not read.
            Ok(found) if !found.is_file() && !found.is_symlink() => return Err(Status::of(status::FAILURE)),
            _ => {}
        }
        let file = open_file(&place, flags, attributes.permissions)?;
        if flags & TRUNCATE != 0 {
            self.server.quota.recount();
        }
        let shown = String::from_utf8_lossy(&self.server.root.shown(&place)).into();
        let appends = flags & APPEND != 0;
        let opened = OpenFile { file, place, shown, reads, writes, appends };
        self.handles.add(Open::File(opened)).map(Reply::Handle)
    }

    pub(super) fn close(&mut self, handle: u32) -> Result<Reply, Status> {
        let Open::File(OpenFile { file, place, writes, .. }) = self.handles.close(handle)? else {
            return Ok(Reply::Done);
        };
        drop(file);
        if writes && self.server.quirks.takes_closed_files {
            self.take_away(&place)?;
        }
        Ok(Reply::Done)
    }

    /// Puts a file where no client sees it, under a name that is not taken there.
    fn take_away(&self, place: &Place) -> io::Result<()> {
        let folder = &self.server.processed;
        fs::create_dir_all(folder)?;
        let name = place.local.file_name().unwrap_or_default();
        let mut target = folder.as_std_path().join(name);
        let mut number = 1;
        while target.exists() {
            number += 1;
            let mut numbered = name.to_owned();
            numbered.push(format!(".{number}"));
            target = folder.as_std_path().join(numbered);
        }
        match fs::rename(&place.local, target) {
            // Another handle on it was closed before.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => {
                self.server.quota.recount();
                done
            }
        }
    }

    pub(super) fn read(&mut self, handle: u32, offset: u64, length: u32) -> Result<Reply, Status> {
        let most = if self.server.quirks.small_packets { LONGEST_SMALL_READ } else { LONGEST_READ };
        let open = self.handles.file(handle)?;
        if !open.reads {
            return Err(Status::denied());
        }
        let mut data = DataReply::with_room(length.min(most) as usize);
        let read = read_at(&open.file, data.bytes(), offset)?;
        if read == 0 && length > 0 {
            return Err(Status::of(status::EOF));
        }
        data.truncate(read);
        Ok(Reply::Data(data))
    }

    pub(super) fn write(&mut self, handle: u32, offset: u64, data: &[u8]) -> Result<Reply, Status> {
        let open = self.handles.file(handle)?;
        if !open.writes {
            return Err(Status::denied());
        }
        if self.server.quirks.quota.is_some() {
            let size = open.file.metadata()?.len();
            let from = if open.appends { size } else { offset };
            let growth = from.saturating_add(data.len() as u64).saturating_sub(size);
            self.server.quota.grow(self.server.root.folder(), growth)?;
        }
        write_at(&open.file, data, offset)?;
        Ok(Reply::Done)
    }

    pub(super) fn fstat(&mut self, handle: u32) -> Result<Reply, Status> {
        if self.server.quirks.write_only {
            return Err(Status::denied());
        }
        let found = match self.handles.get(handle)? {
            Open::File(open) => open.file.metadata()?,
            Open::Folder(open) => fs::metadata(&open.place.local)?,
        };
        Ok(Reply::Attributes(Attributes::of(&found)))
    }

    pub(super) fn fsetstat(&mut self, handle: u32, attributes: Attributes) -> Result<Reply, Status> {
        if self.server.quirks.no_setstat {
            return Err(Status::unsupported());
        }
        let place = match self.handles.get(handle)? {
            Open::File(open) => &open.place,
            Open::Folder(open) => &open.place,
        };
        attributes.apply(&place.local)?;
        self.server.quota.recount();
        Ok(Reply::Done)
    }
}

fn open_file(place: &Place, flags: u32, permissions: Option<u32>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let (appends, creates) = (flags & APPEND != 0, flags & CREATE != 0);
    // Some clients create a file without asking to write it; here only a handle that may write can.
    let writes = flags & WRITE != 0 || creates && !appends;
    // With neither flag a file is opened for reading, as in OpenSSH.
    options.read(flags & READ != 0 || flags & (WRITE | APPEND) == 0).write(writes).append(appends);
    options.truncate(flags & TRUNCATE != 0 && flags & WRITE != 0 && !appends);
    options.create_new(creates && flags & EXCLUSIVE != 0).create(creates);
    without_links(&mut options, permissions);
    options.open(&place.local)
}

/// The name was walked already: a link in its last place came there in the meantime.
#[cfg(unix)]
fn without_links(options: &mut OpenOptions, permissions: Option<u32>) {
    use fs_err::os::unix::fs::OpenOptionsExt as _;
    options.mode(permissions.unwrap_or(0o666) & 0o7777);
    if let Ok(no_follow) = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()) {
        options.custom_flags(no_follow);
    }
}

#[cfg(not(unix))]
fn without_links(_options: &mut OpenOptions, _permissions: Option<u32>) {}

/// Reads until `into` is full or the file ends.
pub(super) fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < into.len() {
        match read_some(file, &mut into[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

#[cfg(unix)]
fn read_some(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt as _;
    file.file().read_at(into, offset)
}

#[cfg(windows)]
fn read_some(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::windows::fs::FileExt as _;
    file.file().seek_read(into, offset)
}

#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt as _;
    file.file().write_all_at(bytes, offset)
}

#[cfg(windows)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt as _;
    let mut done = 0;
    while done < bytes.len() {
        match file.file().seek_write(&bytes[done..], offset + done as u64)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => done += written,
        }
    }
    Ok(())
}

/// Inverts the byte at `at`, where there is one.
pub(super) fn invert_byte(open: &OpenFile, at: u64) -> io::Result<()> {
    // The handle may be for writing only.
    let file = OpenOptions::new().read(true).write(true).open(&open.place.local)?;
    let mut byte = [0];
    if read_at(&file, &mut byte, at)? == 1 {
        write_at(&file, &[!byte[0]], at)?;
    }
    Ok(())
}
