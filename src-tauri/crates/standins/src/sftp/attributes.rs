//! A file's attributes as version 3 has them: times in whole seconds of 32 bits, each group there or not.

use std::{
    fs::{FileTimes, Metadata},
    io,
    path::Path,
    time::{Duration, SystemTime},
};

use fs_err as fs;

use super::packet::{Body, Malformed, Writer};

const SIZE: u32 = 0x1;
const OWNER: u32 = 0x2;
const PERMISSIONS: u32 = 0x4;
const TIMES: u32 = 0x8;
const EXTENDED: u32 = 0x8000_0000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) size: Option<u64>,
    /// User and group.
    pub(super) owner: Option<(u32, u32)>,
    /// With the kind of file in the upper bits.
    pub(super) permissions: Option<u32>,
    /// Read and changed.
    pub(super) times: Option<(u32, u32)>,
}

impl Attributes {
    pub(super) fn read(body: &mut Body) -> Result<Self, Malformed> {
        let flags = body.u32()?;
        let mut read = Self::default();
        if flags & SIZE != 0 {
            read.size = Some(body.u64()?);
        }
        if flags & OWNER != 0 {
            read.owner = Some((body.u32()?, body.u32()?));
        }
        if flags & PERMISSIONS != 0 {
            read.permissions = Some(body.u32()?);
        }
        if flags & TIMES != 0 {
            read.times = Some((body.u32()?, body.u32()?));
        }
        if flags & EXTENDED != 0 {
            for _ in 0..body.u32()? {
                body.string()?;
                body.string()?;
            }
        }
        Ok(read)
    }

    pub(super) fn write(&self, packet: Writer) -> Writer {
        let groups = [
            (self.size.is_some(), SIZE),
            (self.owner.is_some(), OWNER),
            (self.permissions.is_some(), PERMISSIONS),
            (self.times.is_some(), TIMES),
        ];
        let flags = groups.into_iter().filter(|(there, _)| *there).fold(0, |flags, (_, flag)| flags | flag);
        let mut packet = packet.u32(flags);
        if let Some(size) = self.size {
            packet = packet.u64(size);
        }
        if let Some((user, group)) = self.owner {
            packet = packet.u32(user).u32(group);
        }
        if let Some(permissions) = self.permissions {
            packet = packet.u32(permissions);
        }
        if let Some((read, changed)) = self.times {
            packet = packet.u32(read).u32(changed);
        }
        packet
    }

    pub(super) fn is_folder(&self) -> bool {
        self.permissions.is_some_and(|bits| bits & 0o170_000 == 0o040_000)
    }

    #[cfg(unix)]
    pub(super) fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            size: Some(found.len()),
            owner: Some((found.uid(), found.gid())),
            permissions: Some(found.mode()),
            times: Some((seconds(found.accessed()), seconds(found.modified()))),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(found: &Metadata) -> Self {
        let kind = if found.is_dir() {
            0o040_755
        } else if found.is_symlink() {
            0o120_777
        } else {
            0o100_644
        };
        Self {
            size: Some(found.len()),
            owner: Some((0, 0)),
            permissions: Some(kind),
            times: Some((seconds(found.accessed()), seconds(found.modified()))),
        }
    }

    /// Gives the file or folder at `local` these attributes, in OpenSSH's order; the first that fails ends it.
    pub(super) fn apply(&self, local: &Path) -> io::Result<()> {
        if let Some(size) = self.size {
            fs::OpenOptions::new().write(true).open(local)?.set_len(size)?;
        }
        if let Some(permissions) = self.permissions {
            set_permissions(local, permissions)?;
        }
        if let Some((read, changed)) = self.times {
            let times = FileTimes::new().set_accessed(moment(read)).set_modified(moment(changed));
            match fs::File::open(local) {
                Ok(file) => file.file().set_times(times)?,
                // A file that may only be written can be opened in no other way.
                Err(_) => fs::OpenOptions::new().write(true).open(local)?.file().set_times(times)?,
            }
        }
        match self.owner {
            Some(owner) => set_owner(local, owner),
            None => Ok(()),
        }
    }
}

fn seconds(time: io::Result<SystemTime>) -> u32 {
    let since = time.ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}

fn moment(seconds: u32) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into())
}

#[cfg(unix)]
fn set_permissions(local: &Path, permissions: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(local, std::fs::Permissions::from_mode(permissions & 0o7777))
}

#[cfg(not(unix))]
fn set_permissions(local: &Path, permissions: u32) -> io::Result<()> {
    let mut found = fs::metadata(local)?.permissions();
    found.set_readonly(permissions & 0o200 == 0);
    fs::set_permissions(local, found)
}

#[cfg(unix)]
fn set_owner(local: &Path, (user, group): (u32, u32)) -> io::Result<()> {
    std::os::unix::fs::chown(local, Some(user), Some(group))
}

#[cfg(not(unix))]
fn set_owner(_local: &Path, _owner: (u32, u32)) -> io::Result<()> {
    Ok(())
}
