//! One SFTP session: takes a packet, asks which faults meet it, does it, and says what to answer.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    Server, extensions,
    handles::{Handles, Open},
    packet::{self, Packet, Reply, Request},
    status::{self, Status},
};
use crate::faults::Fault;

/// What becomes of a request.
pub(super) enum Outcome {
    Answer(Bytes),
    /// Neither this nor anything after it is answered.
    Hang,
    /// The connection breaks.
    Cut,
    /// The session ends, because the client does not speak the protocol.
    End,
}

pub(super) struct SftpSession {
    pub(super) server: Arc<Server>,
    pub(super) handles: Handles,
    begun: bool,
    /// Bytes of files that still come in, or go out, before the connection breaks.
    receives: Option<u64>,
    sends: Option<u64>,
}

/// The faults that meet one request, sorted by when they act.
#[derive(Default)]
struct Met {
    latency: Option<Duration>,
    refused: Option<Status>,
    hangs: bool,
    drops_answer: bool,
    pretends: bool,
    corrupts_stored: Option<u64>,
    corrupts_answer: Option<u64>,
    wrong_length: i64,
}

impl SftpSession {
    pub(super) fn new(server: Arc<Server>) -> Self {
        Self { server, handles: Handles::default(), begun: false, receives: None, sends: None }
    }

    /// Does what `packet` asks; the answer is to leave after the latency.
    pub(super) fn answer(&mut self, packet: &Bytes) -> (Outcome, Option<Duration>) {
        let (id, request) = match Packet::parse(packet) {
            Err(packet::Malformed) => return (Outcome::End, None),
            Ok(Packet::Init) => {
                self.begun = true;
                return (Outcome::Answer(packet::version(&extensions::offered(&self.server))), None);
            }
            Ok(Packet::Request { .. }) if !self.begun => return (Outcome::End, None),
            Ok(Packet::Request { id, request }) => (id, request),
        };
        let path = self.path_of(&request);
        let met = self.met(request.operation(), &path);
        let number = self.server.faults.begin(request.operation(), request.operation(), &path);
        if met.hangs {
            return (Outcome::Hang, None);
        }
        let received = if let Request::Write { data, .. } = &request { data.len() as u64 } else { 0 };
        self.server.faults.amend(number, |record| record.received = received);
        if runs_out(&mut self.receives, received) {
            return (Outcome::Cut, None);
        }
        let mut reply = self.perform(request, &met);
        spoil(&mut reply, &met);
        let sent = if let Ok(Reply::Data(data)) = &reply { data.len() as u64 } else { 0 };
        if met.drops_answer || runs_out(&mut self.sends, sent) {
            return (Outcome::Cut, None);
        }
        let code = reply.as_ref().map_or_else(|status| status.code, |_| status::OK);
        self.server.faults.amend(number, |record| {
            record.status = u16::try_from(code).ok();
            record.sent = sent;
        });
        (Outcome::Answer(packet::encode(id, reply)), met.latency)
    }

    fn perform(&mut self, request: Request, met: &Met) -> Result<Reply, Status> {
        if let Some(status) = &met.refused {
            return Err(status.clone());
        }
        if met.pretends {
            return Ok(Reply::Done);
        }
        let stored = match (&request, met.corrupts_stored) {
            (Request::Write { handle, offset, data }, Some(at)) if !data.is_empty() => {
                Some((*handle, offset + at.min(data.len() as u64 - 1)))
            }
            (Request::Close(handle), Some(at)) => {
                self.invert_byte(*handle, at)?;
                None
            }
            _ => None,
        };
        let reply = self.dispatch(request);
        if let (Some((handle, at)), Ok(_)) = (stored, &reply) {
            self.invert_byte(handle, at)?;
        }
        reply
    }

    fn dispatch(&mut self, request: Request) -> Result<Reply, Status> {
        match request {
            Request::Open { path, flags, attributes } => self.open(&path, flags, attributes),
            Request::Close(handle) => self.close(handle),
            Request::Read { handle, offset, length } => self.read(handle, offset, length),
            Request::Write { handle, offset, data } => self.write(handle, offset, &data),
            Request::Fstat(handle) => self.fstat(handle),
            Request::SetStat(path, attributes) => self.setstat(&path, attributes),
            Request::FsetStat(handle, attributes) => self.fsetstat(handle, attributes),
            Request::Stat(path) => self.stat(&path),
            Request::Lstat(path) => self.lstat(&path),
            Request::OpenDir(path) => self.opendir(&path),
            Request::ReadDir(handle) => self.readdir(handle),
            Request::Remove(path) => self.remove(&path),
            Request::MkDir(path, attributes) => self.mkdir(&path, attributes),
            Request::RmDir(path) => self.rmdir(&path),
            Request::RealPath(path) => self.realpath(&path),
            Request::Rename(from, to) => self.rename(&from, &to),
            Request::ReadLink(path) => self.readlink(&path),
            Request::Symlink { target, link } => self.symlink(&target, &link),
            Request::Extended { name, body } => extensions::answer(self, &name, body),
            Request::Unknown => Err(Status::unsupported()),
        }
    }

    /// The name that a request is about, for the faults and the journal.
    fn path_of(&self, request: &Request) -> Arc<str> {
        let bytes = match request {
            Request::Close(handle)
            | Request::Read { handle, .. }
            | Request::Write { handle, .. }
            | Request::Fstat(handle)
            | Request::FsetStat(handle, _)
            | Request::ReadDir(handle) => return self.handles.shown(*handle),
            Request::Open { path, .. }
            | Request::Lstat(path)
            | Request::SetStat(path, _)
            | Request::OpenDir(path)
            | Request::Remove(path)
            | Request::MkDir(path, _)
            | Request::RmDir(path)
            | Request::RealPath(path)
            | Request::Stat(path)
            | Request::Rename(path, _)
            | Request::ReadLink(path)
            | Request::Symlink { link: path, .. } => path.clone(),
            Request::Extended { name, body } => {
                return extensions::path_of(self, name, body.clone());
            }
            Request::Unknown => return "".into(),
        };
        String::from_utf8_lossy(&bytes).into()
    }

    fn met(&mut self, operation: &str, path: &str) -> Met {
        let mut met = Met::default();
        for fault in self.server.faults.take(operation, path) {
            match fault {
                Fault::Latency(wait) => met.latency = Some(met.latency.unwrap_or_default() + wait),
                Fault::Refuse { status, code, .. } => {
                    let usual = Status::of(status.into());
                    met.refused = Some(match code {
                        Some(text) => Status { code: usual.code, text: text.into() },
                        None => usual,
                    });
                }
                Fault::ExpiredCredentials => met.refused = Some(Status::denied()),
                Fault::DropRequestAfter(bytes) => self.receives = Some(bytes),
                Fault::DropResponseAfter(bytes) => self.sends = Some(bytes),
                Fault::DropAnswer => met.drops_answer = true,
                Fault::Hang => met.hangs = true,
                Fault::CorruptStored(at) => met.corrupts_stored = Some(at),
                Fault::CorruptResponse(at) => met.corrupts_answer = Some(at),
                Fault::WrongLength(by) => met.wrong_length = by,
                Fault::ErrorInSuccess => met.pretends = true,
                // A file server answers from now.
                Fault::Stale(_) => {}
            }
        }
        met
    }

    fn invert_byte(&self, handle: u32, at: u64) -> Result<(), Status> {
        match self.handles.get(handle)? {
            Open::File(file) => Ok(super::files::invert_byte(file, at)?),
            Open::Folder(_) => Ok(()),
        }
    }
}

/// Counts `bytes` off; true where the connection breaks before they are through.
fn runs_out(left: &mut Option<u64>, bytes: u64) -> bool {
    match left {
        Some(left) if *left < bytes || *left == 0 => true,
        Some(left) => {
            *left -= bytes;
            false
        }
        None => false,
    }
}

/// What the faults make of an answer.
fn spoil(reply: &mut Result<Reply, Status>, met: &Met) {
    let Ok(reply) = reply else { return };
    match reply {
        Reply::Data(data) => {
            if met.wrong_length < 0 {
                let shorter = (data.len() as u64).saturating_add_signed(met.wrong_length);
                data.truncate(usize::try_from(shorter).unwrap_or(0));
            }
            let bytes = data.bytes();
            if let (Some(at), Some(last)) = (met.corrupts_answer, bytes.len().checked_sub(1)) {
                bytes[usize::try_from(at).unwrap_or(last).min(last)] ^= 0xff;
            }
        }
        Reply::Attributes(attributes) => {
            attributes.size = attributes.size.map(|size| size.saturating_add_signed(met.wrong_length));
        }
        Reply::Names(names) => {
            for name in names.iter_mut().filter(|name| !name.attributes.is_folder()) {
                name.attributes.size = name.attributes.size.map(|size| size.saturating_add_signed(met.wrong_length));
            }
        }
        Reply::Done | Reply::Handle(_) | Reply::Extended(_) => {}
    }
}
