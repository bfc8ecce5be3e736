//! SFTP version 3 as bytes: requests out of packets, packets out of replies. Names stay bytes, as the protocol has them.

use bytes::{Buf as _, Bytes};

use super::{attributes::Attributes, status::Status};

const INIT: u8 = 1;
const VERSION: u8 = 2;
const STATUS: u8 = 101;
const HANDLE: u8 = 102;
const DATA: u8 = 103;
const NAME: u8 = 104;
const ATTRS: u8 = 105;
const EXTENDED_REPLY: u8 = 201;

/// The packet has no form that the protocol knows.
#[derive(Debug)]
pub(super) struct Malformed;

/// A packet being read.
#[derive(Debug, Clone)]
pub(super) struct Body(Bytes);

impl Body {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Malformed> {
        self.0.try_get_u8().map_err(|_| Malformed)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Malformed> {
        self.0.try_get_u32().map_err(|_| Malformed)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Malformed> {
        self.0.try_get_u64().map_err(|_| Malformed)
    }

    pub(super) fn string(&mut self) -> Result<Bytes, Malformed> {
        let length = self.u32()? as usize;
        if length > self.0.len() {
            return Err(Malformed);
        }
        Ok(self.0.split_to(length))
    }

    /// A handle as we gave it; one that we never gave is no handle at all.
    pub(super) fn handle(&mut self) -> Result<u32, Malformed> {
        let handle = self.string()?;
        Ok(<[u8; 4]>::try_from(handle.as_ref()).map_or(u32::MAX, u32::from_be_bytes))
    }
}

/// What a client asks.
#[derive(Debug)]
pub(super) enum Request {
    Open {
        path: Bytes,
        flags: u32,
        attributes: Attributes,
    },
    Close(u32),
    Read {
        handle: u32,
        offset: u64,
        length: u32,
    },
    Write {
        handle: u32,
        offset: u64,
        data: Bytes,
    },
    Lstat(Bytes),
    Fstat(u32),
    SetStat(Bytes, Attributes),
    FsetStat(u32, Attributes),
    OpenDir(Bytes),
    ReadDir(u32),
    Remove(Bytes),
    MkDir(Bytes, Attributes),
    RmDir(Bytes),
    RealPath(Bytes),
    Stat(Bytes),
    Rename(Bytes, Bytes),
    ReadLink(Bytes),
    /// OpenSSH has the two names the other way round than the draft, and so have all clients.
    Symlink {
        target: Bytes,
        link: Bytes,
    },
    Extended {
        name: String,
        body: Body,
    },
    Unknown,
}

/// A packet from a client.
#[derive(Debug)]
pub(super) enum Packet {
    Init,
    Request { id: u32, request: Request },
}

impl Packet {
    pub(super) fn parse(packet: &Bytes) -> Result<Self, Malformed> {
        let mut body = Body::new(packet.clone());
        let kind = body.u8()?;
        if kind == INIT {
            body.u32()?;
            return Ok(Self::Init);
        }
        let id = body.u32()?;
        Ok(Self::Request { id, request: Request::parse(kind, &mut body)? })
    }
}

impl Request {
    fn parse(kind: u8, body: &mut Body) -> Result<Self, Malformed> {
        Ok(match kind {
            3 => Self::Open { path: body.string()?, flags: body.u32()?, attributes: Attributes::read(body)? },
            4 => Self::Close(body.handle()?),
            5 => Self::Read { handle: body.handle()?, offset: body.u64()?, length: body.u32()? },
            6 => Self::Write { handle: body.handle()?, offset: body.u64()?, data: body.string()? },
            7 => Self::Lstat(body.string()?),
            8 => Self::Fstat(body.handle()?),
            9 => Self::SetStat(body.string()?, Attributes::read(body)?),
            10 => Self::FsetStat(body.handle()?, Attributes::read(body)?),
            11 => Self::OpenDir(body.string()?),
            12 => Self::ReadDir(body.handle()?),
            13 => Self::Remove(body.string()?),
            14 => Self::MkDir(body.string()?, Attributes::read(body)?),
            15 => Self::RmDir(body.string()?),
            16 => Self::RealPath(body.string()?),
            17 => Self::Stat(body.string()?),
            18 => Self::Rename(body.string()?, body.string()?),
            19 => Self::ReadLink(body.string()?),
            20 => Self::Symlink { target: body.string()?, link: body.string()? },
            200 => {
                let name = String::from_utf8_lossy(&body.string()?).into_owned();
                Self::Extended { name, body: body.clone() }
            }
            _ => Self::Unknown,
        })
    }

    /// The protocol's own name of it.
    pub(super) fn operation(&self) -> &str {
        match self {
            Self::Open { .. } => "SSH_FXP_OPEN",
            Self::Close(_) => "SSH_FXP_CLOSE",
            Self::Read { .. } => "SSH_FXP_READ",
            Self::Write { .. } => "SSH_FXP_WRITE",
            Self::Lstat(_) => "SSH_FXP_LSTAT",
            Self::Fstat(_) => "SSH_FXP_FSTAT",
            Self::SetStat(..) => "SSH_FXP_SETSTAT",
            Self::FsetStat(..) => "SSH_FXP_FSETSTAT",
            Self::OpenDir(_) => "SSH_FXP_OPENDIR",
            Self::ReadDir(_) => "SSH_FXP_READDIR",
            Self::Remove(_) => "SSH_FXP_REMOVE",
            Self::MkDir(..) => "SSH_FXP_MKDIR",
            Self::RmDir(_) => "SSH_FXP_RMDIR",
            Self::RealPath(_) => "SSH_FXP_REALPATH",
            Self::Stat(_) => "SSH_FXP_STAT",
            Self::Rename(..) => "SSH_FXP_RENAME",
            Self::ReadLink(_) => "SSH_FXP_READLINK",
            Self::Symlink { .. } => "SSH_FXP_SYMLINK",
            Self::Extended { name, .. } => name,
            Self::Unknown => "unknown",
        }
    }
}

/// One name of a listing.
#[derive(Debug)]
pub(super) struct Name {
    /// As the client passes it back.
    pub(super) bytes: Vec<u8>,
    /// The line that `ls -l` would print.
    pub(super) long: Vec<u8>,
    pub(super) attributes: Attributes,
}

/// What a request is answered with, where it is not only a status.
#[derive(Debug)]
pub(super) enum Reply {
    Done,
    Handle(u32),
    Data(DataReply),
    Names(Vec<Name>),
    Attributes(Attributes),
    Extended(Vec<u8>),
}

/// Bytes of a file behind room for the packet's header, so that they are read where they are sent from.
#[derive(Debug)]
pub(super) struct DataReply(Vec<u8>);

impl DataReply {
    /// Length, kind, id and the data's own length.
    const HEADER: usize = 13;

    pub(super) fn with_room(length: usize) -> Self {
        Self(vec![0; Self::HEADER + length])
    }

    pub(super) fn bytes(&mut self) -> &mut [u8] {
        &mut self.0[Self::HEADER..]
    }

    pub(super) fn len(&self) -> usize {
        self.0.len() - Self::HEADER
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(Self::HEADER + length);
    }

    fn into_packet(mut self, id: u32) -> Bytes {
        let length = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.0[0..4].copy_from_slice(&(length + 9).to_be_bytes());
        self.0[4] = DATA;
        self.0[5..9].copy_from_slice(&id.to_be_bytes());
        self.0[9..13].copy_from_slice(&length.to_be_bytes());
        Bytes::from(self.0)
    }
}

/// A packet being written.
#[derive(Debug)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    fn packet(kind: u8) -> Self {
        Self(vec![0, 0, 0, 0, kind])
    }

    pub(super) fn plain() -> Self {
        Self(Vec::new())
    }

    pub(super) fn u32(mut self, value: u32) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(super) fn u64(mut self, value: u64) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(super) fn string(self, value: &[u8]) -> Self {
        let mut written = self.u32(u32::try_from(value.len()).unwrap_or(u32::MAX));
        written.0.extend(value);
        written
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn finish(mut self) -> Bytes {
        let length = u32::try_from(self.0.len() - 4).unwrap_or(u32::MAX);
        self.0[0..4].copy_from_slice(&length.to_be_bytes());
        Bytes::from(self.0)
    }
}

/// The first answer: the version and what is there besides.
pub(super) fn version(extensions: &[(&str, &str)]) -> Bytes {
    extensions
        .iter()
        .fold(Writer::packet(VERSION).u32(3), |packet, (name, value)| {
            packet.string(name.as_bytes()).string(value.as_bytes())
        })
        .finish()
}

/// `reply` to the request `id` as a packet.
pub(super) fn encode(id: u32, reply: Result<Reply, Status>) -> Bytes {
    match reply {
        Ok(Reply::Done) => status(id, &Status::of(super::status::OK)),
        Err(failed) => status(id, &failed),
        Ok(Reply::Handle(handle)) => Writer::packet(HANDLE).u32(id).string(&handle.to_be_bytes()).finish(),
        Ok(Reply::Data(data)) => data.into_packet(id),
        Ok(Reply::Attributes(attributes)) => attributes.write(Writer::packet(ATTRS).u32(id)).finish(),
        Ok(Reply::Names(names)) => {
            let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
            names
                .into_iter()
                .fold(Writer::packet(NAME).u32(id).u32(count), |packet, name| {
                    name.attributes.write(packet.string(&name.bytes).string(&name.long))
                })
                .finish()
        }
        Ok(Reply::Extended(bytes)) => {
            let mut packet = Writer::packet(EXTENDED_REPLY).u32(id);
            packet.0.extend(bytes);
            packet.finish()
        }
    }
}

fn status(id: u32, status: &Status) -> Bytes {
    Writer::packet(STATUS).u32(id).u32(status.code).string(status.text.as_bytes()).string(b"").finish()
}
