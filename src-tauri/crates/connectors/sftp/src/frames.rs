//! The stream below the SFTP library, which knows only UTF-8 handles, the nine statuses of version 3 and
//! attributes without extensions. This layer passes frames on, and changes those that the library would garble:
//! binary handles travel as hexadecimal, later statuses as a failure with their number in the text, and extended
//! attributes are left out. It also notes each time that bytes move, from which a stall is told.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use data_encoding::HEXLOWER;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Duration, Instant},
};

use crate::errors::FOREIGN_STATUS;

const CLOSE: u8 = 4;
const READ: u8 = 5;
const WRITE: u8 = 6;
const FSTAT: u8 = 8;
const FSETSTAT: u8 = 10;
const READDIR: u8 = 12;
const STATUS: u8 = 101;
const HANDLE: u8 = 102;
const NAME: u8 = 104;
const ATTRS: u8 = 105;
const EXTENDED: u8 = 200;

/// Frames over this are passed on unread; the library refuses them.
const MAX_FRAME: usize = 16 << 20;
const HEX_MARK: &str = "\u{1}x";
const ATTR_SIZE: u32 = 1;
const ATTR_IDS: u32 = 2;
const ATTR_MODE: u32 = 4;
const ATTR_TIMES: u32 = 8;
const ATTR_EXTENDED: u32 = 0x8000_0000;

/// When bytes last moved.
#[derive(Debug)]
pub(crate) struct Pulse {
    start: Instant,
    beat: AtomicU64,
}

impl Pulse {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), beat: AtomicU64::new(0) })
    }

    fn beat(&self) {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.beat.store(elapsed, Ordering::Relaxed);
    }

    /// The moment of the last movement.
    pub(crate) fn last(&self) -> Instant {
        self.start + Duration::from_millis(self.beat.load(Ordering::Relaxed))
    }
}

#[derive(Debug)]
enum Inbound {
    /// Length and type are being read.
    Header { bytes: [u8; 5], have: usize },
    /// So many bytes of a frame are handed on as they come.
    Pass { left: usize },
    /// A frame is read as a whole, to be looked at.
    Collect { frame: Vec<u8>, have: usize },
    /// Bytes that are ready, and how many of a frame follow them unread.
    Deliver { bytes: Vec<u8>, at: usize, then: usize },
}

#[derive(Debug)]
enum Outbound {
    /// So many bytes of the current frame go out as they are.
    Pass { left: usize },
    /// A changed frame; `stands_for` bytes of the caller's.
    Changed { frame: Vec<u8>, at: usize, stands_for: usize },
}

/// An SFTP stream whose frames the library can read.
#[derive(Debug)]
pub(crate) struct Frames<S> {
    inner: S,
    pulse: Arc<Pulse>,
    inbound: Inbound,
    outbound: Outbound,
}

impl<S> Frames<S> {
    pub(crate) fn new(inner: S, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse, inbound: Inbound::Header { bytes: [0; 5], have: 0 }, outbound: Outbound::Pass { left: 0 } }
    }
}

fn pull<S: AsyncRead + Unpin>(inner: &mut S, cx: &mut Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
    let mut buffer = ReadBuf::new(into);
    ready!(Pin::new(inner).poll_read(cx, &mut buffer))?;
    Poll::Ready(Ok(buffer.filled().len()))
}

impl<S: AsyncRead + Unpin> AsyncRead for Frames<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            match &mut this.inbound {
                Inbound::Header { bytes, have } => {
                    let read = ready!(pull(&mut this.inner, cx, &mut bytes[*have..]))?;
                    if read == 0 {
                        return Poll::Ready(Ok(()));
                    }
                    this.pulse.beat();
                    *have += read;
                    if *have == bytes.len() {
                        this.inbound = after_header(*bytes);
                    }
                }
                Inbound::Pass { left: 0 } => this.inbound = Inbound::Header { bytes: [0; 5], have: 0 },
                Inbound::Pass { left } => {
                    let room = out.remaining().min(*left);
                    let read = ready!(pull(&mut this.inner, cx, out.initialize_unfilled_to(room)))?;
                    this.pulse.beat();
                    out.advance(read);
                    *left -= read;
                    return Poll::Ready(Ok(()));
                }
                Inbound::Collect { frame, have } => {
                    let read = ready!(pull(&mut this.inner, cx, &mut frame[*have..]))?;
                    if read == 0 {
                        return Poll::Ready(Ok(()));
                    }
                    this.pulse.beat();
                    *have += read;
                    if *have == frame.len() {
                        let bytes = readable(std::mem::take(frame));
                        this.inbound = Inbound::Deliver { bytes, at: 0, then: 0 };
                    }
                }
                Inbound::Deliver { bytes, at, then } => {
                    let now = out.remaining().min(bytes.len() - *at);
                    out.put_slice(&bytes[*at..*at + now]);
                    *at += now;
                    if *at == bytes.len() {
                        this.inbound = Inbound::Pass { left: *then };
                    }
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

fn after_header(header: [u8; 5]) -> Inbound {
    let length = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
    let body = length.saturating_sub(1);
    if matches!(header[4], STATUS | HANDLE | NAME | ATTRS) && body > 0 && length <= MAX_FRAME {
        let mut frame = vec![0; 4 + length];
        frame[..5].copy_from_slice(&header);
        Inbound::Collect { frame, have: 5 }
    } else {
        Inbound::Deliver { bytes: header.to_vec(), at: 0, then: body }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Frames<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        loop {
            match &mut this.outbound {
                Outbound::Pass { left: 0 } => {
                    // The library hands over each frame in one piece.
                    let length = bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize + 4);
                    this.outbound = match with_binary_handle(bytes) {
                        Some(frame) => Outbound::Changed { frame, at: 0, stands_for: bytes.len() },
                        None => Outbound::Pass { left: length.max(bytes.len()) },
                    };
                }
                Outbound::Pass { left } => {
                    let now = bytes.len().min(*left);
                    let written = ready!(Pin::new(&mut this.inner).poll_write(cx, &bytes[..now]))?;
                    this.pulse.beat();
                    *left -= written;
                    return Poll::Ready(Ok(written));
                }
                Outbound::Changed { frame, at, stands_for } => {
                    let written = ready!(Pin::new(&mut this.inner).poll_write(cx, &frame[*at..]))?;
                    this.pulse.beat();
                    *at += written;
                    if *at == frame.len() {
                        let stands_for = *stands_for;
                        this.outbound = Outbound::Pass { left: 0 };
                        return Poll::Ready(Ok(stands_for));
                    }
                }
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// Reads fields in order; `None` at the first that is not whole.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (now, later) = self.0.split_at_checked(count)?;
        self.0 = later;
        Some(now)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        self.take(length)
    }

    /// Attributes without their extensions, as sent.
    fn attributes(&mut self, into: &mut Vec<u8>) -> Option<()> {
        let flags = self.number()?;
        let fixed = [(ATTR_SIZE, 8), (ATTR_IDS, 8), (ATTR_MODE, 4), (ATTR_TIMES, 8)];
        let bytes = fixed.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, bytes)| bytes).sum();
        into.extend((flags & !ATTR_EXTENDED).to_be_bytes());
        into.extend(self.take(bytes)?);
        if flags & ATTR_EXTENDED != 0 {
            for _ in 0..self.number()? {
                self.string()?;
                self.string()?;
            }
        }
        Some(())
    }
}

fn put_string(into: &mut Vec<u8>, bytes: &[u8]) {
    into.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    into.extend(bytes);
}

fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 1).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), [kind].as_slice(), body].concat()
}

/// The frame as the library can read it; as it came where nothing had to change.
fn readable(mut frame: Vec<u8>) -> Vec<u8> {
    let changed = match frame[4] {
        HANDLE => readable_handle(&frame[5..]),
        STATUS => readable_status(&frame[5..]),
        NAME => readable_names(&frame[5..]),
        ATTRS => readable_attributes(&frame[5..]),
        _ => None,
    };
    if let Some(body) = changed {
        frame = framed(frame[4], &body);
    }
    frame
}

fn readable_handle(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields(body);
    let id = fields.take(4)?;
    let handle = fields.string()?;
    if std::str::from_utf8(handle).is_ok() && !handle.starts_with(HEX_MARK.as_bytes()) {
        return None;
    }
    let mut body = id.to_vec();
    put_string(&mut body, format!("{HEX_MARK}{}", HEXLOWER.encode(handle)).as_bytes());
    Some(body)
}

fn readable_status(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields(body);
    let id = fields.take(4)?;
    let code = fields.number()?;
    let text = fields.string();
    let language = fields.string();
    if code <= 8 && text.is_some() && language.is_some() {
        return None;
    }
    let text = String::from_utf8_lossy(text.unwrap_or_default()).into_owned();
    let (code, text) =
        if code > 8 { (4, format!("{FOREIGN_STATUS}{code}{FOREIGN_STATUS}{text}")) } else { (code, text) };
    let mut body = id.to_vec();
    body.extend(code.to_be_bytes());
    put_string(&mut body, text.as_bytes());
    put_string(&mut body, language.unwrap_or_default());
    Some(body)
}

fn readable_names(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields(body);
    let mut out = Vec::with_capacity(body.len());
    out.extend(fields.take(4)?);
    let count = fields.number()?;
    out.extend(count.to_be_bytes());
    for _ in 0..count {
        put_string(&mut out, fields.string()?);
        put_string(&mut out, fields.string()?);
        fields.attributes(&mut out)?;
    }
    (out.len() != body.len()).then_some(out)
}

fn readable_attributes(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields(body);
    let mut out = fields.take(4)?.to_vec();
    fields.attributes(&mut out)?;
    (out.len() != body.len()).then_some(out)
}

/// The frame with its handle as the server gave it, where that was not text.
fn with_binary_handle(frame: &[u8]) -> Option<Vec<u8>> {
    let kind = *frame.get(4)?;
    let mut fields = Fields(&frame[5..]);
    let mut body = fields.take(4)?.to_vec();
    match kind {
        CLOSE | READ | WRITE | FSTAT | FSETSTAT | READDIR => {}
        EXTENDED => put_string(&mut body, fields.string()?),
        _ => return None,
    }
    let handle = fields.string()?.strip_prefix(HEX_MARK.as_bytes())?;
    put_string(&mut body, &HEXLOWER.decode(handle).ok()?);
    body.extend(fields.0);
    Some(framed(kind, &body))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    fn strings(parts: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        for part in parts {
            put_string(&mut out, part);
        }
        out
    }

    async fn through(frame: &[u8]) -> Vec<u8> {
        let (near, mut far) = tokio::io::duplex(7);
        let mut frames = Frames::new(near, Pulse::new());
        let frame = frame.to_vec();
        let sender = tokio::spawn(async move { far.write_all(&frame).await.unwrap() });
        let mut out = Vec::new();
        frames.read_to_end(&mut out).await.unwrap();
        sender.await.unwrap();
        out
    }

    async fn sent(frame: &[u8]) -> Vec<u8> {
        let (near, mut far) = tokio::io::duplex(7);
        let mut frames = Frames::new(near, Pulse::new());
        let frame = frame.to_vec();
        tokio::spawn(async move { frames.write_all(&frame).await.unwrap() });
        let mut out = Vec::new();
        far.read_to_end(&mut out).await.unwrap();
        out
    }

    #[tokio::test]
    async fn a_binary_handle_comes_back_to_the_server_as_it_gave_it() {
        let binary = [0, 0, 0, 0xc8];
        let given = framed(HANDLE, &[&7_u32.to_be_bytes(), strings(&[&binary]).as_slice()].concat());
        let shown = through(&given).await;
        let text = std::str::from_utf8(&shown[13..]).unwrap();
        assert_eq!(text, "\u{1}x000000c8");
        let tail = [0_u8; 12];
        let request =
            framed(READ, &[&9_u32.to_be_bytes(), strings(&[text.as_bytes()]).as_slice(), tail.as_slice()].concat());
        let expected = framed(READ, &[&9_u32.to_be_bytes(), strings(&[&binary]).as_slice(), tail.as_slice()].concat());
        assert_eq!(sent(&request).await, expected);
    }

    #[tokio::test]
    async fn frames_that_the_library_can_read_pass_unchanged() {
        let data = framed(103, &[1; 100]);
        let handle = framed(HANDLE, &[&7_u32.to_be_bytes(), strings(&[b"abc"]).as_slice()].concat());
        let both = [data, handle].concat();
        assert_eq!(through(&both).await, both);
        let close = framed(CLOSE, &[&7_u32.to_be_bytes(), strings(&[b"abc"]).as_slice()].concat());
        assert_eq!(sent(&close).await, close);
    }

    #[tokio::test]
    async fn a_status_of_a_later_version_keeps_its_number() {
        let body = [7_u32.to_be_bytes().as_slice(), &14_u32.to_be_bytes(), &strings(&[b"full", b"en"])].concat();
        let words = strings(&[b"\x0114\x01full", b"en"]);
        let expected = [7_u32.to_be_bytes().as_slice(), &4_u32.to_be_bytes(), &words].concat();
        assert_eq!(through(&framed(STATUS, &body)).await, framed(STATUS, &expected));
    }

    #[tokio::test]
    async fn a_status_without_words_gets_empty_ones() {
        let body = [7_u32.to_be_bytes(), 3_u32.to_be_bytes()].concat();
        let expected = [body.as_slice(), &strings(&[b"", b""])].concat();
        assert_eq!(through(&framed(STATUS, &body)).await, framed(STATUS, &expected));
    }

    #[tokio::test]
    async fn extended_attributes_are_left_out_of_a_listing() {
        let entry = |flags: u32, extension: &[u8]| {
            [&strings(&[b"a", b"-rw a"]), flags.to_be_bytes().as_slice(), &8_u64.to_be_bytes(), extension].concat()
        };
        let extension = [1_u32.to_be_bytes().as_slice(), &strings(&[b"acl@x", b"y"])].concat();
        let head = [7_u32.to_be_bytes(), 2_u32.to_be_bytes()].concat();
        let given = [head.clone(), entry(ATTR_SIZE | ATTR_EXTENDED, &extension), entry(ATTR_SIZE, &[])].concat();
        let expected = [head, entry(ATTR_SIZE, &[]), entry(ATTR_SIZE, &[])].concat();
        assert_eq!(through(&framed(NAME, &given)).await, framed(NAME, &expected));
    }
}
