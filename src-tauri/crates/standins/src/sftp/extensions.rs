//! What OpenSSH's server has beyond version 3.

use std::{path::Path, sync::Arc};

use super::{
    Server, copy,
    files::{LONGEST_READ, LONGEST_SMALL_READ},
    handles::{self, Open},
    packet::{Body, Malformed, Reply, Writer},
    root::Last,
    session::SftpSession,
    status::{self, Status},
};

const POSIX_RENAME: &str = "posix-rename@openssh.com";
const STATVFS: &str = "statvfs@openssh.com";
const FSTATVFS: &str = "fstatvfs@openssh.com";
const HARDLINK: &str = "hardlink@openssh.com";
const FSYNC: &str = "fsync@openssh.com";
const LIMITS: &str = "limits@openssh.com";
const EXPAND_PATH: &str = "expand-path@openssh.com";
const COPY_DATA: &str = "copy-data";

/// What the first answer names.
pub(super) fn offered(server: &Server) -> Vec<(&'static str, &'static str)> {
    [
        (POSIX_RENAME, "1"),
        (STATVFS, "2"),
        (FSTATVFS, "2"),
        (HARDLINK, "1"),
        (FSYNC, "1"),
        (LIMITS, "1"),
        (EXPAND_PATH, "1"),
        (COPY_DATA, "1"),
    ]
    .into_iter()
    .filter(|(name, _)| is_there(server, name))
    .collect()
}

fn is_there(server: &Server, name: &str) -> bool {
    let quirks = &server.quirks;
    !quirks.no_extensions
        && match name {
            POSIX_RENAME => quirks.posix_rename,
            STATVFS | FSTATVFS => quirks.statvfs && cfg!(unix),
            FSYNC => quirks.fsync,
            LIMITS => quirks.limits,
            HARDLINK | EXPAND_PATH | COPY_DATA => true,
            _ => false,
        }
}

/// Does what the extension `name` asks.
pub(super) fn answer(session: &mut SftpSession, name: &str, body: Body) -> Result<Reply, Status> {
    if !is_there(&session.server, name) {
        return Err(Status::unsupported());
    }
    perform(session, name, body).map_err(|Malformed| Status::of(status::BAD_MESSAGE))?
}

fn perform(session: &mut SftpSession, name: &str, mut body: Body) -> Result<Result<Reply, Status>, Malformed> {
    Ok(match name {
        POSIX_RENAME => session.replace(&body.string()?, &body.string()?),
        HARDLINK => session.hard_link(&body.string()?, &body.string()?),
        FSYNC => fsync(session, body.handle()?),
        LIMITS => Ok(limits(&session.server)),
        EXPAND_PATH => expand(session, &body.string()?),
        COPY_DATA => {
            let (from, offset, length) = (body.handle()?, body.u64()?, body.u64()?);
            copy::copy(session, (from, offset), length, (body.handle()?, body.u64()?))
        }
        STATVFS => {
            let path = body.string()?;
            session
                .server
                .root
                .place(&path, Last::Follow)
                .map_err(Status::from)
                .and_then(|place| space(&session.server, &place.local))
        }
        FSTATVFS => {
            let handle = body.handle()?;
            session.handles.get(handle).and_then(|open| match open {
                Open::File(file) => space(&session.server, &file.place.local),
                Open::Folder(folder) => space(&session.server, &folder.place.local),
            })
        }
        _ => Err(Status::unsupported()),
    })
}

/// The name that an extension's request is about.
pub(super) fn path_of(session: &SftpSession, name: &str, mut body: Body) -> Arc<str> {
    match name {
        FSYNC | FSTATVFS | COPY_DATA => body.handle().map(|handle| session.handles.shown(handle)).unwrap_or_default(),
        LIMITS => "".into(),
        _ => body.string().map(|path| String::from_utf8_lossy(&path).into()).unwrap_or_default(),
    }
}

fn fsync(session: &SftpSession, handle: u32) -> Result<Reply, Status> {
    session.handles.file(handle)?.file.sync_all()?;
    Ok(Reply::Done)
}

fn limits(server: &Server) -> Reply {
    let (packet, data) =
        if server.quirks.small_packets { (34_000, LONGEST_SMALL_READ) } else { (256 << 10, LONGEST_READ) };
    let bytes = Writer::plain().u64(packet).u64(data.into()).u64(data.into()).u64(handles::MOST as u64);
    Reply::Extended(bytes.into_bytes())
}

/// `~` and `~/x`: everybody's home is `/`.
fn expand(session: &mut SftpSession, path: &[u8]) -> Result<Reply, Status> {
    match path.strip_prefix(b"~") {
        Some(rest) if rest.is_empty() || rest.starts_with(b"/") => session.realpath(&[b"/", rest].concat()),
        Some(_) => Err(Status::of(status::NO_SUCH_FILE)),
        None => session.realpath(path),
    }
}

#[cfg(unix)]
fn space(server: &Server, local: &Path) -> Result<Reply, Status> {
    let found = rustix::fs::statvfs(local).map_err(std::io::Error::from)?;
    let unit = found.f_frsize.max(1);
    let (blocks, free, available) = match server.quota.space(server.root.folder()) {
        Some((most, left)) => (most / unit, left / unit, left / unit),
        None => (found.f_blocks, found.f_bfree, found.f_bavail),
    };
    let read_only = found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY);
    let no_suid = found.f_flag.contains(rustix::fs::StatVfsMountFlags::NOSUID);
    let bytes = Writer::plain()
        .u64(found.f_bsize)
        .u64(unit)
        .u64(blocks)
        .u64(free)
        .u64(available)
        .u64(found.f_files)
        .u64(found.f_ffree)
        .u64(found.f_favail)
        .u64(found.f_fsid)
        .u64(u64::from(read_only) | (u64::from(no_suid) << 1))
        .u64(found.f_namemax);
    Ok(Reply::Extended(bytes.into_bytes()))
}

#[cfg(not(unix))]
fn space(_server: &Server, _local: &Path) -> Result<Reply, Status> {
    Err(Status::unsupported())
}
