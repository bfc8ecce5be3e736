//! A multipart body (RFC 7578) whose length is known before its first byte: proxies and gateways refuse others.

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use waybill_connector::{ByteStream, body_of};

/// The parts, in the order of the wire.
pub struct Multipart {
    boundary: String,
    parts: Vec<Piece>,
    length: u64,
}

/// A head with the bytes that follow it.
struct Piece {
    head: String,
    body: ByteStream,
}

impl std::fmt::Debug for Multipart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Multipart of {} parts, {} bytes", self.parts.len(), self.length())
    }
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

impl Multipart {
    /// A body without parts. The boundary is random, so that no file can hold it by intent.
    pub fn new() -> Self {
        Self { boundary: format!("waybill-{}", uuid::Uuid::now_v7().simple()), parts: Vec::new(), length: 0 }
    }

    /// A part of text.
    #[must_use]
    pub fn text(self, name: &str, text: impl Into<String>) -> Self {
        let text = Bytes::from(text.into());
        let length = text.len() as u64;
        self.part(name, None, None, body_of(text), length)
    }

    /// A file of `length` bytes. Its name stands in UTF-8, as browsers write it.
    #[must_use]
    pub fn file(self, name: &str, file_name: &str, kind: &str, body: ByteStream, length: u64) -> Self {
        self.part(name, Some(file_name), Some(kind), body, length)
    }

    fn part(mut self, name: &str, file: Option<&str>, kind: Option<&str>, body: ByteStream, length: u64) -> Self {
        let mut head = format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, quoted(name));
        if let Some(file) = file {
            head.extend(["; filename=\"", &quoted(file), "\""]);
        }
        if let Some(kind) = kind {
            head.extend(["\r\nContent-Type: ", kind]);
        }
        head.push_str("\r\n\r\n");
        self.length += head.len() as u64 + length + 2;
        self.parts.push(Piece { head, body });
        self
    }

    /// The `Content-Type` of the body.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// All bytes of the body.
    pub fn length(&self) -> u64 {
        self.length + self.boundary.len() as u64 + 6
    }

    /// The body.
    pub fn into_stream(self) -> ByteStream {
        let end = format!("--{}--\r\n", self.boundary);
        let parts = stream::iter(self.parts).flat_map(|piece| {
            body_of(Bytes::from(piece.head)).chain(piece.body).chain(body_of(Bytes::from_static(b"\r\n")))
        });
        parts.chain(body_of(Bytes::from(end))).boxed()
    }
}

/// A name between quotes, by the rule of HTML: quotes and line breaks are percent-encoded, everything else stays.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;

    use super::*;

    #[tokio::test]
    async fn the_announced_length_is_the_length() {
        let body = Multipart::new().text("body", "{\"name\":\"ä\"}").file(
            "file",
            "Vertrag \"neu\"\r\n.pdf",
            "application/pdf",
            body_of(Bytes::from_static(b"%PDF")),
            4,
        );
        let (length, kind) = (body.length(), body.content_type());
        let bytes: Vec<u8> = body
            .into_stream()
            .try_fold(Vec::new(), async |mut all, piece| {
                all.extend_from_slice(&piece);
                Ok(all)
            })
            .await
            .unwrap();
        assert_eq!(bytes.len() as u64, length);
        let text = String::from_utf8(bytes).unwrap();
        let boundary = kind.split_once("boundary=").unwrap().1;
        assert_eq!(
            text,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n{{\"name\":\"ä\"}}\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Vertrag %22neu%22%0D%0A.pdf\"\r\n\
                 Content-Type: application/pdf\r\n\r\n%PDF\r\n--{boundary}--\r\n"
            )
        );
    }

    #[tokio::test]
    async fn a_body_without_parts_is_closed() {
        let body = Multipart::new();
        let length = body.length();
        let bytes: Vec<Bytes> = body.into_stream().try_collect().await.unwrap();
        assert_eq!(bytes.concat().len() as u64, length);
    }
}
