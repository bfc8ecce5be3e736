//! Content codings of request bodies (RFC 9110, 8.4): what comes compressed is what it decodes to before any handler sees it.

use std::io::Read;

use axum::body::Body;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::body::{Arriving, Closed};

/// The codings that are taken, as `Accept-Encoding` names them.
pub(super) const TAKEN: &str = "gzip, deflate";
/// Bytes of a body before and after it is decoded; a body that has more is refused, however small it came.
const MOST: u64 = 64 * 1024 * 1024;

/// The body of a request as it came, where it had a coding: what a digest of the transferred content is about.
#[derive(Debug, Clone)]
pub(crate) struct Encoded(pub(crate) Bytes);

/// Why a body has no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecoded {
    /// The coding is none of [`TAKEN`].
    Unknown,
    /// It is not what its coding says.
    Broken,
    /// It is too large, before or after.
    TooLarge,
}

impl Undecoded {
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Unknown => 415,
            Self::Broken => 400,
            Self::TooLarge => 413,
        }
    }
}

/// One coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
}

/// The codings of a body in the order in which they were applied; none where it came as it is.
fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, Undecoded> {
    let mut codings = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        for name in value.to_str().map_err(|_| Undecoded::Unknown)?.split(',') {
            match name.trim().to_ascii_lowercase().as_str() {
                "" | "identity" => {}
                "gzip" | "x-gzip" => codings.push(Coding::Gzip),
                "deflate" => codings.push(Coding::Deflate),
                _ => return Err(Undecoded::Unknown),
            }
        }
    }
    // More than two are nobody's wish.
    if codings.len() > 2 { Err(Undecoded::Unknown) } else { Ok(codings) }
}

/// A request whose body is decoded. The outer error closes the connection.
pub(super) async fn decoded(mut parts: Parts, body: Arriving) -> Result<Result<Request<Body>, Undecoded>, Closed> {
    let codings = match codings(&parts.headers) {
        Ok(codings) if codings.is_empty() => return Ok(Ok(Request::from_parts(parts, Body::new(body)))),
        Ok(codings) => codings,
        Err(undecoded) => return Ok(Err(undecoded)),
    };
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let came = match Limited::new(body, most).collect().await {
        Ok(came) => came.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(Err(Undecoded::TooLarge)),
        Err(_) => return Err(Closed),
    };
    let work = came.clone();
    let done = tokio::task::spawn_blocking(move || undo(&codings, work, MOST)).await.map_err(|_| Closed)?;
    Ok(done.map(|content| {
        parts.headers.remove(CONTENT_ENCODING);
        parts.headers.remove(TRANSFER_ENCODING);
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
        parts.extensions.insert(Encoded(came));
        Request::from_parts(parts, Body::from(content))
    }))
}

/// Undoes the codings, the last one first. A body without a byte is empty under any coding.
fn undo(codings: &[Coding], came: Bytes, most: u64) -> Result<Bytes, Undecoded> {
    codings.iter().rev().try_fold(came, |bytes, coding| match coding {
        _ if bytes.is_empty() => Ok(bytes),
        Coding::Gzip => read(MultiGzDecoder::new(&bytes[..]), most),
        // The name means zlib's form; senders that leave its head out are understood, too.
        Coding::Deflate => match read(ZlibDecoder::new(&bytes[..]), most) {
            Err(Undecoded::Broken) => read(DeflateDecoder::new(&bytes[..]), most),
            done => done,
        },
    })
}

fn read(decoder: impl Read, most: u64) -> Result<Bytes, Undecoded> {
    let mut content = Vec::new();
    decoder.take(most + 1).read_to_end(&mut content).map_err(|_| Undecoded::Broken)?;
    if content.len() as u64 > most { Err(Undecoded::TooLarge) } else { Ok(content.into()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn bare(text: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_body_is_what_it_decodes_to() {
        let two_members = [gzip(b"wo"), gzip(b"rds")].concat();
        for (codings, came) in [
            (&[Coding::Gzip][..], gzip(b"words")),
            (&[Coding::Gzip], two_members),
            (&[Coding::Deflate], zlib(b"words")),
            (&[Coding::Deflate], bare(b"words")),
            (&[Coding::Deflate, Coding::Gzip], gzip(&zlib(b"words"))),
        ] {
            assert_eq!(undo(codings, came.into(), 20).unwrap(), &b"words"[..], "{codings:?}");
        }
        assert_eq!(undo(&[Coding::Gzip], Bytes::new(), 20).unwrap(), Bytes::new());
    }

    #[test]
    fn what_is_broken_cut_or_too_large_is_no_body() {
        let whole = gzip(b"words");
        let mut bent = whole.clone();
        let last = bent.len() - 6;
        bent[last] ^= 0xff;
        for (came, why) in [
            (b"words".to_vec(), Undecoded::Broken),
            (whole[..whole.len() - 1].to_vec(), Undecoded::Broken),
            (bent, Undecoded::Broken),
            (gzip(&vec![0; 100_000]), Undecoded::TooLarge),
        ] {
            assert_eq!(undo(&[Coding::Gzip], came.into(), 1_000), Err(why));
        }
        assert_eq!(undo(&[Coding::Deflate], b"words".to_vec().into(), 1_000), Err(Undecoded::Broken));
    }

    #[test]
    fn a_coding_is_named_in_any_case_and_in_any_number_of_lines() {
        let given = |lines: &[&'static str]| {
            let lines = lines.iter().map(|line| (CONTENT_ENCODING, HeaderValue::from_static(line)));
            codings(&lines.collect::<HeaderMap>())
        };
        assert_eq!(given(&["X-GZIP, identity"]), Ok(vec![Coding::Gzip]));
        assert_eq!(given(&["deflate", "gzip"]), Ok(vec![Coding::Deflate, Coding::Gzip]));
        assert_eq!(given(&["br"]), Err(Undecoded::Unknown));
        assert_eq!(given(&["gzip, gzip, gzip"]), Err(Undecoded::Unknown));
        assert_eq!(given(&[]), Ok(vec![]));
    }
}
