//! `copy-data`: bytes from one open file to another without going over the network.

use super::{
    files::{read_at, write_at},
    packet::Reply,
    session::SftpSession,
    status::{self, Status},
};

const PIECE: usize = 1 << 20;

/// Copies `length` bytes, or all up to the end where it is 0.
pub(super) fn copy(
    session: &mut SftpSession,
    (from, mut offset): (u32, u64),
    length: u64,
    (to, mut at): (u32, u64),
) -> Result<Reply, Status> {
    let (source, target) = (session.handles.file(from)?, session.handles.file(to)?);
    if !source.reads || !target.writes || from == to {
        return Err(Status::of(status::PERMISSION_DENIED));
    }
    let mut left = if length == 0 { u64::MAX } else { length };
    let mut piece = vec![0; PIECE];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let read = read_at(&source.file, &mut piece[..wanted], offset)?;
        if read == 0 {
            // Fewer than were asked for are an error, as in OpenSSH.
            return if length == 0 { Ok(Reply::Done) } else { Err(Status::of(status::FAILURE)) };
        }
        let size = target.file.metadata()?.len();
        session.server.quota.grow(session.server.root.folder(), (at + read as u64).saturating_sub(size))?;
        write_at(&target.file, &piece[..read], at)?;
        offset += read as u64;
        at += read as u64;
        left -= read as u64;
    }
    Ok(Reply::Done)
}
