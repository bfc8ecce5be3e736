//! Bytes on their way out. `Range` is not honoured, as on real servers: a client must look for 206 and start again.

use axum::body::Body;
use futures::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::content::Content;

/// What RFC 8187 lets stand unescaped.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A content with its name and type.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) content: Content,
    pub(super) name: String,
    pub(super) mime_type: String,
    pub(super) inline: bool,
}

impl Download {
    pub(super) fn respond(self) -> Response<Body> {
        let size = self.content.size();
        let kind = if self.inline { "inline" } else { "attachment" };
        let plain: String = self
            .name
            .chars()
            .map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' { c } else { '_' })
            .collect();
        let encoded = utf8_percent_encode(&self.name, PLAIN);
        let disposition = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
        let mut response = Response::new(stream_of(self.content));
        *response.status_mut() = StatusCode::OK;
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
        let octets = HeaderValue::from_static("application/octet-stream");
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(&self.mime_type).unwrap_or(octets));
        if let Ok(disposition) = HeaderValue::from_str(&disposition) {
            headers.insert(CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

fn stream_of(content: Content) -> Body {
    if let Content::Memory(bytes) = content {
        return Body::from(bytes);
    }
    Body::from_stream(stream::unfold((content, 0), |(content, at)| async move {
        if at >= content.size() {
            return None;
        }
        let piece = content.piece(at, u64::MAX);
        let count = piece.as_ref().map_or(u64::MAX - at, |piece| piece.len() as u64);
        Some((piece, (content, at + count)))
    }))
}
